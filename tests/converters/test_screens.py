"""What is wrong with an answer on the screen, and how long its texts are."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, question_tasks, ranking_items, rankings_tasks, text

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.screens import WordCount, judge_result, task_data_to_item
from gtbridge.converters.records import Answer, Pair, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking

RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True), Dimension(name="Clear", allow_tie=False)))
ITEM = make_item(4, "Why?", ["zero", "one", "two"])
QUESTIONS = QuestionAnswer(
    questions=Range(min=1, max=2), question_words=Range(min=3, max=5), answer_words=Range(min=1), tags=("What",)
)
PASSAGE = make_item(4, "Water boils at 100 degrees.")


def ranked(*, help_ranks: tuple[int | None, ...], order: tuple[int, ...]) -> list[dict[str, Any]]:
    rankings = (Ranking("Help", help_ranks, True), Ranking("Clear", (1, 2, 3), False))
    result: list[dict[str, Any]] = answer_to_annotation(Answer(Worker("w"), rankings=rankings), ITEM, RANKING, order)[
        "result"
    ]
    return result


def asked(*pairs: Pair) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = answer_to_annotation(Answer(Worker("w"), pairs=pairs), PASSAGE, QUESTIONS)["result"]
    return result


@given(st.data())
def test_a_tasks_data_gives_its_item_back_in_the_items_own_order(data: st.DataObject) -> None:
    item = data.draw(ranking_items())
    order = data.draw(st.permutations(range(len(item.responses or ()))))
    task = data.draw(rankings_tasks())
    read = task_data_to_item(item_to_task_data(item, task, order), task)
    assert read is not None
    assert (read.index, read.text, read.responses) == (item.index, item.text, item.responses)


@given(text, question_tasks())
def test_a_passage_is_given_back_as_it_was(passage: str, task: QuestionAnswer) -> None:
    read = task_data_to_item(item_to_task_data(make_item(2, passage), task), task)
    assert read is not None
    assert (read.index, read.text) == (2, passage)


def test_a_good_answer_has_nothing_wrong_with_it() -> None:
    data = item_to_task_data(ITEM, RANKING, (2, 0, 1))
    assert judge_result(RANKING, data, ranked(help_ranks=(1, 1, 2), order=(2, 0, 1))).problems == ()


def test_a_problem_names_the_response_and_the_control_as_its_reader_sees_them() -> None:
    data = item_to_task_data(ITEM, RANKING, (2, 0, 1))
    result = ranked(help_ranks=(1, None, 2), order=(2, 0, 1))
    (problem,) = judge_result(RANKING, data, result).problems
    assert (problem.message, problem.control) == ("Help: Response C has no rank", "rank__help__2")
    (problem,) = judge_result(RANKING, data, result, (1, 0, 2)).problems
    assert (problem.message, problem.control) == ("Help: Response A has no rank", "rank__help__0")


def test_each_text_is_counted_with_its_limits() -> None:
    data = item_to_task_data(PASSAGE, QUESTIONS)
    judged = judge_result(QUESTIONS, data, asked(Pair("When does", "at 100 degrees", scope="passage")))
    assert judged.counts == (
        WordCount("question_1", 2, 3, 5, "word"),
        WordCount("answer_1", 3, 1, None, "word"),
    )
    assert [problem.message for problem in judged.problems] == [
        "QA 1: the question has 2 words; 3 to 5 words are needed"
    ]


def test_characters_are_counted_where_the_definition_says_so() -> None:
    task = QUESTIONS.model_copy(update={"count": "characters"})
    judged = judge_result(task, item_to_task_data(PASSAGE, task), asked(Pair("Why?", "so", scope="passage")))
    assert judged.counts[0] == WordCount("question_1", 4, 3, 5, "character")


def test_data_that_holds_no_item_makes_every_answer_invalid() -> None:
    sentence = "this task's data is not what the task definition needs, so nobody can answer it"
    for data in ({}, {"prompt": "x"}, {"prompt": 1, "responses": []}, {"prompt": "x", "responses": [{"id": "r1"}]}):
        assert [problem.message for problem in judge_result(RANKING, data, []).problems] == [sentence]
    assert [problem.message for problem in judge_result(QUESTIONS, {"passage": 7}, []).problems] == [sentence]


def test_a_result_that_is_no_list_is_refused_in_words() -> None:
    strange: list[Any] = [None, "x", {}, 7]
    for result in strange:
        problems = judge_result(QUESTIONS, item_to_task_data(PASSAGE, QUESTIONS), result).problems
        assert problems[0].message == "the result is not a list"
