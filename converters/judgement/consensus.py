"""What several annotators say together of each pair of an item's responses. Knows no texts and no formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from .ranks import Ranks, verdicts

__all__ = [
    "AGAINST_MAJORITY",
    "DISAGREE",
    "EQUAL_VOTES",
    "TIED",
    "TIED_IN_CONSENSUS",
    "Outcome",
    "Votes",
    "borda_order",
    "by_majority",
    "count_votes",
    "decide",
    "ranks_of",
    "tally",
]

# Why a pair has no preference. The card and the ledger say "pairs dropped: tied", "... with equal votes".
TIED = "tied"
EQUAL_VOTES = "with equal votes"
AGAINST_MAJORITY = "against the majority of votes"
TIED_IN_CONSENSUS = "tied in the consensus"
DISAGREE = "whose dimensions disagree"


class Votes(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What annotators say together of a pair (first, second).

    ``sign`` is +1 if the first is preferred, -1 if the second is, and 0, with a ``reason``, if neither is.
    """

    sign: int
    votes: Votes
    reason: str = ""


def tally(judgements: Iterable[Mapping[tuple[int, int], int]]) -> dict[tuple[int, int], Votes]:
    """Votes on each pair from the signs that each annotator gives: +1 first, -1 second, 0 neither."""
    counts: dict[tuple[int, int], list[int]] = {}
    for signs in judgements:
        for pair, sign in signs.items():
            counts.setdefault(pair, [0, 0, 0])[{1: 0, -1: 1, 0: 2}[sign]] += 1
    return {pair: Votes(*count) for pair, count in sorted(counts.items())}


def count_votes(rankings: Iterable[Ranks]) -> dict[tuple[int, int], Votes]:
    """Votes on each pair (i, j), i < j, that at least one of the rankings (one per annotator) judges."""
    return {pair: votes for pair, signs in _signs_on_pairs(rankings) if (votes := _votes(signs)) is not None}


def by_majority(rankings: Iterable[Ranks]) -> dict[tuple[int, int], Outcome]:
    """The outcome of each pair of ``count_votes`` where votes alone decide."""
    return {pair: found for pair, signs in _signs_on_pairs(rankings) if (found := _majority(signs)) is not None}


def _signs_on_pairs(rankings: Iterable[Ranks]) -> Iterable[tuple[tuple[int, int], tuple[int | None, ...]]]:
    vectors = [tuple(ranks) for ranks in rankings]
    count = max(map(len, vectors), default=0)
    return zip(_pairs(count), zip(*[_signs(vector, count) for vector in vectors], strict=True), strict=False)


# Annotators say the same again and again of a few responses. The bounds keep these to some megabytes.


@lru_cache(16)
def _pairs(count: int) -> tuple[tuple[int, int], ...]:
    return tuple(combinations(range(count), 2))


@lru_cache(1024)
def _signs(ranks: tuple[int | None, ...], count: int) -> tuple[int | None, ...]:
    """The verdict on each of the pairs of ``count`` responses, None where there is none."""
    judged = verdicts(ranks)
    return tuple(judged.get(pair) for pair in _pairs(count))


@lru_cache(4096)
def _votes(signs: tuple[int | None, ...]) -> Votes | None:
    """What annotators say of one pair, each a sign or nothing; None if nobody says anything."""
    votes = Votes(signs.count(1), signs.count(-1), signs.count(0))
    return votes if votes.annotators else None


@lru_cache(4096)
def _majority(signs: tuple[int | None, ...]) -> Outcome | None:
    votes = _votes(signs)
    return None if votes is None else decide(votes, votes.verdict)


def borda_order(
    votes: Mapping[tuple[int, int], Votes], scored: Iterable[Sequence[Fraction | None]]
) -> dict[tuple[int, int], int]:
    """The sign of each pair of ``votes`` in the order of the responses' mean scores; equal means tie.

    ``scored`` has each annotator's scores, 0 best; a response's mean is over the annotators who scored it. With mid-
    ranks as scores this is Borda's count, made comparable between annotators who ranked different numbers of responses.
    """
    given: dict[int, list[Fraction]] = {}
    for scores in scored:
        for response, score in enumerate(scores):
            if score is not None:
                given.setdefault(response, []).append(score)
    means = {response: sum(scores) / Fraction(len(scores)) for response, scores in given.items()}
    return {(i, j): (means[i] < means[j]) - (means[i] > means[j]) for i, j in votes}


def decide(votes: Votes, order: int) -> Outcome:
    """A pair's outcome from its votes and its sign in the consensus order: a preference only if both say so."""
    verdict = votes.verdict
    if verdict == 0:
        return Outcome(0, votes, EQUAL_VOTES if votes.first else TIED)
    if order == verdict:
        return Outcome(verdict, votes)
    return Outcome(0, votes, AGAINST_MAJORITY if order else TIED_IN_CONSENSUS)


def ranks_of(outcomes: Mapping[tuple[int, int], Outcome], count: int) -> tuple[int, ...] | None:
    """The weak order of ``count`` responses that says of every pair what ``outcomes`` say, as dense ranks.

    None where there is no such order: preferences may run in a circle, or leave a pair unjudged.
    """
    wins = [0] * count
    for (first, second), outcome in outcomes.items():
        wins[first] += outcome.sign
        wins[second] -= outcome.sign
    levels = sorted(set(wins), reverse=True)
    ranks = tuple(levels.index(score) + 1 for score in wins)
    return ranks if verdicts(ranks) == {pair: outcome.sign for pair, outcome in outcomes.items()} else None
