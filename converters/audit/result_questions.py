"""What an audit found about pairs of question and answer, as data. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..agreement.figures import Figure

__all__ = ["Coverage", "Duplicate", "Duplicates", "FirstWord", "Questions", "Tag", "Uncovered", "Words"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, how many pairs have it, and their share of all pairs."""

    tag: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Words:
    """A histogram of numbers of words, as the task counts them: ``counts[i]`` from ``edges[i]`` to below the next."""

    edges: tuple[int, ...]
    counts: tuple[int, ...]
    median: float


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A question that was asked ``count`` times about each of ``items`` together."""

    question: str
    count: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Questions about the same item that are equal but for case, white space and Unicode form (NFKC).

    ``share`` of the questions that repeat an earlier one; ``groups`` are the largest. ``near`` counts those that are
    not equal to another, but to 90 % the same (normalised Indel similarity).
    """

    share: Figure
    groups: tuple[Duplicate, ...]
    near: int


@dataclass(frozen=True, slots=True)
class FirstWord:
    """How many questions begin with a word, in lower case."""

    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An item of which ``share`` of the characters are in no section; ``text`` is how its passage begins.

    ``unasked`` are the parts that hold a letter or number, in code points, half-open.
    """

    item: str
    share: float
    unasked: tuple[tuple[int, int], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which parts of the passages nobody asked about, over the items of which some pair is linked to a section.

    Where none is, it is not known what was asked about. ``covered``: share of all characters that are in a section;
    ``by_part``: of those in each tenth of their passage. ``asked_by_part``: share of the sections that begin in each
    tenth; empty without sections. ``uncovered``: the items with the largest share left.
    """

    covered: Figure
    by_part: tuple[Figure, ...]
    asked_by_part: tuple[float, ...]
    uncovered: tuple[Uncovered, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """All pairs of question and answer. ``custom_tags`` counts tags, each as often as given, that the task does not
    offer; ``scope`` what pairs are about: ``passage``, ``sections``, ``none`` said. ``extractive``: share of the pairs
    whose answer stands in the passage, as the dataset config ``squad`` takes them.
    """

    pairs: int
    annotators: int
    tags: tuple[Tag, ...]
    custom_tags: int
    question_words: Words
    answer_words: Words
    scope: Mapping[str, int]
    extractive: Figure
    duplicates: Duplicates
    first_words: tuple[FirstWord, ...]
    coverage: Coverage
