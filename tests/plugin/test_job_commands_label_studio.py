"""`gtbridge job list|watch|stop` on a real Label Studio without the guard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from annotators import GOOD, ITEM, Crew
from commands import started
from roads import done, output_lines, ranked, run

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def listed(server: Embedded, *options: str) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = json.loads(done("job", "list", *options, "--json", server=server))["jobs"]
    return jobs


def answer(crew: Crew, number: int) -> None:
    task = crew.task(number)
    crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))


def test_the_list_has_every_project_that_is_a_labeling_job_with_its_state(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "listed-whole", ["ann"], items=[ITEM, ITEM])
    half = Crew(label_studio, tmp_path, "listed-half", [])
    begun = Crew(label_studio, tmp_path, "listed-begun", [])
    answer(crew, 0)
    text = begun.owner.get(f"/api/projects/{begun.project}").json()["description"]
    begun.update("projects", begun.project, description=text.replace('"path"', '"way"').replace('"objects"', '"o"'))
    known = half.owner.get(f"/api/projects/{half.project}").json()["description"]
    block = json.loads(known.splitlines()[3])
    half.update("projects", half.project, description=known.replace(json.dumps(block["manifest"]), "null"))
    found = {job["LabelingJobName"]: job for job in listed(label_studio, "--name-contains", "listed-")}
    assert {name: job["LabelingJobStatus"] for name, job in found.items()} == {
        "listed-whole": "InProgress",
        "listed-half": "Initializing",
        "listed-begun": "Failed",
    }
    assert found["listed-whole"]["LabelCounters"]["Unlabeled"] == 1
    assert found["listed-whole"]["LabelStudio"]["ProjectId"] == crew.project
    assert "description was changed" in found["listed-begun"]["FailureReason"]
    named = [job["LabelingJobName"] for job in listed(label_studio, "--status", "Initializing")]
    assert named.count("listed-half") == 1
    assert "listed-whole" not in named
    row = next(
        line for line in done("job", "list", server=label_studio).splitlines() if line.startswith("listed-whole")
    )
    assert "InProgress" in row
    assert "1 objects labeled, 1 to do" in row


def test_a_job_is_watched_until_its_last_answer(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "watched", ["ann"], items=[ITEM, ITEM])
    answer(crew, 0)
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
    with started(tmp_path, "job", "watch", "watched", "--interval", "0.1", **environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().endswith("watched: InProgress, 1 objects labeled, 1 to do\n")
        answer(crew, 1)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("watched: Completed, 2 objects labeled, 0 to do\n")


def test_a_project_that_is_deleted_ends_the_watch(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "deleted", [])
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
    with started(tmp_path, "job", "watch", "deleted", "--interval", "0.1", "--json", **environment) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["LabelCounters"]["Unlabeled"] == 1
        url = f"{label_studio.url}/api/projects/{crew.project}/"
        httpx.delete(url, headers=crew.owner.headers, timeout=60).raise_for_status()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == f"error: {label_studio.url}: project {crew.project} of the labeling job deleted was deleted\n"


def test_a_stopped_job_says_so_and_is_exported_all_the_same(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "stopped", ["ann"], items=[ITEM, ITEM])
    answer(crew, 0)
    before = crew.owner.get(f"/api/projects/{crew.project}").json()["description"]
    dry = run("job", "stop", "stopped", "--dry-run", server=label_studio)
    assert dry.stdout == "stopped: InProgress; it would be stopped, nothing was changed\n"
    assert crew.owner.get(f"/api/projects/{crew.project}").json()["description"] == before
    result = run("job", "stop", "stopped", server=label_studio)
    assert (result.exit_code, result.stdout) == (0, "stopped: Stopped\n")
    assert result.stderr.startswith("note: this Label Studio runs without the guard, so annotators can go on")
    described = json.loads(done("job", "describe", "stopped", "--json", server=label_studio))
    assert described["LabelingJobStatus"] == "Stopped"
    assert described["LabelCounters"]["Unlabeled"] == 1
    assert described["LabelStudio"]["Guarded"] is False
    assert "annotators can go on" in done("job", "describe", "stopped", server=label_studio)
    assert done("job", "watch", "stopped", server=label_studio).count("\n") == 1
    assert done("job", "stop", "stopped", server=label_studio) == "stopped: Stopped; there is nothing to stop\n"
    crew.export()
    labeled = ["label" in line for line in output_lines(tmp_path / "out/stopped")]
    assert labeled == [True, False]
    request = (tmp_path / "out/stopped/gtbridge/request.json").read_bytes()
    assert request == (tmp_path / "request.json").read_bytes()


def test_a_completed_job_is_not_stopped(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "completed", ["ann"])
    answer(crew, 0)
    assert done("job", "stop", "completed", server=label_studio) == "completed: Completed; there is nothing to stop\n"
    assert crew.describe().get("StoppedAt") is None


@pytest.mark.parametrize("command", ["describe", "watch", "stop"])
def test_a_job_that_is_not_there_is_named(label_studio: Embedded, command: str) -> None:
    result = run("job", command, "no-such-job", server=label_studio)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: {label_studio.url}: there is no labeling job no-such-job\n"
