"""Judged questions and answers -> rows of ``sft``, ``qa``, ``squad`` and ``prompts``."""

from __future__ import annotations

from typing import Any

import pytest
from job_items import ASK, HELP, asked, build_in_memory, job_item, options, ranked
from real_data import xquad
from strategies import make_item

from gtbridge.converters.judgement.extractive import Span, find_answer
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Pair, Section, Worker

PASSAGE = "\U0001f600 Ann met Bob. Bob met Ann."
TRAIN = "train"


def linked(*spans: tuple[int, int], passage: str = PASSAGE) -> tuple[Section, ...]:
    return tuple(Section(start, end, passage[start:end]) for start, end in spans)


def pair(answer: str, *spans: tuple[int, int], question: str = "Who?", passage: str = PASSAGE) -> Pair:
    sections = linked(*spans, passage=passage)
    return Pair(question, answer, ("What",), sections, "sections" if sections else "passage")


def about(*pairs: Pair, passage: str = PASSAGE, index: int = 0, worker: str = "ann") -> JobItem:
    return job_item(make_item(index, passage), Answer(Worker(worker), pairs=pairs), task=ASK, job="ask")


def made(*items: JobItem, **chosen: Any) -> tuple[dict[str, list[dict[str, Any]]], Ledger]:
    rows, _, ledger, _ = build_in_memory(items, ["Help"], options(**chosen))
    return {config: part for (config, split), part in rows.items() if split == TRAIN}, ledger


def turns(rows: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    return [(row["prompt"][0]["content"], row["completion"][0]["content"]) for row in rows.get("sft", [])]


# What the model is given


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (
            {},
            ("Answer the question from the passage.\n\nPassage:\nIt {is} 5.\n\nQuestion: {How} much?", "5 {passage}"),
        ),
        (
            {"context": "sections"},
            ("Answer the question from the excerpts.\n\nExcerpts:\n{is}\n\nQuestion: {How} much?", "5 {passage}"),
        ),
        ({"context": "none"}, ("{How} much?", "5 {passage}")),
        (
            {"direction": "ask"},
            ("Ask a question that the passage answers.\n\nPassage:\nIt {is} 5.", "{How} much?"),
        ),
        (
            {"direction": "ask", "context": "sections"},
            ("Ask a question that the excerpts answer.\n\nExcerpts:\n{is}", "{How} much?"),
        ),
    ],
)
def test_the_users_turn_is_made_by_the_template_whatever_braces_the_texts_hold(chosen: Any, expected: Any) -> None:
    item = about(pair("5 {passage}", (3, 7), question="{How} much?", passage="It {is} 5."), passage="It {is} 5.")
    rows, _ = made(item, **chosen)
    assert turns(rows) == [expected]
    assert [(row["prompt"], row["answers"]) for row in rows["prompts"]] == [
        ([{"role": "user", "content": expected[0]}], [expected[1]])
    ]


def test_linked_sections_stand_in_the_order_of_the_passage_and_each_once() -> None:
    item = about(pair("Ann", (15, 18), (2, 5), (15, 18), (2, 9)))
    ((turn, _),) = turns(made(item, context="sections")[0])
    assert "Excerpts:\nAnn\n\nAnn met\n\nBob\n\nQuestion:" in turn


def test_a_pair_without_sections_is_counted_where_they_are_the_context() -> None:
    item = about(pair("Ann"), pair("Bob", (15, 18), question="And who?"))
    rows, ledger = made(item, context="sections")
    assert len(rows["sft"]) == len(rows["prompts"]) == 1
    assert ledger.drops["questions", "that link no section"] == 1
    assert len(rows["qa"]) == 2


def test_a_question_that_is_asked_in_both_splits_stays_in_one() -> None:
    items = [about(pair("Ann"), passage=f"Ann {number}.", index=number) for number in range(12)]
    for context, splits in (("none", 1), ("passage", 2)):
        rows, _, ledger, _ = build_in_memory(items, [], options(context=context, test_size=0.5))
        found = [split for config, split in rows if config == "sft"]
        assert len(found) == splits
        kept = sum(len(part) for (config, _), part in rows.items() if config == "sft")
        assert ledger.drops["rows (sft)", "whose prompt is in the other split"] == 12 - kept
        assert ledger.came["rows (sft)"] in (0, 12)


# qa


def test_a_row_of_qa_has_the_pair_as_it_was_given() -> None:
    rows, _ = made(about(pair(" Ann ", (15, 18), (2, 5)), pair("Bob")))
    first, second = rows["qa"]
    assert (first["passage"], first["question"], first["answer"], first["tags"]) == (PASSAGE, "Who?", " Ann ", ["What"])
    assert first["sections"] == [
        {"start": 15, "end": 18, "text": "Bob"},
        {"start": 2, "end": 5, "text": "Ann"},
    ]
    assert [row["metadata"]["scope"] for row in rows["qa"]] == ["sections", "passage"]
    assert first["metadata"]["annotator"].startswith("annotator-")
    assert first["metadata"]["id"] != second["metadata"]["id"]


# squad


@pytest.mark.parametrize(
    ("answer", "spans", "expected"),
    [
        ("Ann", [(23, 26)], Span(23, "Ann", "section")),
        ("Ann", [(23, 26), (2, 5)], Span(2, "Ann", "section")),
        ("Ann", [(2, 9), (23, 26)], Span(23, "Ann", "section")),
        ("\nAnn ", [(23, 26)], Span(23, "Ann", "section")),
        ("Ann", [(22, 27)], Span(23, "Ann", "in-section")),
        ("Ann", [(1, 6)], Span(2, "Ann", "section")),
        ("Ann", [(10, 27), (0, 10)], Span(2, "Ann", "in-section")),
        ("n", [(0, 13)], Span(3, "n", "in-section")),
        ("met Ann", [], Span(19, "met Ann", "passage")),
        ("met Ann", [(2, 5)], Span(19, "met Ann", "passage")),
        ("Ann", [], "that stand in the passage more than once"),
        ("ann", [(2, 5)], "that do not stand in the passage"),
        ("Ann  met", [], "that do not stand in the passage"),
    ],
)
def test_an_answer_is_found_exactly_or_not_at_all(answer: str, spans: Any, expected: Any) -> None:
    found = find_answer(pair(answer, *spans), PASSAGE)
    assert found == expected
    if isinstance(found, Span):
        assert PASSAGE[found.start : found.start + len(found.text)] == found.text


def test_occurrences_that_overlap_are_two() -> None:
    assert find_answer(pair("aba", passage="ababa"), "ababa") == "that stand in the passage more than once"


def test_a_row_of_squad_is_what_question_answering_reads() -> None:
    rows, ledger = made(about(pair("Ann", (2, 5)), pair("nobody", question="Who else?")))
    (row,) = rows["squad"]
    assert row["answers"] == {"text": ["Ann"], "answer_start": [2]}
    assert (row["context"], row["question"], row["title"]) == (PASSAGE, "Who?", "ask")
    assert row["metadata"]["how"] == "section"
    assert (ledger.came["extractive answers"], ledger.went["extractive answers"]) == (2, 1)
    assert ledger.drops["extractive answers", "that do not stand in the passage"] == 1
    assert len(rows["qa"]) == len(rows["sft"]) == 2


def test_a_question_that_two_people_asked_has_two_rows() -> None:
    item = make_item(0, PASSAGE)
    same = [asked(worker, PASSAGE, ("Who?", "Bob met Ann")) for worker in ("ann", "bob")]
    rows, _ = made(job_item(item, *same, task=ASK))
    assert all(len(rows[config]) == 2 for config in ("sft", "qa", "squad"))
    assert len({row["id"] for row in rows["squad"]}) == 2
    assert all(len({row["metadata"]["id"] for row in rows[config]}) == 2 for config in ("sft", "qa"))


def test_answers_of_a_published_set_are_found_where_it_has_them() -> None:
    found = []
    for paragraph in xquad():
        passage = paragraph["context"]
        for question in paragraph["qas"]:
            start, text = question["answers"][0]["answer_start"], question["answers"][0]["text"]
            span = start, start + len(text)
            assert find_answer(pair(text, span, passage=passage), passage) == Span(start, text, "section")
            alone = find_answer(pair(text), passage)
            assert alone in (Span(start, text, "passage"), "that stand in the passage more than once")
            found.append(isinstance(alone, Span))
    assert sum(found) > len(found) / 2


# prompts


def test_a_prompt_has_all_answers_that_were_given_to_it_each_once() -> None:
    item = make_item(0, PASSAGE)
    answers = [
        Answer(Worker("ann"), pairs=(pair("Ann"), pair("Bob", question="Whom?"))),
        Answer(Worker("bob"), pairs=(pair("Ann and Bob"), pair("Ann"))),
    ]
    rows, ledger = made(job_item(item, *answers, task=ASK))
    assert [row["answers"] for row in rows["prompts"]] == [["Ann", "Ann and Bob"], ["Bob"]]
    assert ledger.went["prompts"] == 2


def test_a_prompt_of_an_earlier_item_is_not_repeated_in_whatever_form_it_comes() -> None:
    texts = ["caf\u00e9", "cafe\u0301 ", "\ncaf\u00e9", "tea"]
    items = [job_item(make_item(n, text, ["a", "b"]), ranked("ann", (1, 2))) for n, text in enumerate(texts)]
    rows, ledger = made(*items, about(pair("Ann", question="tea"), index=9), context="none")
    assert [row["prompt"][0]["content"] for row in rows["prompts"]] == ["caf\u00e9", "tea"]
    assert [row["answers"] for row in rows["prompts"]] == [[], []]
    assert ledger.drops["prompts", "of an earlier item as well"] == 3


def test_what_nobody_answered_is_no_prompt() -> None:
    rows, _ = made(job_item(make_item(0, "p", ["a", "b"]), task=HELP), job_item(make_item(1, PASSAGE), task=ASK))
    assert rows == {}
