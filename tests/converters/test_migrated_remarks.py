"""Answers with comments, flags and reasons that came from Ground Truth: into Label Studio's tasks and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remarked import ITEM, RANK, judgements, tasks_with_items

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.job_output import document_to_job_answers, item_document
from gtbridge.converters.formats.migrated import (
    MigratedTask,
    document_as_it_was,
    item_to_migrated_task,
    kept_answer,
    with_places,
)
from gtbridge.converters.formats.sent_back import set_aside
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Item, Worker
from gtbridge.label_configs.tasks import TaskDefinition

PLAIN = RANK.model_copy(update={"flags": (), "comment": None, "cannot_judge": ()})
RANKS = [
    {"name": "Help", "allowTie": True, "responseRankings": [1, 1, 3]},
    {"name": "Clear", "allowTie": False, "responseRankings": [1, 2, 3]},
]


def entry(worker: str, dimensions: Any = RANKS, **more: Any) -> dict[str, Any]:
    element = {"any": {"ordinalRankingDimensions": dimensions}} if dimensions else {}
    return {"workerId": worker, "answerContent": {**element, **more}, "unknown": 1.5}


def migrated(document: Any, task: TaskDefinition = RANK, item: Item = ITEM) -> MigratedTask:
    answers = document_to_job_answers(document, "a file", item=item)
    return item_to_migrated_task(item, answers, task, lambda _: 1)


def stored(task: dict[str, Any], definition: TaskDefinition, item: Item = ITEM) -> list[tuple[Any, Answer]]:
    """What is found in the task once Label Studio has it."""
    task = json.loads(json.dumps(task))
    found = [({"id": number, **annotation}) for number, annotation in enumerate(task["annotations"])]
    worker = Worker("label-studio-1")
    both = [*set_aside(task), *found]
    return [(a, kept_answer(a, item) or annotation_to_answer(a, item, definition, worker)) for a in both]


FORM = {
    "answers": [
        entry("a", comment="hm", **{"flags-1": {"Unsafe": True, "Off topic": False}}),
        entry("b", None, cannotJudge="Too vague", comment=""),
        entry("c", None, cannotJudge="Bored"),
        entry("d", cannotJudge="Too vague"),
        entry("e", comment=""),
    ]
}


def test_what_the_screen_can_show_becomes_annotations_and_comes_back_byte_for_byte() -> None:
    made = migrated(FORM)
    workers = [a["result"][0]["meta"]["gtbridge"]["workerId"] for a in made.task["annotations"]]
    assert workers == ["a", "b", "e"]
    assert [annotation["was_cancelled"] for annotation in made.task["annotations"]] == [False] * 3
    assert [(answer.worker.id, why) for answer, why in made.aside] == [
        ("c", "Bored is not one of the reasons not to judge"),
        ("d", "cannot be judged (Too vague), but there are ranks as well; take back one of them"),
    ]
    assert document_as_it_was(made.task, stored(made.task, RANK)) == FORM


def test_who_says_that_the_item_cannot_be_judged_has_answered_it() -> None:
    task, overlap = with_places(migrated({"answers": [entry("b", None, cannotJudge="Too vague")]}).task, 2)
    assert overlap == 2
    assert [annotation["ground_truth"] for annotation in task["annotations"]] == [False]


def test_in_a_task_that_asks_for_none_of_it_the_documents_travel_all_the_same() -> None:
    made = migrated(FORM, PLAIN)
    assert len(made.task["annotations"]) == 2
    assert {answer.worker.id: why for answer, why in made.aside}["b"] == "declined"
    assert document_as_it_was(made.task, stored(made.task, PLAIN)) == FORM


@pytest.mark.parametrize("place", ["answers", "declined"])
def test_a_declined_answer_goes_back_to_where_it_stood(place: str) -> None:
    if place == "answers":
        document: dict[str, Any] = {"answers": [entry("a"), entry("b", None, cannotJudge="Too vague")]}
    else:
        declined = {**entry("b", None, cannotJudge="Too vague"), "gtbridge": {"status": "declined"}}
        document = {"answers": [entry("a")], "gtbridge": {"declined": [declined]}}
    made = migrated(document)
    assert len(made.task["annotations"]) == 2
    assert document_as_it_was(made.task, stored(made.task, RANK)) == document


def test_a_reason_that_is_given_up_on_the_screen_is_an_answer_of_whoever_gave_it_up() -> None:
    task = migrated({"answers": [entry("b", None, cannotJudge="Too vague")]}).task
    meta = task["annotations"][0]["result"][0]["meta"]
    task["annotations"][0]["result"] = [
        {"from_name": "cannot_judge", "value": {"choices": ["Not my field"]}, "meta": meta}
    ]
    [(_, answer)] = stored(task, RANK)
    assert (answer.worker.id, answer.reason) == ("label-studio-1", "Not my field")
    assert document_as_it_was(task, stored(task, RANK)) is None


@settings(max_examples=15)
@given(st.data())
def test_any_judged_answers_go_there_and_back(data: st.DataObject) -> None:
    task, item = data.draw(tasks_with_items())
    answers = data.draw(st.lists(judgements(task, item), max_size=3, unique_by=lambda answer: answer.worker.id))
    document = item_document(judge(task, item, answers))
    made = migrated(document, task, item)
    found = stored(made.task, task, item)
    assert len(found) == len(answers)
    if answers:
        assert document_as_it_was(made.task, found) == document
