"""Two answers compared: each thing that an answer says is one difference, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from compared import (
    PASSAGE,
    PROMPT,
    REMOVE,
    Change,
    changed,
    compared,
    output,
    pair,
    pair_entry,
    ranking,
    ranking_entry,
    short,
    to,
)

TEXT_RANKING = {
    "an order": (ranking(0, "responseRankings", value=[2, 1, 1]), "ranking", "0/w1/Help", "1 2 2", "2 1 1"),
    "a tie broken": (ranking(0, "responseRankings", value=[1, 2, 3]), "ranking", "0/w1/Help", "1 2 2", "1 2 3"),
    "a tie made": (ranking(1, "responseRankings", value=[2, 1, 2]), "ranking", "0/w1/Safe", "3 1 2", "2 1 2"),
    "a rank lost": (ranking(1, "responseRankings", value=[3, 1, None]), "ranking", "0/w1/Safe", "3 1 2", "3 1 -"),
    "a dimension lost": (ranking(1, value=REMOVE), "ranking", "0/w1/Safe", "3 1 2", None),
    "a tie rule": (ranking(0, "allowTie", value=False), "tie rule", "0/w1/Help/allowTie", "true", "false"),
    "a tie rule lost": (ranking(1, "allowTie", value=REMOVE), "tie rule", "0/w1/Safe/allowTie", "false", None),
    "a time of acceptance": (
        to("acceptanceTime", value="2025-06-20T18:59:15.192Z"),
        *("time", "0/w1/acceptanceTime", "2025-06-20T18:59:15.191Z", "2025-06-20T18:59:15.192Z"),
    ),
    "a time of submission lost": (
        to("submissionTime", value=REMOVE),
        *("time", "0/w1/submissionTime", "2025-06-20T18:59:58.321Z", None),
    ),
    "the seconds": (to("timeSpentInSeconds", value=40), "time", "0/w1/timeSpentInSeconds", "40.5", "40"),
    "the worker": (to("workerId", value="w2"), "worker", "0", "w1", "w2"),
    "who the worker is": (
        to("workerMetadata", "identityData", value={"sub": "x"}),
        *("identity", "0/w1/identity", '{"identityProviderType":"Cognito","sub":"s-w1"}', '{"sub":"x"}'),
    ),
    "the shown order": (
        to("gtbridge", "responseOrder", value=[0, 1, 2]),
        *("shown order", "0/w1/shown order", "[2,0,1]", "[0,1,2]"),
    ),
    "a reason": (to("gtbridge", "reason", value="tired"), "reason", "0/w1/reason", None, "tired"),
    "a status": (to("gtbridge", "status", value="declined"), "status", "0/w1/status", "given", "declined"),
    "an unknown field": (to("custom", "deep", 0, value=2), "other field", "0/w1/custom.deep[0]", "1", "2"),
    "an unknown number that became true": (
        to("custom", "deep", 0, value=True),
        *("other field", "0/w1/custom.deep[0]", "1", "true"),
    ),
    "an unknown field lost": (
        to("custom", value=REMOVE),
        *("other field", "0/w1/custom", '{"deep":[1,{"x":null}]}', None),
    ),
    "an unknown null lost": (
        to("custom", "deep", 1, "x", value=REMOVE),
        *("other field", "0/w1/custom.deep[1].x", "null", None),
    ),
    "an unknown field of the worker": (
        to("workerMetadata", "team", value="blue"),
        *("other field", "0/w1/workerMetadata.team", "red", "blue"),
    ),
    "an unknown field of the content": (
        to("answerContent", "mood", value=REMOVE),
        *("other field", "0/w1/answerContent.mood", "good", None),
    ),
    "a comment": (to("answerContent", "comment", value="nothing"), "comment", "0/w1/comment", "none", "nothing"),
    "a comment lost": (to("answerContent", "comment", value=REMOVE), "comment", "0/w1/comment", "none", None),
    "a flag": (
        to("answerContent", "flags-1", "Rude", value=True),
        *("flags", "0/w1/flags on response 2", "Unsafe", "Unsafe, Rude"),
    ),
    "a flag lost": (
        to("answerContent", "flags-1", "Unsafe", value=False),
        *("flags", "0/w1/flags on response 2", "Unsafe", None),
    ),
    "a flag on another response": (
        to("answerContent", "flags-0", value={"Rude": True}),
        *("flags", "0/w1/flags on response 1", None, "Rude"),
    ),
    "a reason in the form": (to("answerContent", "cannotJudge", value="Hm"), "reason", "0/w1/reason", None, "Hm"),
    "an unknown field of a dimension": (
        ranking(0, "confidence", value="low"),
        *("other field", "0/w1/answerContent.textRanking.ordinalRankingDimensions.0.confidence", "high", "low"),
    ),
}
PAIR = "0/w1/answerContent.questionAndAnswers.questionAnswerPairs"
QUESTIONS = {
    "a question": (pair(0, "question", value="Who?"), "question", "0/w1/pair 1/question", "Who crossed?", "Who?"),
    "an answer": (pair(1, "answer", value="It"), "answer text", "0/w1/pair 2/answer", "The river", "It"),
    "a tag": (pair(0, "tags", value=["Who", "own"]), "tags", "0/w1/pair 1/tags", '["Who","mine"]', '["Who","own"]'),
    "a tag lost": (pair(1, "tags", value=[]), "tags", "0/w1/pair 2/tags", '["What"]', "[]"),
    "a section": (
        pair(0, "textReferences", 1, value={"startOffset": 8, "endOffset": 15, "text": "crossed"}),
        *("sections", "0/w1/pair 1/sections", "0-3 The; 4-7 fox", "0-3 The; 8-15 crossed"),
    ),
    "a section lost": (
        pair(0, "textReferences", 1, value=REMOVE),
        *("sections", "0/w1/pair 1/sections", "0-3 The; 4-7 fox", "0-3 The"),
    ),
    "the last pair lost": (pair(2, value=REMOVE), "pair", "0/w1/pair 3", "What else? Nothing", None),
    "an unknown field of a pair": (pair(1, "score", value=1), "other field", f"{PAIR}.1.score", "0.5", "1"),
    "an unknown field of a section": (
        pair(0, "textReferences", 0, "colour", value="blue"),
        *("other field", f"{PAIR}.0.textReferences.0.colour", "red", "blue"),
    ),
}
CASES: list[tuple[Any, ...]] = [(PROMPT, ranking_entry(), *case) for case in TEXT_RANKING.values()]
CASES += [(PASSAGE, pair_entry(), *case) for case in QUESTIONS.values()]


@pytest.mark.parametrize(
    ("fields", "entry", "change", "kind", "place", "a", "b"), CASES, ids=[*TEXT_RANKING, *QUESTIONS]
)
def test_a_change_is_one_difference_at_its_place(
    fields: dict[str, Any], entry: dict[str, Any], change: Change, kind: str, place: str, a: Any, b: Any
) -> None:
    first, second = changed(fields, entry, change)
    assert short(compared(first, second).differences.kept) == [(kind, place, a, b)]
    assert short(compared(second, first).differences.kept) == [
        (kind, place, b, a) if kind != "worker" else ("worker", "0", "w2", "w1")
    ]


def test_a_pair_lost_in_the_middle_is_one_difference() -> None:
    found = compared(*changed(PASSAGE, pair_entry(), pair(1, value=REMOVE)))
    assert [(f.kind, f.place, f.a) for f in found.differences.kept if f.kind == "pair"] == [
        ("pair", "0/w1/pair 2", "What? The river")
    ]


def test_a_value_of_the_wrong_kind_is_not_taken_for_what_it_should_be() -> None:
    found = compared(*changed(PROMPT, ranking_entry(), to("timeSpentInSeconds", value="40.5")))
    assert short(found.differences.kept) == [
        ("time", "0/w1/timeSpentInSeconds", "40.5", None),
        ("other field", "0/w1/timeSpentInSeconds", None, "40.5"),
    ]


def test_a_comment_that_is_no_text_and_two_reasons_are_compared_as_they_stand() -> None:
    found = compared(*changed(PROMPT, ranking_entry(), to("answerContent", "comment", value=[1])))
    assert short(found.differences.kept) == [
        ("comment", "0/w1/comment", "none", None),
        ("other field", "0/w1/answerContent.comment", None, "[1]"),
    ]
    entry = ranking_entry()
    entry["answerContent"]["cannotJudge"] = {"Vague": True, "Odd": True, "Old": False}
    found = compared(*changed(PROMPT, entry, to("answerContent", "cannotJudge", "Old", value=True)))
    assert [(f.kind, f.place) for f in found.differences.kept] == [
        ("other field", "0/w1/answerContent.cannotJudge.Old")
    ]


def test_flags_in_another_order_and_those_that_were_not_given_are_no_difference() -> None:
    entry = ranking_entry()
    entry["answerContent"]["flags-1"] = {"Unsafe": True, "Rude": True}
    found = compared(*changed(PROMPT, entry, to("answerContent", "flags-1", value={"Rude": True, "Unsafe": True})))
    assert found.same
    assert [(note.kind, note.place) for note in found.notes.kept] == [("flags", "0/w1/flags on response 2")]
    found = compared(*changed(PROMPT, ranking_entry(), to("answerContent", "flags-1", "Rude", value=REMOVE)))
    assert found.same


def test_another_reference_answer_is_a_difference_of_the_item() -> None:
    one, other = ({**PROMPT, "reference": said} for said in ("so", "thus"))
    found = compared(output(one, ranking_entry()), output(other, ranking_entry()))
    assert short(found.differences.kept) == [("field", "0/reference", "so", "thus")]


def test_what_hung_on_a_lost_part_is_lost_with_it() -> None:
    found = compared(*changed(PROMPT, ranking_entry(), ranking(0, value=REMOVE)))
    assert [f.kind for f in found.differences.kept] == ["ranking", "other field"]


def test_content_of_an_unknown_form_is_compared_whole_and_a_change_told_once() -> None:
    entry = pair_entry()
    entry["answerContent"] = {"form": [{"questionText": "Who?", "answerText": "She", "label": "x"}]}
    found = compared(*changed(PASSAGE, entry, to("answerContent", "form", 0, "questionText", value="What?")))
    assert short(found.differences.kept) == [("question", "0/w1/pair 1/question", "Who?", "What?")]
    found = compared(*changed(PASSAGE, entry, to("answerContent", "form", 0, "label", value="y")))
    assert short(found.differences.kept) == [("other field", "0/w1/answerContent.form[0].label", "x", "y")]


def test_an_unknown_field_that_changed_like_a_known_one_is_told_as_well() -> None:
    entry = ranking_entry(copy="1 2 2")
    first, second = changed(PROMPT, entry, ranking(0, "responseRankings", value=[2, 1, 1]))
    second[0][1]["answers"][0]["copy"] = "2 1 1"
    assert [f.kind for f in compared(first, second).differences.kept] == ["ranking", "other field"]
