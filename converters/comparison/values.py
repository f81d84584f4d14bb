"""Two values: whether they say the same, and how to show where they do not. Knows JSON, texts and times; no format."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ..formats.json_text import to_line

__all__ = ["as_text", "excerpts", "json_differences", "same_instant", "text_hint"]

_ABSENT: Any = object()


def json_differences(one: Any, other: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """(path, text in one, text in the other) wherever two JSON values differ; None where there is nothing.

    The order of an object's keys does not count, that of a list's entries does. Numbers are equal if they are the same
    number, however written (``1`` and ``1.0``); true is not 1. A list that is longer in one differs as a whole.
    """
    # A stack of its own: documents may be nested as deeply as the parser allows.
    stack = [("", one, other)]
    while stack:
        path, a, b = stack.pop()
        if isinstance(a, dict) and isinstance(b, dict):
            keys = sorted({*a, *b}, reverse=True)
            stack += [(f"{path}.{key}" if path else key, a.get(key, _ABSENT), b.get(key, _ABSENT)) for key in keys]
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            stack += [(f"{path}[{i}]", a[i], b[i]) for i in reversed(range(len(a)))]
        elif isinstance(a, bool) != isinstance(b, bool) or a != b:
            yield path, as_text(a), as_text(b)


def as_text(value: Any) -> str | None:
    """``value`` as people read it: text as it is, all else as JSON; None for nothing."""
    if value is _ABSENT:
        return None
    try:
        return value if isinstance(value, str) else to_line(value)
    except RecursionError:
        return "(nested too deeply to be shown)"


def text_hint(one: str | None, other: str | None) -> str | None:
    """Why two different texts may look alike, if they do."""
    if one is None or other is None or one == other:
        return None
    if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other):
        return "equal once normalised to Unicode NFC"
    if one.split() == other.split():
        return "only white space differs"
    return None


def same_instant(one: str, other: str) -> bool:
    """Whether two ISO times mean one moment. A time without a zone is UTC, as Ground Truth writes it."""
    moments = [_moment(time) for time in (one, other)]
    return moments[0] is not None and moments[0] == moments[1]


def _moment(time: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def excerpts(one: str | None, other: str | None, length: int) -> tuple[str | None, str | None]:
    """Both, cut to ``length`` characters where they are longer, so that the first place where they differ is kept."""
    texts = (one or "", other or "")
    if max(map(len, texts)) <= length:
        return one, other
    differ = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    begin = max(0, differ - length // 3)
    cut = [_cut(text, begin, length) for text in texts]
    return None if one is None else cut[0], None if other is None else cut[1]


def _cut(text: str, begin: int, length: int) -> str:
    head = "…" if begin else ""
    rest = text[begin:]
    room = length - len(head)
    return head + (rest if len(rest) <= room else rest[: room - 1] + "…")
