"""The plots about rankings, each with what it shows, what to do about it, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import plots
from .chart import MOST_ROWS, any_known, chart, interval_chart, lowest, most_telling, of_all
from .page import Chart, Name, Table, Text
from .tables import FIGURE_HEADS, amount, figure_cells, figures
from .undefined import why_no_strengths
from .wording import Fig, Numbers, count, decimals, plural

__all__ = ["alphas", "halo", "of_dimension"]


def alphas(dimensions: Sequence[Numbers]) -> Chart:
    """alpha_pair_verdicts of each dimension."""
    rows = [(dimension["name"], dimension["alpha_pair_verdicts"]) for dimension in dimensions]
    caption: Text = (
        "Krippendorff's alpha of pair verdicts, with 95 % intervals: 1 is full agreement, 0 what chance gives. Work on "
        "the instructions of the lowest dimension first; intervals that overlap do not tell dimensions apart.",
    )
    return interval_chart("agreement", "Agreement", rows, caption, "dimension", lowest=lowest(rows))


def of_dimension(dimension: Numbers, section: str) -> Iterator[Chart]:
    """Those of one dimension that there are numbers for."""
    if any_known(_coefficients(dimension)):
        rows = _coefficients(dimension)
        caption: Text = (
            "Measures of agreement with 95 % intervals; 1 is full agreement. By chance alpha, tau_b and "
            "mean_spearman are 0, the others are not. Wide intervals want more items, low values better instructions.",
        )
        name = f"{section}-agreement"
        yield interval_chart(name, "Agreement", rows, caption, "measure", lowest=lowest(rows), above=True)
    yield from _position(dimension, section)
    yield from _longer(dimension, section)
    yield from _annotators(dimension, section)
    yield from _strengths(dimension, section)


def _coefficients(dimension: Numbers) -> list[tuple[str, Fig]]:
    keys = ("alpha_pair_verdicts", "alpha_midranks", "tau_b", "mean_spearman", "kendall_w", "verdict_agreement")
    return [(key, dimension[key]) for key in keys]


def _position(dimension: Numbers, section: str) -> Iterator[Chart]:
    places = dimension["position"]["mean_midrank_by_place"]
    if not any_known([("", figure) for figure in places]):
        return
    names = [str(place) for place in range(1, len(places) + 1)]
    drawing = plots.by_place(names, places, reference=0.5, below="place on the screen", upside_down=True)
    caption: Text = (
        "Where responses shown at each place end up on average, best (0) above, with 95 % intervals. In random order "
        "all places are alike, at 0.5. A slope is the pull of the place: shuffle for each annotator. n = "
        f"{count(max(figure['n'] for figure in places))} {places[0]['of']}.",
    )
    rows = tuple((name, *figure_cells(figure, shares=False)) for name, figure in zip(names, places, strict=True))
    table = Table("Mean mid-rank by place", ("place", *FIGURE_HEADS), rows)
    yield chart(f"{section}-position", "Place on the screen", drawing, caption, table)


def _longer(dimension: Numbers, section: str) -> Iterator[Chart]:
    bins = dimension["longer"]["by_ratio"]
    rows = [(_ratio(entry["from"], entry["to"]), entry["share"]) for entry in bins]
    if not any_known(rows):
        return
    caption: Text = (
        "How often the longer of two responses is preferred, by how many times as many words it has, with 95 % "
        "intervals. A rise from above to below is a preference for length itself: balance the pairs by length.",
    )
    yield interval_chart(f"{section}-longer", "Length", rows, caption, "times as long", shares=True, reference=0.5)


def _ratio(low: float, high: float | None) -> str:
    return f"{decimals(low)} or more" if high is None else f"{decimals(low)} to {decimals(high)}"


def _annotators(dimension: Numbers, section: str) -> Iterator[Chart]:
    people = {one["name"]: one for one in dimension["annotators"]}
    agreed, tied = dimension["verdict_agreement"], dimension["ties"]
    rows = most_telling([(name, one["agreement"]) for name, one in people.items()], agreed["value"])
    if len(rows) > 1:
        caption: Text = (
            f"{of_all(rows, people)}Share of pairs on which an annotator says the same as another; the line is what "
            "all have together. Read answers of those whose interval lies left of it before you think less of them.",
        )
        cells = tuple(
            (
                Name(name, 40),
                *figure_cells(agreement, shares=True),
                *figure_cells(people[name]["tau_b"], shares=False),
            )
            for name, agreement in rows
        )
        heads = ("annotator", *FIGURE_HEADS, "tau_b", *FIGURE_HEADS[1:])
        drawing = plots.intervals(rows, shares=True, reference=agreed["value"])
        table = Table("Agreement with others", heads, cells)
        yield chart(f"{section}-annotators", "Agreement with others", drawing, caption, table)
    rows = most_telling([(name, one["ties"]) for name, one in people.items()], tied["value"])
    if len(rows) > 1 and dimension["allow_tie"]:
        caption = (
            f"{of_all(rows, people)}Share of pairs that an annotator ties; the line is what all have together. Large "
            "differences are about the word tie, not about the responses: say with examples when one is meant.",
        )
        name = f"{section}-ties"
        yield interval_chart(name, "Ties", rows, caption, "annotator", shares=True, reference=tied["value"])


def _strengths(dimension: Numbers, section: str) -> Iterator[Chart]:
    known = [one for one in dimension["strengths"] if one["strength"]["value"] is not None]
    if not known:
        return
    ranked = sorted(known, key=lambda one: (-one["strength"]["value"], one["model"]))
    shown = ranked if len(ranked) <= MOST_ROWS else [*ranked[: MOST_ROWS // 2], *ranked[-MOST_ROWS // 2 :]]
    left = len(dimension["strengths"]) - len(known)
    caption: Text = (
        "Strengths of the models by their comparisons (Davidson), natural logarithms around 0, 95 % intervals: two "
        "that are 1 apart are preferred about 2.7 to 1. Overlapping intervals rank nobody: compare these models more. "
        + (f"{plural(left, 'model')} without a strength: {why_no_strengths(dimension)}. " if left else "")
        + (f"The {MOST_ROWS} at the ends of {count(len(ranked))}." if len(shown) < len(ranked) else ""),
    )
    rows = [(one["model"], one["strength"]) for one in shown]
    drawing = plots.intervals(rows, lowest=None, reference=0)
    cells = tuple(
        (
            Name(one["model"], 40),
            *figure_cells(one["strength"], shares=False),
            *(amount(one[key]) for key in ("wins", "ties", "losses")),
        )
        for one in [*ranked, *(one for one in dimension["strengths"] if one["strength"]["value"] is None)]
    )
    table = Table("Model strengths", ("model", *FIGURE_HEADS, "wins", "ties", "losses"), cells)
    yield chart(f"{section}-strengths", "Model strengths", drawing, caption, table)


def halo(numbers: Numbers) -> Chart:
    """tau_b between the dimensions."""
    names = [dimension["name"] for dimension in numbers["dimensions"]]
    at = {name: number for number, name in enumerate(names)}
    values = {
        (at[pair["dimensions"][0]], at[pair["dimensions"][1]]): pair["tau_b"]["value"] for pair in numbers["halo"]
    }
    caption: Text = (
        "tau-b between two dimensions within an answer. Near 1 the dimensions say the same, or one was copied to the "
        "other: ask about them one at a time, or about one of them only.",
    )
    rows = [(Name(" / ".join(pair["dimensions"])), pair["tau_b"]) for pair in numbers["halo"]]
    table = figures("tau-b of dimensions", "dimensions", rows, shares=False)
    return chart("halo-plot", "Dimensions alike", plots.matrix(names, values), caption, table, above=True)
