"""`job export` and `dataset build` on a job that people go on working on: what they say, and that nothing is amiss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import snapshot
from roads import Api, done, ranked, run

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_an_export_that_goes_on_where_the_last_one_stopped_is_the_same_as_one_from_the_beginning(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api = Api(label_studio)
    first, second, third = api.tasks(project)
    kept = api.annotate(first["id"], ranked(first["data"], [1, 2, 2], [1, 2, 3]))
    withdrawn = api.annotate(second["id"], ranked(second["data"], [1, 2], [1, 2]))
    export = ("job", "export", name, "--to", str(folder / "out"))
    assert "pulled: 2 answers to 3 tasks: the first pull" in run(*export, server=label_studio).stderr
    before = snapshot(folder / "out")

    assert "pulled: nothing new; 2 answers as they were" in run(*export, server=label_studio).stderr
    after = snapshot(folder / "out")
    assert [path for path in after if after[path] != before[path]] == [f"{name}/gtbridge/ledger.json"]

    _delete(api, f"/api/annotations/{withdrawn}/")
    api.annotate(third["id"], ranked(third["data"], [2, 1], [2, 1]))
    report = json.loads(done(*export, "--json", server=label_studio))
    assert {key: count for key, count in report["pulled"].items() if count} == {
        "new": 1,
        "withdrawn": 1,
        "unchanged": 1,
        "fetched": 2,
    }
    notes = {entry["reason"]: entry["count"] for entry in report["ledger"]["answers pulled"]["notes"]}
    assert notes == {"new": 1, "withdrawn": 1, "as they were": 1}
    assert report["ledger"]["answers"]["in"] == 2 and kept

    done("job", "export", name, "--to", str(folder / "whole"), server=label_studio)
    done("verify", str(folder / "out" / name), str(folder / "whole" / name))
    assert "(--full: everything was fetched anew)" in run(*export, "--full", server=label_studio).stderr


def _delete(api: Api, path: str) -> None:
    httpx.delete(api.url + path, headers=api.headers).raise_for_status()


def test_a_dataset_is_built_anew_from_what_was_kept_beside_it_and_what_is_new(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api = Api(label_studio)
    first, second, _ = api.tasks(project)
    api.annotate(first["id"], ranked(first["data"], [1, 2, 2], [1, 2, 3]))
    build = ("dataset", "build", f"label-studio:{name}", "--json", "--test-size", "0")

    def built(where: str) -> tuple[dict[str, Any], dict[str, bytes | None]]:
        report: dict[str, Any] = json.loads(done(*build, "-o", str(folder / where / "set"), server=label_studio))
        return report, snapshot(folder / where / "set")

    [pull] = built("on")[0]["pulled"]
    assert (pull["project"], pull["first"], pull["new"]) == (project, True, 1)
    api.annotate(second["id"], ranked(second["data"], [2, 1], [2, 1]))
    report, dataset = built("on")
    [pull] = report["pulled"]
    assert (pull["new"], pull["unchanged"], pull["fetched"]) == (1, 1, 1)
    assert dataset == built("anew")[1]
    beside = {path.name for path in (folder / "on").iterdir()}
    assert beside == {"set", "set.provenance.json", f"set.pulled-{project}.jsonl.gz"}
