"""Several rankings of one item -> votes and one order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.judgement.consensus import Votes, count_votes, majority_ranks
from gtbridge.converters.judgement.ranks import dense_ranks, verdicts

CIRCLE = [(1, 2, 3), (3, 1, 2), (2, 3, 1)]


@st.composite
def panels(draw: Any) -> tuple[int, list[tuple[int | None, ...]]]:
    count = draw(st.integers(1, 5))
    ranks = st.none() | st.integers(1, count) if draw(st.booleans()) else st.integers(1, count)
    return count, draw(st.lists(st.tuples(*[ranks] * count), min_size=1, max_size=5))


def test_votes_count_only_those_who_ranked_both() -> None:
    votes = count_votes([(1, 2, None), (2, 1, 3), (1, 2, 2), (1, None, 1)])
    assert votes == {(0, 1): Votes(2, 1, 0), (0, 2): Votes(2, 0, 1), (1, 2): Votes(1, 0, 1)}
    assert [vote.annotators for vote in votes.values()] == [3, 3, 2]


def test_a_pair_that_nobody_judged_has_no_votes() -> None:
    assert count_votes([(1, None), (None, 1)]) == {}
    assert count_votes([]) == {}


@pytest.mark.parametrize(("votes", "verdict"), [((2, 1, 5), 1), ((1, 2, 0), -1), ((1, 1, 3), 0), ((0, 0, 2), 0)])
def test_more_votes_win_and_equal_votes_tie(votes: Any, verdict: int) -> None:
    assert Votes(*votes).verdict == verdict


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
def test_majorities_worked_by_hand(rankings: Any, expected: Any) -> None:
    assert majority_ranks(count_votes(rankings), len(rankings[0])) == expected


@given(panels().flatmap(lambda panel: st.tuples(st.just(panel), st.permutations(range(panel[0])))))
def test_permuting_the_responses_permutes_votes_and_order(drawn: Any) -> None:
    (count, rankings), order = drawn
    votes = count_votes(rankings)
    permuted = count_votes([[ranks[i] for i in order] for ranks in rankings])
    assert len(permuted) == len(votes)
    for (i, j), vote in permuted.items():
        a, b = order[i], order[j]
        assert vote == (votes[a, b] if a < b else Votes(votes[b, a].second, votes[b, a].first, votes[b, a].tie))
    ranks = majority_ranks(votes, count)
    assert majority_ranks(permuted, count) == (None if ranks is None else tuple(ranks[i] for i in order))


@given(panels())
def test_the_majority_order_agrees_with_every_pair_or_is_none(panel: Any) -> None:
    count, rankings = panel
    votes = count_votes(rankings)
    ranks = majority_ranks(votes, count)
    if ranks is not None:
        assert verdicts(ranks) == {pair: vote.verdict for pair, vote in votes.items()}
        assert dense_ranks(ranks) == ranks


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 3))
def test_annotators_who_agree_are_given_back_their_order(ranks: list[int], annotators: int) -> None:
    assert majority_ranks(count_votes([ranks] * annotators), len(ranks)) == dense_ranks(ranks)


@given(panels())
def test_the_order_of_the_annotators_does_not_matter(panel: Any) -> None:
    assert count_votes(panel[1]) == count_votes(panel[1][::-1])
