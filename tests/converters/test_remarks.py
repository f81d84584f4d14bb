"""Comments, flags and reasons as Label Studio stores them: what they say, and what cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from remarked import (
    ANN,
    ASK,
    GOOD,
    ITEM,
    ORDER,
    PASSAGE,
    RANK,
    RANKS,
    VAGUE,
    chosen,
    read,
    wrote,
)

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.screens import judge_result, task_data_to_item
from gtbridge.converters.formats.worker_response import response_to_answer
from gtbridge.converters.judgement.rules import problems


def test_flags_belong_to_the_responses_that_they_name_wherever_those_were_shown() -> None:
    answer = read(
        [*GOOD, chosen("flags__0", "r2:Off topic", "r2:Unsafe"), chosen("flags__2", "r0:Unsafe"), wrote("hm")]
    )
    assert answer.flags == (("Unsafe",), (), ("Off topic", "Unsafe"))
    assert (answer.comment, answer.reason, answer.status, answer.unread) == ("hm", None, "given", ())


@pytest.mark.parametrize("beside", [[], [wrote("hm")], [ORDER], [ORDER, wrote("hm")]])
def test_a_reason_alone_declines_the_item_whatever_list_the_editor_sends_along(beside: list[dict[str, Any]]) -> None:
    answer = read([VAGUE, *beside])
    assert (answer.status, answer.reason, answer.rankings, answer.unread) == ("declined", "Too vague", (), ())
    assert answer.comment == ("hm" if wrote("hm") in beside else None)


def test_highlights_that_the_editor_sends_along_say_nothing_beside_a_reason() -> None:
    value = {"start": 0, "end": 3, "text": "The", "labels": ["QA 1"]}
    section = {"id": "s", "from_name": "section", "to_name": "passage", "type": "labels", "value": value}
    answer = read([section, VAGUE, wrote("hm")], ASK, PASSAGE)
    assert (answer.status, answer.unread) == ("declined", ())


@pytest.mark.parametrize("beside", [GOOD, RANKS[:1], [ORDER, chosen("done__clear", "confirmed")]])
def test_a_reason_beside_ranks_is_refused_and_neither_is_dropped(beside: list[dict[str, Any]]) -> None:
    answer = read([VAGUE, *beside])
    assert (answer.status, answer.reason) == ("given", "Too vague")
    assert any(rank is not None for ranking in answer.rankings for rank in ranking.ranks)
    [problem] = problems(RANK, ITEM, answer)
    assert (problem.message.startswith("cannot be judged (Too vague)"), problem.control) == (True, "cannot_judge")


def test_a_reason_beside_questions_is_refused_and_neither_is_dropped() -> None:
    question = {**wrote("Who?"), "from_name": "question_1", "to_name": "passage"}
    answer = read([VAGUE, wrote("hm"), question], ASK, PASSAGE)
    assert [p.control for p in problems(ASK, PASSAGE, answer)] == ["cannot_judge"]
    assert [pair.question for pair in answer.pairs] == ["Who?"]
    assert read([VAGUE, wrote("hm")], ASK, PASSAGE).status == "declined"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (chosen("flags__0", "r7:Unsafe"), "the flags: 'r7:Unsafe' is no flag of a response"),
        (chosen("flags__0", "Unsafe"), "the flags: 'Unsafe' is no flag of a response"),
        (chosen("flags__0", "r1:Unsafe", "r1:Unsafe"), "the flags: a response is marked with Unsafe twice"),
        (chosen("flags__3", "r1:Unsafe"), "flags__3: is no part of this task"),
        (chosen("cannot_judge", "Too vague", "Not my field"), "the reason: cannot_judge holds 2 values"),
        (wrote("a", "b"), "the comment: comment holds 2 values"),
        ({**wrote("a"), "value": {"choices": ["a"]}}, "the comment: comment does not hold text"),
    ],
)
def test_what_cannot_be_meant_is_said(wrong: dict[str, Any], sentence: str) -> None:
    answer = read([*GOOD, wrong])
    assert answer.unread == (sentence,)
    assert answer.status == "given"


def test_a_reason_with_something_that_no_control_made_declines_nothing() -> None:
    answer = read([VAGUE, chosen("mood", "good")])
    assert (answer.status, answer.reason, answer.unread) == ("given", "Too vague", ("mood: is no part of this task",))
    assert [problem.message for problem in problems(RANK, ITEM, answer)] == ["mood: is no part of this task"]


def test_an_unknown_flag_or_reason_is_read_and_left_to_the_rules() -> None:
    assert read([*GOOD, chosen("flags__1", "r1:Rude")]).flags == ((), ("Rude",))
    assert read([chosen("cannot_judge", "Bored")]).reason == "Bored"


def test_what_the_task_does_not_ask_for_is_no_part_of_it() -> None:
    plain = RANK.model_copy(update={"flags": (), "comment": None, "cannot_judge": ()})
    answer = read([*GOOD, chosen("flags__0", "r0:Unsafe"), wrote("hm"), VAGUE], plain)
    assert set(answer.unread) == {
        f"{name}: is no part of this task" for name in ("flags__0", "comment", "cannot_judge")
    }
    assert (answer.flags, answer.comment, answer.reason) == ((), None, None)


def test_a_skipped_item_is_declined_for_no_reason() -> None:
    answer = annotation_to_answer({"result": [VAGUE], "was_cancelled": True}, ITEM, RANK, ANN)
    assert (answer.status, answer.reason) == ("declined", None)


def test_the_screen_judges_a_reason_like_any_other_answer() -> None:
    data = item_to_task_data(ITEM, RANK)
    assert judge_result(RANK, data, [VAGUE, ORDER]).problems == ()
    assert [p.control for p in judge_result(RANK, data, [VAGUE, *GOOD]).problems] == ["cannot_judge"]
    required = RANK.model_copy(update={"comment": "required"})
    assert [p.control for p in judge_result(required, data, [VAGUE]).problems] == ["comment"]
    assert [p.control for p in judge_result(required, data, GOOD).problems] == ["comment"]


def test_the_item_of_a_task_has_its_reference_answer() -> None:
    task = RANK.model_copy(update={"reference": True})
    item = replace(ITEM, reference="<b>so</b>\n")
    found = task_data_to_item(item_to_task_data(item, task), task)
    assert found is not None and found.reference == "<b>so</b>\n"
    without = task_data_to_item(item_to_task_data(item, RANK), RANK)
    assert without is not None and without.reference is None


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ({}, "declined"),
        ({"answer": "It"}, "given"),
        ({"tags": ["Who"]}, "given"),
        ({"textReferences": [{"startOffset": 0, "endOffset": 3, "text": "The"}]}, "given"),
    ],
)
def test_only_an_empty_pair_claims_nothing(written: dict[str, Any], status: str) -> None:
    pair = {"question": " ", "answer": "", "tags": [], **written}
    content = {"questionAndAnswers": {"questionAnswerPairs": [pair]}, "cannotJudge": "Too vague"}
    assert response_to_answer({"workerId": "w", "answerContent": content}, "w", item=PASSAGE).status == status
