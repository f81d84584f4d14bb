"""Twenty annotators at once on one labeling job. Judges nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from judged_jobs import RANKING
from roads import done, pooled_annotator, prepare_job

from gtbridge.plugin.local_server.embedded import Embedded

from .load_annotator import Annotator, Record

__all__ = ["ANNOTATORS", "OVERLAP", "Crew", "said"]

ANNOTATORS = 20
OVERLAP = 3
_TIMEOUT = 120


@dataclass
class Crew(AbstractContextManager["Crew"]):
    """The annotators of a job with ``items`` items on ``server``, each with two connections; ``record`` is what they
    were told.
    """

    server: Embedded
    name: str
    folder: Path
    items: int
    record: Record

    def __post_init__(self) -> None:
        lines = [{**RANKING.item, "source": f"Why, number {number}?"} for number in range(self.items)]
        path, _ = prepare_job(self.folder, self.name, lines, RANKING.task, OVERLAP)
        made = json.loads(done("job", "create", "--request", str(path), "--json", server=self.server))
        self.project = int(made["ProjectId"])
        self._stack = ExitStack()
        self._hands = self._stack.enter_context(ThreadPoolExecutor(ANNOTATORS))
        self._clients = [self._two_connections(number) for number in range(ANNOTATORS)]

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _two_connections(self, number: int) -> tuple[httpx.Client, httpx.Client]:
        key = pooled_annotator(self.server.url, self.server.api_key, number)
        headers = {"Authorization": f"Token {key}"}
        one, other = (
            self._stack.enter_context(httpx.Client(base_url=self.server.url, headers=headers, timeout=_TIMEOUT))
            for _ in range(2)
        )
        return one, other

    def _annotator(self, number: int, random: random.Random) -> Annotator:
        return Annotator(self.record, self.project, *self._clients[number], self._hands, random)

    def work(self, until: Callable[[], bool], randoms: Sequence[random.Random], least: int = 1) -> None:
        """All work side by side, each on ``least`` items and then on while ``until`` says so, or until none is left."""

        def one(number: int) -> None:
            annotator, count = self._annotator(number, randoms[number]), 0
            while (count < least or until()) and annotator.does_one():
                count += 1

        with ThreadPoolExecutor(ANNOTATORS) as pool:
            list(pool.map(one, range(ANNOTATORS)))


def said(result: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a result says, however the server spells it: the value of each control."""
    return {str(entry["from_name"]): entry["value"] for entry in result}
