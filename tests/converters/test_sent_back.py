"""Answers that were sent back, in Label Studio's terms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from strategies import make_item

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.sent_back import set_aside, was_sent_back, with_set_aside
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.records import Worker
from gtbridge.label_configs.tasks import QuestionAnswer

BACK = {"id": 1, "was_cancelled": True, "last_action": "rejected", "result": [{"from_name": "x", "value": {}}]}


@pytest.mark.parametrize(
    "skipped",
    [{**BACK, "last_action": None}, {**BACK, "was_cancelled": False}, {"was_cancelled": True, "result": []}],
)
def test_a_skipped_or_living_annotation_was_not_sent_back(skipped: dict[str, Any]) -> None:
    assert not was_sent_back(skipped)
    assert was_sent_back(BACK)


def test_what_is_set_aside_is_found_again_beside_all_else_in_the_meta() -> None:
    task = {"id": 5, "meta": {"theirs": [1]}, "annotations": [BACK]}
    meta = json.loads(json.dumps(with_set_aside(task, [BACK])))
    assert meta["theirs"] == [1]
    later = {"id": 5, "meta": meta, "annotations": []}
    assert set_aside(later) == [BACK]
    second = {**BACK, "id": 2}
    assert set_aside({"meta": with_set_aside(later, [second]), "annotations": []}) == [BACK, second]


def test_an_annotation_that_is_in_both_places_counts_once() -> None:
    task = {"meta": with_set_aside({"annotations": [BACK]}, [BACK]), "annotations": [BACK]}
    assert set_aside(task) == []
    assert with_set_aside(task, [BACK]) == task["meta"]


@pytest.mark.parametrize("meta", [None, "x", {}, {"gtbridge_set_aside": 3}, {"gtbridge_set_aside": [None, 3]}])
def test_meta_of_others_holds_nothing_that_was_set_aside(meta: Any) -> None:
    assert set_aside({"meta": meta}) == []


@pytest.mark.parametrize(("last_action", "reason"), [("rejected", "sent back"), (None, None)])
def test_status_and_reason_reach_the_worker_response_and_come_back(last_action: Any, reason: str | None) -> None:
    annotation = {**BACK, "last_action": last_action}
    answer = annotation_to_answer(annotation, make_item(0, "Why?"), QuestionAnswer(), Worker("w"))
    assert (answer.status, answer.reason) == ("declined", reason)
    response = json.loads(json.dumps(answer_to_response(answer)))
    back = response_to_answer(response, "w.json")
    assert (back.status, back.reason) == ("declined", reason)
    assert response["gtbridge"]["labelStudio"] == annotation


@pytest.mark.parametrize("status", ["given", "lost", None, 3, ["declined"]])
def test_a_status_that_nobody_knows_is_given(status: Any) -> None:
    response = {"workerId": "w", "answerContent": {}, "gtbridge": {"status": status}}
    assert response_to_answer(response, "w.json").status == "given"
