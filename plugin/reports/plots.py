"""The plots of the page: figures with their intervals, histograms, bars and a matrix. Numbers in, drawings out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .svg import FAINT, FONT_SIZE, INK, MARK, OTHER, WIDTH, Drawing
from .wording import Fig, count, decimals, percent

__all__ = ["bars", "by_place", "histogram", "intervals", "matrix"]

_ROW = 16  # units a row is high
_LEFT, _RIGHT = 130, 84  # units for the names of rows, and for their numbers
_LABEL = 24  # columns of a name that fit there
_SMALL = FONT_SIZE - 1
_MOST_TICKS = 12
_MOST_EDGES = 8
_STRONGEST = 0.5  # of the colour in a matrix, on which the page's text can be read still


def intervals(
    rows: Sequence[tuple[str, Fig]],
    *,
    shares: bool = False,
    lowest: float | None = 0,
    reference: float | None = None,
    below: str = "",
) -> Drawing:
    """A row for each figure: its name, a mark with the interval as a line, value and n. ``reference`` is a dashed line.

    The axis runs from ``lowest`` to 1, or as the figures need it if that is None.
    """
    drawing = Drawing(_ROW * len(rows) + (46 if below else 32))
    with drawing.axes(_LEFT, _RIGHT, bottom=40 if below else 26) as axes:
        _rows(axes, [drawing.text(name, _LABEL) for name, _ in rows])
        if lowest is not None:
            axes.set_xlim(lowest, 1)
        axes.grid(axis="x", color=FAINT, linewidth=0.8)
        if reference is not None:
            axes.axvline(reference, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        _marks(axes, [figure for _, figure in rows], across=True)
        for row, (_, figure) in enumerate(rows):
            _beside(axes, row, 34, _value(figure, shares))
            _beside(axes, row, _RIGHT, f"n {_short(figure['n'])}")
        _ticks(axes.xaxis, shares)
        axes.set_xlabel(below, labelpad=4)
    return drawing


def by_place(
    places: Sequence[str],
    figures: Sequence[Fig],
    *,
    shares: bool = False,
    reference: float | None = None,
    below: str,
    upside_down: bool = False,
    whole: bool = True,
) -> Drawing:
    """A figure with its interval above each place, from 0 upwards, or downwards; to 1, or as far as needed."""
    drawing = Drawing(190)
    with drawing.axes(40, 8, bottom=40, top=10) as axes:
        every = math.ceil(len(places) / _MOST_TICKS)
        shown = range(0, len(places), every)
        axes.set_xticks(shown, [places[at] for at in shown])
        axes.set_xlim(-0.5, len(places) - 0.5)
        highest = 1.0 if whole else min(1.1 * max(_end(figure) for figure in figures), 1.0) or 1.0
        axes.set_ylim(*((highest, 0) if upside_down else (0, highest)))
        axes.grid(axis="y", color=FAINT, linewidth=0.8)
        if reference is not None:
            axes.axhline(reference, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        _marks(axes, figures, across=False)
        _ticks(axes.yaxis, shares)
        axes.set_xlabel(below, labelpad=4)
    return drawing


def bars(rows: Sequence[tuple[str, float, str]]) -> Drawing:
    """A bar for each (name, length, what is written beside it)."""
    drawing = Drawing(_ROW * len(rows) + 8)
    with drawing.axes(_LEFT, _RIGHT, bottom=4, top=4) as axes:
        axes.spines["bottom"].set_visible(False)
        _rows(axes, [drawing.text(name, _LABEL) for name, _, _ in rows])
        axes.set_xticks([])
        axes.set_xlim(0, max((length for _, length, _ in rows), default=0) or 1)
        axes.barh(range(len(rows)), [length for _, length, _ in rows], height=0.6, color=MARK)
        for row, (_, _, text) in enumerate(rows):
            _beside(axes, row, 34, text)
    return drawing


def histogram(
    edges: Sequence[float], counts: Sequence[int], *, below: str, logarithmic: bool = False, median: float | None = None
) -> Drawing:
    """Counts between ``edges`` (one more than there are counts); the median as a dashed line."""
    drawing = Drawing(180)
    with drawing.axes(40, 10, bottom=40, top=16) as axes:
        if logarithmic:
            axes.set_xscale("log")
        axes.stairs(counts, edges, fill=True, color=MARK)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, max(counts, default=0) * 1.05 or 1)
        axes.grid(axis="y", color=FAINT, linewidth=0.8)
        axes.yaxis.get_major_locator().set_params(nbins=5, integer=True)
        axes.yaxis.set_major_formatter(lambda value, _: _short(round(value)))
        every = math.ceil((len(edges) - 1) / _MOST_EDGES)
        axes.set_xticks(
            edges[::every], [f"{edge:,.3g}" if edge < 1000 else _short(round(edge)) for edge in edges[::every]]
        )
        axes.minorticks_off()
        if median is not None and edges[0] <= median <= edges[-1]:
            axes.axvline(median, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
            axes.annotate("median", (median, 1), (0, 3), ("data", "axes fraction"), "offset points", ha="center")
        axes.set_xlabel(below, labelpad=4)
    return drawing


def matrix(names: Sequence[str], values: Mapping[tuple[int, int], float | None]) -> Drawing:
    """Coefficients of two names each, from −1 (the other colour) over 0 (none) to 1; shown in both halves."""
    side = min(40.0, (WIDTH - _LEFT - 8) / len(names))
    drawing = Drawing(side * len(names) + 34)
    with drawing.axes(_LEFT, WIDTH - _LEFT - side * len(names), bottom=30, top=4) as axes:
        from matplotlib.patches import Rectangle

        axes.spines["bottom"].set_visible(False)
        _rows(axes, [drawing.text(name, _LABEL) for name in names])
        axes.set_xticks(range(len(names)), [drawing.text(name, max(3, int(side / 5.2))) for name in names])
        axes.set_xlim(-0.5, len(names) - 0.5)
        for (one, other), value in values.items():
            for column, row in ((one, other), (other, one)):
                colour, strength = (MARK, value) if (value or 0) >= 0 else (OTHER, -(value or 0))
                alpha = _STRONGEST * min(strength or 0, 1)
                corner = (column - 0.48, row - 0.48)
                axes.add_patch(Rectangle(corner, 0.96, 0.96, facecolor=colour, alpha=alpha, linewidth=0))
                text = "–" if value is None else decimals(value)
                axes.text(column, row, text, ha="center", va="center", fontsize=_SMALL)
    return drawing


def _rows(axes: Any, names: Sequence[str]) -> None:
    """A row for each name, from above, with the name to its left. Plain texts: ticks take four times as long."""
    axes.set_yticks([])
    axes.set_ylim(len(names) - 0.5, -0.5)
    for row, name in enumerate(names):
        axes.annotate(name, (0, row), (-6, 0), ("axes fraction", "data"), "offset points", ha="right", va="center")


def _beside(axes: Any, row: int, at: float, text: str) -> None:
    """A number that ends so many units right of the axes."""
    axes.annotate(text, (1, row), (at, 0), ("axes fraction", "data"), "offset points", ha="right", va="center")


def _marks(axes: Any, figures: Sequence[Fig], *, across: bool) -> None:
    """A line for each interval and a dot for each value, at 0, 1, 2 ..."""
    ends = [(at, one["low"], one["high"]) for at, one in enumerate(figures) if one["low"] is not None]
    if ends:
        (axes.hlines if across else axes.vlines)(*zip(*ends, strict=True), color=MARK, linewidth=2.2)
    dots = [(one["value"], at) for at, one in enumerate(figures) if one["value"] is not None]
    places = [dot if across else dot[::-1] for dot in dots]
    if places:
        axes.plot(*zip(*places, strict=True), color=MARK, marker="o", markersize=5.5, linestyle="none", clip_on=False)


def _end(figure: Fig) -> float:
    return float(next(end for end in (figure["high"], figure["value"], 0.0) if end is not None))


def _ticks(axis: Any, shares: bool) -> None:
    axis.get_major_locator().set_params(nbins=4)
    axis.set_major_formatter(lambda value, _: _tick(100 * value) + " %" if shares else _tick(value))


def _edge(edge: float) -> str:
    return f"{edge:.2g}" if edge < 100 else _short(round(edge))


def _tick(value: float) -> str:
    return f"{value:.6g}".replace("-", "\u2212")


def _value(figure: Fig, shares: bool) -> str:
    if figure["value"] is None:
        return "–"
    return percent(figure["value"]) if shares else decimals(figure["value"])


def _short(number: int) -> str:
    if number < 10_000:
        return count(number)
    return f"{number / 1000:.0f}k" if number < 1_000_000 else f"{number / 1_000_000:.1f}M"
