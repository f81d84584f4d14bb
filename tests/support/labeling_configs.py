"""Task definitions with texts that labeling tools like to interpret, and a way to look into their labeling configs."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from unicodedata import normalize

from hypothesis import strategies as st

from gtbridge.label_configs.labeling_config import definition_to_labeling_config
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TaskDefinition, TextRanking

NASTY = (
    *("$x", "$responses[0].text", "a $5 tip$", "$$", "{{idx}}", "{{{idx}}}", "[[ x ]]", "[% if %]", "[# #]"),
    *('say "hi"', "it's", "a<b>&amp;c", "]]>", "--", "true", "false", "\\u0024x", "x" * 200, "😀👩‍👩‍👧", "e\u0301"),
    *("\u202eabc", "a\u2069b\u2067", "אבג", "أسلوب", "\u2060", "$\u2060x", "好。", "\ue000", "\U000e0041"),
)
_characters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
labels = st.sampled_from(NASTY) | st.text(_characters, min_size=1, max_size=20).filter(
    lambda text: text == text.strip()
)
names = st.lists(labels, min_size=1, max_size=4, unique_by=lambda name: normalize("NFC", name))
_prose = st.sampled_from(NASTY) | st.text(_characters | st.sampled_from("\t\n\u2028\x85"), max_size=40)
_ranges = st.builds(
    lambda low, more: Range(min=low, max=None if more is None else low + more),
    st.integers(1, 30),
    st.none() | st.integers(0, 12),
)
_few = names.map(tuple) | st.just(())
_comments = st.sampled_from([None, "optional", "required"])
rankings = st.builds(
    lambda names, ties, **rest: TextRanking(
        dimensions=tuple(Dimension(name=name, allow_tie=tie) for name, tie in zip(names, ties, strict=False)), **rest
    ),
    names,
    st.lists(st.booleans(), min_size=4, max_size=4),
    title=_prose,
    instructions=_prose,
    shuffle_responses=st.booleans(),
    markdown=st.booleans(),
    reference=st.booleans(),
    flags=_few,
    comment=_comments,
    cannot_judge=_few,
)
questions = st.builds(
    QuestionAnswer,
    title=_prose,
    instructions=_prose,
    questions=_ranges,
    question_words=_ranges,
    answer_words=_ranges,
    tags=_few,
    allow_custom_tags=st.booleans(),
    count=st.sampled_from(["words", "whitespace", "characters"]),
    comment=_comments,
    cannot_judge=_few,
)
definitions = rankings | questions

RANKING = TextRanking(
    dimensions=(Dimension(name="Helpfulness", allow_tie=True), Dimension(name="Clarity", allow_tie=False))
)
QUESTIONS = QuestionAnswer(questions=Range(min=1, max=3), tags=("What", "Why"), allow_custom_tags=True)

# Each asks for everything that it can.
FULL_RANKING = RANKING.model_copy(
    update={"reference": True, "flags": ("Unsafe", "costs $x"), "comment": "required", "cannot_judge": ("Not mine",)}
)
FULL_QUESTIONS = QUESTIONS.model_copy(update={"comment": "optional", "cannot_judge": ("Not mine", "costs $x")})


def tree(definition: TaskDefinition) -> ElementTree.Element:
    return ElementTree.fromstring(definition_to_labeling_config(definition))


def named(definition: TaskDefinition) -> dict[str, ElementTree.Element]:
    return {element.attrib["name"]: element for element in tree(definition).iter() if "name" in element.attrib}


def seen(text: str) -> str:
    """What a reader sees: without the invisible characters that keep Label Studio from interpreting it."""
    return text.replace("\u2060", "")
