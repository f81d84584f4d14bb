"""Outcomes of the pairs of one item -> preference pairs and ties. Decides which there are; writes no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from rapidfuzz.distance import Indel

from ..ledger import Ledger
from .consensus import EQUAL_VOTES, TIED, Outcome, Votes
from .selection import selected

__all__ = ["PreferencePair", "margin", "preference_pairs", "similarity", "ties"]


class PreferencePair(NamedTuple):
    """Response ``chosen`` (an index) was preferred to ``rejected``; the votes are seen from the chosen one."""

    chosen: int
    rejected: int
    votes_chosen: int
    votes_rejected: int
    votes_tie: int

    @property
    def annotators(self) -> int:
        """How many ranked both."""
        return self.votes_chosen + self.votes_rejected + self.votes_tie


def preference_pairs(
    outcomes: Mapping[tuple[int, int], Outcome],
    responses: Sequence[str],
    ledger: Ledger,
    kind: str,
    where: str,
    *,
    strategy: str = "all",
    near_duplicates: float | None = None,
) -> list[PreferencePair]:
    """The pairs with a preference that ``strategy`` takes, in the order of the responses.

    Every pair of ``outcomes`` enters the ledger under ``kind``; what does not become a pair is dropped there with its
    reason. Ties never become chosen and rejected, nor do responses that are equal but for white space around them, or
    at least ``near_duplicates`` (0 to 1, see ``similarity``) alike. Strategies: ``all``; ``adjacent``, between which no
    third response stands; ``best-vs-rest``; ``best-vs-worst`` (see ``selection``).
    """
    taken = None if strategy == "all" else selected({pair: one.sign for pair, one in outcomes.items()}, strategy)
    texts = [response.strip() for response in responses]
    clear = all(texts) and 0 < len(texts) == len(set(texts))
    pairs: list[PreferencePair] = []
    for (first, second), outcome in outcomes.items():
        reason = outcome.reason if clear else _obstacle(texts, first, second) or outcome.reason
        if not reason and taken is not None and (first, second) not in taken:
            reason = f"left out by --pairs {strategy}"
        if not reason and near_duplicates is not None and similarity(texts[first], texts[second]) >= near_duplicates:
            reason = "of two nearly equal responses"
        if reason:
            ledger.drop(kind, reason, where)
            continue
        for_first, for_second, tie = outcome.votes
        if outcome.sign > 0:
            pairs.append(PreferencePair(first, second, for_first, for_second, tie))
        else:
            pairs.append(PreferencePair(second, first, for_second, for_first, tie))
    if outcomes:
        ledger.enter(kind, len(outcomes))
    if pairs:
        ledger.leave(kind, len(pairs))
    return pairs


def ties(outcomes: Mapping[tuple[int, int], Outcome], responses: Sequence[str]) -> Iterator[tuple[int, int, Votes]]:
    """(first, second, votes) of each pair of different responses that annotators hold to be equally good.

    They say so by ties or by equal votes; that dimensions disagree, or an order with its votes, is no tie.
    """
    texts = [response.strip() for response in responses]
    for (first, second), outcome in outcomes.items():
        if outcome.reason in (TIED, EQUAL_VOTES) and not _obstacle(texts, first, second):
            yield first, second, outcome.votes


def margin(kind: str, pair: PreferencePair, scored: Sequence[Sequence[Fraction | None]]) -> float:
    """How far the chosen response is ahead of the rejected one, -1 to 1.

    ``vote``: (votes for it - votes against it) / annotators, always above 0. ``rank``: the mean difference of
    their scores (rejected - chosen, 0 best .. 1 worst) over the annotators in ``scored`` who scored both; it can be
    negative, where a minority sees a greater distance.
    """
    if kind == "vote":
        return (pair.votes_chosen - pair.votes_rejected) / pair.annotators
    if kind != "rank":
        raise ValueError(f"{kind!r} is no margin")
    both = [(scores[pair.chosen], scores[pair.rejected]) for scores in scored]
    differences = [worse - better for better, worse in both if better is not None and worse is not None]
    return float(sum(differences, Fraction()) / len(differences))


def similarity(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: 2 x longest common subsequence / both lengths, in code points. Symmetric."""
    length = len(one) + len(other)
    # One division of integers, so that a threshold written in decimals is met exactly.
    return (length - Indel.distance(one, other)) / length if length else 1.0


def _obstacle(texts: Sequence[str], first: int, second: int) -> str:
    """Why two responses can be no pair whatever was said of them; "" if nothing stands in the way."""
    if not texts:
        return "of responses that the manifest no longer holds"
    if not (texts[first] and texts[second]):
        return "with an empty response"
    return "of two equal responses" if texts[first] == texts[second] else ""
