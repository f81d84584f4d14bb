"""Label Studio annotations <-> answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, pair_answers, question_tasks, ranking_answers, ranking_items, rankings_tasks, text

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data, shown_order, shuffled
from gtbridge.converters.formats.response_order import with_recorded_order
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import Answer, Item, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking

ANN = Worker("ann")
RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False), Dimension(name="Clear", allow_tie=True)))
QUESTIONS = QuestionAnswer(questions=Range(min=1, max=3), tags=("What", "$x"), allow_custom_tags=True)
ITEM = make_item(0, "Why?", ["a", "b", "c", "d"])
PASSAGE = make_item(0, "The 👩‍👩‍👧 crossed\r\nthe river.")


def choices(name: str, *values: str) -> dict[str, Any]:
    return {"from_name": name, "to_name": "x", "type": "choices", "value": {"choices": list(values)}}


def order(name: str, *ids: str) -> dict[str, Any]:
    return {"from_name": name, "to_name": "responses", "type": "ranker", "value": {"ranker": {name: list(ids)}}}


def read(result: Any, item: Item = ITEM, task: Any = RANKING, **more: Any) -> Answer:
    return annotation_to_answer({"id": 7, "result": result, **more}, item, task, ANN)


def sentences(answer: Answer, item: Item = ITEM, task: Any = RANKING) -> list[str]:
    return [problem.message for problem in problems(task, item, answer)]


GOOD = [
    order("order__help", "r3", "r2", "r0", "r1"),
    choices("done__help", "confirmed"),
    *[choices(f"rank__clear__{i}", value) for i, value in enumerate(["r2:4", "r0:1", "r1:2", "r3:2"])],
]


def test_ranks_go_to_the_responses_that_the_values_name_not_to_the_positions() -> None:
    answer = read(GOOD)
    assert [ranking.ranks for ranking in answer.rankings] == [(3, 4, 2, 1), (1, 2, 4, 2)]
    assert sentences(answer) == []


def test_an_order_that_nobody_confirmed_is_no_answer() -> None:
    answer = read([entry for entry in GOOD if entry["from_name"] != "done__help"])
    assert answer.rankings[0].ranks == (None, None, None, None)
    assert sentences(answer) == ["Help: put the responses in order, then confirm"]


def test_a_missing_rank_is_unknown_and_named() -> None:
    answer = read(GOOD[:-1])
    assert answer.rankings[1].ranks == (1, 2, 4, None)
    assert sentences(answer) == ["Clear: Response D has no rank"]


def test_garbage_is_named_and_never_raises() -> None:
    for result in ([{"garbage": 1}], "text", [None], [{"from_name": "x", "value": 3}], None):
        answer = read(result)
        assert answer.unread
        assert sentences(answer)


def test_an_order_that_is_no_permutation_is_refused() -> None:
    answer = read([order("order__help", "r0", "r0", "r1", "r2"), *GOOD[1:]])
    assert "Help: the order does not name each response once" in sentences(answer)


def test_one_response_ranked_at_two_positions_is_refused() -> None:
    answer = read([*GOOD[:-1], choices("rank__clear__3", "r2:1")])
    assert "Clear: a response is ranked twice" in sentences(answer)


def test_a_skipped_task_is_declined() -> None:
    answer = read([], was_cancelled=True)
    assert answer.status == "declined"
    assert sentences(answer) == []


def test_no_e_mail_address_is_kept() -> None:
    answer = read(GOOD, created_username="Ann ann@example.com, 3", completed_by={"id": 3, "email": "ann@example.com"})
    assert "ann@example.com" not in json.dumps(answer.raw)
    assert answer.raw is not None and answer.raw["completed_by"] == 3


def test_sections_of_a_pair_that_does_not_exist_are_named() -> None:
    answer = Answer(ANN)
    written = [
        *answer_to_annotation(_answer("Who?", "They."), PASSAGE, QUESTIONS)["result"],
        {"from_name": "section", "value": {"start": 0, "end": 3, "text": "The", "labels": ["QA 2"]}},
    ]
    answer = read(written, PASSAGE, QUESTIONS)
    assert sentences(answer, PASSAGE, QUESTIONS) == ["QA 2: sections are highlighted, but there is no such pair"]


def _answer(question: str, reply: str) -> Answer:
    from gtbridge.converters.records import Pair

    return Answer(ANN, pairs=(Pair(question, reply, ("What",), (), "passage"),))


def test_a_section_over_a_line_break_is_what_the_passage_says_there() -> None:
    passage = make_item(0, "The sea  climbs.\nIt falls.\n")
    section = {"start": 4, "end": 19, "labels": ["QA 1"]}
    written = answer_to_annotation(_answer("Who?", "They."), passage, QUESTIONS)["result"]
    for stored, said in (
        ("sea climbs.\\nIt", "sea  climbs.\nIt"),
        ("sea  climbs.\nIt", "sea  climbs.\nIt"),
        ("tea climbs.\\nIt", "tea climbs.\\nIt"),
    ):
        result = [*written, {"from_name": "section", "value": {**section, "text": stored}}]
        (pair,) = read(result, passage, QUESTIONS).pairs
        assert [found.text for found in pair.sections] == [said]


def test_a_count_that_is_not_met_asks_for_the_missing_pair() -> None:
    written = answer_to_annotation(_answer("Who?", "They."), PASSAGE, QUESTIONS)["result"]
    written[0]["value"]["choices"] = ["2"]
    assert "QA 2: write a question" in sentences(read(written, PASSAGE, QUESTIONS), PASSAGE, QUESTIONS)


@given(st.data())
def test_ranking_annotations_say_what_the_answer_said_in_any_shown_order(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    answer = data.draw(ranking_answers(task, item))
    shown = shuffled(len(item.responses or ()), data.draw(text))
    assert shown_order(item_to_task_data(item, task, shown)) == shown
    annotation = answer_to_annotation(answer, item, task, shown)
    back = annotation_to_answer(annotation, item, task, answer.worker, shown)
    assert back.rankings == answer.rankings
    assert back.seconds == answer.seconds
    assert problems(task, item, back) == []


@given(st.data())
def test_pair_annotations_keep_text_offsets_and_order(data: Any) -> None:
    task, item = data.draw(question_tasks()), make_item(0, data.draw(text))
    answer = data.draw(pair_answers(task, item))
    back = annotation_to_answer(answer_to_annotation(answer, item, task), item, task, answer.worker)
    assert back.unread == ()
    assert [replace(p, tags=()) for p in back.pairs] == [replace(p, tags=()) for p in answer.pairs]
    assert [sorted(p.tags) for p in back.pairs] == [sorted(p.tags) for p in answer.pairs]


@given(st.data())
def test_ground_truth_answers_come_back_whole_through_label_studio(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    response = answer_to_response(data.draw(ranking_answers(task, item))) | {"unknownKey": {"kept": [1, None]}}
    answer = response_to_answer(response, "worker.json")
    annotation = json.loads(json.dumps(answer_to_annotation(answer, item, task)))
    back = annotation_to_answer(annotation, item, task, Worker("importer"))
    assert back == answer
    assert answer_to_response(back) == response


def test_an_edited_annotation_no_longer_speaks_for_the_original_worker() -> None:
    item = make_item(0, "Why?", ["a", "b"])
    task = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False),))
    first = Answer(Worker("theirs"), rankings=(Ranking("Help", (1, 2), False),))
    annotation = answer_to_annotation(response_to_answer(answer_to_response(first), "w"), item, task)
    annotation["result"][0]["value"]["ranker"]["order__help"] = ["r1", "r0"]
    back = annotation_to_answer(annotation, item, task, ANN)
    assert back.worker == ANN
    assert back.rankings[0].ranks == (2, 1)


@given(st.permutations(range(4)))
def test_problems_name_the_responses_as_their_annotator_saw_them(seen: list[int]) -> None:
    recorded = with_recorded_order(GOOD[:-1], seen)
    answer = annotation_to_answer({"result": recorded}, ITEM, RANKING, ANN, order=(0, 1, 2, 3))
    assert answer.order == tuple(seen)
    assert [ranking.ranks for ranking in answer.rankings] == [(3, 4, 2, 1), (1, 2, 4, None)]
    assert sentences(answer) == [f"Clear: Response {'ABCD'[seen.index(3)]} has no rank"]


def test_an_order_that_does_not_fit_the_item_is_passed_over() -> None:
    for wrong in [(0, 1, 2), (1, 0, 2, 3, 4), ()]:
        recorded = with_recorded_order(GOOD, wrong)
        assert annotation_to_answer({"result": recorded}, ITEM, RANKING, ANN, (3, 2, 1, 0)).order == (3, 2, 1, 0)
    forged = [{**GOOD[0], "meta": {"gtbridge_order": "3,2,1,1"}}, *GOOD[1:]]
    assert annotation_to_answer({"result": forged}, ITEM, RANKING, ANN).order is None


def test_a_declined_answer_keeps_the_order_that_was_seen() -> None:
    assert read(with_recorded_order(GOOD, [2, 0, 3, 1]), was_cancelled=True).order == (2, 0, 3, 1)


@given(st.data())
def test_the_order_that_was_seen_goes_to_label_studio_and_comes_back(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    count = len(item.responses or ())
    answer = replace(data.draw(ranking_answers(task, item)), order=tuple(data.draw(st.permutations(range(count)))))
    shown = shuffled(count, data.draw(text))
    annotation = json.loads(json.dumps(answer_to_annotation(answer, item, task, shown)))
    back = annotation_to_answer(annotation, item, task, answer.worker, shown)
    assert (back.order, back.rankings) == (answer.order, answer.rankings)
    assert response_to_answer(answer_to_response(back), "w").order == answer.order


@given(st.data())
def test_a_ground_truth_answer_comes_back_whole_from_under_a_recorded_order(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    order = tuple(data.draw(st.permutations(range(len(item.responses or ())))))
    document = answer_to_response(replace(data.draw(ranking_answers(task, item)), order=order))
    answer = response_to_answer(document, "worker.json")
    annotation = answer_to_annotation(answer, item, task)
    annotation["result"] = with_recorded_order(annotation["result"], range(len(order)))
    back = annotation_to_answer(annotation, item, task, Worker("importer"))
    assert back == answer
    assert answer_to_response(back) == document
