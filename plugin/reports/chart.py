"""What all charts have in common: a drawing with its words and its numbers, rows that fit, and where an axis begins."""

from __future__ import annotations

from collections.abc import Sequence, Sized

from . import plots
from .page import Chart, Name, Table, Text, plain
from .svg import Drawing
from .tables import figures
from .wording import Fig, count

__all__ = ["MOST_ROWS", "any_known", "chart", "interval_chart", "lowest", "most_telling", "of_all"]

MOST_ROWS = 40  # of a plot
_DESCRIBED = 12


def chart(name: str, heading: str, drawing: Drawing, caption: Text, numbers: Table, *, above: bool = False) -> Chart:
    """The drawing, told to who cannot see it by its first numbers. ``name`` differs from those of all other charts.

    ``above``: whether the section has the numbers in a table of its own.
    """
    heads = [plain((head,)) for head in numbers.heads]
    told = []
    for row in numbers.rows[:_DESCRIBED]:
        first, *cells = (plain((part,)) for part in row)
        told.append(f"{first}: " + ", ".join(f"{head} {cell}" for head, cell in zip(heads[1:], cells, strict=True)))
    more = f" And {count(len(numbers.rows) - _DESCRIBED)} more in the table." if len(numbers.rows) > _DESCRIBED else ""
    return Chart(heading, drawing.svg(name, heading, f"{'. '.join(told)}.{more}"), caption, None if above else numbers)


def interval_chart(
    name: str,
    heading: str,
    rows: Sequence[tuple[str, Fig]],
    caption: Text,
    first: str,
    *,
    shares: bool = False,
    reference: float | None = None,
    lowest: float = 0,
    above: bool = False,
) -> Chart:
    """A row with its interval for each figure. ``first`` says what the names of the rows are."""
    drawing = plots.intervals(rows, shares=shares, lowest=lowest, reference=reference)
    table = figures(heading, first, [(Name(row, 40), figure) for row, figure in rows], shares=shares)
    return chart(name, heading, drawing, caption, table, above=above)


def any_known(rows: Sequence[tuple[str, Fig]]) -> bool:
    """Whether there is anything to draw."""
    return any(figure["value"] is not None for _, figure in rows)


def most_telling(rows: Sequence[tuple[str, Fig]], middle: float | None) -> list[tuple[str, Fig]]:
    """The rows with a value, from low to high; of very many those furthest from the ``middle``."""
    known = [(name, figure) for name, figure in rows if figure["value"] is not None]
    known.sort(key=lambda row: (-abs(row[1]["value"] - (middle or 0)), row[0]))
    return sorted(known[:MOST_ROWS], key=lambda row: (row[1]["value"], row[0]))


def of_all(shown: Sized, people: Sized) -> str:
    """A sentence about who is left out of a plot, if anybody is."""
    if len(shown) == len(people) or len(shown) < MOST_ROWS:
        return ""
    return f"The {len(shown)} of {count(len(people))} annotators who are furthest from the middle. "


def lowest(rows: Sequence[tuple[str, Fig]]) -> float:
    """Where an axis of coefficients begins: at 0, or as far below as the intervals go."""
    end = min((figure[key] for _, figure in rows for key in ("low", "value") if figure[key] is not None), default=0)
    return -1.0 if end < -0.5 else -0.5 if end < 0 else 0.0
