"""The data of the tasks that gtbridge makes for a labeling job, read fast. Refuses nothing: what is of another shape,
as hand-made data is, it leaves to ``task_completion``, which reads it slowly and says what is wrong with it.

Whatever is read here, that reads as the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ...label_configs.controls import PASSAGE, PROMPT, RESPONSES
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..records import Item
from .label_studio_tasks import OBJECT_INDEX, shown_order

__all__ = ["read_usual_task"]

_RANKING_KEYS = frozenset({OBJECT_INDEX, PROMPT, "prompt_html", RESPONSES})
_PASSAGE_KEYS = frozenset({OBJECT_INDEX, PASSAGE})
_RESPONSE_KEYS = frozenset({"id", "title", "text", "text_html", "ranks", "flags"})
_encode = msgspec.json.Encoder().encode


def read_usual_task(data: Mapping[str, Any], definition: TaskDefinition, index: int) -> Item | None:
    """The item that it shows, as ``task_to_item`` gives it; None if it is not so."""
    if isinstance(definition, TextRanking):
        return None if definition.reference else _ranking_item(data, index)
    passage = data.get(PASSAGE)
    if data.keys() != _PASSAGE_KEYS or not isinstance(passage, str) or not passage.strip():
        return None
    line = _line({"source": passage})
    return None if line is None else Item(index, line, passage)


def _ranking_item(data: Mapping[str, Any], index: int) -> Item | None:
    prompt, responses, order = data.get(PROMPT), data.get(RESPONSES), shown_order(data)
    if data.keys() != _RANKING_KEYS or not isinstance(prompt, str) or order is None or len(order) < 2:
        return None
    texts = [""] * len(order)
    for place, response in zip(order, responses or (), strict=True):
        text = response.get("text")
        if not isinstance(text, str) or not isinstance(response.get("ranks"), list):
            return None
        if not response.keys() <= _RESPONSE_KEYS:
            return None
        texts[place] = text
    line = _line({"source": prompt, "responses": texts})
    return None if line is None else Item(index, line, prompt, tuple(texts))


def _line(members: dict[str, Any]) -> str | None:
    """As ``to_line`` spells them, which is slower: texts are spelled alike by both. None if one is no Unicode."""
    try:
        return _encode(members).decode()
    except UnicodeError:
        return None
