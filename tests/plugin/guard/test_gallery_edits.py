"""A project made by hand whose definition is edited in the code of Labeling Setup: its screen and tasks follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from by_hand import QUESTIONS_TITLE, RANKING_TITLE, ByHand
from guarded_api import Caller, calling, open_desk
from judged_jobs import RANKING
from roads import ranked

from gtbridge.converters.formats.task_completion import completed_data
from gtbridge.label_configs.labeling_config import labeling_config_to_definition
from gtbridge.label_configs.tasks import TextRanking
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

PLAIN: dict[str, Any] = {"prompt": "*Why?*", "responses": ["So", "Because"], "topic": "sky"}
CLARITY, TONE = '"name":"Clarity"', '"name":"Tone"'


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as caller:
        yield caller


def ranking(config: str) -> TextRanking:
    definition = labeling_config_to_definition(config, "config")
    assert isinstance(definition, TextRanking)
    return definition


def answer(project: ByHand, result: list[dict[str, Any]]) -> Any:
    return project.owner("POST", f"/api/tasks/{project.tasks()[0]['id']}/annotations/", json={"result": result})


def test_one_edited_line_changes_the_screen_and_the_tasks(owner: Caller) -> None:
    project = ByHand(owner, RANKING_TITLE)
    assert project.import_json(PLAIN).status_code == 201
    assert project.edit(CLARITY, TONE).status_code == 200
    saved = project.edit('"markdown": false', '"markdown": true,\n  "flags": ["Unsafe"]')
    assert saved.status_code == 200, saved.text
    definition = ranking(project.config)
    assert [dimension.name for dimension in definition.dimensions] == ["Helpfulness", "Tone"]
    assert "order__tone" in saved.json()["parsed_label_config"], "what Label Studio derives from it follows as well"
    assert saved.json()["label_config"] == project.config
    [data] = project.data()
    assert data == completed_data(PLAIN, definition)
    assert "<em>Why?</em>" in data["prompt_html"] and data["responses"][0]["flags"]
    assert project.edit('"markdown": true', '"markdown": false').status_code == 200
    assert project.data() == [completed_data(PLAIN, ranking(project.config))]


def test_a_definition_edited_in_the_wizard_before_the_first_save_is_followed(owner: Caller) -> None:
    project = ByHand(owner)
    saved = project.save(project.offered(QUESTIONS_TITLE).replace('"max":3', '"max":2'))
    assert saved.status_code == 200
    assert "question_3" not in project.config and "question_2" in project.config
    labeling_config_to_definition(project.config, "config")


def test_a_config_whose_controls_were_edited_stays_as_it_is_and_takes_no_answers(owner: Caller) -> None:
    for project in (ByHand(owner), ByHand(owner, RANKING_TITLE)):
        config = project.offered(RANKING_TITLE).replace('required="true"', 'required="false"')
        assert project.save(config).status_code == 200
        assert project.config == config
    assert project.import_json(PLAIN).status_code == 400, "Label Studio misses what the screen shows"
    definition = ranking(project.offered(RANKING_TITLE))
    assert project.import_json(completed_data(PLAIN, definition)).status_code == 201
    refused = answer(project, ranked(project.data()[0], [1, 2], [2, 1]))
    assert refused.status_code == 400
    assert "no answer can be taken: the labeling config: the config was edited" in refused.text


def test_looks_may_be_edited(owner: Caller) -> None:
    project = ByHand(owner, RANKING_TITLE)
    config = project.config.replace("Drag the best to the top.", "Best first.")
    assert project.save(config).status_code == 200
    assert project.config == config
    ranking(config)


def test_a_dimension_that_has_answers_can_get_company_but_no_other_name(owner: Caller) -> None:
    # Of dimensions with ties, Label Studio refuses any edit then: it does not know their controls again.
    project = ByHand(owner, RANKING_TITLE)
    assert project.edit('{"name":"Helpfulness","allow_tie":true},', "").status_code == 200
    assert project.import_json(PLAIN).status_code == 201
    order = ranked(project.data()[0], [1, 2], [2, 1])[:2]
    assert answer(project, order).status_code == 201
    before = project.config
    refused = project.edit(CLARITY, TONE)
    assert refused.status_code == 400
    assert "Created annotations are incompatible" in json.dumps(refused.json()["validation_errors"]["label_config"])
    assert project.config == before
    more = project.edit('"allow_tie":false}', '"allow_tie":false},\n    {"name":"Tone","allow_tie":true}')
    assert more.status_code == 200, more.text
    assert len(ranking(project.config).dimensions) == 2


def test_the_tasks_of_a_labeling_job_follow_its_definition_and_keep_their_numbers(
    owner: Caller, tmp_path: Path
) -> None:
    desk = open_desk(owner, tmp_path, "job-edited-by-hand", RANKING, items=2)
    address = f"/api/projects/{desk.project}/"
    config = owner("GET", address).json()["label_config"]
    saved = owner("PATCH", address, json={"label_config": config.replace('"markdown":false', '"markdown":true')})
    assert saved.status_code == 200, saved.text
    ranking(saved.json()["label_config"])
    for number, task in enumerate(desk.tasks):
        data = owner("GET", f"/api/tasks/{task['id']}/").json()["data"]
        assert data["object_index"] == number
        assert "gtb-markdown" in data["prompt_html"]
        assert all("gtb-markdown" in response["text_html"] for response in data["responses"])
        ids = [response["id"] for response in data["responses"]]
        assert ids == [response["id"] for response in task["data"]["responses"]], "shown in the order that is recorded"


def test_a_labeling_job_takes_whole_tasks_only(owner: Caller, tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "job-imported-by-hand", RANKING)
    plain = owner("POST", f"/api/projects/{desk.project}/import", json=[PLAIN])
    assert plain.status_code == 400, "what is no object of its manifest has no place in it"
