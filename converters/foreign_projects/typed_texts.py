"""What people typed into a TextArea. Knows the value that it stores, not what the text is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .config import Config, ControlTag
from .stored import Stored

__all__ = ["text_areas", "typed_once", "typed_texts"]


def text_areas(config: Config) -> list[ControlTag]:
    """The TextAreas that are to be read. One in a Repeater has an answer for each entry of a list, and is not."""
    return [control for control in config.controls if control.kind == "textarea" and not control.repeats]


def typed_once(stored: Stored, name: str) -> tuple[str, ...]:
    """The submissions of a TextArea that is answered once for the task."""
    value = stored.one(name)
    return () if value is None else typed_texts(stored, name, [value])


def typed_texts(stored: Stored, name: str, values: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The submissions in ``values``: ``{"text": ["first", "second"]}``, or a text without a list, as models give it."""
    found: list[str] = []
    for value in values:
        texts = value.get("text")
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            stored.unread.append(f"{name}: does not hold texts")
            continue
        found += texts
    return tuple(found)
