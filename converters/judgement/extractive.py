"""Where the answer to a question stands in its passage, if it can be said. No offset is approximated."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import Pair

__all__ = ["Span", "find_answer"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where an answer stands, in code points, and how that is known: see ``find_answer``."""

    start: int
    text: str
    how: str


def find_answer(pair: Pair, passage: str) -> Span | str:
    """Where the pair's answer stands in the passage, white space around it apart, or why that cannot be said.

    ``how`` is ``section`` if the answer is a linked section, else ``in-section`` if it stands in one (its first
    occurrence in the first such section of the passage), else ``passage`` if it stands in the passage exactly once.
    """
    text = pair.answer.strip()
    sections = sorted(pair.sections, key=lambda section: (section.start, section.end))
    for section in sections:
        if section.text.strip() == text:
            return Span(section.start + section.text.index(text), text, "section")
    for section in sections:
        if text in section.text:
            return Span(section.start + section.text.index(text), text, "in-section")
    first = passage.find(text)
    if first < 0:
        return "that do not stand in the passage"
    if passage.find(text, first + 1) >= 0:
        return "that stand in the passage more than once"
    return Span(first, text, "passage")
