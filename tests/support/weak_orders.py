"""Every weak order of a few things, and how far it is from rankings: consensus by looking at all there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product

from hypothesis import strategies as st

Vector = Sequence[int | None]


@cache
def weak_orders(count: int) -> tuple[tuple[int, ...], ...]:
    """All dense rank vectors of ``count`` things; there are 1, 1, 3, 13, 75, 541 (Fubini's numbers) of them."""
    return tuple(
        ranks
        for ranks in product(range(1, count + 1), repeat=count)
        if set(ranks) == set(range(1, max(ranks, default=0) + 1))
    )


def sign(ranks: Vector, i: int, j: int) -> int | None:
    """+1 if i is better, -1 if j is, 0 for a tie, None where one is not ranked."""
    one, other = ranks[i], ranks[j]
    return None if one is None or other is None else (one < other) - (one > other)


def distance(order: Sequence[int], rankings: Sequence[Vector]) -> int:
    """Kemeny's and Snell's, summed over the rankings: 2 for each pair turned round, 1 for a tie against none."""
    return sum(
        abs(said - (sign(order, i, j) or 0))
        for ranks in rankings
        for i, j in combinations(range(len(order)), 2)
        if (said := sign(ranks, i, j)) is not None
    )


def nearest(rankings: Sequence[Vector]) -> tuple[int, list[tuple[int, ...]]]:
    """The least distance and all weak orders that have it."""
    found = [(distance(order, rankings), order) for order in weak_orders(len(rankings[0]))]
    least = min(far for far, _ in found)
    return least, [order for far, order in found if far == least]


def permuted(ranks: Vector, order: Sequence[int]) -> tuple[int | None, ...]:
    """The ranks of the same responses in another order: new response k is old response ``order[k]``."""
    return tuple(ranks[index] for index in order)


def panels(most: int = 5, least: int = 2, annotators: int = 5) -> st.SearchStrategy[list[tuple[int | None, ...]]]:
    """Rankings of the same responses by several annotators, with and without ties and unranked responses."""

    def of(count: int) -> st.SearchStrategy[list[tuple[int | None, ...]]]:
        strict = st.permutations(range(1, count + 1)).map(tuple)
        weak = st.tuples(*[st.integers(1, count)] * count)
        partial = st.tuples(*[st.none() | st.integers(1, count)] * count)
        return st.lists(st.one_of(strict, weak, partial), min_size=1, max_size=annotators)

    return st.integers(least, most).flatmap(of)


def pairs_of(count: int) -> Iterator[tuple[int, int]]:
    return combinations(range(count), 2)
