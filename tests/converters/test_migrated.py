"""Items that were answered elsewhere as Label Studio tasks, and back: nothing of what was said is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import make_item, pair_answers, question_tasks, ranking_answers, ranking_items, rankings_tasks, text

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.job_output import document_to_job_answers
from gtbridge.converters.formats.manifest import OutputLine, read_output_manifest
from gtbridge.converters.formats.migrated import (
    document_as_it_was,
    item_to_migrated_task,
    kept_answer,
    line_as_it_came,
    with_places,
)
from gtbridge.converters.formats.reading import Reading
from gtbridge.converters.formats.sent_back import set_aside
from gtbridge.converters.formats.worker_response import answer_to_response, document_to_answers
from gtbridge.converters.records import Answer, Item, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

ITEM = make_item(4, "Why?", ["a", "b", "c"])
TASK = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True), Dimension(name="Clear", allow_tie=False)))
ANYBODY = Worker("label-studio-1")


def entry(worker: str, help_: list[Any], clear: list[Any], **more: Any) -> dict[str, Any]:
    dimensions = [
        {"name": "Help", "allowTie": True, "responseRankings": help_},
        {"name": "Clear", "allowTie": False, "responseRankings": clear},
    ]
    return {"workerId": worker, "answerContent": {"any": {"ordinalRankingDimensions": dimensions}}, **more}


GOOD = [1, 1, 3], [2, 1, 3]


def stored(task: dict[str, Any], item: Item, definition: TaskDefinition) -> list[tuple[Any, Answer]]:
    """What is found in the task once Label Studio has it: JSON, with the annotations numbered."""
    task = json.loads(json.dumps(task))
    found = [({"id": number, **annotation}) for number, annotation in enumerate(task["annotations"])]
    both = [*set_aside(task), *found]
    return [(a, kept_answer(a, item) or annotation_to_answer(a, item, definition, ANYBODY)) for a in both]


def migrated(document: dict[str, Any], item: Item = ITEM, definition: TaskDefinition = TASK) -> dict[str, Any]:
    """The task that the answers in a worker-response file make."""
    answers = document_to_job_answers(document, "a file", item=item)
    return item_to_migrated_task(item, answers, definition, lambda _: 1).task


@settings(max_examples=20)
@given(st.data())
def test_any_answers_come_back_whole_and_in_their_order(data: st.DataObject) -> None:
    definition: TaskDefinition = data.draw(st.one_of(rankings_tasks(), question_tasks()))
    if isinstance(definition, TextRanking):
        item = data.draw(ranking_items())
        one = ranking_answers(definition, item)
    else:
        item = make_item(0, data.draw(text.filter(str.strip)))
        one = pair_answers(definition, item)
    given_answers = data.draw(st.lists(one, max_size=4, unique_by=lambda answer: answer.worker.id))
    raw = [{**answer_to_response(answer), "unknown": {"n": [1.5, None]}} for answer in given_answers]
    damaged = data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw)))
    for document, broken in zip(raw, damaged, strict=True):
        _damage(document["answerContent"]) if broken else None
    answers = document_to_answers({"answers": raw}, "a file", item=item)
    made = item_to_migrated_task(item, answers, definition, lambda worker: len(worker))
    found = stored(made.task, item, definition)
    assert len(made.task["annotations"]) + len(made.aside) == len(answers)
    if answers:
        assert document_as_it_was(made.task, found) == {"answers": raw}
        # Equal but for the order of what is set aside: it was taken from a task, not from a file.
        assert {a.worker.id: a for _, a in found} == {answer.worker.id: answer for answer in answers}


def _damage(content: dict[str, Any]) -> None:
    for element in content.values():
        for dimension in element.get("ordinalRankingDimensions", ()):
            dimension["responseRankings"][0] = None
        for pair in element.get("questionAnswerPairs", ())[:1]:
            pair["question"] = ""


def test_what_cannot_be_an_annotation_is_set_aside_with_its_reason() -> None:
    document = {
        "answers": [entry("ok", *GOOD), entry("tie", [1, 1, 1], [1, 1, 2]), entry("part", [1, None, 2], [1, 2, 3])],
        "gtbridge": {
            "declined": [entry("no", *GOOD)],
            "superseded": [entry("ok", [3, 3, 3], [1, 2, 3])],
            "invalid": [{**entry("bad", [9, 1, 1], [1, 2, 3]), "problems": ["Help: no"]}],
        },
    }
    answers = document_to_job_answers(document, "a file", item=ITEM)
    made = item_to_migrated_task(ITEM, answers, TASK, lambda _: 1)
    assert [annotation["result"][0]["meta"]["gtbridge"]["workerId"] for annotation in made.task["annotations"]] == [
        "ok"
    ]
    assert [(answer.worker.id, why) for answer, why in made.aside] == [
        ("ok", "given again later by the same worker"),
        ("tie", "Clear: Response A and Response B share rank 1; ties are not allowed"),
        ("part", "Help: Response B has no rank"),
        ("no", "declined"),
        ("bad", "Help: no"),
    ]
    found = stored(made.task, ITEM, TASK)
    assert document_as_it_was(made.task, found) == document
    assert document_to_job_answers(document_as_it_was(made.task, found), "a file", item=ITEM) == answers
    assert {answer.worker.id: answer.status for _, answer in found}["no"] == "declined"


def test_a_valid_answer_that_the_screen_has_no_room_for_is_set_aside() -> None:
    pairs = [{"question": f"What {n}?", "answer": "x", "tags": [], "textReferences": []} for n in range(30)]
    document = {"answers": [{"workerId": "w", "answerContent": {"x": {"questionAnswerPairs": pairs}}}]}
    made = migrated(document, make_item(0, "Some text"), QuestionAnswer())
    assert (made["annotations"], len(set_aside(made))) == ([], 1)


def test_an_answer_that_takes_an_option_to_read_is_written_so_that_it_takes_none() -> None:
    document = {"answers": [entry("w", [0, 1, 1], [2, 0, 1])]}
    (answer,) = document_to_answers(document, "a file", Reading("zero-based"), ITEM)
    made = item_to_migrated_task(ITEM, [answer], TASK, lambda _: 1)
    whole = document_as_it_was(made.task, stored(made.task, ITEM, TASK))
    (again,) = document_to_answers(whole, "a file", item=ITEM)
    assert again.rankings == answer.rankings
    assert again.raw is not None
    assert again.raw["gtbridge"]["original"] == document["answers"][0]


@pytest.mark.parametrize("change", ["edited", "deleted", "added", "declined"])
def test_once_something_was_said_or_changed_the_file_is_not_what_it_was(change: str) -> None:
    task = migrated({"answers": [entry("a", *GOOD), entry("b", *GOOD)]})
    assert document_as_it_was(task, stored(task, ITEM, TASK)) is not None
    annotations = task["annotations"]
    if change == "edited":
        annotations[0]["result"][0]["value"] = {"choices": ["r0:2"]}
    elif change == "deleted":
        del annotations[0]
    elif change == "added":
        bare = [{key: value for key, value in part.items() if key != "meta"} for part in annotations[0]["result"]]
        annotations.append({**annotations[0], "result": bare})
    else:
        annotations[0]["was_cancelled"] = True
    assert document_as_it_was(task, stored(task, ITEM, TASK)) is None


def test_a_task_that_no_answers_came_with_has_no_file_to_go_back_to() -> None:
    task = migrated({"answers": []})
    assert "meta" not in task
    assert document_as_it_was(task, []) is None


@pytest.mark.parametrize("kept", [{}, {"document": 5}, {"document": {"workerId": "w", "answerContent": 3}}])
def test_what_somebody_made_of_a_kept_answer_is_an_answer_that_cannot_be_read(kept: dict[str, Any]) -> None:
    answer = kept_answer({"gtbridge": kept}, ITEM)
    assert answer is not None
    assert answer.unread


@pytest.mark.parametrize(
    ("owners", "workers", "overlap", "uncounted"),
    [
        ([1, 1, 1], 3, 1, [False, False, False]),
        ([1, 1], 3, 2, [False, True]),
        ([1], 3, 3, [False]),
        ([], 3, 3, []),
        ([1, 2, 1], 5, 4, [False, False, True]),
        ([1, 2, 3], 3, 3, [False, False, False]),
        ([1, 1, 1, 1], 3, 1, [False] * 4),
        ([], 1, 1, []),
    ],
)
def test_a_task_waits_for_as_many_people_as_answers_are_missing(
    owners: list[int], workers: int, overlap: int, uncounted: list[bool]
) -> None:
    task = {"data": {}, "annotations": [{"completed_by": owner, "ground_truth": False} for owner in owners]}
    made, found = with_places(task, workers)
    assert (found, [annotation["ground_truth"] for annotation in made["annotations"]]) == (overlap, uncounted)
    # Label Studio gives the task out until there are as many counted annotations, and has it done with as many people.
    counted = uncounted.count(False)
    missing = max(workers - len(owners), 0)
    assert len(set(owners)) + missing == found
    assert missing == 0 or found - counted == missing


def _line(text: str, attribute: str | None = None) -> OutputLine:
    (line,) = read_output_manifest([text.encode()], "a file", attribute)
    return line


def test_a_line_changes_nothing_but_its_own_metadata() -> None:
    own, rest = (
        '"a-metadata": {"worker-response-ref": "s3://x/y", "k": 1e1}, ',
        '"a": {"z": 1.0}, "b-metadata": {"q": 2}}',
    )
    line = _line(f'{{"source": "x", "n": 1.00, {own}{rest}', "a")
    assert line_as_it_came(line, line.metadata) == line.item.line
    assert line_as_it_came(line) == f'{{"source": "x", "n": 1.00, {rest[:-1]},"a-metadata":{{"k":10.0}}}}'
    new = replace(line, metadata={"worker_response_ref": "s3://x/y"})
    assert line_as_it_came(new).endswith('"a-metadata":{}}')


@pytest.mark.parametrize("text", ['{"source": "x"}', '{"a-metadata": {"failure-reason": "no"}, "source": "x" }'])
def test_a_line_without_a_reference_stays_as_it_is(text: str) -> None:
    assert line_as_it_came(_line(text)) == text
