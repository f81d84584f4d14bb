"""Both tasks in Label Studio's gallery, and the tasks that people bring to a project made from it."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from by_hand import QUESTIONS_TITLE, RANKING_TITLE, ByHand, gallery, refusal
from guarded_api import Caller, calling
from PIL import Image
from roads import ranked

from gtbridge.converters.formats.task_completion import completed_data
from gtbridge.label_configs.labeling_config import labeling_config_to_definition
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

PLAIN: dict[str, Any] = {"prompt": "Why?", "responses": ["So", "Because"], "topic": "sky"}
PASSAGE = {"passage": "Tea is hot."}


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as caller:
        yield caller


@pytest.fixture(scope="module")
def offered(owner: Caller) -> dict[str, str]:
    return {entry["title"]: entry["config"] for entry in gallery(owner)[:2]}


def complete(data: dict[str, Any], config: str) -> dict[str, Any]:
    return completed_data(data, labeling_config_to_definition(config, "config"))


def test_both_tasks_come_first_under_generative_ai_each_time_with_a_picture(owner: Caller) -> None:
    entries = gallery(owner)
    assert gallery(owner) == entries, "Label Studio's own list stays as it is"
    assert [entry["title"] for entry in entries[:3]] == [
        RANKING_TITLE,
        QUESTIONS_TITLE,
        "Supervised Language Model Fine-tuning",
    ]
    for entry in entries[:2]:
        assert entry["type"] == "community", "others cannot be chosen in the open-source edition"
        picture = owner("GET", entry["image"])
        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
        assert "immutable" in picture.headers["Cache-Control"]
        assert len(picture.content) < 40_000
        width, height = Image.open(io.BytesIO(picture.content)).size
        assert width / height == pytest.approx(1.6, abs=0.01), "the gallery cuts off what is wider"
        assert "definition" in entry["details"]
    assert owner("GET", "/gtbridge/gallery/another.png").status_code == 404


def test_the_preview_gets_a_task_that_its_screen_can_show(owner: Caller, offered: dict[str, str]) -> None:
    project = ByHand(owner)
    for title, config in offered.items():
        checked = owner("POST", f"/api/projects/{project.project}/validate/", json={"label_config": config})
        assert checked.status_code == 200, checked.text
        body = {"label_config": config}
        sample = owner("POST", f"/api/projects/{project.project}/sample-task/", json=body).json()["sample_task"]
        assert sample == complete(sample, config), title
        assert len(sample.get("responses", "xxx")) == 3


def test_saving_what_the_gallery_offers_stores_it_as_it_is(owner: Caller, offered: dict[str, str]) -> None:
    for title, config in offered.items():
        assert ByHand(owner, title).config == config


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tasks.json", json.dumps([PLAIN])),
        ("tasks.json", json.dumps([{"data": {**PLAIN, "responses": [{"text": "So"}, {"text": "Because"}]}}])),
        ("tasks.csv", 'prompt,responses,topic\nWhy?,"[""So"", ""Because""]",sky\n'),
        ("tasks.tsv", 'prompt\tresponses\ttopic\nWhy?\t"[""So"", ""Because""]"\tsky\n'),
    ],
    ids=["json", "json with objects", "csv", "tsv"],
)
def test_a_file_of_plain_tasks_becomes_complete_ones(
    owner: Caller, offered: dict[str, str], name: str, content: str
) -> None:
    project = ByHand(owner, RANKING_TITLE)
    assert project.import_file(name, content).status_code == 201
    assert project.data() == [complete(PLAIN, offered[RANKING_TITLE])]


def test_each_line_of_a_text_file_is_a_passage(owner: Caller) -> None:
    project = ByHand(owner, QUESTIONS_TITLE)
    assert project.import_file("lines.txt", "Tea is hot.\nIce is cold.\n").status_code == 201
    assert project.data() == [PASSAGE, {"passage": "Ice is cold."}]


def test_the_wizard_completes_a_file_that_was_dropped_before_the_template_was_chosen(
    owner: Caller, offered: dict[str, str]
) -> None:
    project = ByHand(owner)
    files = project.import_file("tasks.json", json.dumps([PLAIN]), commit=False).json()["file_upload_ids"]
    assert project.save(offered[RANKING_TITLE]).status_code == 200
    body = {"file_upload_ids": files, "files_as_tasks_list": False}
    assert owner("POST", f"/api/projects/{project.project}/reimport", json=body).status_code == 201
    assert project.data() == [complete(PLAIN, offered[RANKING_TITLE])]


def test_tasks_that_were_there_before_the_config_are_completed_when_it_is_saved(
    owner: Caller, offered: dict[str, str]
) -> None:
    project = ByHand(owner)
    assert project.import_json(PLAIN, {"other": "data"}).status_code == 201
    before = project.tasks()
    assert project.save(offered[RANKING_TITLE]).status_code == 200
    after = project.tasks()
    assert [task["data"] for task in after] == [complete(PLAIN, offered[RANKING_TITLE]), {"other": "data"}]
    assert after[0]["updated_at"] > before[0]["updated_at"], "whoever follows the project must see the change"
    assert after[1]["updated_at"] == before[1]["updated_at"]


@pytest.mark.parametrize("road", ["import", "import of data", "file", "task", "task changed"])
def test_what_is_no_task_is_refused_on_every_road_with_one_sentence(owner: Caller, road: str) -> None:
    project = ByHand(owner, RANKING_TITLE)
    assert project.import_json(PLAIN).status_code == 201
    known, wrong = project.tasks()[0], {"prompt": "Why?", "responses": ["one only"]}
    roads: dict[str, Any] = {
        "import": lambda: project.import_json(PLAIN, wrong),
        "import of data": lambda: project.import_json({"data": wrong}),
        "file": lambda: project.import_file("tasks.json", json.dumps([PLAIN, wrong])),
        "task": lambda: owner("POST", "/api/tasks/", json={"project": project.project, "data": wrong}),
        "task changed": lambda: owner("PATCH", f"/api/tasks/{known['id']}/", json={"data": wrong}),
    }
    answer = roads[road]()
    assert refusal(answer).count("$.responses: holds 1 of the at least two responses that a ranking needs") == 1
    assert [task["data"] for task in project.tasks()] == [known["data"]], "all of an import, or nothing"


def test_a_task_that_is_made_or_changed_alone_is_completed_too(owner: Caller, offered: dict[str, str]) -> None:
    project = ByHand(owner, RANKING_TITLE)
    made = owner("POST", "/api/tasks/", json={"project": project.project, "data": PLAIN})
    assert made.status_code == 201, made.text
    changed = {**PLAIN, "prompt": "How?"}
    assert owner("PATCH", f"/api/tasks/{made.json()['id']}/", json={"data": changed}).status_code == 200
    assert project.data() == [complete(changed, offered[RANKING_TITLE])]


def test_other_projects_import_what_they_like(owner: Caller) -> None:
    project = ByHand(owner)
    assert project.save('<View><Text name="t" value="$prompt"/></View>').status_code == 200
    assert project.import_json({"prompt": "x", "responses": ["one only"]}).status_code == 201
    assert project.data() == [{"prompt": "x", "responses": ["one only"]}]


def test_a_project_made_by_hand_is_under_the_rules_from_its_first_answer(guarded: Embedded, owner: Caller) -> None:
    project = ByHand(owner, RANKING_TITLE)
    models = [{"text": "So", "model": "canary-1"}, {"text": "Because", "model": "canary-2"}]
    assert project.import_json({**PLAIN, "responses": models, "topic": "canary-3"}).status_code == 201
    with calling(guarded, "first-by-hand") as annotator:
        assert gallery(annotator) == gallery(owner), "who is not confined can make projects, too"
        task = annotator("GET", f"/api/projects/{project.project}/next").json()
        assert "canary" not in json.dumps(task), "nobody who judges is told which model it was"
        assert {entry["text"] for entry in task["data"]["responses"]} == {"So", "Because"}
        path = f"/api/tasks/{task['id']}/annotations/"
        good = ranked(task["data"], [1, 2], [2, 1])
        unconfirmed = [entry for entry in good if entry["from_name"] != "done__clarity"]
        refused = annotator("POST", path, json={"result": unconfirmed})
        assert "Clarity: put the responses in order, then confirm" in refused.text
        assert refused.status_code == 400
        assert annotator("POST", path, json={"result": good}).status_code == 201
        assert annotator("GET", f"/api/projects/{project.project}/export").status_code == 403
    assert "canary-1" in json.dumps(project.data()), "its owner keeps everything"


def test_the_seam_at_which_imports_are_completed_is_there() -> None:
    """Label Studio's check of a task's data: a function of (project, data) that every import looks up in its class."""
    found = find_spec("label_studio")
    assert found is not None and found.origin is not None
    tree = ast.parse(Path(found.origin).with_name("tasks").joinpath("validation.py").read_text(encoding="utf-8"))
    [validator] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "TaskValidator"]
    methods = {node.name: node for node in validator.body if isinstance(node, ast.FunctionDef)}
    check = methods["check_data"]
    assert [argument.arg for argument in check.args.args] == ["project", "data"]
    assert [ast.unparse(decorator) for decorator in check.decorator_list] == ["staticmethod"]
    assert "TaskValidator.check_data(project, data)" in ast.unparse(methods["check_data_and_root"])
