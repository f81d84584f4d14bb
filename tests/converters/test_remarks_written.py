"""Comments, flags and reasons written as Label Studio stores them, and back; what no control can show is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remarked import (
    ANN,
    GOOD,
    ITEM,
    RANK,
    VAGUE,
    judgements,
    read,
    tasks_with_items,
)

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.label_studio_tasks import shuffled
from gtbridge.converters.formats.remarks import is_declined_on_screen
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.records import Answer, Worker
from gtbridge.label_configs.errors import InputError


@settings(max_examples=25)
@given(st.data())
def test_whatever_the_task_asks_for_comes_back_from_label_studio(data: st.DataObject) -> None:
    task, item = data.draw(tasks_with_items())
    answer = data.draw(judgements(task, item))
    shown = shuffled(len(item.responses or ()), data.draw(st.sampled_from("abc")))
    annotation = json.loads(json.dumps(answer_to_annotation(answer, item, task, shown)))
    assert annotation["was_cancelled"] is False
    back = annotation_to_answer(annotation, item, task, answer.worker, shown)
    for name in ("status", "reason", "comment", "rankings", "unread"):
        assert getattr(back, name) == getattr(answer, name), name
    assert [set(marks) for marks in back.flags] == [set(marks) for marks in answer.flags]
    assert len(back.pairs) == len(answer.pairs)


@settings(max_examples=25)
@given(st.data())
def test_a_ground_truth_answer_with_all_of_it_comes_back_whole_through_label_studio(data: st.DataObject) -> None:
    task, item = data.draw(tasks_with_items())
    response = answer_to_response(data.draw(judgements(task, item))) | {"unknown": [1, None]}
    answer = response_to_answer(response, "worker.json", item=item)
    annotation = json.loads(json.dumps(answer_to_annotation(answer, item, task)))
    back = annotation_to_answer(annotation, item, task, Worker("importer"))
    assert replace(back, rules=None) == answer
    assert answer_to_response(back) == response


@pytest.mark.parametrize("change", ["comment", "flags", "reason"])
def test_once_any_of_it_is_changed_on_the_screen_the_annotation_speaks_for_who_changed_it(change: str) -> None:
    said = Answer(Worker("theirs"), rankings=read(GOOD).rankings, comment="x", flags=(("Unsafe",),))
    document = answer_to_response(said)
    annotation = answer_to_annotation(response_to_answer(document, "w", item=ITEM), ITEM, RANK)
    assert annotation_to_answer(annotation, ITEM, RANK, ANN).worker == Worker("theirs")
    result = annotation["result"]
    if change == "reason":
        annotation["result"] = [{**VAGUE, "meta": result[0]["meta"]}]
    else:
        entry = next(entry for entry in result if entry["from_name"].startswith(change))
        entry["value"] = {"text": ["y"]} if change == "comment" else {"choices": ["r0:Off topic"]}
    assert annotation_to_answer(annotation, ITEM, RANK, ANN).worker == ANN


PLAIN = RANK.model_copy(update={"flags": (), "comment": None, "cannot_judge": ()})


@pytest.mark.parametrize(
    ("more", "task", "sentence"),
    [
        ({"comment": "x"}, PLAIN, "there is a comment, but the task asks for none"),
        ({"flags": (("Unsafe",),)}, PLAIN, "responses are flagged, but the task has no flags"),
        ({"flags": (("Rude",),)}, RANK, "'Rude' is none of the task's flags"),
        ({"flags": ((), (), (), ("Unsafe",))}, RANK, "flags for 4 responses, and there are 3"),
    ],
)
def test_what_no_control_can_show_is_refused_unless_the_document_travels(more: Any, task: Any, sentence: str) -> None:
    answer = Answer(ANN, rankings=read(GOOD).rankings, **more)
    with pytest.raises(InputError) as refused:
        answer_to_annotation(answer, ITEM, task)
    assert refused.value.message == sentence
    if task is PLAIN:
        whole = response_to_answer(answer_to_response(answer), "w", item=ITEM)
        assert annotation_to_answer(answer_to_annotation(whole, ITEM, PLAIN), ITEM, PLAIN, Worker("b")) == whole


def test_a_declined_answer_whose_reason_the_task_does_not_offer_is_a_cancelled_annotation() -> None:
    for reason in (None, "Bored", "sent back"):
        annotation = answer_to_annotation(Answer(ANN, status="declined", reason=reason, comment="x"), ITEM, RANK)
        assert annotation == {"result": [], "was_cancelled": True}


def test_flags_are_written_under_the_places_where_their_responses_are_shown() -> None:
    answer = replace(read(GOOD), flags=(("Unsafe",), (), ("Off topic", "Unsafe")))
    result = answer_to_annotation(answer, ITEM, RANK, (2, 0, 1))["result"]
    stored = {entry["from_name"]: entry["value"]["choices"] for entry in result if "flags" in entry["from_name"]}
    assert stored == {"flags__0": ["r2:Off topic", "r2:Unsafe"], "flags__1": ["r0:Unsafe"]}


def test_a_reason_that_the_task_offered_when_it_was_given_declines_the_item_still() -> None:
    earlier = RANK.model_copy(update={"cannot_judge": ("Odd",)})
    answer = Answer(ANN, status="declined", reason="Odd", rules=earlier)
    annotation = answer_to_annotation(answer, ITEM, RANK)
    assert annotation["was_cancelled"] is False
    back = annotation_to_answer(annotation, ITEM, RANK, ANN)
    assert (back.status, back.reason, back.rules is not None) == ("declined", "Odd", True)
    assert is_declined_on_screen(back, RANK)
    assert not is_declined_on_screen(replace(back, rules=None), RANK)
