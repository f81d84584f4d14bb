"""Pairwise and Ranker, by values as Label Studio stores them."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import one_answer, ranks_in, read, unread_in
from foreign_configs import BUCKETS, LIST, PAIR, PROMPT, RANKER, TWO
from foreign_values import pairwise, ranked

ITEMS = {"prompt": "Why?", "items": [{"id": id_, "title": "T", "body": id_.upper()} for id_ in ("x", "y", "z")]}


# Pairwise

SIDES = read(f'{TWO}<Pairwise name="c" toName="a, b"/>')


def test_the_selected_side_of_a_pairwise_is_better() -> None:
    assert ranks_in(one_answer(SIDES, PAIR, pairwise("c", "left"))) == {"c": (1, 2)}
    assert ranks_in(one_answer(SIDES, PAIR, pairwise("c", "right"))) == {"c": (2, 1)}


def test_left_is_the_object_that_is_named_first_wherever_it_stands() -> None:
    turned = read(f'{TWO}<Pairwise name="c" toName="b,a"/>', "responses=left,right")
    assert ranks_in(one_answer(turned, PAIR, pairwise("c", "left"))) == {"c": (2, 1)}


def test_a_pairwise_that_was_deselected_says_nothing() -> None:
    assert ranks_in(one_answer(SIDES, PAIR, pairwise("c", "none"))) == {"c": (None, None)}
    assert unread_in(SIDES, PAIR, pairwise("c", "both")) == ["c: 'both' is neither left nor right"]


def test_a_control_that_answers_twice_is_not_read() -> None:
    assert unread_in(SIDES, PAIR, pairwise("c", "left"), pairwise("c", "right")) == ["c: is answered 2 times"]


# Ranker

PLAIN = read(RANKER)
BUCKETED = PROMPT + LIST + BUCKETS
ORDERED = read(BUCKETED, "bucket:good=1", "bucket:bad=2", "within:r=order")
TIED = read(BUCKETED, "bucket:good=1", "bucket:bad=3", "within:r=tied")


def test_a_ranker_stores_the_order_under_its_own_name_or_as_a_bare_list() -> None:
    for value in ({"r": ["z", "x", "y"]}, ["z", "x", "y"]):
        assert ranks_in(one_answer(PLAIN, ITEMS, ranked("r", value))) == {"r": (2, 3, 1)}


def test_ids_of_list_items_are_compared_as_text() -> None:
    data = {"prompt": "?", "items": [{"id": 7, "body": "a"}, {"id": "8", "body": "b"}]}
    assert ranks_in(one_answer(PLAIN, data, ranked("r", {"r": ["8", "7"]}))) == {"r": (2, 1)}
    assert ranks_in(one_answer(PLAIN, data, ranked("r", {"r": [8, 7]}))) == {"r": (2, 1)}


@pytest.mark.parametrize("order", [["x", "y"], ["x", "y", "y"], ["x", "y", "z", "z"], ["x", "y", "w"], []])
def test_an_order_that_does_not_name_each_response_once_is_not_repaired(order: list[str]) -> None:
    assert unread_in(PLAIN, ITEMS, ranked("r", {"r": order})) == ["r: does not name each response once"]


@pytest.mark.parametrize("value", ["x", None, {"r": "x"}, {"r": None}, 3])
def test_a_ranker_without_lists_is_not_read(value: Any) -> None:
    assert unread_in(PLAIN, ITEMS, ranked("r", value)) == ["r: holds no lists of items"]


def test_columns_that_the_config_does_not_have_are_not_read() -> None:
    value = {"r": [], "old": ["x", "y", "z"]}
    assert unread_in(PLAIN, ITEMS, ranked("r", value)) == ["r: has the column 'old', which the config does not have"]


def test_two_items_with_one_id_cannot_be_told_apart() -> None:
    data = {"prompt": "?", "items": [{"id": "x", "body": "a"}, {"id": "x", "body": "b"}]}
    assert unread_in(PLAIN, data, ranked("r", {"r": ["x", "x"]})) == ["r: does not name each response once"]


def test_an_order_in_buckets_goes_from_the_best_level_to_the_worst() -> None:
    answer = one_answer(ORDERED, ITEMS, ranked("r", {"_": [], "bad": ["x"], "good": ["z", "y"]}))
    assert ranks_in(answer) == {"r": (3, 2, 1)}
    assert not ORDERED.definition.dimensions[0].allow_tie  # type: ignore[union-attr]


def test_what_lies_in_one_bucket_is_tied_if_the_user_says_so() -> None:
    answer = one_answer(TIED, ITEMS, ranked("r", {"_": [], "bad": ["x"], "good": ["z", "y"]}))
    assert ranks_in(answer) == {"r": (2, 1, 1)}
    assert TIED.definition.dimensions[0].allow_tie  # type: ignore[union-attr]


def test_what_was_left_where_the_items_start_is_not_ranked_unless_told() -> None:
    value = {"_": ["x", "y"], "good": ["z"], "bad": []}
    assert ranks_in(one_answer(ORDERED, ITEMS, ranked("r", value))) == {"r": (None, None, 1)}
    told = read(BUCKETED, "bucket:good=1", "bucket:bad=3", "bucket:_=2", "within:r=order")
    assert ranks_in(one_answer(told, ITEMS, ranked("r", value))) == {"r": (2, 2, 1)}
    assert told.definition.dimensions[0].allow_tie  # type: ignore[union-attr]


def test_items_that_were_not_moved_may_be_left_out_of_the_value() -> None:
    assert ranks_in(one_answer(ORDERED, ITEMS, ranked("r", {"good": ["z"], "bad": ["x"]}))) == {"r": (2, None, 1)}


def test_a_bucket_that_is_not_ranked_says_nothing_of_what_lies_there() -> None:
    part = read(BUCKETED, "bucket:good=1", "bucket:bad=unranked", "within:r=order")
    answer = one_answer(part, ITEMS, ranked("r", {"_": [], "good": ["y", "x"], "bad": ["z"]}))
    assert ranks_in(answer) == {"r": (2, 1, None)}


def test_two_buckets_of_one_level_hold_equals() -> None:
    reading = read(BUCKETED, "bucket:good=1", "bucket:bad=1", "bucket:_=2", "within:r=tied")
    answer = one_answer(reading, ITEMS, ranked("r", {"_": ["y"], "good": ["x"], "bad": ["z"]}))
    assert ranks_in(answer) == {"r": (1, 2, 1)}


def test_an_item_in_two_buckets_is_not_read() -> None:
    value = {"_": ["z"], "good": ["x", "y"], "bad": ["x"]}
    assert unread_in(ORDERED, ITEMS, ranked("r", value)) == ["r: does not name each response once"]


def test_a_default_bucket_holds_the_items_from_the_start() -> None:
    config = (
        f'{PROMPT}{LIST}<Ranker name="r" toName="l"><Bucket name="good" default="true"/><Bucket name="bad"/></Ranker>'
    )
    reading = read(config, "bucket:good=1", "bucket:bad=2", "within:r=order")
    assert ranks_in(one_answer(reading, ITEMS, ranked("r", {"good": ["y", "x"], "bad": ["z"]}))) == {"r": (2, 1, 3)}
    assert unread_in(reading, ITEMS, ranked("r", {"good": ["y", "x"], "bad": []})) == [
        "r: does not name each response once"
    ]
