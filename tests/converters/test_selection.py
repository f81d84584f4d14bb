"""Which preferences of an item become pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weak_orders import pairs_of

from gtbridge.converters.judgement.selection import selected

STRATEGIES = ("all", "adjacent", "best-vs-rest", "best-vs-worst")


def signs_of(preferences: str) -> dict[tuple[int, int], int]:
    """``ab cb`` says that a is preferred to b, and c to b; all other pairs of a, b, c ... are tied."""
    better = {("abcdef".index(pair[0]), "abcdef".index(pair[1])) for pair in preferences.split()}
    count = 1 + max((index for pair in better for index in pair), default=1)
    return {(i, j): ((i, j) in better) - ((j, i) in better) for i, j in pairs_of(count)}


def letters(pairs: Any) -> str:
    return " ".join(f"{'abcdef'[i]}{'abcdef'[j]}" for i, j in sorted(pairs))


@pytest.mark.parametrize(
    ("preferences", "adjacent", "best_vs_rest", "best_vs_worst"),
    [
        ("", "", "", ""),
        ("ba", "ab", "ab", "ab"),
        ("ab ac ad bc bd cd", "ab bc cd", "ab ac ad", "ad"),  # a > b > c > d
        ("ab ac ad bd cd", "ab ac bd cd", "ab ac ad", "ad"),  # a > b=c > d
        ("ac ad bc bd", "ac ad bc bd", "ac ad bc bd", "ac ad bc bd"),  # a=b > c=d
        ("ac ad bc bd cd", "ac bc cd", "ac ad bc bd", "ad bd"),  # a=b > c > d
        ("ab bc", "ab bc", "ab", ""),  # a and c have equal votes, and b is no worst
        ("ab bc ca", "ab ac bc", "", ""),  # a circle has no best
        ("ab bc ca ad bd cd", "ab ac ad bc bd cd", "", ""),  # a circle on top: none of it is between another and d
        ("da db dc ab bc ca", "ab ac ad bc bd cd", "ad bd cd", ""),  # a circle below: none of it is worst
        ("ab bc cd da ac bd", "ab ac ad bc bd cd", "", ""),  # all in one circle, also those two steps apart
        ("ab bc cd ad", "ab ad bc cd", "ab ad", "ad"),  # b and c are no third between a and d, neither of them alone
        # d > circle > e: the circle is between d and e
        ("ab bc ca da db dc ae be ce de", "ab ac ad ae bc bd be cd ce", "ad bd cd de", "de"),
        ("ab cd", "ab cd", "ab cd", "ab cd"),  # two chains that nobody compared
    ],
)
def test_choices_worked_by_hand(preferences: str, adjacent: str, best_vs_rest: str, best_vs_worst: str) -> None:
    signs = signs_of(preferences)
    every = {"".join(sorted(pair)) for pair in preferences.split()}
    assert {strategy: letters(selected(signs, strategy)) for strategy in STRATEGIES} == {
        "all": " ".join(sorted(every)),
        "adjacent": adjacent,
        "best-vs-rest": best_vs_rest,
        "best-vs-worst": best_vs_worst,
    }


def test_another_name_is_no_way_to_choose() -> None:
    with pytest.raises(ValueError, match="'worst' is no way to choose pairs"):
        selected({}, "worst")


@st.composite
def relations(draw: Any) -> tuple[int, dict[tuple[int, int], int]]:
    """Signs of some of the pairs of two to six responses: circles, ties and gaps included."""
    count = draw(st.integers(2, 6))
    signs = {pair: draw(st.sampled_from([1, 1, -1, -1, 0, None])) for pair in pairs_of(count)}
    return count, {pair: sign for pair, sign in signs.items() if sign is not None}


@given(relations(), st.sampled_from(STRATEGIES), st.data())
def test_permuting_the_responses_permutes_the_choice(drawn: Any, strategy: str, data: Any) -> None:
    count, signs = drawn
    place = data.draw(st.permutations(range(count)))
    moved = {
        (min(place[i], place[j]), max(place[i], place[j])): sign if place[i] < place[j] else -sign
        for (i, j), sign in signs.items()
    }
    turned = {(min(place[i], place[j]), max(place[i], place[j])) for i, j in selected(signs, strategy)}
    assert selected(moved, strategy) == turned


@given(relations())
def test_each_strategy_takes_preferences_only_and_best_vs_worst_is_part_of_best_vs_rest(drawn: Any) -> None:
    _, signs = drawn
    every = {pair for pair, sign in signs.items() if sign}
    assert selected(signs, "all") == every
    worst, rest = selected(signs, "best-vs-worst"), selected(signs, "best-vs-rest")
    assert worst <= rest <= every
    assert selected(signs, "adjacent") <= every


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6))
def test_in_a_weak_order_neighbouring_levels_are_adjacent_and_the_ends_best_and_worst(levels: list[int]) -> None:
    dense = [sorted(set(levels)).index(level) for level in levels]
    last = max(dense)
    signs = {(i, j): (dense[i] < dense[j]) - (dense[i] > dense[j]) for i, j in pairs_of(len(dense))}

    def between(i: int, j: int) -> tuple[int, int]:
        return min(dense[i], dense[j]), max(dense[i], dense[j])

    pairs = [pair for pair, sign in signs.items() if sign]
    assert selected(signs, "adjacent") == {p for p in pairs if between(*p)[1] - between(*p)[0] == 1}
    assert selected(signs, "best-vs-rest") == {p for p in pairs if between(*p)[0] == 0}
    assert selected(signs, "best-vs-worst") == {p for p in pairs if between(*p) == (0, last)}


@given(relations())
def test_whatever_is_reached_over_all_pairs_is_reached_over_adjacent_ones(drawn: Any) -> None:
    """Adjacent pairs lose no order: what they leave out follows from what they keep."""
    count, signs = drawn
    every = {(i, j) if sign > 0 else (j, i) for (i, j), sign in signs.items() if sign}
    kept = {(i, j) for i, j in every if (min(i, j), max(i, j)) in selected(signs, "adjacent")}
    assert reached(count, kept) == reached(count, every)


def reached(count: int, better: set[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(better)
    for k in range(count):
        found |= {(i, j) for i in range(count) for j in range(count) if {(i, k), (k, j)} <= found}
    return found
