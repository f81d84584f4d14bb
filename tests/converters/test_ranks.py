"""Weak orders, mid-ranks and verdicts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.judgement.ranks import FitsBoth, dense_ranks, scaled_midranks, verdict, verdicts

vectors = st.lists(st.none() | st.integers(1, 9), max_size=8).map(tuple)


@pytest.mark.parametrize(
    ("ranks", "dense", "scaled"),
    [
        ((), (), ()),
        ((3,), (1,), (None,)),
        ((None, 2), (None, 1), (None, None)),
        ((2, 4, 4, 3), (1, 3, 3, 2), (0, Fraction(5, 6), Fraction(5, 6), Fraction(1, 3))),
        ((1, 1, 3), (1, 1, 2), (Fraction(1, 4), Fraction(1, 4), 1)),
        ((5, 5), (1, 1), (Fraction(1, 2), Fraction(1, 2))),
        ((1, None, 9), (1, None, 2), (0, None, 1)),
    ],
)
def test_ranks_worked_by_hand(ranks: Any, dense: Any, scaled: Any) -> None:
    assert dense_ranks(ranks) == dense
    assert scaled_midranks(ranks) == scaled


@given(vectors)
def test_dense_ranks_are_one_to_the_number_of_levels(ranks: Any) -> None:
    levels = {rank for rank in dense_ranks(ranks) if rank is not None}
    assert levels == set(range(1, len(levels) + 1))
    assert [rank is None for rank in dense_ranks(ranks)] == [rank is None for rank in ranks]


@given(vectors)
def test_midranks_lie_within_the_item_and_average_to_one_half(ranks: Any) -> None:
    scaled = [value for value in scaled_midranks(ranks) if value is not None]
    assert all(0 <= value <= 1 for value in scaled)
    assert sum(scaled) == Fraction(len(scaled), 2)


@given(vectors)
def test_both_keep_the_order(ranks: Any) -> None:
    assert verdicts(dense_ranks(ranks)) == verdicts(ranks)
    if sum(rank is not None for rank in ranks) > 1:
        scaled: Any = scaled_midranks(ranks)
        assert verdicts(scaled) == verdicts(ranks)


@given(vectors.flatmap(lambda ranks: st.tuples(st.just(ranks), st.permutations(range(len(ranks))))))
def test_permuting_the_responses_permutes_the_result(drawn: Any) -> None:
    ranks, order = drawn
    for function in (dense_ranks, scaled_midranks):
        assert function([ranks[i] for i in order]) == tuple(function(ranks)[i] for i in order)


@given(vectors.filter(bool))
def test_a_verdict_turns_round_with_its_pair(ranks: Any) -> None:
    for i in range(len(ranks)):
        for j in range(len(ranks)):
            one, other = verdict(ranks, i, j), verdict(ranks, j, i)
            assert (one is None) == (other is None) == (ranks[i] is None or ranks[j] is None)
            assert one is None or one == -(other or 0)


def test_a_better_rank_is_a_smaller_number() -> None:
    assert verdicts((1, 2, 2, None)) == {(0, 1): 1, (0, 2): 1, (1, 2): 0}
    assert verdict((3, 1), 0, 1) == -1


@given(vectors)
def test_the_verdicts_are_the_verdict_on_each_pair_in_the_order_of_the_responses(ranks: Any) -> None:
    each = {(i, j): verdict(ranks, i, j) for i in range(len(ranks)) for j in range(i + 1, len(ranks))}
    assert list(verdicts(ranks).items()) == [(pair, sign) for pair, sign in each.items() if sign is not None]


@pytest.mark.parametrize(
    ("vectors", "fit"),
    [
        ([(2, 3, 1), (1, 2, 3)], True),
        ([(2, 3, 1), (1, 1, 2)], False),
        ([(2, 3, 1), (1, None, 2)], False),
        ([(2, 1, 3), (1, 2, 3)], False),  # each is the same vector either way
        ([(2, 3, 1), (2, 4, 3)], False),
        ([], False),
    ],
)
def test_vectors_could_be_orders_if_all_are_permutations_and_one_would_mean_something_else(
    vectors: list[tuple[int | None, ...]], fit: bool
) -> None:
    seen = FitsBoth()
    for vector in vectors:
        seen.see(vector)
    assert bool(seen) is fit
