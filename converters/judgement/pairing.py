"""Votes -> preference pairs of one item. Decides which pairs there are; writes no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..ledger import Ledger
from .consensus import Votes

__all__ = ["PreferencePair", "preference_pairs"]


@dataclass(frozen=True, slots=True)
class PreferencePair:
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
    votes: Mapping[tuple[int, int], Votes], responses: Sequence[str], ledger: Ledger, kind: str, where: str
) -> Iterator[PreferencePair]:
    """All pairs with a verdict, in the order of the responses; the others go into the ledger under ``kind``, with why.

    Ties never become chosen and rejected, nor do responses that are equal but for white space around them.
    """
    for (first, second), vote in votes.items():
        ledger.enter(kind)
        if not responses:
            ledger.drop(kind, "of responses that the manifest no longer holds", where)
            continue
        texts = responses[first].strip(), responses[second].strip()
        if not all(texts):
            ledger.drop(kind, "with an empty response", where)
        elif texts[0] == texts[1]:
            ledger.drop(kind, "of two equal responses", where)
        elif vote.verdict == 0:
            ledger.drop(kind, "tied" if not (vote.first or vote.second) else "with equal votes", where)
        else:
            ledger.leave(kind)
            if vote.verdict > 0:
                yield PreferencePair(first, second, vote.first, vote.second, vote.tie)
            else:
                yield PreferencePair(second, first, vote.second, vote.first, vote.tie)
