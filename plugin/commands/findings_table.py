"""Findings as a table for a terminal: aligned, one line each, long values cut to where they differ. Prints nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from ...converters.comparison.findings import Finding
from ...converters.comparison.values import excerpts

__all__ = ["table"]

_NARROWEST_CELL = 20
_LONGEST_PLACE = 60
_GAP = "  "
_NOTHING = "(nothing)"
_HEADS = ("KIND", "OBJECT/WORKER/PART", "A", "B", "")


def table(found: Sequence[Finding], width: int) -> Iterator[str]:
    """A line of heads and one for each finding, at most ``width`` columns wide if that can be."""
    fixed = [(finding.kind, _place(finding.place), f"({finding.hint})" if finding.hint else "") for finding in found]
    taken = [max(_columns(text) for text in column) for column in zip(*fixed, strict=True)]
    left = width - sum(max(columns, len(head)) for columns, head in zip(taken, (*_HEADS[:2], ""), strict=True))
    room = max(_NARROWEST_CELL, (left - len(_GAP) * (len(_HEADS) - 1)) // 2)
    rows = [
        (kind, place, *_values(finding, room), hint) for finding, (kind, place, hint) in zip(found, fixed, strict=True)
    ]
    widths = [max(map(_columns, column)) for column in zip(_HEADS, *rows, strict=True)]
    for row in (_HEADS, *rows):
        cells = (text + " " * (columns - _columns(text)) for text, columns in zip(row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _values(finding: Finding, room: int) -> tuple[str, str]:
    shown = [None if value is None else _on_one_line(value) for value in (finding.a, finding.b)]
    wide = any(_columns(text) > len(text) for text in shown if text is not None)
    a, b = excerpts(shown[0], shown[1], room // 2 if wide else room)
    return _NOTHING if a is None else a, _NOTHING if b is None else b


def _place(place: str) -> str:
    text = _on_one_line(place)
    half = _LONGEST_PLACE // 2
    return text if len(text) <= _LONGEST_PLACE else f"{text[: half - 1]}…{text[-half:]}"


def _on_one_line(text: str) -> str:
    """``text`` with escapes for what a terminal would act on, or not show."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)
