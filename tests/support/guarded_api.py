"""Jobs on a guarded server, and the accounts that reach them through the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from judged_jobs import Job
from roads import done, new_annotator, prepare_job

from gtbridge.plugin.local_server.embedded import Embedded

__all__ = ["Caller", "Desk", "calling", "open_desk"]


class Caller:
    """One account of the server. None of its calls may end in a server error, whatever it sends."""

    def __init__(self, server: Embedded, client: httpx.Client):
        self.server, self.client = server, client

    def __call__(self, method: str, path: str, **content: Any) -> httpx.Response:
        answer = self.client.request(method, path, **content)
        assert answer.status_code < 500, f"{method} {path}: {answer.text[:2000]}"
        return answer


@contextmanager
def calling(server: Embedded, name: str | None = None) -> Iterator[Caller]:
    """A new account of this name, which is no reviewer; without a name, the owner, who is one."""
    api_key = new_annotator(server, name) if name else server.api_key
    headers = {"Authorization": f"Token {api_key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=120) as client:
        yield Caller(server, client)


class Desk:
    """A job's project on the server, its tasks in the manifest's order, and its owner, who is a reviewer."""

    def __init__(self, owner: Caller, job: Job, project: int):
        self.owner, self.job, self.project = owner, job, project
        listed = owner("GET", "/api/tasks", params={"project": project, "fields": "all", "page_size": 100}).json()
        self.tasks = sorted((dict(task) for task in listed["tasks"]), key=lambda task: int(task["id"]))

    def path(self, task: int = 0) -> str:
        """Where answers to the task ``task`` (0-based) are sent."""
        return f"/api/tasks/{self.tasks[task]['id']}/annotations/"

    def stored(self, task: int = 0) -> list[dict[str, Any]]:
        """What the server holds for the task, skipped answers included."""
        answer = self.owner("GET", f"/api/tasks/{self.tasks[task]['id']}/")
        annotations: list[dict[str, Any]] = answer.json()["annotations"]
        return annotations

    def counts(self) -> tuple[int, int]:
        """How many tasks and answers the project has."""
        project = self.owner("GET", f"/api/projects/{self.project}/").json()
        return int(project["task_number"]), int(project["total_annotations_number"])


def open_desk(owner: Caller, folder: Path, name: str, job: Job, *, items: int = 1, workers: int = 2) -> Desk:
    """A new labeling job whose manifest has the job's item ``items`` times."""
    path, _ = prepare_job(folder, name, [job.item] * items, job.task, workers)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=owner.server))
    return Desk(owner, job, int(made["ProjectId"]))
