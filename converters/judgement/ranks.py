"""Arithmetic of ranks: weak orders, mid-ranks and verdicts on pairs. Numbers in, numbers out.

Definitions: a rank vector has one entry per response, 1 is best, and means a weak order; None is not ranked, unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

__all__ = ["FitsBoth", "Ranks", "dense_ranks", "doubled_midranks", "scaled_midranks", "verdict", "verdicts"]

Ranks = Sequence[int | None]


def dense_ranks(ranks: Ranks) -> tuple[int | None, ...]:
    """The weak order with its levels numbered 1, 2, 3 ...: ``(2, 4, 4, 3)`` -> ``(1, 3, 3, 2)``. None stays None."""
    levels = {rank: level for level, rank in enumerate(sorted({rank for rank in ranks if rank is not None}), start=1)}
    return tuple(None if rank is None else levels[rank] for rank in ranks)


def doubled_midranks(ranks: Ranks) -> tuple[int | None, ...]:
    """Twice (midrank - 1), a whole number: 2 for each response ranked better, 1 for each other that is ranked equal."""
    known = [rank for rank in ranks if rank is not None]
    doubled = {rank: 2 * sum(other < rank for other in known) + known.count(rank) - 1 for rank in set(known)}
    return tuple(None if rank is None else doubled[rank] for rank in ranks)


def scaled_midranks(ranks: Ranks) -> tuple[Fraction | None, ...]:
    """Mid-ranks scaled to 0 (best) .. 1 (worst) within the item: (midrank - 1) / (n - 1) over the n ranked responses.

    Exact, so that equal standings are equal. All None where fewer than two responses are ranked: there is nothing to
    compare.
    """
    last = 2 * (sum(rank is not None for rank in ranks) - 1)
    if last < 1:
        return (None,) * len(ranks)
    return tuple(None if place is None else Fraction(place, last) for place in doubled_midranks(ranks))


def verdict(ranks: Ranks, first: int, second: int) -> int | None:
    """+1 if ``first`` is ranked better than ``second``, -1 if worse, 0 for a tie; None if either is unranked."""
    one, other = ranks[first], ranks[second]
    if one is None or other is None:
        return None
    return (one < other) - (one > other)


def verdicts(ranks: Ranks) -> dict[tuple[int, int], int]:
    """The verdict on each pair (i, j), i < j, of responses that are both ranked."""
    known = [(index, rank) for index, rank in enumerate(ranks) if rank is not None]
    return {(i, j): (one < other) - (one > other) for (i, one), (j, other) in combinations(known, 2)}


class FitsBoth:
    """Whether all the vectors of a job could be orders of the responses (best first) as well as ranks of each.

    They could if each is a permutation; and it matters if one of them would then mean something else.
    """

    def __init__(self, permutations: bool = True, matters: bool = False) -> None:
        self.permutations = permutations
        self.matters = matters

    def __bool__(self) -> bool:
        return self.permutations and self.matters

    def merge(self, later: FitsBoth) -> None:
        """Add what another one has seen."""
        self.permutations = self.permutations and later.permutations
        self.matters = self.matters or later.matters

    def see(self, ranks: Ranks) -> None:
        """One more vector of the job."""
        if not self.permutations:
            return
        known = [rank for rank in ranks if rank is not None]
        self.permutations = sorted(known) == list(range(1, len(ranks) + 1))
        if self.permutations:
            self.matters = self.matters or any(known[rank - 1] != i for i, rank in enumerate(known, start=1))
