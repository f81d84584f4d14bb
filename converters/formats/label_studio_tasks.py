"""Items -> Label Studio task data. A task's data holds what annotators are shown and the item's number, nothing else:
whatever else the manifest line holds never reaches a browser.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ...label_configs.controls import (
    NO_KEY,
    PASSAGE,
    PROMPT,
    REFERENCE,
    RESPONSES,
    flag_value,
    rank_value,
    response_id,
    response_index,
)
from ...label_configs.screen_text import shown as inert
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..judgement.rules import response_title
from ..records import Item
from ..shown_html import prompt_html, reference_html, response_html

__all__ = ["OBJECT_INDEX", "item_to_task_data", "shown_order", "shuffled"]

OBJECT_INDEX = "object_index"


def item_to_task_data(item: Item, definition: TaskDefinition, order: Sequence[int] | None = None) -> dict[str, Any]:
    """The ``data`` of the task for ``item``.

    ``order`` is the order to show the responses in (indices into ``item.responses``); it is recorded by the ids
    ``r0``, ``r1`` ... which the responses keep, and which every stored value names.
    """
    if not isinstance(definition, TextRanking):
        return {OBJECT_INDEX: item.index, PASSAGE: item.text}
    responses = item.responses or ()
    shown = list(range(len(responses))) if order is None else list(order)
    return {
        OBJECT_INDEX: item.index,
        PROMPT: item.text,
        "prompt_html": prompt_html(item, definition.markdown),
        **(_reference(item, definition) if definition.reference else {}),
        RESPONSES: [
            _response(responses[index], index, position, len(responses), definition)
            for position, index in enumerate(shown)
        ],
    }


def _reference(item: Item, definition: TextRanking) -> dict[str, Any]:
    text = {} if item.reference is None else {REFERENCE: item.reference}
    return {**text, "reference_html": reference_html(item, definition.markdown)}


def _response(text: str, index: int, position: int, count: int, definition: TextRanking) -> dict[str, Any]:
    ranks = [(str(rank), rank_value(index, rank)) for rank in range(1, count + 1)]
    flags = [(inert(flag), flag_value(index, flag)) for flag in definition.flags]
    return {
        "id": response_id(index),
        "title": response_title(position),
        "text": text,
        **({"text_html": response_html(text)} if definition.markdown else {}),
        "ranks": _options(ranks),
        **({"flags": _options(flags)} if flags else {}),
    }


def _options(options: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """What Label Studio makes choices of: what is shown, and what is stored."""
    return [{"value": shown, "alias": stored, "hotkey": NO_KEY} for shown, stored in options]


def shuffled(count: int, seed: str) -> tuple[int, ...]:
    """A permutation of 0 .. count - 1 that depends on ``seed`` alone, each equally likely."""
    return tuple(sorted(range(count), key=lambda index: hashlib.sha256(f"{seed}\0{index}".encode()).digest()))


def shown_order(data: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The order that a task's data records: the index of the response shown first, second ... None if it has none."""
    responses = data.get(RESPONSES)
    if not isinstance(responses, list):
        return None
    count = len(responses)
    order = tuple([response_index(entry.get("id"), count) if isinstance(entry, dict) else None for entry in responses])
    return order if None not in order and len(set(order)) == count else None  # type: ignore[return-value]
