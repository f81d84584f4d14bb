"""A job whose labeling config was spoilt takes no answers and says why; everything else works, and mending it helps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import QUESTIONS

from gtbridge.converters.formats.given_under import with_recorded_rules
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded, "puzzled") as annotator:
        yield annotator


@pytest.fixture
def desk(guarded: Embedded, tmp_path: Path, spoil: Callable[[ElementTree.Element], None]) -> Iterator[Desk]:
    with calling(guarded) as owner:
        yield open_desk(owner, tmp_path, f"unreadable-{spoil.__name__.replace('_', '-')}", QUESTIONS)


def without_definition(root: ElementTree.Element) -> None:
    del root.attrib["definition"]


def an_impossible_definition(root: ElementTree.Element) -> None:
    definition = json.loads(root.attrib["definition"])
    root.set("definition", json.dumps({**definition, "questions": {"min": 3, "max": 1}}))


def no_json(root: ElementTree.Element) -> None:
    root.set("definition", "{")


def deep_json(root: ElementTree.Element) -> None:
    root.set("definition", "[" * 20_000)


def another_control(root: ElementTree.Element) -> None:
    (choices,) = [element for element in root.iter("Choices") if element.get("name") == "tags_1"]
    choices.remove(choices[0])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (without_definition, "its labeling config was replaced by one that carries no task definition"),
        (an_impossible_definition, "$.questions: max (1) is less than min (3)"),
        (no_json, "the 'definition' attribute is not JSON: "),
        (deep_json, "the 'definition' attribute is not JSON: "),
        (another_control, "the config was edited and no longer fits the definition that it carries: Choices 'tags_1'"),
    ],
)
def test_an_unreadable_job_takes_no_answers_says_why_and_can_be_mended(
    desk: Desk, annotator: Caller, spoil: Callable[[ElementTree.Element], None], reason: str
) -> None:
    owner, project = desk.owner, f"/api/projects/{desk.project}/"
    good, task = {"result": QUESTIONS.good}, desk.tasks[0]
    config = owner("GET", project).json()["label_config"]
    made = annotator("POST", desk.path(), json=good).json()
    path = f"/api/annotations/{made['id']}/"
    root = ElementTree.fromstring(config)
    spoil(root)
    spoilt = {"label_config": ElementTree.tostring(root, encoding="unicode")}
    assert owner("PATCH", project, json=spoilt).status_code == 200

    def refused(answer: httpx.Response) -> None:
        assert answer.status_code == 400, answer.text
        (sentence,) = answer.json()["validation_errors"]["result"]
        said(sentence.removeprefix("answer 1: "))

    def said(sentence: str) -> None:
        assert sentence.startswith("no answer can be taken: ")
        assert sentence.endswith(". Please tell whoever runs the job")
        assert reason in sentence

    for caller in (annotator, owner):
        refused(caller("POST", desk.path(), json=good))
        (problem,) = caller("POST", "/gtbridge/check", json={"task": task["id"], **good}).json()["problems"]
        said(problem["message"])
    refused(annotator("PATCH", path, json={"result": QUESTIONS.good[1:]}))
    refused(owner("POST", f"{project}import", json=[{"data": task["data"], "annotations": [good]}]))
    for read in (path, f"/api/tasks/{task['id']}/", project, f"/api/tasks?project={desk.project}"):
        assert annotator("GET", read).status_code == 200
    assert [with_recorded_rules(answer["result"], None) for answer in desk.stored()] == [QUESTIONS.good]

    assert owner("PATCH", project, json={"label_config": config}).status_code == 200
    assert annotator("PATCH", path, json=good).status_code == 200
