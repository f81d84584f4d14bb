"""The rules for comments, flags and reasons: each has an answer that breaks only it, and tasks that do not ask it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from remarked import ASK, ITEM, RANK
from strategies import make_item

from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import SENT_BACK, Answer, Pair, Ranking, Worker
from gtbridge.label_configs.tasks import TaskDefinition

GOOD = Answer(Worker("ann"), rankings=(Ranking("Help", (1, 1, 3)), Ranking("Clear", (1, 2, 3))))
PASSAGE = make_item(0, "The fox crossed.")
ASKED = Answer(Worker("ann"), pairs=(Pair("Who?", "The fox", scope="passage"),), comment="short")
REQUIRED = RANK.model_copy(update={"comment": "required"})
PLAIN = RANK.model_copy(update={"comment": None, "flags": (), "cannot_judge": ()})
DECLINED = Answer(Worker("ann"), status="declined", reason="Too vague")


def found(task: TaskDefinition, answer: Answer) -> list[tuple[str, str | None]]:
    item = ITEM if task.task == "text-ranking" else PASSAGE
    return [(problem.message, problem.control) for problem in problems(task, item, answer)]


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        (RANK, GOOD),
        (RANK, replace(GOOD, comment="so", flags=((), ("Unsafe", "Off topic")))),
        (REQUIRED, replace(GOOD, comment=" so ")),
        (ASK, ASKED),
        (RANK, DECLINED),
        (RANK, replace(DECLINED, flags=(("Unsafe",),), comment="x")),
        (REQUIRED, replace(DECLINED, comment="x")),
    ],
)
def test_what_keeps_the_rules_breaks_none(task: TaskDefinition, answer: Answer) -> None:
    assert found(task, answer) == []


BLANK = ("write a comment", "comment")


@pytest.mark.parametrize(
    ("task", "answer", "broken"),
    [
        (REQUIRED, GOOD, BLANK),
        (REQUIRED, replace(GOOD, comment=" \n"), BLANK),
        (ASK, replace(ASKED, comment=None), BLANK),
        (REQUIRED, DECLINED, BLANK),
        (ASK, DECLINED, BLANK),
        (RANK, replace(GOOD, flags=((), (), ("Rude",))), ("Response C: Rude is not one of the flags", "flags__2")),
        (
            RANK, replace(GOOD, flags=((), (), ("Rude",)), order=(2, 0, 1)),
            ("Response A: Rude is not one of the flags", "flags__0"),
        ),
        (
            RANK, replace(GOOD, flags=(("Unsafe", "Unsafe"),)),
            ("Response A: Unsafe is given twice", "flags__0"),
        ),
        (RANK, replace(GOOD, flags=((), (), (), ("Unsafe",))), ("flags for 4 responses, and there are 3", None)),
        (RANK, replace(DECLINED, flags=(("Rude",),)), ("Response A: Rude is not one of the flags", "flags__0")),
        (
            RANK, replace(DECLINED, reason="Bored"),
            ("Bored is not one of the reasons not to judge", "cannot_judge"),
        ),
        (
            ASK, replace(DECLINED, reason="Bored", comment="x"),
            ("Bored is not one of the reasons not to judge", "cannot_judge"),
        ),
        (
            RANK, replace(GOOD, reason="Too vague"),
            ("cannot be judged (Too vague), but there are ranks as well; take back one of them", "cannot_judge"),
        ),
        (
            ASK, replace(ASKED, reason="Too vague"),
            ("cannot be judged (Too vague), but there are questions as well; take back one of them", "cannot_judge"),
        ),
        (
            PLAIN, replace(GOOD, reason="Any"),
            ("cannot be judged (Any), but there are ranks as well; take back one of them", "cannot_judge"),
        ),
    ],
)  # fmt: skip
def test_each_rule_is_told_in_one_sentence_at_its_control(task: TaskDefinition, answer: Answer, broken: Any) -> None:
    assert found(task, answer) == [broken]


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        (PLAIN, replace(GOOD, comment="x", flags=(("Rude",),))),
        (PLAIN, replace(DECLINED, reason="Bored")),
        (REQUIRED, Answer(Worker("ann"), status="declined")),
        (REQUIRED, Answer(Worker("ann"), status="declined", reason=SENT_BACK)),
        (REQUIRED, Answer(Worker("ann"), status="failed", reason="Bored")),
    ],
)
def test_nothing_is_ruled_that_is_not_asked_or_was_not_said_by_an_annotator(task: Any, answer: Answer) -> None:
    assert found(task, answer) == []


def test_what_was_not_understood_beside_a_reason_is_all_that_is_wrong_with_the_answer() -> None:
    answer = Answer(Worker("ann"), reason="Too vague", unread=("odd",))
    assert found(RANK, answer) == [("odd", None)]


def test_a_declined_answer_with_a_reason_of_its_own_is_sorted_as_invalid_and_others_as_declined() -> None:
    answers = [DECLINED, replace(DECLINED, worker=Worker("bob"), reason="Bored"), replace(GOOD, worker=Worker("cy"))]
    judged = judge(RANK, ITEM, answers)
    assert judged.valid == (answers[2],)
    assert judged.declined == (DECLINED,)
    assert judged.invalid == ((answers[1], ("Bored is not one of the reasons not to judge",)),)


def test_a_judgement_takes_the_place_of_its_workers_own_declining() -> None:
    judged = judge(RANK, ITEM, [DECLINED, GOOD])
    assert (judged.valid, judged.superseded, judged.declined) == ((GOOD,), (DECLINED,), ())
