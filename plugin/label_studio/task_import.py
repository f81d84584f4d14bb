"""Tasks into a Label Studio project, many a request, with their responses in an order that can be told again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...converters.formats.json_text import to_line
from ...converters.formats.label_studio_tasks import shuffled
from ...converters.records import Item
from ...label_configs.errors import ServerError
from ...label_configs.tasks import TaskDefinition, TextRanking
from . import patience
from .server import Server

__all__ = ["import_in_batches", "responses_order"]

_BATCH_TASKS = 500
_BATCH_BYTES = 8 * 2**20
_TRIES = 3


def responses_order(item: Item, job: str, definition: TaskDefinition) -> tuple[int, ...] | None:
    """The order in which the item's task shows its responses, the same whenever it is asked for; None for their own."""
    if not isinstance(definition, TextRanking) or not definition.shuffle_responses:
        return None
    return shuffled(len(item.responses or ()), f"{job}\0{item.index}\0{item.line}")


def import_in_batches(
    server: Server, project: int, tasks: Iterable[dict[str, Any]], on_progress: Callable[[int], None] | None = None
) -> None:
    """Make the tasks, many a request; of each request's all, or none.

    Where the answer to a request is lost, the project's tasks are counted before it is sent again, so that none is made
    twice: nobody else may add any meanwhile. ServerError if they are not as many as they should be.
    """
    importing = _Import(server, project)
    for count, body in _batches(tasks):
        importing.send(count, body)
        if on_progress:
            on_progress(count)
    importing.check()


class _Import:
    """``there`` is how many tasks the project has by what was sent."""

    def __init__(self, server: Server, project: int):
        self._server, self._project = server, project
        self._there = server.task_count(project)
        self._was_lost = False

    def send(self, count: int, body: bytes) -> None:
        for _ in range(_TRIES):
            if self._server.import_tasks(self._project, body) or self._arrived(count):
                self._there += count
                return
        raise ServerError("Label Studio does not answer to what is imported", source=self._server.url)

    def _arrived(self, count: int) -> bool:
        """Whether the server, whose answer was lost, has made the tasks, or does so within half a minute."""
        self._was_lost = True
        for pause in patience.PAUSES_SECONDS:
            time.sleep(pause)
            more = self._server.task_count(self._project) - self._there
            if more:
                self._refuse_unless(more == count)
                return True
        return False

    def check(self) -> None:
        """Whether a request that was taken for lost was carried out after all, when it was sent again already."""
        self._refuse_unless(not self._was_lost or self._server.task_count(self._project) == self._there)

    def _refuse_unless(self, as_many: bool) -> None:
        if not as_many:
            message = f"project {self._project} has other tasks than were imported: an answer of the server's was lost"
            raise ServerError(message, source=self._server.url)


def _batches(tasks: Iterable[dict[str, Any]]) -> Iterator[tuple[int, bytes]]:
    """How many tasks, and the JSON list of them."""
    batch: list[bytes] = []
    size = 0
    for task in tasks:
        text = to_line(task).encode()
        if batch and (len(batch) >= _BATCH_TASKS or size + len(text) > _BATCH_BYTES):
            yield len(batch), b"[%b]" % b",".join(batch)
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield len(batch), b"[%b]" % b",".join(batch)
