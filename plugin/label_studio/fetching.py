"""Whole tasks of a project, many a request: fewer where the server takes long, or does not manage so many at once.

Asks; keeps nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from ..files.side_by_side import side_by_side
from .patience import TooMuch
from .server import TASKS_AT_ONCE, Server

__all__ = ["fetched_tasks"]

# Proxies give up after 30 or 60 seconds: what takes a third of that today may take all of it under load.
_LONG_SECONDS = 10
_SHORT_SECONDS = 5
# What was too much once may be so again, and cost a time-out: so many good answers allow for a little more.
_GOOD_ONES = 10
_ADDRESS_BYTES = 3600  # for the ids in it, of the 4094 that gunicorn has room for


def fetched_tasks(server: Server, project: int, numbers: Sequence[int]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The tasks with these ids, which ascend, some at a time, and how many ids that were; some may be of no task.

    The next ones are asked for while the caller works on the last. ServerError if the server does not answer after
    some tries, however little it is asked for.
    """
    fetching = _Fetching(server, project)
    return side_by_side(fetching.fetch, fetching.batches(numbers), most=1)


class _Fetching:
    """``at_once`` is how many tasks the next request asks for, ``most`` how many it may become.

    The server is asked by one thread, one request after another.
    """

    def __init__(self, server: Server, project: int):
        self._server, self._project = server, project
        self.at_once = self.most = TASKS_AT_ONCE
        self._good = 0

    def batches(self, numbers: Sequence[int]) -> Iterator[Sequence[int]]:
        at = 0
        while batch := numbers[at : at + min(self.at_once, _ADDRESS_BYTES // len(f"&ids[]={numbers[-1]}"))]:
            at += len(batch)
            yield batch

    def fetch(self, numbers: Sequence[int]) -> tuple[int, list[dict[str, Any]]]:
        found: list[dict[str, Any]] = []
        at = 0
        while at < len(numbers):
            asked = numbers[at : at + self.at_once]
            began = time.monotonic()
            try:
                tasks = {task["id"]: task for task in self._server.export_tasks(self._project, asked)}
            except TooMuch:
                self._take_less(len(asked))
                continue
            self._go_on(len(asked), time.monotonic() - began)
            found += (tasks[number] for number in asked if number in tasks)
            at += len(asked)
        return len(numbers), found

    def _take_less(self, asked: int) -> None:
        self.at_once, self.most, self._good = asked // 2, asked * 3 // 4, 0

    def _go_on(self, asked: int, seconds: float) -> None:
        self._good += 1
        if self._good % _GOOD_ONES == 0:
            self.most = min(self.most + max(1, self.most // _GOOD_ONES), TASKS_AT_ONCE)
        if seconds > _LONG_SECONDS:
            self.at_once = max(1, asked // 2)
        elif seconds < _SHORT_SECONDS:
            self.at_once = min(max(self.at_once, asked) * 2, self.most)
