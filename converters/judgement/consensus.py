"""Several rankings of one item -> votes on each pair of responses. Knows no texts and no formats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .ranks import Ranks, verdicts

__all__ = ["Votes", "count_votes", "majority_ranks"]


@dataclass(frozen=True, slots=True)
class Votes:
    """How annotators who ranked both responses of a pair (first, second) judged it."""

    first: int = 0
    second: int = 0
    tie: int = 0

    @property
    def annotators(self) -> int:
        """How many ranked both."""
        return self.first + self.second + self.tie

    @property
    def verdict(self) -> int:
        """+1 if more prefer the first, -1 if more prefer the second; equal votes are a tie, 0."""
        return (self.first > self.second) - (self.first < self.second)


def count_votes(rankings: Iterable[Ranks]) -> dict[tuple[int, int], Votes]:
    """Votes on each pair (i, j), i < j, that at least one of the rankings (one per annotator) judges."""
    tally: dict[tuple[int, int], list[int]] = {}
    for ranks in rankings:
        for pair, sign in verdicts(ranks).items():
            tally.setdefault(pair, [0, 0, 0])[{1: 0, -1: 1, 0: 2}[sign]] += 1
    return {pair: Votes(*counts) for pair, counts in sorted(tally.items())}


def majority_ranks(votes: dict[tuple[int, int], Votes], count: int) -> tuple[int | None, ...] | None:
    """The weak order of ``count`` responses that agrees with the majority on every pair, as dense ranks.

    None where there is no such order: majorities may run in a circle, or leave a pair unjudged.
    """
    wins = [0] * count
    for first in range(count):
        for second in range(first + 1, count):
            if (first, second) not in votes:
                return None
            wins[first] += votes[first, second].verdict
            wins[second] -= votes[first, second].verdict
    levels = sorted(set(wins), reverse=True)
    ranks = tuple(levels.index(score) + 1 for score in wins)
    agrees = all(votes[pair].verdict == sign for pair, sign in verdicts(ranks).items())
    return ranks if agrees else None
