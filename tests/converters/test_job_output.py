"""The layout of a job's output, and an item's worker-response file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, ranking_answers

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.job_output import (
    document_to_job_answers,
    failure_reason,
    item_document,
    label_metadata,
    reference_to_path,
    worker_response_path,
)
from gtbridge.converters.formats.json_text import document_to_text
from gtbridge.converters.judgement.judge import Judged, judge
from gtbridge.converters.records import Answer, Ranking, Worker
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

TASK = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False), Dimension(name="Clear", allow_tie=True)))
ITEM = make_item(3, "Why?", ["a", "b", "c"])
PATH = "annotations/worker-response/iteration-1/3/2026-01-02_03:04:05.json"
TIE = "Help: Response A and Response B share rank 1; ties are not allowed"


def answer(worker: str, *help_ranks: int | None, **more: Any) -> Answer:
    return Answer(Worker(worker), rankings=(Ranking("Help", help_ranks), Ranking("Clear", (1, 1, 1))), **more)


def test_answers_of_an_object_stand_in_its_folder() -> None:
    assert worker_response_path(3, "2026-01-02_03:04:05") == PATH


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        (PATH, PATH),
        (f"s3://bucket/{PATH}", PATH),
        (f"s3://bucket/out put/my-job/{PATH}", PATH),
        (f"s3://bucket/annotations/worker-response/my-job/{PATH}", PATH),
        (PATH.replace("iteration-1", "iteration-2"), PATH.replace("iteration-1", "iteration-2")),
    ],
)
def test_a_reference_means_a_path_within_the_job(reference: str, path: str) -> None:
    assert reference_to_path(reference, "out.manifest", 1) == path


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "annotations/worker-response/",
        "s3://bucket/output.manifest",
        "annotations/consolidated-annotation/x.json",
        "/" + PATH,
        "my-job/" + PATH,
        "https://host/" + PATH,
        "s3://bucket/other-" + PATH,
        "annotations/worker-response/../../../etc/secret.json",
        "s3://bucket/annotations/worker-response/iteration-1/../../x.json",
        "annotations/worker-response/..\\..\\x.json",
        "annotations/worker-response/x\0.json",
        PATH + "?version=1",
        PATH.removesuffix(".json"),
    ],
)
def test_other_references_are_refused_with_the_line(reference: str) -> None:
    with pytest.raises(InputError) as caught:
        reference_to_path(reference, "out.manifest", 4)
    assert str(caught.value) == f"out.manifest:4: {reference!r} is no worker-response file"


GIVEN = (
    answer("ann", 1, 2, 3),
    answer("bob", 1, 1, 2),
    answer("cy", 1, 2, 3, status="declined"),
    answer("ann", 3, 2, 1),
)


def test_of_a_workers_valid_answers_the_last_counts() -> None:
    assert judge(TASK, ITEM, GIVEN) == Judged(
        valid=(GIVEN[3],), declined=(GIVEN[2],), invalid=((GIVEN[1], (TIE,)),), superseded=(GIVEN[0],)
    )


def test_an_invalid_or_declined_answer_supersedes_none() -> None:
    answers = [answer("ann", 1, 2, 3), answer("ann", 1, 1, 1), answer("ann", 1, 2, 3, status="declined")]
    assert judge(TASK, ITEM, answers).valid == (answers[0],)


def test_only_what_counts_stands_under_answers() -> None:
    document = item_document(judge(TASK, ITEM, GIVEN))
    assert [entry["workerId"] for entry in document["answers"]] == ["ann"]
    assert {key: [entry["workerId"] for entry in entries] for key, entries in document["gtbridge"].items()} == {
        "declined": ["cy"],
        "invalid": ["bob"],
        "superseded": ["ann"],
    }
    assert document["gtbridge"]["invalid"][0]["problems"] == [TIE]


def test_a_document_in_which_all_counts_has_no_key_of_our_own() -> None:
    assert set(item_document(judge(TASK, ITEM, GIVEN[3:]))) == {"answers"}


@st.composite
def submissions(draw: Any) -> list[Answer]:
    answers = []
    for _ in range(draw(st.integers(0, 6))):
        made = draw(ranking_answers(TASK, ITEM))
        ranks = draw(st.sampled_from([made.rankings[0].ranks, (1, 1, 1), (None, 1, 2), (1, 2)]))
        answers.append(
            replace(
                made,
                worker=Worker(draw(st.sampled_from(["ann", "bob"]))),
                status=draw(st.sampled_from(["given", "given", "given", "declined"])),
                rankings=(Ranking("Help", ranks, False), made.rankings[1]),
                unread=draw(st.sampled_from([(), (), ("x: is no part of this task",), (TIE,)])),
                order=draw(st.none() | st.permutations(range(3)).map(tuple)),
            )
        )
    return answers


def said(answers: tuple[Answer, ...]) -> list[Answer]:
    return [replace(answer, raw=None, unread=()) for answer in answers]


@given(submissions())
def test_what_was_judged_reads_back_and_is_judged_the_same(answers: list[Answer]) -> None:
    judged = judge(TASK, ITEM, answers)
    document = json.loads(document_to_text(item_document(judged)))
    again = judge(TASK, ITEM, document_to_job_answers(document, "w.json"))
    assert said(again.valid) == said(judged.valid)
    assert said(again.declined) == said(judged.declined)
    assert said(again.superseded) == said(judged.superseded)
    assert [broken for _, broken in again.invalid] == [broken for _, broken in judged.invalid]
    assert item_document(again) == document


def test_what_was_invalid_stays_so_under_laxer_rules() -> None:
    lax = TextRanking(dimensions=tuple(Dimension(name=d.name, allow_tie=True) for d in TASK.dimensions))
    document = item_document(judge(TASK, ITEM, GIVEN))
    assert judge(lax, ITEM, document_to_job_answers(document, "w.json")).invalid[0][1] == (TIE,)


@pytest.mark.parametrize(("start", "end"), [(0, 2**40), (True, 2), (-5, 2), (2, 1), (0, 99)])
def test_a_section_that_someone_forged_is_written_as_invalid_and_can_be_read(start: int, end: int) -> None:
    task, passage = QuestionAnswer(), make_item(0, "Why?")
    value = {"start": start, "end": end, "text": "W", "labels": ["QA 1"]}
    forged = {"result": [{"from_name": "section", "value": value}]}
    judged = judge(task, passage, [annotation_to_answer(forged, passage, task, Worker("ann"))])
    document = json.loads(document_to_text(item_document(judged)))
    again = judge(task, passage, document_to_job_answers(document, "w.json"))
    assert [broken for _, broken in again.invalid] == [broken for _, broken in judged.invalid] != []


@pytest.mark.parametrize("extension", ["x", {"invalid": 3}, {"declined": {}}, {"unknown": [{}]}])
def test_extensions_of_others_are_passed_over(extension: Any) -> None:
    document = {**item_document(judge(TASK, ITEM, GIVEN[3:])), "gtbridge": extension}
    assert [answer.worker.id for answer in document_to_job_answers(document, "w.json")] == ["ann"]


@pytest.mark.parametrize("problems", [None, 3, "text"])
def test_problems_that_are_no_list_say_nothing(problems: Any) -> None:
    entry = {"workerId": "w", "answerContent": {}, "problems": problems}
    answers = document_to_job_answers({"answers": [], "gtbridge": {"invalid": [entry]}}, "w.json")
    assert [answer.unread for answer in answers] == [()]


@pytest.mark.parametrize("key", ["superseded", "declined", "invalid"])
def test_an_entry_that_cannot_be_used_is_named(key: str) -> None:
    entries = [{"workerId": "w", "answerContent": {}}, {"workerId": "w"}]
    with pytest.raises(InputError) as caught:
        document_to_job_answers({"answers": [], "gtbridge": {key: entries}}, "w.json")
    assert str(caught.value) == f"w.json: $.gtbridge.{key}[1].answerContent: expected an object"


def test_an_item_without_a_valid_answer_says_why() -> None:
    assert failure_reason(judge(TASK, ITEM, GIVEN)) is None
    assert failure_reason(judge(TASK, ITEM, GIVEN[1:3])) == "No valid answer: 1 declined, 1 invalid"
    assert failure_reason(judge(TASK, ITEM, GIVEN[1:2])) == "No valid answer: 1 invalid"


def test_metadata_has_ground_truths_own_keys_in_its_order() -> None:
    made = label_metadata("my-job", PATH, "2026-01-02T03:04:05.000006", human=False, failure="why")
    assert list(made.items()) == [
        ("type", "groundtruth/custom"),
        ("job-name", "my-job"),
        ("human-annotated", "no"),
        ("creation-date", "2026-01-02T03:04:05.000006"),
        ("worker-response-ref", PATH),
        ("failure-reason", "why"),
    ]
    labelled = label_metadata("my-job", PATH, "2026-01-02T03:04:05")
    assert labelled["human-annotated"] == "yes"
    assert "failure-reason" not in labelled
