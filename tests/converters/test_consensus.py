"""Votes on pairs, and what they and a consensus order say together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weak_orders import pairs_of, panels, permuted

from gtbridge.converters.judgement.consensus import (
    AGAINST_MAJORITY,
    EQUAL_VOTES,
    TIED,
    TIED_IN_CONSENSUS,
    Outcome,
    Votes,
    borda_order,
    count_votes,
    decide,
    ranks_of,
)
from gtbridge.converters.judgement.ranks import dense_ranks, verdicts

CIRCLE = [(1, 2, 3), (3, 1, 2), (2, 3, 1)]


def by_majority(rankings: Any) -> dict[tuple[int, int], Outcome]:
    return {pair: decide(votes, votes.verdict) for pair, votes in count_votes(rankings).items()}


def test_votes_count_only_those_who_ranked_both() -> None:
    votes = count_votes([(1, 2, None), (2, 1, 3), (1, 2, 2), (1, None, 1)])
    assert votes == {(0, 1): Votes(2, 1, 0), (0, 2): Votes(2, 0, 1), (1, 2): Votes(1, 0, 1)}
    assert [vote.annotators for vote in votes.values()] == [3, 3, 2]


def test_votes_stand_in_the_order_of_the_responses_whoever_votes_first() -> None:
    assert list(count_votes([(None, 1, 2), (1, 2, 3)])) == [(0, 1), (0, 2), (1, 2)]


def test_a_pair_that_nobody_judged_has_no_votes() -> None:
    assert count_votes([(1, None), (None, 1)]) == {}
    assert count_votes([]) == {}


@pytest.mark.parametrize(("votes", "verdict"), [((2, 1, 5), 1), ((1, 2, 0), -1), ((1, 1, 3), 0), ((0, 0, 2), 0)])
def test_more_votes_win_and_equal_votes_tie(votes: Any, verdict: int) -> None:
    assert Votes(*votes).verdict == verdict


@pytest.mark.parametrize(
    ("votes", "order", "sign", "reason"),
    [
        ((2, 1, 5), 1, 1, ""),
        ((1, 2, 0), -1, -1, ""),
        ((2, 1, 0), 0, 0, TIED_IN_CONSENSUS),
        ((2, 1, 0), -1, 0, AGAINST_MAJORITY),
        ((1, 2, 0), 1, 0, AGAINST_MAJORITY),
        ((1, 1, 3), 1, 0, EQUAL_VOTES),
        ((1, 1, 0), 0, 0, EQUAL_VOTES),
        ((0, 0, 2), -1, 0, TIED),
    ],
)
def test_a_preference_needs_more_votes_and_the_order(votes: Any, order: int, sign: int, reason: str) -> None:
    assert decide(Votes(*votes), order) == Outcome(sign, Votes(*votes), reason)


def test_a_mean_score_is_over_the_annotators_who_scored_the_response() -> None:
    scored = [
        (Fraction(0), Fraction(1), None),
        (Fraction(1), Fraction(0), Fraction(1, 3)),
        (None, Fraction(1, 2), None),
    ]
    votes = dict.fromkeys(pairs_of(3), Votes())
    assert borda_order(votes, scored) == {(0, 1): 0, (0, 2): -1, (1, 2): -1}  # 1/2, 1/2, 1/3


def test_mean_scores_that_are_equal_in_thirds_and_sevenths_tie() -> None:
    """In floating point 1/3 + 1/3 + 1/7 is not 1/7 + 1/3 + 1/3."""
    third, seventh = Fraction(1, 3), Fraction(1, 7)
    assert borda_order({(0, 1): Votes()}, [(third, seventh), (third, third), (seventh, third)]) == {(0, 1): 0}


@pytest.mark.parametrize(
    ("rankings", "expected"),
    [
        ([(2, 4, 4, 3)], (1, 3, 3, 2)),
        ([(1, 2, 3), (1, 3, 2)], (1, 2, 2)),
        ([(1, 2, 3), (2, 1, 3), (1, 2, 3)], (1, 2, 3)),
        ([(1, 2), (2, 1)], (1, 1)),
        (CIRCLE, None),
        ([(1, 2, None)], None),
        # 0 beats 1, which beats 2, but 0 and 2 have equal votes: no weak order says so.
        ([(1, 2, 3), (2, 3, 1), (1, 1, 1)], None),
        ([(1,)], (1,)),
    ],
)
def test_orders_worked_by_hand(rankings: Any, expected: Any) -> None:
    assert ranks_of(by_majority(rankings), len(rankings[0])) == expected


@given(panels(5, least=1).flatmap(lambda panel: st.tuples(st.just(panel), st.permutations(range(len(panel[0]))))))
def test_permuting_the_responses_permutes_votes_and_order(drawn: Any) -> None:
    rankings, order = drawn
    votes, turned = count_votes(rankings), count_votes([permuted(ranks, order) for ranks in rankings])
    assert len(turned) == len(votes)
    for (i, j), vote in turned.items():
        a, b = order[i], order[j]
        assert vote == (votes[a, b] if a < b else Votes(votes[b, a].second, votes[b, a].first, votes[b, a].tie))
    ranks = ranks_of(by_majority(rankings), len(order))
    turned_ranks = ranks_of(by_majority([permuted(ranks, order) for ranks in rankings]), len(order))
    assert turned_ranks == (None if ranks is None else permuted(ranks, order))


@given(panels(5, least=1))
def test_the_order_agrees_with_every_pair_or_is_none(rankings: Any) -> None:
    found = by_majority(rankings)
    ranks = ranks_of(found, len(rankings[0]))
    if ranks is not None:
        assert verdicts(ranks) == {pair: outcome.sign for pair, outcome in found.items()}
        assert dense_ranks(ranks) == ranks


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 3))
def test_annotators_who_agree_are_given_back_their_order(ranks: list[int], annotators: int) -> None:
    assert ranks_of(by_majority([ranks] * annotators), len(ranks)) == dense_ranks(ranks)


@given(panels())
def test_the_order_of_the_annotators_does_not_matter(rankings: Any) -> None:
    assert count_votes(rankings) == count_votes(rankings[::-1])
