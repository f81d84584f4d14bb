"""Answers that come by other roads than a submit: imports, predictions, copies, documents of somebody else's."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from broken_answers import CASES
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import QUESTIONS, RANKING
from roads import ranked

from gtbridge.converters.formats.given_under import with_recorded_rules
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

BROKEN = {case.id: case for case in CASES}
RANK_MISSING, TOO_SHORT = BROKEN["one rank missing"], BROKEN["question too short"]


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as owner:
        yield owner


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded, "other-roads") as annotator:
        yield annotator


_numbers = itertools.count()


@pytest.fixture
def desk(owner: Caller, tmp_path: Path) -> Desk:
    """A ranking job of two items, made for the test."""
    return open_desk(owner, tmp_path, f"other-roads-{next(_numbers)}", RANKING, items=2)


def sentences(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    found: list[str] = answer.json()["validation_errors"]["result"]
    return found


def annotated(desk: Desk, result: Any) -> list[dict[str, Any]]:
    data = desk.tasks[0]["data"]
    return [{"data": data, "annotations": [{"result": result}]}, {"data": data}]


def answers(desk: Desk) -> int:
    return sum(len(desk.stored(task)) for task in range(len(desk.tasks)))


@pytest.mark.parametrize("road", ["a file", "tasks in bulk"])
def test_an_import_with_a_broken_answer_leaves_nothing_behind(desk: Desk, road: str) -> None:
    def sent(result: Any) -> httpx.Response:
        tasks = annotated(desk, result)
        if road == "a file":
            file = ("tasks.json", json.dumps(tasks).encode())
            return desk.owner("POST", f"/api/projects/{desk.project}/import", files={"file": file})
        return desk.owner("POST", f"/api/projects/{desk.project}/tasks/bulk/", json=tasks)

    assert sentences(sent(RANK_MISSING.broken)) == ["answer 1: Helpfulness: Response B has no rank"]
    assert desk.counts() == (2, 0)
    uploads = desk.owner("GET", f"/api/projects/{desk.project}/file-uploads").json()
    assert uploads == []
    assert sent(RANKING.good).status_code == 201
    assert desk.counts() == (4, 1)


def predict(desk: Desk, task: int, result: Any) -> None:
    body = {"task": desk.tasks[task]["id"], "result": result, "model_version": "m"}
    made = desk.owner("POST", "/api/predictions/", json=body)
    assert made.status_code == 201, made.text


def act(desk: Desk, action: str, **more: Any) -> httpx.Response:
    body = {"selectedItems": {"all": True, "excluded": []}, "filters": {"conjunction": "and", "items": []}, **more}
    return desk.owner("POST", "/api/dm/actions", params={"id": action, "project": desk.project}, json=body)


def test_predictions_become_answers_only_if_all_of_them_keep_the_rules(desk: Desk) -> None:
    predict(desk, 0, RANKING.good)
    predict(desk, 1, RANK_MISSING.broken)
    refused = act(desk, "predictions_to_annotations")
    (sentence,) = sentences(refused)  # in which order Label Studio takes them is the database's choice
    assert sentence.removeprefix("answer 1: ").removeprefix("answer 2: ") == "Helpfulness: Response B has no rank"
    assert answers(desk) == 0
    predictions = desk.owner("GET", "/api/predictions/", params={"task": desk.tasks[1]["id"]}).json()
    assert desk.owner("DELETE", f"/api/predictions/{predictions[0]['id']}/").status_code == 204
    assert act(desk, "predictions_to_annotations").status_code == 200
    assert answers(desk) == 1


def test_an_answer_is_copied_only_to_items_that_it_fits(desk: Desk) -> None:
    other = {**desk.tasks[1]["data"], "responses": desk.tasks[1]["data"]["responses"][:2]}
    desk.owner("PATCH", f"/api/tasks/{desk.tasks[1]['id']}/", json={"data": other})
    made = desk.owner("POST", desk.path(0), json={"result": RANKING.good}).json()
    refused = act(desk, "propagate_annotations", source_annotation_id=made["id"])
    assert sentences(refused) == [
        "answer 1: Clarity: the order does not name each response once",
        "answer 1: rank__helpfulness__2: is no part of this task",
        "answer 1: Clarity: put the responses in order, then confirm",
    ]
    assert desk.stored(1) == []
    desk.owner("PATCH", f"/api/tasks/{desk.tasks[1]['id']}/", json={"data": desk.tasks[0]["data"]})
    assert act(desk, "propagate_annotations", source_annotation_id=made["id"]).status_code == 200
    assert [with_recorded_rules(answer["result"], None) for answer in desk.stored(1)] == [RANKING.good]


def test_a_call_without_a_result_is_refused(desk: Desk, annotator: Caller) -> None:
    assert sentences(annotator("POST", desk.path(), json={}))[0] == "the result is not a list"
    for result in (None, "no JSON", 7, True, '{"a": 1}'):
        assert annotator("POST", desk.path(), json={"result": result}).status_code == 400
    for body in (b"{", b"[]", b"7", b'{"result": [], "filters": [], "data": [1]}', b"[" * 5000):
        refused = annotator("POST", desk.path(), content=body, headers={"Content-Type": "application/json"})
        assert 400 <= refused.status_code < 500
    assert desk.stored() == []


def with_document(result: list[dict[str, Any]], document: Any) -> list[dict[str, Any]]:
    """The result as if it had been made from this answer of Ground Truth's."""
    return [{**result[0], "meta": {"gtbridge": document}}, *result[1:]]


FORGED = {"workerId": "somebody-else", "answerContent": {}, "gtbridge": {"status": "declined"}}


def test_an_annotator_cannot_pass_an_answer_off_as_a_document_of_somebody_elses(
    owner: Caller, annotator: Caller, tmp_path: Path
) -> None:
    desk = open_desk(owner, tmp_path, "forged", QUESTIONS)
    nothing = [{"from_name": "pair_count", "to_name": "passage", "type": "choices", "value": {"choices": []}}]
    assert sentences(annotator("POST", desk.path(), json={"result": with_document(nothing, FORGED)})) == [
        "0 pairs of question and answer; 1 to 3 pairs are needed"
    ]
    made = annotator("POST", desk.path(), json={"result": with_document(QUESTIONS.good, FORGED)})
    assert made.status_code == 201
    (stored,) = desk.stored()
    assert not any("gtbridge" in entry.get("meta", {}) for entry in stored["result"])


@pytest.mark.parametrize("document", [{"answerContent": 7}, {"answerContent": {}, "workerId": 7}])
def test_a_document_that_cannot_be_read_is_refused_in_words(desk: Desk, annotator: Caller, document: Any) -> None:
    result = with_document(RANKING.good, document)
    answer = desk.owner("POST", f"/api/projects/{desk.project}/import", json=annotated(desk, result))
    assert answer.status_code == 400, answer.text
    assert desk.counts() == (2, 0)
    check = desk.owner("POST", "/gtbridge/check", json={"task": desk.tasks[0]["id"], "result": result})
    assert (check.status_code, len(check.json()["problems"])) == (200, 1)


def test_sentences_name_the_responses_as_their_reader_sees_them(
    owner: Caller, annotator: Caller, tmp_path: Path
) -> None:
    shuffling = replace(RANKING, task=RANKING.task.replace("shuffle_responses: false", "shuffle_responses: true"))
    desk = open_desk(owner, tmp_path, "titles", shuffling, items=5)
    for _ in desk.tasks:
        task = annotator("GET", f"/api/projects/{desk.project}/next").json()
        path, good = f"/api/tasks/{task['id']}/annotations/", ranked(task["data"], [1, 2, 2], [1, 2, 3])
        broken = [entry for entry in good if entry["from_name"] != "rank__helpfulness__1"]
        sentence = ["Helpfulness: Response B has no rank"]
        assert sentences(annotator("POST", path, json={"result": broken})) == sentence
        made = annotator("POST", path, json={"result": good}).json()
        assert sentences(annotator("PATCH", f"/api/annotations/{made['id']}/", json={"result": broken})) == sentence


def test_a_task_whose_data_the_job_does_not_know_takes_no_answers(desk: Desk, annotator: Caller) -> None:
    for data in ({"prompt_html": "x", "responses": []}, {**desk.tasks[0]["data"], "prompt": 7}):
        changed = desk.owner("PATCH", f"/api/tasks/{desk.tasks[0]['id']}/", json={"data": data})
        assert changed.status_code == 200, changed.text
        refused = annotator("POST", desk.path(), json={"result": RANKING.good})
        assert sentences(refused) == ["this task's data is not what the task definition needs, so nobody can answer it"]


def test_a_project_of_somebody_elses_takes_what_it_always_took(owner: Caller, annotator: Caller) -> None:
    config = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
    project = owner("POST", "/api/projects/", json={"title": "no job of ours", "label_config": config}).json()["id"]
    owner("POST", f"/api/projects/{project}/import", json=[{"data": {"text": "x"}}])
    (task,) = owner("GET", "/api/tasks", params={"project": project}).json()["tasks"]
    for caller in (owner, annotator):
        made = caller("POST", f"/api/tasks/{task['id']}/annotations/", json={"result": [{"garbage": 1}]})
        assert (made.status_code, made.json()["result"]) == (201, [{"garbage": 1}])
