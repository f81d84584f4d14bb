"""The numbers of an audit in a few lines for a terminal: what was looked at, agreement, and what stands out."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import findings
from .page import plain
from .undefined import why_no_agreement
from .wording import Numbers, count, counted, cut, decimals, for_terminal, interval, percent, plural, shown

__all__ = ["summary_lines"]

_NAME = 28  # columns
_MOST = 12
_HEADS = ("DIMENSION", "ALPHA", "95 % INTERVAL", "SAME VERDICT", "N")


def summary_lines(numbers: Numbers) -> Iterator[str]:
    """The lines; nothing in them moves a terminal's cursor."""
    return map(for_terminal, _lines(numbers))


def _lines(numbers: Numbers) -> Iterator[str]:
    for job in numbers["jobs"]:
        answers = f"{plural(job['answers'], 'answer')} by {plural(job['annotators'], 'annotator')}"
        left = f"{count(job['declined'])} declined, {count(job['invalid'])} invalid"
        items = f"{count(job['items_answered'])} of {plural(job['items'], 'item')} answered"
        yield f"{shown(job['name'])}: {items}, {answers}; {left}"
    if numbers["dimensions"]:
        yield ""
        yield from _table([_HEADS, *map(_dimension, numbers["dimensions"])])
    found = findings(numbers).wrong
    if found:
        yield ""
    for group in found[:_MOST]:
        for one in group.found:
            yield f"{'!' if group.important else '*'} {plain(one.text)}"
    if len(found) > _MOST:
        yield f"... and {count(len(found) - _MOST)} more; -o writes the whole report"


def _dimension(dimension: Numbers) -> tuple[str, ...]:
    name, alpha = cut(shown(dimension["name"]), _NAME), dimension["alpha_pair_verdicts"]
    if alpha["value"] is None:
        return name, "-", "-", "-", why_no_agreement(dimension)
    same = percent(dimension["verdict_agreement"]["value"])
    return name, decimals(alpha["value"]), interval(alpha) or "-", same, counted(alpha)


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
