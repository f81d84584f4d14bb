"""Datasets in SQuAD's shape: passages, pairs, sections, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from judged_rows import read_rows

from gtbridge.converters.records import Section
from gtbridge.label_configs.errors import InputError

PASSAGE = "Tea 🍵 is a drink. Tea is hot."


def row(question: str, answer: str | None, start: Any = None, context: str = PASSAGE, **more: Any) -> dict[str, Any]:
    starts = [context.index(answer or "") if start is None else start]
    answers = {"text": [], "answer_start": []} if answer is None else {"text": [answer], "answer_start": starts}
    return {"id": question, "context": context, "question": question, "answers": answers, **more}


def test_the_rows_of_a_passage_become_one_item_with_all_its_pairs() -> None:
    rows = [row("What?", "a drink"), row("How?", "hot"), row("Where?", "far", 2, context="Go far.")]
    [(first, [answer]), (second, _)], _ = read_rows(*rows)
    assert (first["source"], second["source"]) == (PASSAGE, "Go far.")
    assert [(p.question, p.answer, p.scope) for p in answer.pairs] == [
        ("What?", "a drink", "sections"),
        ("How?", "hot", "sections"),
    ]
    assert [entry["id"] for entry in first["questions"]] == ["What?", "How?"]


def test_a_passage_that_comes_again_later_is_another_item() -> None:
    found, _ = read_rows(row("What?", "a drink"), row("Where?", "far", context="Go far."), row("How?", "hot"))
    assert [line["source"] for line, _ in found] == [PASSAGE, "Go far.", PASSAGE]


def test_offsets_are_code_points_and_link_the_section_they_point_at() -> None:
    [(_, [answer])], _ = read_rows(row("Again?", "Tea", 18))
    assert answer.pairs[0].sections == (Section(18, 21, "Tea"),)


@pytest.mark.parametrize("start", [1, 19, 500])
def test_an_offset_that_points_elsewhere_links_nothing_and_is_told(start: int) -> None:
    [(_, [answer])], ledger = read_rows(row("Again?", "Tea", start))
    assert (answer.pairs[0].sections, answer.pairs[0].scope) == ((), "passage")
    remark = "whose answer does not stand at its offset, so that no section is linked"
    assert ledger.notes["records", remark] == 1


def test_the_first_reference_is_the_answer_and_the_others_are_kept() -> None:
    both = row("What?", "a drink")
    both["answers"] = {"text": ["drink", "a drink"], "answer_start": [PASSAGE.index("drink"), PASSAGE.index("a drink")]}
    [(line, [answer])], _ = read_rows(both)
    assert [pair.answer for pair in answer.pairs] == ["drink"]
    assert line["questions"][0]["answers"] == both["answers"]


@pytest.mark.parametrize("answers", [{"text": [], "answer_start": []}, None, [], {}])
def test_a_question_without_an_answer_is_left_out_counted_and_kept_in_the_item(answers: Any) -> None:
    unanswered = {**row("Why?", None), "answers": answers}
    found, ledger = read_rows(row("What?", "a drink"), unanswered, row("So?", None, context="alone"))
    assert [[pair.question for a in answers for pair in a.pairs] for _, answers in found] == [["What?"], []]
    assert [entry["id"] for entry in found[0][0]["questions"]] == ["What?", "Why?"]
    assert ledger.drops["records", "questions that have no answer"] == 2


@pytest.mark.parametrize(("question", "answer"), [("What?", " "), ("\n", "Tea")])
def test_a_blank_pair_is_left_out_so_that_it_does_not_make_the_others_invalid(question: str, answer: str) -> None:
    [(_, [given])], ledger = read_rows(row(question, answer), row("How?", "hot"))
    assert [pair.question for pair in given.pairs] == ["How?"]
    assert ledger.drops["records", "whose question or answer is blank"] == 1


def test_a_title_is_the_passages_where_all_rows_agree_and_the_rows_own_otherwise() -> None:
    agreed = [row("What?", "a drink", title="T"), row("How?", "hot", title="T")]
    [(line, _)], _ = read_rows(*agreed)
    assert (line["title"], "title" in line["questions"][0]) == ("T", False)
    [(line, _)], _ = read_rows(agreed[0], {**agreed[1], "title": "U"})
    assert ("title" in line, [entry["title"] for entry in line["questions"]]) == (False, ["T", "U"])


def test_rows_of_gtbridges_own_name_annotators_tags_and_items() -> None:
    def own(question: str, item: str, annotator: str) -> dict[str, Any]:
        return row(question, "Tea", 0, metadata={"item": item, "annotator": annotator, "tags": ["What"]})

    ann, bob = "annotator-0123456789ab", "annotator-ba9876543210"
    found, _ = read_rows(
        own("A?", "job/0", ann), own("B?", "job/0", bob), own("C?", "job/0", ann), own("D?", "job/1", ann)
    )
    assert [[(a.worker.id, len(a.pairs)) for a in answers] for _, answers in found] == [
        [(ann, 2), (bob, 1)],
        [(ann, 1)],
    ]
    assert found[0][1][0].pairs[0].tags == ("What",)


def test_metadata_of_others_names_nobody() -> None:
    [(line, [answer])], _ = read_rows(row("What?", "Tea", 0, metadata={"annotator": 3, "tags": "x"}))
    assert (answer.worker.id, answer.pairs[0].tags) == ("me/set", ())
    assert line["questions"][0]["metadata"] == {"annotator": 3, "tags": "x"}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"text": ["Tea"], "answer_start": []}, ".answer_start: has 0 offsets for 1 texts"),
        (
            {"text": ["Tea"], "answer_start": ["0"]},
            ".answer_start[0]: expected a whole number of at least 0, found '0'",
        ),
        (
            {"text": ["Tea"], "answer_start": [True]},
            ".answer_start[0]: expected a whole number of at least 0, found True",
        ),
        ({"text": ["Tea"], "answer_start": [-1]}, ".answer_start[0]: expected a whole number of at least 0, found -1"),
        ({"text": [None], "answer_start": [0]}, ".text[0]: expected text, found None"),
        ([{"text": "Tea"}], "[0].answer_start: expected a whole number of at least 0, found None"),
        ("Tea", ": expected an object, found 'Tea'"),
    ],
)
def test_what_is_no_answer_is_refused_by_row_and_column(answers: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(row("What?", "Tea"), {**row("How?", "hot"), "answers": answers})
    assert str(caught.value) == f"in: $[1].answers{message}"
