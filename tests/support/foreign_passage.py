"""A passage, labeling configs that ask about it, and its regions."""

from __future__ import annotations

from typing import Any

from foreign_answers import one_answer, read

from gtbridge.converters.records import Answer, Pair, Section

__all__ = [
    *("ANN", "ANSWER", "BOB", "BOTH", "DATA", "EACH", "KINDS", "LATER", "MARKS", "ONCE", "PASSAGE", "QUESTION", "TEXT"),
    *("pair", "said", "span"),
]

PASSAGE = "👩‍👩‍👧 Ann met Bob.\nBob  met Ann."
DATA = {"text": PASSAGE, "question": "Who came?"}
TEXT = '<Text name="shown" value="$text"/>'
MARKS = '<Labels name="part" toName="shown"><Label value="Answer"/></Labels>'
KINDS = '<Labels name="part" toName="shown"><Label value="Who"/><Label alias="Where" value="A place"/></Labels>'
QUESTION = '<TextArea name="ask" toName="shown" perRegion="true"/>'
ANSWER = '<TextArea name="say" toName="shown" perRegion="true"/>'
EACH = TEXT + MARKS + QUESTION + ANSWER
ONCE = (QUESTION + ANSWER).replace(' perRegion="true"', "")
BOTH = ("question=ask", "answer=say")


def span(text: str, occurrence: int = 0) -> tuple[str, int, int]:
    """Id and offsets of a region around the text."""
    start = -1
    for _ in range(occurrence + 1):
        start = PASSAGE.index(text, start + 1)
    return f"region of {text} {occurrence}", start, start + len(text)


def section(region: tuple[str, int, int]) -> Section:
    return Section(region[1], region[2], PASSAGE[region[1] : region[2]])


ANN, BOB, LATER = span("Ann"), span("Bob"), span("Bob", 1)


def pair(question: str, answer: str, *regions: tuple[str, int, int], tags: tuple[str, ...] = ()) -> Pair:
    return Pair(question, answer, tags, tuple(map(section, regions)), "sections" if regions else "passage")


def said(xml: str, said: Any, *result: Any) -> Answer:
    return one_answer(read(xml, *said), DATA, *result)
