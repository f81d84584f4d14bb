"""Answers that were sent back to their annotators, as Label Studio keeps them.

Sent back, an answer is a cancelled annotation: Label Studio gives the item to that person again and keeps their place.
It would go on doing so after they have answered anew, and count the old annotation as somebody's besides, so that the
item's other annotators never get it. Therefore the old one is then *set aside*: it moves into the ``meta`` of its task.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..records import SENT_BACK

__all__ = ["REJECTED", "SENT_BACK", "meta_without", "set_aside", "was_sent_back", "with_set_aside"]

# Label Studio's word for what was done last to the annotation. One that its annotator skipped says no such thing.
REJECTED = "rejected"

_META = "gtbridge_set_aside"


def was_sent_back(annotation: Mapping[str, Any]) -> bool:
    """Whether this annotation was sent back, not skipped by its annotator."""
    return bool(annotation.get("was_cancelled")) and annotation.get("last_action") == REJECTED


def set_aside(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The annotations in the task's ``meta``, but for those that are still among its annotations, too."""
    meta = task.get("meta")
    kept = meta.get(_META) if isinstance(meta, dict) else None
    if not isinstance(kept, list):
        return []
    present = [annotation.get("id") for annotation in task.get("annotations") or []]
    return [annotation for annotation in kept if isinstance(annotation, dict) and annotation.get("id") not in present]


def with_set_aside(task: Mapping[str, Any], annotations: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The ``meta`` that the task must have for these cancelled ``annotations`` to be set aside, with all it had."""
    meta = task.get("meta")
    return {
        **(meta if isinstance(meta, dict) else {}),
        _META: [*set_aside(task), *(dict(annotation) for annotation in annotations)],
    }


def meta_without(task: Mapping[str, Any], keys: Collection[str]) -> Any:
    """The task's ``meta``, with these ``keys`` left out of the annotations that were set aside."""
    meta = task.get("meta")
    if not isinstance(meta, dict) or not isinstance(kept := meta.get(_META), list):
        return meta
    records = [{key: record[key] for key in record if key not in keys} for record in kept if isinstance(record, dict)]
    return {**meta, _META: records}
