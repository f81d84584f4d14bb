"""Jobs with several annotators who take their items from the label stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from roads import RANKING_TASK, Api, done, new_annotator, prepare_job

from gtbridge.plugin.label_studio.job import Job
from gtbridge.plugin.label_studio.jobs import find_job
from gtbridge.plugin.label_studio.server import Server
from gtbridge.plugin.local_server.embedded import Embedded

ITEM: dict[str, Any] = {"source": "Why is the sky blue?", "responses": ["Rayleigh", "Because", "Sea"]}
GOOD = ([1, 2, 2], [1, 2, 3])


class Crew:
    """A ranking job for ``workers`` annotators per item, and the accounts of those named."""

    def __init__(
        self,
        server: Embedded,
        folder: Path,
        name: str,
        annotators: Iterable[str],
        *,
        workers: int = 1,
        items: Iterable[Mapping[str, Any]] = (ITEM,),
    ):
        self.server, self.folder, self.name = server, folder, name
        path, _ = prepare_job(folder, name, items, RANKING_TASK, workers)
        made = json.loads(done("job", "create", "--request", str(path), "--json", server=server))
        self.project: int = made["ProjectId"]
        self.owner = Api(server)
        self.api = {who: Api(server, new_annotator(server, f"{who}-{name}")) for who in annotators}

    def task(self, number: int = 0) -> dict[str, Any]:
        """The task of object ``number``, as the owner sees it."""
        return self.owner.tasks(self.project)[number]

    def served(self, who: str) -> int | None:
        """The task that the label stream gives next, None if there is none."""
        answer = self.api[who].get(f"/api/projects/{self.project}/next")
        assert answer.status_code in (200, 404), answer.text
        return int(answer.json()["id"]) if answer.status_code == 200 else None

    def worker(self, who: str) -> str:
        """The worker's id in outputs."""
        return f"label-studio-{self.api[who].get('/api/current-user/whoami').json()['id']}"

    def update(self, kind: str, number: int, **fields: Any) -> None:
        """Change a task, project or annotation, as the owner."""
        url = f"{self.server.url}/api/{kind}/{number}/"
        answer = httpx.patch(url, json=fields, headers=self.owner.headers, timeout=60)
        assert answer.status_code == 200, answer.text

    def export(self, *options: str) -> dict[str, Any]:
        """What ``job export --json`` reports."""
        command = ("job", "export", self.name, "--to", str(self.folder / "out"), *options, "--json")
        report: dict[str, Any] = json.loads(done(*command, server=self.server))
        return report

    def describe(self) -> dict[str, Any]:
        """``LabelStudio`` in the job's description."""
        described = json.loads(done("job", "describe", self.name, "--json", server=self.server))
        counts: dict[str, Any] = described["LabelStudio"]
        return counts

    def job(self, server: Server) -> Job:
        """The job, for calls of the library."""
        return find_job(server, self.name)


def reasons(report: Mapping[str, Any], part: str) -> dict[str, int]:
    """What a report's ledger says of answers that were ``dropped``, or in ``notes``."""
    return {entry["reason"]: entry["count"] for entry in report["ledger"]["answers"][part]}
