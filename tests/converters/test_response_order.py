"""The order in which one annotator sees the responses: shown, recorded, undone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, ranking_answers, ranking_items, rankings_tasks

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data, shown_order
from gtbridge.converters.formats.response_order import (
    aligned,
    order_for,
    recorded_order,
    reordered,
    with_recorded_order,
)
from gtbridge.converters.records import Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))
THREE = item_to_task_data(make_item(0, "Why?", ["zero", "one", "two"]), RANKING, (2, 0, 1))


def help_rank(position: int, value: str) -> dict[str, Any]:
    return {"from_name": f"rank__help__{position}", "to_name": "prompt", "value": {"choices": [value]}}


def flags(position: int, *values: str) -> dict[str, Any]:
    return {"from_name": f"flags__{position}", "to_name": "prompt", "value": {"choices": list(values)}}


def said(result: list[dict[str, Any]]) -> dict[str, Any]:
    """What each control stores."""
    assert len({entry["from_name"] for entry in result}) == len(result)
    return {entry["from_name"]: (entry["to_name"], entry["value"]) for entry in result}


def test_titles_belong_to_positions_and_everything_else_to_the_response() -> None:
    shown = reordered(THREE, (1, 0, 2))
    assert [(r["id"], r["title"], r["text"], r["ranks"][0]["alias"]) for r in shown["responses"]] == [
        ("r1", "Response A", "one", "r1:1"),
        ("r0", "Response B", "zero", "r0:1"),
        ("r2", "Response C", "two", "r2:1"),
    ]
    assert {key: value for key, value in shown.items() if key != "responses"} == {
        key: value for key, value in THREE.items() if key != "responses"
    }
    assert shown_order(THREE) == (2, 0, 1), "the task's own data must not change"


@given(st.data())
def test_an_answer_given_in_any_order_says_the_same_once_it_is_aligned(data: st.DataObject) -> None:
    task = data.draw(rankings_tasks())
    item = data.draw(ranking_items())
    answer = data.draw(ranking_answers(task, item))
    count = range(len(item.responses or ()))
    seen, stored = data.draw(st.permutations(count)), data.draw(st.permutations(count))
    given_in_seen = answer_to_annotation(answer, item, task, seen)["result"]
    assert said(aligned(given_in_seen, stored)) == said(answer_to_annotation(answer, item, task, stored)["result"])
    assert aligned(aligned(given_in_seen, stored), seen) == given_in_seen
    read = annotation_to_answer({"result": aligned(given_in_seen, stored)}, item, task, Worker("w"))
    assert read.rankings == answer.rankings


def test_what_is_no_rank_of_a_response_stays_where_it_is() -> None:
    strange: list[Any] = [
        {"from_name": "order__help", "value": {"ranker": {"order__help": ["r1", "r0", "r2"]}}},
        {"from_name": "rank__help__x", "value": {"choices": ["r0:1"]}},
        {"from_name": "rank__help__01", "value": {"choices": ["r0:1"]}},
        {"from_name": "rank__help__0", "value": {"choices": ["r9:1"]}},
        {"from_name": "rank__help__0", "value": {"choices": ["r0:1", "r1:1"]}},
        {"from_name": "rank__help__0", "value": {"choices": []}},
        {"from_name": "flags__0", "value": {"choices": []}},
        {"from_name": "flags__0", "value": {"choices": ["r0:Unsafe", "r1:Unsafe"]}},
        {"from_name": "flags__0", "value": {"choices": ["r0:Unsafe", "r9:Unsafe"]}},
        {"from_name": "flags__0", "value": {"choices": [7]}},
        {"from_name": "flags__00", "value": {"choices": ["r0:Unsafe"]}},
        {"from_name": "flags__", "value": {"choices": ["r0:Unsafe"]}},
        {"from_name": "flags", "value": {"choices": ["r0:Unsafe"]}},
        {"from_name": "cannot_judge", "value": {"choices": ["r0:Unsafe"]}},
        {"from_name": "rank__help__0", "value": None},
        {"from_name": 7},
        "text",
        None,
    ]
    assert aligned(strange, (1, 0, 2)) == strange
    assert aligned("text", (1, 0, 2)) == "text"
    assert aligned(None, (0, 1)) is None


def test_two_ranks_of_one_response_are_left_for_the_rules_to_refuse() -> None:
    twice = [help_rank(0, "r0:1"), help_rank(1, "r0:2")]
    assert aligned(twice, (1, 0, 2)) == twice


def test_flags_follow_their_response_and_keep_their_values() -> None:
    seen = [flags(0, "r2:Unsafe", "r2:a: b"), flags(2, "r1:Unsafe"), help_rank(0, "r2:1"), help_rank(1, "r0:3")]
    stored = [flags(2, "r2:Unsafe", "r2:a: b"), flags(1, "r1:Unsafe"), help_rank(2, "r2:1"), help_rank(0, "r0:3")]
    assert aligned(seen, (0, 1, 2)) == stored
    assert aligned(stored, (2, 0, 1)) == seen


def test_flags_and_ranks_of_one_response_do_not_claim_the_same_place() -> None:
    both = [flags(0, "r1:Unsafe"), help_rank(0, "r1:1")]
    assert aligned(both, (0, 1)) == [flags(1, "r1:Unsafe"), help_rank(1, "r1:1")]


def test_two_sets_of_flags_of_one_response_are_left_for_the_rules_to_refuse() -> None:
    twice = [flags(0, "r0:Unsafe"), flags(1, "r0:Made up")]
    assert aligned(twice, (1, 0, 2)) == twice


def test_the_flags_to_choose_from_move_with_their_response() -> None:
    data = item_to_task_data(make_item(0, "Why?", ["zero", "one"]), RANKING.model_copy(update={"flags": ("Unsafe",)}))
    shown = reordered(data, (1, 0))
    assert [(r["title"], r["flags"][0]["alias"]) for r in shown["responses"]] == [
        ("Response A", "r1:Unsafe"),
        ("Response B", "r0:Unsafe"),
    ]


def test_an_order_is_the_same_at_every_look_and_differs_between_people_and_tasks() -> None:
    assert order_for(THREE, 7, 3) == order_for(reordered(THREE, (0, 1, 2)), 7, 3)
    people = Counter(order_for(THREE, 7, person) for person in range(600))
    tasks = Counter(order_for(THREE, task, 3) for task in range(600))
    for orders in (people, tasks):
        assert len(orders) == 6
        # Each of six orders is expected 100 times in 600; the odds of any beyond 60..140 are below 1 in 10,000.
        assert all(60 <= count <= 140 for count in orders.values())


def test_data_without_responses_has_no_order() -> None:
    assert order_for({"passage": "x"}, 1, 1) is None
    assert order_for({"responses": [{"id": "r0"}, {"id": "r0"}]}, 1, 1) is None
    assert reordered({"passage": "x"}, (0, 1)) == {"passage": "x"}
    assert reordered(THREE, (0, 1)) == THREE


@given(st.integers(1, 10).flatmap(lambda count: st.permutations(range(count))))
def test_a_recorded_order_is_read_back(order: list[int]) -> None:
    result: list[dict[str, Any]] = [{"from_name": "a", "meta": {"gtbridge": {"kept": 1}}}, {"from_name": "b"}]
    recorded = with_recorded_order(result, order)
    assert recorded_order(recorded) == tuple(order)
    assert recorded_order(list(reversed(recorded))) == tuple(order)
    assert recorded[0]["meta"]["gtbridge"] == {"kept": 1}
    assert recorded_order(result) is None, "what was given must not change"


def test_an_empty_result_records_nothing() -> None:
    assert with_recorded_order([], (1, 0)) == []


def test_what_is_no_permutation_is_no_recorded_order() -> None:
    for text in ("", "0,0", "1,2", "0,1,x", "-1,0", "0,,1", "9" * 5000, 7, None, ["0"]):
        assert recorded_order([{"meta": {"gtbridge_order": text}}]) is None, text
    others: list[Any] = [None, "x", [None], [{"meta": "x"}], [{"meta": {}}]]
    assert [recorded_order(result) for result in others] == [None] * len(others)


def test_recording_again_replaces_the_order() -> None:
    once = with_recorded_order([{"from_name": "a"}], (1, 0))
    assert recorded_order(with_recorded_order(once, (0, 1))) == (0, 1)
