"""The tasks that a labeling job's project has of the manifest's objects: so that what was cut off can go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...converters.formats.label_studio_tasks import OBJECT_INDEX
from .server import Server, speaking_to

__all__ = ["ObjectTask", "each_once", "object_tasks"]


@dataclass(frozen=True, slots=True)
class ObjectTask:
    """The task of the object ``index``, which is None if the task does not say; ``done`` as Label Studio counts."""

    id: int
    index: int | None
    overlap: int
    done: bool
    annotations: int


def object_tasks(server: Server, project: int) -> Iterator[ObjectTask]:
    """All tasks of the project, by ascending ids."""
    for task in server.tasks(project, ("id", "data", "overlap", "is_labeled", "total_annotations")):
        index = (task.get("data") or {}).get(OBJECT_INDEX)
        yield ObjectTask(task["id"], index, task["overlap"], task["is_labeled"], task["total_annotations"])


def each_once(server: Server, project: int) -> dict[int | None, ObjectTask]:
    """The task of each object. Of two, as an interrupted run's last request was under way still, one is deleted."""
    kept: dict[int | None, ObjectTask] = {}
    for task in object_tasks(server, project):
        other = kept.get(task.index)
        if other is not None:
            # Somebody may have answered one of the two already.
            spare = min(task, other, key=lambda either: (either.annotations, -either.id))
            task = other if spare is task else task
            with speaking_to(server.url):
                server.sdk.tasks.delete(id=str(spare.id))
        kept[task.index] = task
    return kept
