"""Projects of other people in which passages are asked about -> pairs, with the sections that were highlighted."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import answered, judged, labels, one_answer, read, typed
from foreign_passage import (
    ANN,
    ANSWER,
    BOB,
    BOTH,
    DATA,
    EACH,
    LATER,
    MARKS,
    ONCE,
    PASSAGE,
    QUESTION,
    TEXT,
    pair,
    said,
    span,
)
from foreign_templates import labeling_config
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import build_in_memory, options

from gtbridge.converters.foreign_projects.mapping import parse_mapping
from gtbridge.converters.foreign_projects.reading import project_reading
from gtbridge.converters.records import Section

# A region is a pair


def test_texts_of_one_region_are_a_pair_in_whatever_order_they_stand() -> None:
    result = [
        typed("say", "him", region=LATER),
        typed("ask", "Who met?", region=ANN),
        labels("part", LATER, "Bob", "Answer"),
        typed("say", "she", region=ANN),
        typed("ask", "Whom?", region=LATER),
        labels("part", ANN, "Ann", "Answer"),
    ]
    for stored in (result, result[::-1]):
        answer = said(EACH, BOTH, *stored)
        assert answer.pairs == (pair("Who met?", "she", ANN), pair("Whom?", "him", LATER))
        assert answer.unread == ()


def test_what_is_highlighted_is_the_answer_where_that_is_said() -> None:
    result = [labels("part", BOB, "Bob", "Answer"), typed("ask", "Whom?", region=BOB)]
    config = TEXT + MARKS + QUESTION + '<TextArea name="note" toName="shown"/>'
    answer = said(config, ("question=ask", "answer=section"), *result)
    assert answer.pairs == (pair("Whom?", "Bob", BOB),)
    assert said(TEXT + MARKS + QUESTION, ("question=ask",), *result).pairs == answer.pairs


def test_the_question_may_stand_in_the_data_and_each_region_answers_it() -> None:
    result = [labels("part", LATER, "Bob", "Answer"), labels("part", ANN, "Ann", "Answer")]
    expected = (pair("Who came?", "Ann", ANN), pair("Who came?", "Bob", LATER))
    assert said(TEXT + MARKS, ("question=question",), *result).pairs == expected
    texts = [typed("say", "an Ann", region=ANN), typed("say", "one", "another", region=LATER)]
    answer = said(TEXT + MARKS + ANSWER, ("question=question",), *result, *texts)
    assert answer.pairs == (
        pair("Who came?", "an Ann", ANN),
        pair("Who came?", "one", LATER),
        pair("Who came?", "another", LATER),
    )


def test_the_template_that_ships_asks_for_the_question_and_becomes_qa_squad_and_sft() -> None:
    xml = labeling_config("natural-language-processing/question-answering")
    with pytest.raises(Exception, match=r"--map question=KEY_OR_CONTROL \(.*: question\)$"):
        project_reading(xml, source="it")
    reading = project_reading(xml, parse_mapping(["question=question"]), "it")
    results = [[labels("answer", region, text, "Answer")] for region, text in ((ANN, "Ann"), (LATER, "Bob"))]
    item = judged(reading, answered(reading, DATA, *results))
    rows, *_ = build_in_memory([item], [], options())
    assert [(row["question"], row["answer"]) for row in rows["qa", "train"]] == [
        ("Who came?", "Ann"),
        ("Who came?", "Bob"),
    ]
    starts = [(row["answers"], row["metadata"]["how"]) for row in rows["squad", "train"]]
    assert starts == [
        ({"text": ["Ann"], "answer_start": [ANN[1]]}, "section"),
        ({"text": ["Bob"], "answer_start": [LATER[1]]}, "section"),
    ]
    assert len(rows["sft", "train"]) == len(rows["annotations", "train"]) == 2


def test_a_region_of_which_something_is_missing_breaks_a_rule_and_nothing_is_made_up() -> None:
    reading = read(EACH, *BOTH)
    only_marked = [labels("part", ANN, "Ann", "Answer")]
    no_answer = [*only_marked, typed("ask", "Who met?", region=ANN)]
    found = judged(reading, answered(reading, DATA, only_marked, no_answer, [])).judged
    assert [broken for _, broken in found.invalid] == [
        ("QA 1: write a question", "QA 1: write an answer"),
        ("QA 1: write an answer",),
        ("nothing was answered", "0 pairs of question and answer; at least 1 pair is needed"),
    ]


def test_a_region_that_has_no_label_is_a_region() -> None:
    texts = [typed("ask", "Who met?", region=ANN), typed("say", "she", region=ANN)]
    assert said(EACH, BOTH, *texts).pairs == (pair("Who met?", "she", ANN),)


def test_what_was_typed_for_a_region_is_not_taken_for_its_text() -> None:
    texts = [typed("ask", "", region=ANN), typed("say", "she", region=ANN)]
    texts[0]["value"]["text"] = "Who met?"
    answer = said(EACH, BOTH, *texts)
    assert (answer.pairs, answer.unread) == ((pair("Who met?", "she", ANN),), ())


def test_regions_that_begin_together_stand_by_their_ends() -> None:
    longer = ("longer", ANN[1], ANN[2] + 4)
    stored = [labels("part", longer, "Ann met", "Answer"), labels("part", ANN, "Ann", "Answer")]
    for result in (stored, stored[::-1]):
        assert [pair.answer for pair in said(TEXT + MARKS, ("question=question",), *result).pairs] == ["Ann", "Ann met"]


# Once for the task


def test_texts_of_the_task_are_one_pair_about_the_passage_or_about_all_that_is_highlighted() -> None:
    texts = [typed("ask", "Who met?"), typed("say", "they")]
    assert said(TEXT + ONCE, BOTH, *texts).pairs == (pair("Who met?", "they"),)
    marked = [labels("part", LATER, "Bob", "Answer"), labels("part", ANN, "Ann", "Answer")]
    assert said(TEXT + MARKS + ONCE, BOTH, *texts, *marked).pairs == (pair("Who met?", "they", ANN, LATER),)
    assert said(TEXT + MARKS + ONCE, (*BOTH, "ignore=part"), *texts, *marked).pairs == (pair("Who met?", "they"),)


def test_several_answers_to_one_question_are_pairs_and_several_questions_are_unread() -> None:
    answers = typed("say", "they", "both")
    found = said(TEXT + ONCE, BOTH, typed("ask", "Who met?"), answers)
    assert found.pairs == (pair("Who met?", "they"), pair("Who met?", "both"))
    for questions, count in (("Who?", "Whom?"), 2), (("a", "b", "c"), 3):
        found = said(TEXT + ONCE, BOTH, typed("ask", *questions), answers)
        sentence = f"{count} questions, 2 answers and 0 highlighted parts: which belong together is not stored"
        assert (found.pairs, found.unread) == ((), (sentence,))


def test_questions_that_nobody_answered_are_unread_as_well() -> None:
    assert said(TEXT + ONCE, BOTH, typed("ask", "Who?", "Whom?")).unread


def test_which_answer_of_several_a_section_belongs_to_is_unread() -> None:
    marked = [labels("part", BOB, "Bob", "Answer")]
    found = said(TEXT + MARKS + ONCE, BOTH, typed("ask", "Who?"), typed("say", "he", "she"), *marked)
    sentence = "1 questions, 2 answers and 1 highlighted parts: which belong together is not stored"
    assert (found.pairs, found.unread) == ((), (sentence,))


# Where a region lies


@settings(max_examples=20)
@given(st.text(max_size=30), st.data())
def test_a_region_is_where_it_says_in_code_points(passage: str, data: Any) -> None:
    passage += "."
    start = data.draw(st.integers(0, len(passage) - 1))
    end = data.draw(st.integers(start + 1, len(passage)))
    entry = labels("part", ("a", start, end), passage[start:end], "Answer")
    answer = one_answer(read(TEXT + MARKS, "question=question"), {**DATA, "text": passage}, entry)
    assert answer.unread == ()
    (found,) = answer.pairs
    assert found.sections == (Section(start, end, passage[start:end]),)


@pytest.mark.parametrize("shown", ["Bob.\\nBob  met", "Bob.\nBob  met", "Bob. Bob met", "Bob.\\n\\nBob met"])
def test_line_breaks_and_spaces_in_the_stored_text_are_the_editors(shown: str) -> None:
    found = said(TEXT + MARKS, ("question=question",), labels("part", span("Bob.\nBob  met"), shown, "Answer"))
    assert found.pairs == (pair("Who came?", "Bob.\nBob  met", span("Bob.\nBob  met")),)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"text": "Bob"}, "the region 6 to 9 is not what the passage says there"),
        ({"start": 7}, "the region 7 to 9 is not what the passage says there"),
        ({"start": -1}, "the region -1 to 9 is not in the passage"),
        ({"end": len(PASSAGE) + 1}, f"the region 6 to {len(PASSAGE) + 1} is not in the passage"),
        ({"start": 10, "end": 10}, "the region 10 to 10 is not in the passage"),
        ({"start": 12}, "the region 12 to 9 is not in the passage"),
        ({"start": "/div[1]", "end": "/div[1]"}, "a region does not say where in the passage it is"),
        ({"start": True}, "a region does not say where in the passage it is"),
        ({"end": None}, "a region does not say where in the passage it is"),
        ({"end": 10.0}, "a region does not say where in the passage it is"),
    ],
)
def test_a_region_that_does_not_fit_is_unread_and_never_moved(value: Any, sentence: str) -> None:
    entry = labels("part", ANN, "Ann", "Answer")
    assert ANN[1:] == (6, 9)
    entry["value"] |= value
    found = said(TEXT + MARKS, ("question=question",), entry)
    assert (found.pairs, found.unread) == ((), (f"part: {sentence}",))


def test_one_region_that_does_not_fit_makes_the_answer_invalid() -> None:
    reading = read(TEXT + MARKS, "question=question")
    line = answered(reading, DATA, [labels("part", ANN, "Ann", "Answer"), labels("part", BOB, "Ann", "Answer")])
    assert len(judged(reading, line).judged.invalid) == 1


def test_a_region_whose_text_was_not_stored_is_what_the_passage_says() -> None:
    entry = labels("part", ANN, "", "Answer")
    del entry["value"]["text"]
    assert said(TEXT + MARKS, ("question=question",), entry).pairs == (pair("Who came?", "Ann", ANN),)


def test_regions_without_an_id_are_regions_of_their_own_and_one_is_not_marked_twice() -> None:
    bare = [{**labels("part", region, text, "Answer"), "id": None} for region, text in ((ANN, "Ann"), (BOB, "Bob"))]
    assert len(said(TEXT + MARKS, ("question=question",), *bare).pairs) == 2
    twice = [labels("part", ANN, "Ann", "Answer"), labels("part", ANN, "Ann", "Answer")]
    assert said(TEXT + MARKS, ("question=question",), *twice).unread == ("part: speaks of one region twice",)


def test_a_passage_that_is_a_list_has_no_offsets_to_count_in() -> None:
    with pytest.raises(Exception, match="task 7: 'text' is no text"):
        one_answer(read(TEXT + MARKS, "question=question"), {"text": ["a", "b"], "question": "q"})
    listed = answered(read(TEXT + ONCE, *BOTH), {"text": ["a", "b"]})
    assert listed.line.item.text == "a\n\nb"
