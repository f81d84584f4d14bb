"""Hypothesis strategies for task definitions, items and answers: all that is valid, nasty text included.

Importing it sets how hypothesis runs.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.records import Answer, Item, Pair, Ranking, Section, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking

NASTY = (
    "$x", "$responses[0].text", "{{idx}}", "{{ task.input.source }}", "a<b>&c", "\"it's\"", "]]>", "--", "true",
    "\u202eabc", "e\u0301", "👩‍👩‍👧", "好。", "\u2028", "x" * 150,
)  # fmt: skip

text = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
)
labels = st.one_of(
    st.sampled_from([nasty for nasty in NASTY if nasty != "\u2028"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), max_size=20),
).filter(lambda name: bool(name) and name == name.strip())
prose = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


def _nfc(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", name)


@st.composite
def rankings_tasks(draw: Any) -> TextRanking:
    names = draw(st.lists(labels, min_size=1, max_size=4, unique_by=_nfc))
    return TextRanking(
        title=draw(prose),
        instructions=draw(prose),
        dimensions=tuple(Dimension(name=name, allow_tie=draw(st.booleans())) for name in names),
        shuffle_responses=draw(st.booleans()),
        markdown=draw(st.booleans()),
    )


@st.composite
def ranges(draw: Any, highest: int = 25) -> Range:
    low = draw(st.integers(1, highest))
    return Range(min=low, max=draw(st.none() | st.integers(low, highest)))


@st.composite
def question_tasks(draw: Any) -> QuestionAnswer:
    return QuestionAnswer(
        title=draw(prose),
        instructions=draw(prose),
        questions=draw(ranges()),
        question_words=draw(ranges(50)),
        answer_words=draw(ranges(50)),
        tags=tuple(draw(st.lists(labels, max_size=4, unique_by=_nfc))),
        allow_custom_tags=draw(st.booleans()),
        count=draw(st.sampled_from(["words", "whitespace", "characters"])),
    )


def make_item(index: int, source: str, responses: list[str] | None = None, **more: Any) -> Item:
    value: dict[str, Any] = {"source": source}
    if responses is not None:
        value["responses"] = responses
    value.update(more)
    return Item(index, to_line(value), source, None if responses is None else tuple(responses))


@st.composite
def ranking_items(draw: Any, index: int = 0) -> Item:
    return make_item(index, draw(text), draw(st.lists(text, min_size=2, max_size=6)))


def workers() -> Any:
    identity = st.none() | st.just({"identityProviderType": "Cognito", "issuer": "https://idp.example", "sub": "s"})
    return st.builds(Worker, id=st.text(min_size=1, max_size=8).filter(_encodable), identity=identity)


def _encodable(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


@st.composite
def ranking_answers(draw: Any, task: TextRanking, item: Item) -> Answer:
    count = len(item.responses or ())
    rankings = []
    for dimension in task.dimensions:
        ranks = (
            draw(st.lists(st.integers(1, count), min_size=count, max_size=count))
            if dimension.allow_tie
            else draw(st.permutations(list(range(1, count + 1))))
        )
        rankings.append(Ranking(dimension.name, tuple(ranks), dimension.allow_tie))
    return Answer(draw(workers()), rankings=tuple(rankings), seconds=draw(st.none() | st.floats(0, 1e6)))


@st.composite
def sections_of(draw: Any, passage: str) -> tuple[Section, ...]:
    found = []
    for _ in range(draw(st.integers(0, 3)) if passage else 0):
        start = draw(st.integers(0, len(passage) - 1))
        end = draw(st.integers(start + 1, len(passage)))
        found.append(Section(start, end, passage[start:end]))
    return tuple(found)


@st.composite
def pair_answers(draw: Any, task: QuestionAnswer, item: Item) -> Answer:
    most = min(task.questions.max or 20, max(task.questions.min, 20))
    pairs = []
    for _ in range(draw(st.integers(min(task.questions.min, most), most).map(lambda n: min(n, 25)))):
        sections = draw(sections_of(item.text))
        custom = draw(st.lists(labels, max_size=2)) if task.allow_custom_tags else []
        chosen = [tag for tag in task.tags if draw(st.booleans())]
        tags = tuple(dict.fromkeys([*chosen, *custom]))
        pairs.append(Pair(draw(text), draw(text), tags, sections, "sections" if sections else "passage"))
    return Answer(draw(workers()), pairs=tuple(pairs))
