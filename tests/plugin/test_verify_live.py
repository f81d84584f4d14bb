"""gtbridge verify with a Label Studio on one side: a job as it is now against what was exported of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from roads import Api, done, ranked, run

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_a_job_on_label_studio_is_what_its_export_says_until_somebody_answers(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api, live, output = Api(label_studio), f"label-studio:{name}", str(folder / name)
    tasks = api.tasks(project)
    api.annotate(tasks[0]["id"], ranked(tasks[0]["data"], [1, 2, 2], [1, 2, 3]), lead_time=12.5)
    api.annotate(tasks[1]["id"], [], was_cancelled=True)
    api.annotate(tasks[1]["id"], [{"garbage": 1}])
    done("job", "export", name, "--to", str(folder), server=label_studio)
    same = run("verify", live, output, server=label_studio)
    assert (same.exit_code, same.stdout) == (0, "3 items and 3 answers compared: no differences\n")

    api.annotate(tasks[2]["id"], ranked(tasks[2]["data"], [1, 1], [2, 1]))
    for sides, told in (((live, output), "ba"), ((output, live), "ab")):
        result = run("verify", *sides, "--json", server=label_studio)
        assert result.exit_code == 1
        [found] = json.loads(result.stdout)["differences"]["listed"]
        assert (found["kind"], found["place"]) == ("state", "2")
        assert [found[side] for side in told] == ["not labelled, 0 answers", "labelled, 1 answer"]
