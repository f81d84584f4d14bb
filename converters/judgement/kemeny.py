"""The weak orders nearest to several rankings of one item, all of them, exactly. Votes in, signs out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .consensus import Votes

__all__ = ["KEMENY_LIMIT", "kemeny_order"]

KEMENY_LIMIT = 12  # responses; 3 ** n ways to cut a set of them in three are gone through

_Integers = NDArray[np.int64]


def kemeny_order(votes: Mapping[tuple[int, int], Votes]) -> dict[tuple[int, int], int]:
    """The sign of each pair of ``votes`` in the weak orders of least distance to the annotators' rankings.

    The distance is that of Kemeny and Snell (Mathematical Models in the Social Sciences, 1962): for each pair and
    annotator, 2 if the two orders are opposite on it, 1 if only one of them has a tie. Often several orders are
    nearest: +1 means that some of them put the first before the second and none does the reverse; a pair on which
    they contradict each other is a tie, 0. With more than KEMENY_LIMIT compared responses: the majority's signs.
    """
    responses = sorted({response for pair in votes for response in pair})
    if len(responses) > KEMENY_LIMIT:
        return {pair: vote.verdict for pair, vote in votes.items()}
    number = {response: bit for bit, response in enumerate(responses)}
    margins = np.zeros((len(responses), len(responses)), np.int64)
    ties = np.zeros_like(margins)
    for (first, second), vote in votes.items():
        i, j = number[first], number[second]
        margins[i, j], margins[j, i] = vote.first - vote.second, vote.second - vote.first
        ties[i, j] = ties[j, i] = vote.tie
    before = _put_before(margins, ties)
    return {(i, j): int(before[number[i], number[j]]) - int(before[number[j], number[i]]) for i, j in votes}


def _put_before(margins: _Integers, ties: _Integers) -> NDArray[np.bool_]:
    """Whether some best weak order puts response i before response j, for each (i, j).

    An order's distance is a constant less its gain: the margins of the pairs that it decides plus the tie votes of
    those that it ties. An order that puts exactly the set S first gains at most best(S) + best(the others) + S's
    margins over the others; the sets for which that is the best gain of all are where the best orders can be cut.
    """
    bits, _ = _sets(len(margins))
    best = _best_gains(margins, ties)
    ahead = bits @ margins.sum(axis=1)  # margins within S cancel out: what is left is S's over the others
    cuts = bits[best + ahead + best[::-1] == best[-1]]
    before: NDArray[np.bool_] = (cuts.T @ (1 - cuts)) > 0
    return before


def _best_gains(margins: _Integers, ties: _Integers) -> _Integers:
    """The greatest gain of a weak order of each set of responses: all of them tied, or a front before a last bucket."""
    bits, by_size = _sets(len(margins))
    ahead = bits @ -margins  # of each response, over each set
    tied = ((bits @ ties) * bits).sum(axis=1) // 2
    best: _Integers = tied.copy()
    for wholes, members, fronts in by_size:
        inside = bits[1 : fronts.shape[1] + 1, : members.shape[1]]
        over = ahead[wholes[:, None], members] @ inside.T  # margins within a front cancel out here as well
        gains = best[fronts] + over + tied[wholes[:, None] ^ fronts]
        best[wholes] = np.maximum(best[wholes], gains.max(axis=1))
    return best


@lru_cache(maxsize=KEMENY_LIMIT)
def _sets(count: int) -> tuple[_Integers, list[tuple[_Integers, _Integers, _Integers]]]:
    """All sets of ``count`` responses, each a number whose bits are its members, and their members (sets x responses).

    Then for each size from two: the sets of that size, their members' numbers (sets x size), and their proper parts
    (sets x parts; part k holds those members at whose places k + 1 has a bit).
    """
    bits: _Integers = np.arange(1 << count, dtype=np.int64)[:, None] >> np.arange(count) & 1
    by_size = []
    for size in range(2, count + 1):
        members: _Integers = np.array(list(combinations(range(count), size)), np.int64)
        masks = np.left_shift(1, members)
        by_size.append((masks.sum(axis=1), members, masks @ bits[1 : (1 << size) - 1, :size].T))
    return bits, by_size
