"""The rankings of all dimensions with what was seen on the screen, in as few bytes as they need. Computes nothing."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...label_configs.tasks import Dimension, TextRanking
from ..judgement.ranks import Ranks
from ..records import Answer

__all__ = ["UNKNOWN", "Block", "RankingTable"]

UNKNOWN = -1  # words of a response whose text is not known


@dataclass(frozen=True, slots=True)
class Block:
    """The answers to items of n responses whose tasks have the same d dimensions and the same order policy.

    ``ranks`` (answers x d x n) is 0 where a response was not ranked. ``places`` (answers x n) are where responses were
    shown, 1 first; 0 if unknown. Answers to one item stand together: ``starts`` says where each item's begin.
    ``annotators`` holds a number for each answer, ``words`` (items x n) the responses' lengths or UNKNOWN.
    """

    dimensions: tuple[Dimension, ...]
    shuffled: bool
    ranks: NDArray[np.ushort]
    places: NDArray[np.ushort]
    annotators: NDArray[np.intc]
    words: NDArray[np.intc]
    starts: NDArray[np.intp]


class RankingTable:
    """All valid rankings. An item of n responses, a answers and d dimensions takes 4n + 4 + a(2n(d + 1) + 4) bytes.

    That is 104 bytes for 4 responses, 3 annotators and 2 dimensions, and up to an eighth more while the arrays grow.
    """

    def __init__(self) -> None:
        self._columns: dict[tuple[tuple[Dimension, ...], bool, int], _Columns] = {}

    def add(self, task: TextRanking, answers: Sequence[tuple[int, Answer]], words: Sequence[int] | None) -> None:
        """One more item with its valid answers, each beside the number of its annotator.

        ``words`` are the lengths of its responses; None if they are not known.
        """
        rankings = [_by_dimension(answer) for _, answer in answers]
        responses = max((len(ranks) for given in rankings for ranks in given.values()), default=0)
        if responses < 2:
            return
        columns = self._columns.setdefault((task.dimensions, task.shuffle_responses, responses), _Columns())
        for (number, answer), given in zip(answers, rankings, strict=True):
            for dimension in task.dimensions:
                ranks = given.get(dimension.name, ())
                columns.ranks.extend([rank or 0 for rank in ranks])
                columns.ranks.extend([0] * (responses - len(ranks)))
            columns.places.extend(_places(answer.order, responses))
            columns.annotators.append(number)
        columns.words.extend([UNKNOWN] * responses if words is None else words)
        columns.answers.append(len(answers))

    def blocks(self) -> Iterator[Block]:
        """Everything, in order of appearance. Nothing can be added while a block lives."""
        for (dimensions, shuffled, responses), columns in self._columns.items():
            answers = np.frombuffer(columns.answers, "i")
            yield Block(
                dimensions,
                shuffled,
                np.frombuffer(columns.ranks, "H").reshape(-1, len(dimensions), responses),
                np.frombuffer(columns.places, "H").reshape(-1, responses),
                np.frombuffer(columns.annotators, "i"),
                np.frombuffer(columns.words, "i").reshape(-1, responses),
                np.cumsum(answers) - answers,
            )


class _Columns:
    __slots__ = ("annotators", "answers", "places", "ranks", "words")

    def __init__(self) -> None:
        self.ranks, self.places = array("H"), array("H")
        self.annotators, self.words, self.answers = array("i"), array("i"), array("i")


def _by_dimension(answer: Answer) -> dict[str, Ranks]:
    """What the answer ranks. A ranking of nothing says nothing, not even how many responses there are."""
    rankings = {ranking.dimension: ranking.ranks for ranking in answer.rankings}
    return {name: ranks for name, ranks in rankings.items() if ranks.count(None) < len(ranks)}


def _places(order: Sequence[int] | None, responses: int) -> list[int]:
    """Where each response was shown, 1 first; all 0 if that is not known, or not of these responses."""
    places = [0] * responses
    if order is not None and len(order) == responses:
        for place, response in enumerate(order, start=1):
            if 0 <= response < responses:
                places[response] = place
    return places if all(places) else [0] * responses
