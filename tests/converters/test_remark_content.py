"""Comments, flags and reasons in Ground Truth's worker-response documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remarked import ITEM, RANK, judgements, tasks_with_items
from strategies import make_item

from gtbridge.converters.formats.job_output import document_to_job_answers, item_document
from gtbridge.converters.formats.reading import Reading
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Worker

DIMENSIONS = [
    {"name": "Help", "allowTie": True, "responseRankings": [1, 1, 3]},
    {"name": "Clear", "allowTie": False, "responseRankings": [1, 2, 3]},
]
UNRANKED = [{**dimension, "responseRankings": [None, None, None]} for dimension in DIMENSIONS]


def form(dimensions: Any = DIMENSIONS, **more: Any) -> dict[str, Any]:
    element = {} if dimensions is None else {"textRanking": {"ordinalRankingDimensions": dimensions}}
    return {"workerId": "w", "answerContent": {**element, **more}}


def read(response: dict[str, Any], item: Any = ITEM, **options: Any) -> Answer:
    return response_to_answer(response, "a file", item=item, **options)


@settings(max_examples=25)
@given(st.data())
def test_whatever_an_answer_says_is_written_and_read_back(data: st.DataObject) -> None:
    task, item = data.draw(tasks_with_items())
    answer = data.draw(judgements(task, item))
    response = json.loads(json.dumps(answer_to_response(answer)))
    assert read(response, item) == replace(answer, raw=response)


def test_it_stands_beside_the_element_under_the_names_of_the_forms_fields() -> None:
    answer = replace(read(form()), raw=None, comment="hm", flags=((), ("Unsafe", "Off topic")))
    assert answer_to_response(answer)["answerContent"] == {
        **form()["answerContent"],
        "comment": "hm",
        "flags-1": {"Unsafe": True, "Off topic": True},
    }
    declined = Answer(Worker("w"), status="declined", reason="Too vague")
    assert answer_to_response(declined)["answerContent"] == {"cannotJudge": "Too vague"}


def test_who_was_sent_back_or_failed_gave_no_reason_in_a_form() -> None:
    for answer in (
        Answer(Worker("w"), status="declined", reason="sent back"),
        Answer(Worker("w"), status="failed", reason="Too vague"),
        Answer(Worker("w"), status="declined"),
    ):
        response = answer_to_response(answer)
        assert response["answerContent"] == {}
        assert read(response) == replace(answer, raw=response)


@pytest.mark.parametrize(
    "marks",
    [
        {"flags-0": {"Unsafe": True, "Rude": False}, "flags-2": {"Rude": True}},
        {"flags-0": ["Unsafe"], "flags-2": ["Rude", "Rude"]},
        {"flags-2": {"Rude": True}, "flags-1": {}, "flags-0": {"Unsafe": True}},
    ],
)
def test_flags_are_read_in_each_shape_that_forms_give_them(marks: dict[str, Any]) -> None:
    answer = read(form(**marks))
    assert (answer.flags, answer.unread) == ((("Unsafe",), (), ("Rude",)), ())
    assert answer.raw == form(**marks)


@pytest.mark.parametrize("reason", ["Too vague", {"Too vague": True, "Not my field": False}, ["Too vague"]])
@pytest.mark.parametrize("dimensions", [None, UNRANKED, []])
def test_a_reason_declines_the_item_where_nothing_is_ranked(reason: Any, dimensions: Any) -> None:
    answer = read(form(dimensions, cannotJudge=reason, comment="hm"))
    assert (answer.status, answer.reason, answer.rankings, answer.comment) == ("declined", "Too vague", (), "hm")
    assert answer.unread == ()


def test_a_reason_beside_what_is_not_understood_declines_nothing() -> None:
    answer = read(form(None, cannotJudge="Too vague", mood="good"))
    assert (answer.status, answer.reason, len(answer.unread)) == ("given", "Too vague", 1)
    with_own = read({**form(None, cannotJudge="Too vague"), "gtbridge": {"status": "declined", "reason": "Odd"}})
    assert (with_own.status, with_own.reason) == ("declined", "Odd")


def test_a_reason_beside_ranks_is_kept_and_so_are_they() -> None:
    answer = read(form(cannotJudge="Too vague"))
    assert (answer.status, answer.reason, len(answer.rankings)) == ("given", "Too vague", 2)
    again = answer_to_response(replace(answer, raw={"result": []}))
    assert read(again).status == "given"
    assert read(again).reason == "Too vague"


@pytest.mark.parametrize("empty", ["", {}, {"Too vague": False}, [], None])
def test_a_field_that_was_left_empty_says_nothing(empty: Any) -> None:
    answer = read(form(cannotJudge=empty, comment="", **{"flags-0": {"Unsafe": False}}))
    assert (answer.status, answer.reason, answer.comment, answer.flags) == ("given", None, None, ())
    assert answer.unread == ()


def test_a_form_in_which_all_fields_were_left_empty_is_no_unknown_content() -> None:
    answer = read(form(None, cannotJudge="", comment="", **{"flags-0": {"Unsafe": False}, "flags-1": []}))
    assert (answer.status, answer.unread) == ("given", ())
    alone = read(form(None, comment="I could not."))
    assert (alone.comment, alone.unread) == ("I could not.", ())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"cannotJudge": {"A": True, "B": True}}, "$.answerContent.cannotJudge: holds 2 reasons"),
        ({"flags-3": {"Unsafe": True}}, "$.answerContent.flags-3: there is no such response"),
    ],
)
def test_what_cannot_be_meant_is_said(more: dict[str, Any], sentence: str) -> None:
    assert read(form(**more)).unread == (sentence,)


@pytest.mark.parametrize(
    "own",
    [
        {"comment": {"text": "x"}},
        {"flags-0": "Unsafe"},
        {"flags-0": {"Unsafe": "yes"}},
        {"flags-x": {"Unsafe": True}},
        {"flags-01": {"Unsafe": True}},
        {"cannotJudge": 5},
        {"cannotJudge": {"why": {"text": "x"}}},
    ],
)
def test_a_forms_own_field_of_another_shape_passes_through(own: dict[str, Any]) -> None:
    response = form(**own)
    answer = read(response)
    assert (answer.status, answer.comment, answer.flags, answer.reason, answer.unread) == ("given", None, (), None, ())
    assert answer_to_response(answer) == response


def test_no_field_is_taken_for_another_element() -> None:
    response = form(comment="x", **{"flags-0": {"ordinalRankingDimensions": True}})
    assert read(response).flags == (("ordinalRankingDimensions",),)
    assert [ranking.ranks for ranking in read(response).rankings] == [(1, 1, 3), (1, 2, 3)]


def test_the_fields_are_read_beside_an_element_that_was_asked_for_by_name() -> None:
    response = form(comment="x", other={"ordinalRankingDimensions": DIMENSIONS})
    answer = read(response, reading=Reading(element="textRanking"))
    assert (answer.comment, len(answer.rankings)) == ("x", 2)
    declined = read(form(None, cannotJudge="Too vague"), reading=Reading(element="textRanking"))
    assert declined.status == "declined"


def test_an_item_document_keeps_what_a_form_declined_among_the_forms_answers() -> None:
    responses = [form(), {**form(UNRANKED, cannotJudge="Too vague"), "workerId": "v"}]
    ours = Answer(Worker("u"), status="declined", reason="Not my field")
    judged = judge(RANK, ITEM, [*map(read, responses), ours])
    document = item_document(judged)
    assert document["answers"] == responses
    assert [entry["workerId"] for entry in document["gtbridge"]["declined"]] == ["u"]
    found = document_to_job_answers(document, "a file", item=ITEM)
    assert [(answer.worker.id, answer.status, answer.reason) for answer in found] == [
        ("w", "given", None),
        ("v", "declined", "Too vague"),
        ("u", "declined", "Not my field"),
    ]
    assert item_document(judge(RANK, ITEM, found)) == document


def test_flags_of_an_answer_that_was_given_again_still_keep_the_rules() -> None:
    first = {**form(comment="one"), "answerContent": {**form()["answerContent"], "flags-1": {"Unsafe": True}}}
    judged = judge(RANK, ITEM, [read(first), read(form(comment="two"))])
    again = judge(RANK, ITEM, document_to_job_answers(item_document(judged), "a file", item=ITEM))
    assert ([a.comment for a in again.valid], [a.flags for a in again.superseded]) == (["two"], [((), ("Unsafe",))])
    assert again.invalid == ()


def test_flags_are_read_where_the_item_is_not_at_hand() -> None:
    assert response_to_answer(form(**{"flags-4": {"Unsafe": True}}), "w").flags == ((), (), (), (), ("Unsafe",))
    assert read(form(**{"flags-1": {"X": True}}), make_item(0, "Only a passage")).flags == ((), ("X",))
