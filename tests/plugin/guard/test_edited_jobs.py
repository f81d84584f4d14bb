"""A job whose rules are edited while people work: new answers keep the new rules, old ones count by their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import QUESTIONS
from roads import done, output_lines, worker_file

from gtbridge.converters.formats.given_under import recorded_rules, with_recorded_rules
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.label_configs.tasks import QuestionAnswer, Range
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

EDIT = "question_words.min: 3 before, 5 now"


def edit(desk: Desk) -> QuestionAnswer:
    """Ask for longer questions from now on; gives the definition as it was."""
    address = f"/api/projects/{desk.project}/"
    before = labeling_config_to_definition(desk.owner("GET", address).json()["label_config"], "config")
    assert isinstance(before, QuestionAnswer)
    after = before.model_copy(update={"question_words": Range(min=5, max=9)})
    saved = desk.owner("PATCH", address, json={"label_config": definition_to_labeling_config(after)})
    assert saved.status_code == 200, saved.text
    return before


def said(desk: Desk, result: Any) -> Any:
    """The result as another annotator's: with two questions of five words or more."""
    longer = {"When does water boil?": "When does all water boil?", "When does ice melt?": "When does the ice melt?"}
    text = json.dumps(result)
    for short, long in longer.items():
        text = text.replace(short, long)
    return json.loads(text)


def answered(annotator: Caller, desk: Desk, result: Any) -> Any:
    return annotator("POST", desk.path(), json={"result": result})


def test_old_answers_count_by_the_rules_they_were_given_under_and_the_edit_is_reported(
    guarded: Embedded, tmp_path: Path
) -> None:
    name = "edited-guarded"
    with calling(guarded) as owner, calling(guarded, "before") as early, calling(guarded, "after") as late:
        desk = open_desk(owner, tmp_path, name, QUESTIONS)
        old = answered(early, desk, QUESTIONS.good)
        assert old.status_code == 201, old.text
        before = edit(desk)

        refused = answered(late, desk, QUESTIONS.good)
        assert refused.status_code == 400
        assert "QA 1: the question has 4 words; 5 to 9 words are needed" in refused.text
        forged = answered(late, desk, with_recorded_rules(QUESTIONS.good, before))
        assert forged.status_code == 400, "nobody chooses the rules that they are judged by"
        new = answered(late, desk, said(desk, QUESTIONS.good))
        assert new.status_code == 201, new.text

        rules = [recorded_rules(entry["result"]) for entry in desk.stored()]
        limits = [found.question_words.min for found in rules if isinstance(found, QuestionAnswer)]
        assert sorted(limits) == [3, 5]

        # What a reviewer says about the old answer leaves it as it is; its annotator's update must keep the new rules.
        own = f"/api/annotations/{old.json()['id']}/"
        assert owner("PATCH", own, json={"ground_truth": True}).status_code == 200
        assert early("PATCH", own, json={"result": QUESTIONS.good}).status_code == 400

    described = json.loads(done("job", "describe", name, "--json", server=guarded))["LabelStudio"]
    assert (described["Valid"], described["Invalid"]) == (2, 0)
    assert described["Edited"] == ["question_words.max: 6 before, 9 now", EDIT]
    assert f"edited since it was made: {EDIT}" in done("job", "describe", name, server=guarded)

    printed = done("job", "export", name, "--to", str(tmp_path / "out"), server=guarded)
    assert EDIT in printed
    assert "1 given before the task was edited: judged by the rules of then (object 0)" in printed
    (line,) = output_lines(tmp_path / "out" / name)
    document = worker_file(tmp_path / "out" / name, line)
    assert (len(document["answers"]), "invalid" in document.get("gtbridge", {})) == (2, False)

    for output in (str(tmp_path / "out" / name), f"label-studio:{name}"):
        report = json.loads(
            done(
                "dataset",
                "build",
                output,
                "-o",
                str(tmp_path / "data"),
                "--config",
                "qa",
                "--test-size",
                "0",
                "--json",
                server=guarded,
            )
        )
        assert report["ledger"]["answers"]["notes"][0]["count"] == 1, output
        assert report["configs"] == {"qa": {"train": 4}}, "two pairs of each annotator"


def test_a_config_that_cannot_be_read_any_more_keeps_no_answer_from_its_export(
    label_studio: Embedded, tmp_path: Path
) -> None:
    name = "spoilt-later"
    with calling(label_studio) as owner:
        desk = open_desk(owner, tmp_path, name, QUESTIONS)
        assert owner("POST", desk.path(), json={"result": QUESTIONS.good}).status_code == 201
        address = f"/api/projects/{desk.project}/"
        config = owner("GET", address).json()["label_config"]
        spoilt = config.replace('"min":3', '"min":4', 1)
        assert spoilt != config
        assert owner("PATCH", address, json={"label_config": spoilt.replace("Question, 3", "?")}).status_code == 200
        other = spoilt.replace('maxSubmissions="1"', 'maxSubmissions="2"', 1)
        assert owner("PATCH", address, json={"label_config": other}).status_code == 200

    printed = done("job", "export", name, "--to", str(tmp_path / "out"), server=label_studio)
    assert "no longer fits the definition that it carries" in printed
    assert "the rules that the job was made with stand in for it" in printed
    (line,) = output_lines(tmp_path / "out" / name)
    assert len(worker_file(tmp_path / "out" / name, line)["answers"]) == 1
