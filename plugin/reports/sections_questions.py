"""The section about questions and answers: tags, words, duplicates, and which parts of the passages are asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import plots
from .chart import any_known, chart
from .page import Chart, Name, Part, Section, Table, Text
from .sections_answers import counts_table
from .tables import FIGURE_HEADS, NONE, amount, figure_cells, share_of
from .wording import Fig, Numbers, count, plural

__all__ = ["question_sections"]

_MOST_TAGS = 20
_MOST_STRETCHES = 5
_PARTS = ("0–10 %", "10–20 %", "20–30 %", "30–40 %", "40–50 %", "50–60 %", "60–70 %", "70–80 %", "80–90 %", "90–100 %")


def question_sections(numbers: Numbers) -> Iterator[Section]:
    """One section, where questions were asked for."""
    questions = numbers["questions"]
    if questions is None:
        return
    about: Text = (
        f"{plural(questions['pairs'], 'pair')} of question and answer by "
        f"{plural(questions['annotators'], 'annotator')}; {plural(questions['custom_tags'], 'tag')} of their own.",
    )
    if not questions["pairs"]:
        yield Section("questions", ("Questions and answers",), (("No pair of question and answer was given.",),))
        return
    near = questions["duplicates"]["near"]
    repeated: Text = (f"{plural(near, 'question')} more nearly like another one about the same passage.",)
    tables = (
        _figures(questions),
        _scope(questions["scope"]),
        *_duplicates(questions["duplicates"]),
        *_unasked(questions["coverage"]),
    )
    yield Section(
        "questions",
        ("Questions and answers",),
        (about, repeated) if near else (about,),
        tables,
        tuple(_charts(questions)),
    )


def _figures(questions: Numbers) -> Table:
    coverage, again = questions["coverage"]["covered"], questions["duplicates"]["share"]
    none = "Not defined: there is no pair."
    linked = "Not known: no pair is linked to a section of its passage."
    rows: list[tuple[str, Fig, str, str]] = [
        ("extractive", questions["extractive"], "Answers that stand in the passage: the config squad.", none),
        ("duplicates", again, "Questions that were asked about the passage already.", none),
        ("covered", coverage, "Characters of the passages in a marked section.", linked),
    ]
    cells = tuple(
        (what, *figure_cells(figure, shares=True), why if figure["value"] is None else said)
        for what, figure, said, why in rows
    )
    return Table("Questions and answers in figures", ("measure", *FIGURE_HEADS, "what it says"), cells)


def _scope(scope: Numbers) -> Table:
    said = {"passage": "the whole passage", "sections": "sections of it", "none": "nothing was said"}
    rows = tuple((said.get(what, what), amount(many)) for what, many in scope.items())
    return Table("What pairs are about", ("about", "pairs"), rows)


def _duplicates(duplicates: Numbers) -> Iterator[Table]:
    if duplicates["groups"]:
        rows = tuple(
            (Name(group["question"], 80), amount(group["count"]), Name(", ".join(group["items"]), 40))
            for group in duplicates["groups"]
        )
        yield Table(
            "Questions asked again",
            ("question", "times", "item"),
            rows,
            folded=True,
        )


def _unasked(coverage: Numbers) -> Iterator[Table]:
    if coverage["uncovered"]:
        rows = tuple(
            (Name(one["item"], 40), share_of(one["share"]), _stretches(one["unasked"]), Name(one["text"], 60))
            for one in coverage["uncovered"]
        )
        yield Table("Passages with most left unasked", ("item", "unasked", "characters", "begins"), rows, folded=True)


def _stretches(unasked: Sequence[Sequence[int]]) -> Part:
    said = ", ".join(f"{start}–{end}" for start, end in unasked[:_MOST_STRETCHES])
    more = len(unasked) - _MOST_STRETCHES
    return f"{said} and {count(more)} more" if more > 0 else said or NONE


def _charts(questions: Numbers) -> Iterator[Chart]:
    yield from _coverage(questions["coverage"])
    yield from _bars(
        "tags",
        "Tags",
        [(tag["tag"], tag["count"]) for tag in questions["tags"]],
        f"How many of {plural(questions['pairs'], 'pair')} carry each tag. If one is hardly used, ask for it by name: "
        "what nobody asks, a model does not learn to answer.",
    )
    yield from _words(questions, "question")
    yield from _words(questions, "answer")
    yield from _bars(
        "first-words",
        "First words",
        [(word["word"], word["count"]) for word in questions["first_words"]],
        f"How questions begin, n = {plural(questions['pairs'], 'pair')}. If a few beginnings make up most, ask for "
        "other kinds of questions in the instructions.",
    )


def _coverage(coverage: Numbers) -> Iterator[Chart]:
    parts, begin = coverage["by_part"], coverage["asked_by_part"]
    if not any_known([("", part) for part in parts]):
        return
    places = [str(part + 1) for part in range(len(parts))]
    drawing = plots.by_place(places, parts, shares=True, whole=False, below="tenth of the passage, from its beginning")
    caption: Text = (
        "How much of each tenth of the passages lies in a section that a pair is linked to, with 95 % intervals, n = "
        f"{count(parts[0]['n'])} {parts[0]['of']}. Where they are low, facts are hardly asked for: ask for a "
        "question about that part, or split long passages.",
    )
    rows = tuple(
        (name, *figure_cells(part, shares=True), share_of(start))
        for name, part, start in zip(_PARTS, parts, begin or [None] * len(parts), strict=True)
    )
    table = Table("Coverage by tenth", ("part", *FIGURE_HEADS, "sections that begin here"), rows)
    yield chart("coverage", "What is asked about", drawing, caption, table)


def _bars(name: str, heading: str, rows: Sequence[tuple[str, int]], caption: str) -> Iterator[Chart]:
    if not rows:
        return
    shown = rows[:_MOST_TAGS]
    left = f" The first {_MOST_TAGS} of {count(len(rows))}." if len(shown) < len(rows) else ""
    drawing = plots.bars([(word, many, count(many)) for word, many in shown])
    table = Table(heading, (heading.lower(), "pairs"), tuple((Name(word, 40), amount(many)) for word, many in rows))
    yield chart(name, heading, drawing, (caption + left,), table)


def _words(questions: Numbers, kind: str) -> Iterator[Chart]:
    words = questions[f"{kind}_words"]
    if not words["counts"]:
        return
    heading = f"Words in {kind}s"
    drawing = plots.histogram(words["edges"], words["counts"], below=f"words in the {kind}", median=words["median"])
    caption: Text = (
        f"Length of {kind}s, n = {plural(sum(words['counts']), kind)}. If they crowd at a limit of the task, the limit "
        "shapes them: change it, or say what a good length is.",
    )
    table = counts_table(heading, words["edges"], words["counts"])
    yield chart(f"{kind}-words", heading, drawing, caption, table)
