"""What a valid answer is: each rule has an answer that breaks only it, and the mended one that breaks none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, ranking_answers, ranking_items, rankings_tasks

from gtbridge.converters.judgement.rules import problems, response_title
from gtbridge.converters.records import Answer, Item, Pair, Ranking, Section, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TaskDefinition, TextRanking

ANN = Worker("ann")
RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False), Dimension(name="Clear", allow_tie=True)))
ITEM = make_item(0, "Why?", ["a", "b", "c"])
HELP, CLEAR = Ranking("Help", (3, 1, 2)), Ranking("Clear", (1, 1, 3))


def found(task: TaskDefinition, item: Item, answer: Answer) -> list[tuple[str, str | None]]:
    return [(problem.message, problem.control) for problem in problems(task, item, answer)]


def ranked(*rankings: Ranking, **more: Any) -> Answer:
    return Answer(ANN, rankings=rankings, **more)


@pytest.mark.parametrize(
    ("broken", "sentence", "control"),
    [
        (ranked(CLEAR), "Help: put the responses in order, then confirm", "done__help"),
        (
            ranked(replace(HELP, ranks=(None,) * 3), CLEAR),
            "Help: put the responses in order, then confirm", "done__help",
        ),
        (ranked(HELP), "Clear: rank every response", None),
        (ranked(HELP, replace(CLEAR, ranks=(None,) * 3)), "Clear: rank every response", None),
        (ranked(HELP, replace(CLEAR, ranks=(1, None, 3))), "Clear: Response B has no rank", "rank__clear__1"),
        (
            ranked(HELP, replace(CLEAR, ranks=(1, None, 3)), order=(1, 2, 0)),
            "Clear: Response A has no rank", "rank__clear__0",
        ),
        (
            ranked(HELP, replace(CLEAR, ranks=(1, 4, 3))),
            "Clear: Response B has rank 4, which is not in 1 to 3", "rank__clear__1",
        ),
        (
            ranked(HELP, replace(CLEAR, ranks=(0, 1, 3))),
            "Clear: Response A has rank 0, which is not in 1 to 3", "rank__clear__0",
        ),
        (ranked(HELP, replace(CLEAR, ranks=(1, 2))), "Clear: 2 ranks for 3 responses", None),
        (
            ranked(replace(HELP, ranks=(2, 1, 2)), CLEAR),
            "Help: Response A and Response C share rank 2; ties are not allowed", None,
        ),
        (
            ranked(replace(HELP, ranks=(1, 1, 1)), CLEAR),
            "Help: Response A, Response B and Response C share rank 1; ties are not allowed", None,
        ),
        (
            ranked(replace(HELP, ranks=(2, 1, 2)), CLEAR, order=(2, 1, 0)),
            "Help: Response A and Response C share rank 2; ties are not allowed", None,
        ),
        (ranked(HELP, HELP, CLEAR), "Help: ranked twice", None),
        (ranked(HELP, CLEAR, Ranking("Other", (1, 2, 3))), "Other: is not a dimension of this task", None),
        (ranked(HELP, CLEAR, unread=("x: is no part of this task",)), "x: is no part of this task", None),
    ],
)  # fmt: skip
def test_each_rule_of_rankings_has_its_sentence(broken: Answer, sentence: str, control: str | None) -> None:
    assert found(RANKING, ITEM, broken) == [(sentence, control)]
    assert found(RANKING, ITEM, replace(broken, rankings=(HELP, CLEAR), unread=())) == []


@given(st.data())
def test_every_answer_within_the_rules_is_valid(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    assert found(task, item, data.draw(ranking_answers(task, item))) == []


def test_problems_stand_in_the_order_of_the_screen() -> None:
    broken = ranked(Ranking("Clear", (None, 9, 1)), Ranking("Help", (1, 1, 2)), unread=("unread",))
    assert [sentence for sentence, _ in found(RANKING, ITEM, broken)] == [
        "unread",
        "Help: Response A and Response B share rank 1; ties are not allowed",
        "Clear: Response A has no rank",
        "Clear: Response B has rank 9, which is not in 1 to 3",
    ]


def test_a_shown_order_that_does_not_fit_is_passed_over() -> None:
    broken = ranked(HELP, replace(CLEAR, ranks=(1, None, 3)), order=(1, 0))
    assert found(RANKING, ITEM, broken) == [("Clear: Response B has no rank", "rank__clear__1")]


def test_ranks_of_an_item_without_responses_are_judged_by_their_number() -> None:
    bare = make_item(0, "Why?")
    assert found(RANKING, bare, ranked(HELP, CLEAR)) == []
    assert found(RANKING, bare, ranked(HELP, Ranking("Clear", (1, 3)))) == [
        ("Clear: Response B has rank 3, which is not in 1 to 2", "rank__clear__1")
    ]


@pytest.mark.parametrize("status", ["declined", "failed"])
def test_an_answer_that_claims_nothing_breaks_no_rule(status: Any) -> None:
    assert found(RANKING, ITEM, ranked(status=status, unread=("x",))) == []
    assert found(QuestionAnswer(), ITEM, Answer(ANN, status=status)) == []


@pytest.mark.parametrize(
    ("position", "title"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_responses_are_titled_with_letters(position: int, title: str) -> None:
    assert response_title(position) == f"Response {title}"


# Question and answer

QUESTIONS = QuestionAnswer(
    questions=Range(min=1, max=2),
    question_words=Range(min=2, max=3),
    answer_words=Range(min=1, max=1),
    tags=("What", "Who"),
)
PASSAGE = make_item(0, "The 👩‍👩‍👧 crossed.")
PAIR = Pair("Who crossed?", "They", ("Who",), (), "passage")
MARKED = replace(PAIR, scope="sections", sections=(Section(0, 3, "The"),))


def asked(*pairs: Pair, **more: Any) -> Answer:
    return Answer(ANN, pairs=pairs, **more)


def section(start: int, end: int, text: str) -> Pair:
    return replace(MARKED, sections=(Section(start, end, text),))


@pytest.mark.parametrize(
    ("pair", "sentence", "control"),
    [
        (replace(PAIR, question=" \n"), "write a question", "question_1"),
        (replace(PAIR, answer=""), "write an answer", "answer_1"),
        (replace(PAIR, question="Who?"), "the question has 1 word; 2 to 3 words are needed", "question_1"),
        (replace(PAIR, question="Who a b c"), "the question has 4 words; 2 to 3 words are needed", "question_1"),
        (replace(PAIR, answer="No one"), "the answer has 2 words; 1 word is needed", "answer_1"),
        (
            replace(PAIR, scope=None),
            "say whether it is about the whole passage or about highlighted sections", "scope_1",
        ),
        (replace(PAIR, scope="sections"), "highlight the sections that it is about", "scope_1"),
        (
            replace(MARKED, scope="passage"),
            "it is about the whole passage, but sections are highlighted", "scope_1",
        ),
        (section(0, 99, "The"), "the section 0 to 99 is not in the passage", None),
        (section(2, 2, ""), "the section 2 to 2 is not in the passage", None),
        (section(-1, 2, "x"), "the section -1 to 2 is not in the passage", None),
        (section(0, 3, "the"), "the section 0 to 3 is not what the passage says there", None),
        (replace(PAIR, tags=("Who", " ")), "a tag is blank", "custom_tags_1"),
        (replace(PAIR, tags=("Who", "Who")), "the tag Who is given twice", "custom_tags_1"),
        (replace(PAIR, tags=("Why",)), "Why is not one of the tags", "tags_1"),
    ],
)  # fmt: skip
def test_each_rule_of_pairs_has_its_sentence(pair: Pair, sentence: str, control: str | None) -> None:
    assert found(QUESTIONS, PASSAGE, asked(pair)) == [(f"QA 1: {sentence}", control)]
    second = None if control is None else control.replace("_1", "_2")
    assert found(QUESTIONS, PASSAGE, asked(PAIR, pair)) == [(f"QA 2: {sentence}", second)]
    for mended in (PAIR, MARKED):
        assert found(QUESTIONS, PASSAGE, asked(mended)) == []


@pytest.mark.parametrize(
    ("wanted", "given_pairs", "sentence"),
    [
        (Range(min=1, max=2), 0, "0 pairs of question and answer; 1 to 2 pairs are needed"),
        (Range(min=1, max=2), 3, "3 pairs of question and answer; 1 to 2 pairs are needed"),
        (Range(min=1, max=1), 2, "2 pairs of question and answer; 1 pair is needed"),
        (Range(min=3, max=3), 1, "1 pair of question and answer; 3 pairs are needed"),
        (Range(min=1), 0, "0 pairs of question and answer; at least 1 pair is needed"),
        (Range(min=2), 1, "1 pair of question and answer; at least 2 pairs are needed"),
    ],
)
def test_the_number_of_pairs_is_asked_for(wanted: Range, given_pairs: int, sentence: str) -> None:
    task = QUESTIONS.model_copy(update={"questions": wanted})
    assert found(task, PASSAGE, asked(*[PAIR] * given_pairs)) == [(sentence, None)]
    assert found(task, PASSAGE, asked(*[PAIR] * wanted.min)) == []


def test_sections_are_counted_in_code_points_up_to_the_last() -> None:
    assert found(QUESTIONS, PASSAGE, asked(section(0, len(PASSAGE.text), PASSAGE.text))) == []
    assert found(QUESTIONS, PASSAGE, asked(section(4, 9, "👩‍👩‍👧"))) == []


def test_custom_tags_are_allowed_where_the_task_allows_them() -> None:
    own = replace(PAIR, tags=("Who", "mine"))
    assert found(QUESTIONS, PASSAGE, asked(own)) == [("QA 1: mine is not one of the tags", "tags_1")]
    assert found(QUESTIONS.model_copy(update={"allow_custom_tags": True}), PASSAGE, asked(own)) == []


def test_words_are_counted_as_the_task_says() -> None:
    pair = replace(PAIR, question="谁过河了？", answer="她")
    assert found(QUESTIONS, PASSAGE, asked(pair))[0][0] == "QA 1: the question has 4 words; 2 to 3 words are needed"
    whitespace = QUESTIONS.model_copy(update={"count": "whitespace"})
    assert found(whitespace, PASSAGE, asked(pair))[0][0] == "QA 1: the question has 1 word; 2 to 3 words are needed"
    characters = QUESTIONS.model_copy(update={"count": "characters"})
    assert found(characters, PASSAGE, asked(pair))[0][0] == (
        "QA 1: the question has 5 characters; 2 to 3 characters are needed"
    )
