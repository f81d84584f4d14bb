"""Every shape of question-answer content that is read, a file each, and that nothing which is not vanishes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from response_variants import PASSAGE, document, read, refused
from strategies import make_item, pair_answers, question_tasks, text

from gtbridge.converters.formats.worker_response import answer_to_response, document_to_answers, response_to_answer
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import Answer, Pair, Section
from gtbridge.label_configs.tasks import QuestionAnswer

ADA, BOB = "Ada opened the meeting.", "Bob closed it."
OPENED = Pair("Who opened the meeting?", "Ada", ("Who",), (), "passage")
CLOSED = Pair("Who closed it?", "Bob", (), (), "passage")


def section(of: str) -> Section:
    start = PASSAGE.text.index(of)
    return Section(start, start + len(of), of)


MARKED = replace(OPENED, sections=(section(ADA),), scope="sections")


@pytest.mark.parametrize(
    "case",
    [
        "pairs-in-a-bare-list",
        "pairs-not-nested",
        "pairs-as-text",
        "pairs-of-objects",
        "pairs-with-other-keys",
        "pairs-startOffset",
        "pairs-startIndex",
        "pairs-start",
        "pairs-begin",
    ],
)
def test_pairs_are_found_in_every_shape(case: str) -> None:
    (answer,) = read(case, PASSAGE)
    assert (answer.pairs, answer.unread) == ((MARKED, CLOSED), ())


@pytest.mark.parametrize("case", ["pairs-in-utf-16", "pairs-in-code-points"])
def test_offsets_are_stored_in_code_points_however_the_form_counted(case: str) -> None:
    # The second section has no text of its own: how it was counted is told by the first.
    (answer,) = read(case, PASSAGE)
    assert answer.pairs == (MARKED, replace(CLOSED, sections=(section(BOB),), scope="sections"))
    assert problems(QuestionAnswer(allow_custom_tags=True), PASSAGE, answer) == []


def test_offsets_that_fit_either_way_are_code_points() -> None:
    reference = {"startOffset": 2, "endOffset": 3, "text": "a"}
    pair = {"question": "q", "answer": "a", "textReferences": [reference]}
    response = {"workerId": "w", "answerContent": {"qa": [pair]}}
    answer = response_to_answer(response, "w.json", item=make_item(0, "👩aaa"))
    assert answer.pairs[0].sections == (Section(2, 3, "a"),)


@pytest.mark.parametrize(("start", "end"), [(0, 3), (30, 99), (-3, 2), (5, 5)])
def test_a_section_that_is_not_there_stays_for_the_rules_to_report(start: int, end: int) -> None:
    pair = {"question": "q", "answer": "a", "textReferences": [{"startOffset": start, "endOffset": end, "text": ADA}]}
    answer = response_to_answer({"workerId": "w", "answerContent": {"qa": [pair]}}, "w.json", item=PASSAGE)
    assert answer.pairs[0].sections == (Section(start, end, ADA),)
    assert any("the section" in problem.message for problem in problems(QuestionAnswer(), PASSAGE, answer))


BY_HAND = {
    "pairs": "paare", "question": "frage", "answer": "antwort", "tags": "art", "references": "stellen",
    "start": "von", "end": "bis", "text": "wort",
}  # fmt: skip


def test_keys_given_by_hand_win_over_the_search() -> None:
    assert read("pairs-by-hand", PASSAGE, keys=BY_HAND)[0].pairs == (MARKED, CLOSED)
    assert read("pairs-in-a-bare-list", PASSAGE, keys={"references": "none", "tags": "none"})[0].pairs == (
        replace(OPENED, tags=()),
        CLOSED,
    )


@pytest.mark.parametrize("key", [key for key in BY_HAND if key not in ("tags", "text")])
def test_a_key_by_hand_that_is_missing_leaves_something_unread(key: str) -> None:
    (answer,) = read("pairs-by-hand", PASSAGE, keys={**BY_HAND, key: "wrong"})
    assert answer.unread if key != "references" else not answer.pairs[0].sections


NOTHING = "$.answers[0].answerContent: neither ranks nor questions with answers were found here; name their keys with"


@pytest.mark.parametrize("case", ["pairs-by-hand", "pairs-of-another-shape"])
def test_content_in_which_nothing_is_found_says_so(case: str) -> None:
    assert read(case, PASSAGE)[0].unread == (f"{NOTHING} --key-map",)


def test_two_lists_of_pairs_are_refused_by_name_unless_one_is_named() -> None:
    sentence = refused("pairs-twice", PASSAGE)
    assert "answerContent: several lists hold questions with answers (first.list, second.list); name" in sentence
    assert read("pairs-twice", PASSAGE, element="second")[0].pairs == (CLOSED,)
    assert "first.list, second.list" in refused("pairs-twice", PASSAGE, keys={"pairs": "list"})


def test_an_answer_with_an_unreadable_pair_is_no_smaller_answer() -> None:
    (answer,) = read("pairs-one-unreadable", PASSAGE)
    assert answer.pairs == (OPENED,)
    assert answer.unread == ("$.answers[0].answerContent.qa.list[1].answer: expected text",)


def test_a_list_of_the_documented_name_is_read_even_if_nothing_in_it_can_be() -> None:
    content = {"qa": {"questionAnswerPairs": [7, {"question": "q"}]}}
    answer = response_to_answer({"workerId": "w", "answerContent": content}, "w.json")
    place = "$.answerContent.qa.questionAnswerPairs"
    assert answer.unread == (
        f"{place}[0]: expected an object with a question and an answer",
        f"{place}[1].answer: expected text",
    )


def test_a_key_that_is_the_word_wins_over_those_that_are_like_it() -> None:
    pair = {"originalQuestion": "x", "question": "q", "questionAnswer": "y", "answer": "a"}
    answer = response_to_answer({"workerId": "w", "answerContent": {"qa": [pair]}}, "w.json")
    assert answer.pairs == (Pair("q", "a", scope="passage"),)


def test_a_pair_whose_sections_are_unread_is_not_about_the_whole_passage() -> None:
    pair = {"question": "q", "answer": "a", "references": [{"at": 3}]}
    answer = response_to_answer({"workerId": "w", "answerContent": {"qa": [pair]}}, "w.json")
    assert (answer.pairs[0].scope, len(answer.unread)) == (None, 1)


def test_sections_that_belong_to_no_pair_are_named() -> None:
    (answer,) = read("pairs-sections-beside", PASSAGE)
    place = "$.answers[0].answerContent.qa.marks"
    assert answer.unread == (f"{place}: sections stand here, but nothing tells to which pair they belong",)


def test_a_form_that_was_left_empty_leaves_nothing_unread() -> None:
    assert [(answer.pairs, answer.unread) for answer in read("pairs-none", PASSAGE)] == [((), ())] * 3


def unread(**pair: Any) -> tuple[str, ...]:
    content = {"qa": [{"question": "q", "answer": "a", **pair}]}
    answer = response_to_answer({"workerId": "w", "answerContent": content}, "w.json", "$")
    assert answer.pairs[0].question == "q"
    return tuple(sentence.removeprefix("$.answerContent.qa[0]") for sentence in answer.unread)


SPAN = {"start": 0, "end": 1, "text": "x"}


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ({"tags": [1]}, ".tags: expected a list of texts"),
        ({"tags": ["a"], "labels": ["b"]}, ": has different tags under several keys (tags, labels); name one"),
        ({"textReferences": 5}, ".textReferences: expected a list"),
        ({"references": {"at": 3}}, ".references: expected a list"),
        ({"sectionIds": ["s1"]}, ".sectionIds[0]: expected where a section begins and where it ends"),
        ({"marks": [{"start": 0}]}, ".marks[0]: does not tell where the section begins and where it ends"),
        ({"marks": [{**SPAN, "end": "1"}]}, ".marks[0].end: expected a number of characters"),
        ({"marks": [{**SPAN, "start": True}]}, ".marks[0].start: expected a number of characters"),
        ({"marks": [{**SPAN, "end": 2**31}]}, ".marks[0].end: expected a number of characters"),
        ({"marks": [{**SPAN, "text": 5}]}, ".marks[0].text: expected text"),
        ({"marks": [SPAN, "x"]}, ".marks[1]: expected where a section begins and where it ends"),
        (
            {"marks": [SPAN], "spans": [SPAN]},
            ": refers to sections under several keys (marks, spans); name one with --key-map",
        ),
        ({"marks": [{"start": 0, "end": 1}]}, ".marks[0]: has no text, and the passage is not at hand"),
    ],
)
def test_what_is_not_understood_of_a_pair_is_named_where_it_stands(pair: dict[str, Any], sentence: str) -> None:
    assert unread(**pair) == (sentence,)


@pytest.mark.parametrize(
    "pair",
    [
        {"tags": None},
        {"tag": ""},
        {"tags": ["a"], "labels": ["a"]},
        {"textReferences": None},
        {"confidence": 0.5, "wholePassageReference": True, "history": [{"at": "x"}], "questionWords": 3},
    ],
)
def test_further_keys_of_a_pair_are_no_complaint(pair: dict[str, Any]) -> None:
    assert unread(**pair) == ()


@given(st.data())
def test_pairs_come_back_as_they_were_beside_their_passage(data: Any) -> None:
    item = make_item(0, data.draw(text))
    answer: Answer = data.draw(pair_answers(data.draw(question_tasks()), item))
    (back,) = document_to_answers({"answers": [answer_to_response(answer)]}, "w.json", item=item)
    assert replace(back, raw=None) == answer


@given(st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable()), st.data())
def test_sections_that_a_browser_counted_are_those_that_it_showed(passage: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(passage) - 1))
    end = data.draw(st.integers(start + 1, len(passage)))
    units = [len(passage[:at].encode("utf-16-le")) // 2 for at in (start, end)]
    reference = {"startOffset": units[0], "endOffset": units[1], "text": passage[start:end]}
    pair = {"question": "q", "answer": "a", "textReferences": [reference]}
    response = {"workerId": "w", "answerContent": {"qa": [pair]}}
    (found,) = response_to_answer(response, "w.json", item=make_item(0, passage)).pairs[0].sections
    assert passage[found.start : found.end] == passage[start:end]


def test_documents_are_read_without_being_changed() -> None:
    before = document("pairs-in-utf-16")
    document_to_answers(before, "w.json", item=PASSAGE)
    assert before == document("pairs-in-utf-16")
