"""Figures as rows of tables: value, interval, n, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable

from .page import Number, Part, Table
from .wording import Fig, count, counted, decimals, interval, percent

__all__ = ["FIGURE_HEADS", "amount", "figure_cells", "figures", "number", "share_of"]

NONE = "–"
FIGURE_HEADS = ("value", "95 % interval", "n")


def amount(value: int) -> Number:
    """How many."""
    return Number(count(value), value)


def number(value: float | None, places: int = 2) -> Part:
    """A number with so many decimals, or a dash."""
    return NONE if value is None else Number(decimals(value, places), value)


def share_of(value: float | None) -> Part:
    """A share as percent, or a dash."""
    return NONE if value is None else Number(percent(value), value)


def figure_cells(figure: Fig, *, shares: bool) -> tuple[Part, Part, Part]:
    """Value, interval and n of a figure: the cells under FIGURE_HEADS."""
    value = share_of(figure["value"]) if shares else number(figure["value"])
    return value, interval(figure, percent=shares) or NONE, Number(counted(figure), figure["n"])


def figures(
    caption: str, first: str, rows: Iterable[tuple[Part, Fig]], *, shares: bool, more: tuple[Part, ...] = ()
) -> Table:
    """A table of figures of one kind under their names."""
    cells = tuple((name, *figure_cells(figure, shares=shares)) for name, figure in rows)
    return Table(caption, (first, *FIGURE_HEADS, *more), cells)
