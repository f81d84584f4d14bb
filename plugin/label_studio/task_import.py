"""Tasks into a Label Studio project, many a request, with their responses in an order that can be told again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...converters.formats.label_studio_tasks import shuffled
from ...converters.records import Item
from ...label_configs.tasks import TaskDefinition, TextRanking
from .server import Server, speaking_to

__all__ = ["import_in_batches", "responses_order"]

_BATCH_TASKS = 500
_BATCH_BYTES = 8 * 2**20


def responses_order(item: Item, job: str, definition: TaskDefinition) -> tuple[int, ...] | None:
    """The order in which the item's task shows its responses, the same whenever it is asked for; None for their own."""
    if not isinstance(definition, TextRanking) or not definition.shuffle_responses:
        return None
    return shuffled(len(item.responses or ()), f"{job}\0{item.index}\0{item.line}")


def import_in_batches(
    server: Server, project: int, tasks: Iterable[dict[str, Any]], on_progress: Callable[[int], None] | None = None
) -> None:
    """Make the tasks, many a request; of each request's all, or none."""
    for batch in _batches(tasks):
        with speaking_to(server.url):
            server.sdk.projects.import_tasks(id=project, request=batch)
        if on_progress:
            on_progress(len(batch))


def _batches(tasks: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for task in tasks:
        length = len(json.dumps(task))
        if batch and (len(batch) >= _BATCH_TASKS or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += length
    if batch:
        yield batch
