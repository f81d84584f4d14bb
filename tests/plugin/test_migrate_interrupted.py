"""A migration that is cut off goes on where it stopped: the end is the same, with nothing twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import own_environment
from migration import GroundTruthJob, finished_job, migrate, reading, tasks_of
from roads import Api, run

from gtbridge.plugin.label_studio import task_import
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

KILLED_AFTER_ITS_FIRST_IMPORT = """
import os, signal
import httpx
from gtbridge.plugin.label_studio import task_import
from gtbridge.plugin.__main__ import main

task_import._BATCH_TASKS = 2
send = httpx.Client.send

def killed(self, request, **how):
    reply = send(self, request, **how)
    if request.url.path.endswith("/import"):
        os.kill(os.getpid(), signal.SIGKILL)
    return reply

httpx.Client.send = killed
main()
"""


def job_with_all(folder: Path, name: str) -> GroundTruthJob:
    """Five finished items, one that lacks an answer, and two that nobody answered."""
    job = finished_job(name, 6, to_do=2)
    lines = list(job.lines)
    text, metadata, answers = lines[5]
    lines[5] = (text, metadata, (answers or [])[:2])
    job = GroundTruthJob(name, job.task, lines)
    job.write(str(folder))
    return job


def as_if_undisturbed(server: Embedded, folder: Path, job: GroundTruthJob, project: int) -> None:
    """The project is as another is that was made at once."""
    other = migrate(server, str(folder), job, f"{job.name}-undisturbed")["ProjectId"]
    assert tasks_of(server, project) == tasks_of(server, other)
    settings = [Api(server).get(f"/api/projects/{number}").json()["maximum_annotations"] for number in (project, other)]
    assert settings == [3, 3]


def test_a_killed_migration_goes_on_where_it_stopped(label_studio: Embedded, tmp_path: Path) -> None:
    job = job_with_all(tmp_path, "killed")
    command = ["migrate", str(tmp_path / "killed"), *reading(job, str(tmp_path))]
    environment = {"LABEL_STUDIO_URL": label_studio.url, "LABEL_STUDIO_API_KEY": label_studio.api_key}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_ITS_FIRST_IMPORT, *command],
        env={**own_environment(tmp_path), **environment},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert run("job", "export", "killed", "--to", str(tmp_path), server=label_studio).exit_code == 1
    said = migrate(label_studio, str(tmp_path), job, "killed")
    assert said["outcome"] == "resumed"
    as_if_undisturbed(label_studio, tmp_path, job, said["ProjectId"])
    assert migrate(label_studio, str(tmp_path), job, "killed")["outcome"] == "present"


class Killed(BaseException):
    pass


def test_whatever_request_was_the_last_the_next_run_goes_on_from_there(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_import, "_BATCH_TASKS", 2)
    job = job_with_all(tmp_path, "often-killed")
    send = httpx.Client.send
    last: list[str] = []

    def killed(self: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        reply = send(self, request, **how)
        if request.method != "GET":
            last.append(f"{request.method} {request.url.path}")
            raise Killed
        return reply

    said: dict[str, Any] | None = None
    while said is None:
        with monkeypatch.context() as patched, suppress(Killed):
            patched.setattr(httpx.Client, "send", killed)
            said = migrate(label_studio, str(tmp_path), job, "often-killed")
        if len(last) == 3:
            _import_again(label_studio)
        assert len(last) < 50
    assert said["outcome"] == "present"
    kinds = [entry.partition(" ")[0] for entry in last]
    # The project, three batches and two, three changes to tasks, one task that was there twice, two to the project.
    assert (kinds.count("POST"), kinds.count("PATCH"), kinds.count("DELETE")) == (6, 5, 1), last
    as_if_undisturbed(label_studio, tmp_path, job, said["ProjectId"])


def _import_again(server: Embedded) -> None:
    """As if the request of the run that was killed had been under way still when the next one looked what is there."""
    api = Api(server)
    project = max(found["id"] for found in api.get("/api/projects", page_size=1000).json()["results"])
    (task, *_) = api.tasks(project)
    answers = [{key: given[key] for key in ("result", "completed_by", "ground_truth")} for given in task["annotations"]]
    again = [{"data": task["data"], "meta": task["meta"], "annotations": answers}]
    reply = httpx.post(f"{server.url}/api/projects/{project}/import", json=again, headers=api.headers, timeout=60)
    assert reply.status_code == 201


def test_a_run_with_other_options_does_not_go_on_with_what_another_began(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_with_all(tmp_path, "begun")

    def fails(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("gtbridge.plugin.migration.migrate.import_in_batches", fails)
        with pytest.raises(Killed):
            migrate(label_studio, str(tmp_path), job, "begun")
    command = ("migrate", str(tmp_path / "begun"), *reading(job, str(tmp_path)), "--workers-per-object", "4")
    result = run(*command, server=label_studio)
    assert result.exit_code == 1
    assert "is being made, or its making was cut off" in result.stderr
    assert migrate(label_studio, str(tmp_path), job, "begun")["outcome"] == "resumed"
