"""The nearest weak orders, against all weak orders there are."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weak_orders import nearest, panels, sign, weak_orders

from gtbridge.converters.judgement.consensus import Votes, count_votes
from gtbridge.converters.judgement.kemeny import KEMENY_LIMIT, kemeny_order


def by_looking_at_all(rankings: Any) -> dict[tuple[int, int], int]:
    """What ``kemeny_order`` promises, of each pair that somebody compared."""
    _, orders = nearest(rankings)
    found = {}
    for i, j in count_votes(rankings):
        signs = {sign(order, i, j) for order in orders} - {0}
        found[i, j] = signs.pop() if len(signs) == 1 else 0
    return found  # type: ignore[return-value]


def test_there_are_as_many_weak_orders_as_fubinis_numbers() -> None:
    assert [len(weak_orders(count)) for count in range(6)] == [1, 1, 3, 13, 75, 541]


@given(panels(5))
def test_the_order_is_what_all_nearest_weak_orders_say(rankings: Any) -> None:
    assert kemeny_order(count_votes(rankings)) == by_looking_at_all(rankings)


def test_the_order_is_that_of_the_nearest_weak_orders_on_many_contested_panels() -> None:
    """Panels without agreement, where several orders are nearest: chance finds few of them among shorter ones."""
    chance = random.Random(5)
    several = 0
    for _ in range(100):
        count = chance.randint(3, 4)
        most = chance.choice([2, count])
        rankings = [[chance.randint(1, most) for _ in range(count)] for _ in range(chance.randint(2, 6))]
        assert kemeny_order(count_votes(rankings)) == by_looking_at_all(rankings)
        several += len(nearest(rankings)[1]) > 1
    assert several > 20


def test_nothing_compared_gives_no_order() -> None:
    assert kemeny_order({}) == {}


def test_a_single_ranking_is_its_own_nearest_order() -> None:
    ranks = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
    assert kemeny_order(count_votes([ranks])) == {
        (i, j): (ranks[i] < ranks[j]) - (ranks[i] > ranks[j]) for i in range(12) for j in range(i + 1, 12)
    }


def circle(count: int) -> Any:
    """Nine annotators: all but the first and the last response in one order, on those two 4 against 5 the other way."""
    votes = {(i, j): Votes(9, 0, 0) for i in range(count) for j in range(i + 1, count)}
    return votes | {(0, count - 1): Votes(4, 5, 0)}


def test_twelve_responses_are_ordered_exactly_and_thirteen_by_majority() -> None:
    assert KEMENY_LIMIT == 12
    assert set(kemeny_order(circle(12)).values()) == {1}
    assert kemeny_order(circle(13)) == {pair: votes.verdict for pair, votes in circle(13).items()}
    assert kemeny_order(circle(13))[0, 12] == -1


def test_responses_that_nobody_compared_do_not_count_towards_the_limit() -> None:
    apart = {(2 * i, 2 * j): votes for (i, j), votes in circle(12).items()}
    assert set(kemeny_order(apart).values()) == {1}


@pytest.mark.parametrize("blocks", [[4, 4, 4], [5, 5]])
def test_blocks_of_which_all_say_that_one_is_better_are_ordered_each_for_itself(blocks: list[int]) -> None:
    """Ten and twelve responses, for which there are too many weak orders to look at."""
    chance = random.Random(sum(blocks))
    inside = [[[chance.randint(1, size) for _ in range(size)] for _ in range(5)] for size in blocks]
    start = [sum(blocks[:number]) for number in range(len(blocks))]
    rankings = [
        [place + rank for number, place in enumerate(start) for rank in inside[number][annotator]]
        for annotator in range(5)
    ]
    found = kemeny_order(count_votes(rankings))
    for number, place in enumerate(start):
        for (i, j), said in by_looking_at_all(inside[number]).items():
            assert found.pop((place + i, place + j)) == said
    assert set(found.values()) == {1}


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.permutations(range(1, n + 1)), min_size=1, max_size=7)))
def test_a_response_that_beats_all_others_by_majority_is_never_reversed(rankings: Any) -> None:
    """Of strict rankings Kemeny's order is Condorcet's, where there is one."""
    votes = count_votes(rankings)
    count = len(rankings[0])
    found = kemeny_order(votes)
    for best in range(count):
        pairs = {(best, j): 1 for j in range(best + 1, count)} | {(i, best): -1 for i in range(best)}
        if all(votes[pair].verdict == said for pair, said in pairs.items()):
            assert {pair: found[pair] for pair in pairs} == pairs
