"""Keys of forms whose shape no documentation tells: which of them name the same thing. Knows words, no structure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["plain", "text_of", "words"]

_TEXTS = ("text", "value", "content")


def plain(key: str) -> str:
    """The key as it is compared: without case, hyphens and underscores, so that ``start_offset`` is ``startOffset``."""
    return re.sub(r"[-_\s]", "", key).casefold()


def words(key: str) -> list[str]:
    """The words of a key in camelCase, snake_case or with hyphens, in lower case."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key)
    return [word.casefold() for word in re.split(r"[-_\s]+", parted) if word]


def text_of(value: Any) -> str | None:
    """A text that stands there itself, or in an object under ``text``, ``value`` or ``content``; None if there is none.

    An empty text is one.
    """
    if isinstance(value, str):
        return value
    holder: Mapping[str, Any] = value if isinstance(value, dict) else {}
    return next((holder[key] for key in _TEXTS if isinstance(holder.get(key), str)), None)
