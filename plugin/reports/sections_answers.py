"""The sections about answers of either kind: what was looked at, how long answers took, who gave them."""

from __future__ import annotations

from collections.abc import Iterator

from . import plots
from .chart import chart
from .page import Chart, Name, Part, Section, Table, Text
from .tables import NONE, amount, figure_cells, number, share_of
from .wording import Numbers, decimals, plural, seconds, share

__all__ = ["answer_sections", "jobs_table"]

_MOST_ANNOTATORS = 500  # rows of the table
_TASKS = {"text-ranking": "text ranking", "question-answer": "question and answer"}


def jobs_table(numbers: Numbers) -> Table:
    """What was looked at."""
    heads = ("job", "task", "items", "answered", "answers", "declined", "invalid", "annotators", "simulated")
    keys = ("items", "items_answered", "answers", "declined", "invalid", "annotators", "simulated")
    rows = tuple(
        (Name(job["name"], 60), _TASKS.get(job["task"], job["task"]), *(amount(job[key]) for key in keys))
        for job in numbers["jobs"]
    )
    return Table("What was looked at", heads, rows)


def answer_sections(numbers: Numbers) -> Iterator[Section]:
    """Time, and annotators."""
    yield _time(numbers["answers"])
    yield _annotators(numbers)


def _time(answers: Numbers) -> Section:
    heading: Text = ("Time",)
    fast = answers["too_fast"]
    if not answers["with_time"]:
        return Section("answers", heading, (("No answer records how long it took.",),))
    low, middle, high = (seconds(value) for value in answers["quartiles"])
    about = f"{plural(answers['with_time'], 'answer')} with a time: half took {low} to {high}, the median is {middle}."
    if fast["share"]["value"] is not None:
        limit = decimals(fast["words_per_minute"], 0)
        about = f"{about} {share(fast['share'])} came faster than {limit} words a minute could be read."
    tables: tuple[Table, ...] = (_too_fast(fast),)
    if fast["examples"]:
        heads = ("item", "annotator", "seconds", "words shown")
        rows = tuple(
            (Name(one["item"], 40), Name(one["annotator"], 30), number(one["seconds"], 1), amount(one["words"]))
            for one in fast["examples"]
        )
        tables = (*tables, Table("Some that came too fast", heads, rows, folded=True))
    return Section("answers", heading, ((about,),), tables, (_times(answers),))


def _too_fast(fast: Numbers) -> Table:
    cells = figure_cells(fast["share"], shares=True)
    heads = ("measure", "value", "95 % interval", "n")
    return Table("Faster than reading", heads, (("too_fast", *cells),))


def _times(answers: Numbers) -> Chart:
    edges, counts = answers["seconds"]["edges"], answers["seconds"]["counts"]
    drawing = plots.histogram(
        edges, counts, below="seconds (logarithmic)", logarithmic=True, median=answers["median_seconds"]
    )
    caption: Text = (
        f"How long answers took, n = {plural(answers['with_time'], 'answer')}. A hump far to the left is work that was "
        "not done, one far to the right a page that was left open: look at who they are in the table of annotators.",
    )
    return chart(
        "seconds", "Seconds for an answer", drawing, caption, counts_table("Seconds for an answer", edges, counts)
    )


def counts_table(caption: str, edges: list[float], counts: list[int]) -> Table:
    """A histogram in numbers."""
    ends = zip(edges[:-1], edges[1:], counts, strict=True)
    rows = tuple((f"{low:,.4g} to {high:,.4g}", amount(many)) for low, high, many in ends)
    return Table(caption, ("from, to below", "answers"), rows)


def _annotators(numbers: Numbers) -> Section:
    people = numbers["annotators"]
    dimensions = [dimension["name"] for dimension in numbers["dimensions"]]
    about = f"{plural(len(people), 'annotator')}. "
    if len(people) > _MOST_ANNOTATORS:
        about += f"The {_MOST_ANNOTATORS} with the most answers; --json has all. "
    if dimensions:
        about += (
            "Agreement is the share of pairs on which somebody says the same as another annotator. It tells whether "
            "views are shared, not whether they are right."
        )
    most = sorted(people, key=lambda one: (-one["answers"], one["name"]))[:_MOST_ANNOTATORS]
    heads = ("annotator", "answers", "declined", "invalid", "median time", "too fast", "untouched")
    tables = [Table("Each annotator", heads, tuple(_annotator(one) for one in most))]
    for caption, key in (("Agreement with the others", "agreement"), ("Ties", "ties")):
        if dimensions:
            rows = tuple((_name(one), *(_share_on(one[key], name) for name in dimensions)) for one in most)
            if any(cell != NONE for _, *cells in rows for cell in cells):
                tables.append(Table(caption, ("annotator", *(Name(name, 30) for name in dimensions)), rows))
    return Section("annotators", ("Annotators",), ((about,),), tuple(tables))


def _annotator(one: Numbers) -> tuple[Part, ...]:
    counts = (amount(one[key]) for key in ("answers", "declined", "invalid"))
    time: Part = NONE if one["median_seconds"] is None else seconds(one["median_seconds"])
    return (_name(one), *counts, time, *(_known(one[key]) for key in ("too_fast", "untouched")))


def _name(one: Numbers) -> Name:
    return Name(one["name"] + (" (simulated)" if one["simulated"] else ""), 40)


def _share_on(figures: Numbers, dimension: str) -> Part:
    return share_of(figures[dimension]["value"]) if dimension in figures else NONE


def _known(value: int | None) -> Part:
    return NONE if value is None else amount(value)
