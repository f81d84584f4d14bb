"""The main road on a real Label Studio: manifest -> project -> answers through the API -> job output -> dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import datasets
import pytest
from balances import counted, stated
from roads import (
    ITEMS,
    QUESTION_TASK,
    Api,
    done,
    new_annotator,
    output_lines,
    prepare_job,
    ranked,
    run,
    same,
    worker_file,
)

from gtbridge.converters.formats.job_output import item_document
from gtbridge.plugin.label_studio import answers, export, export_lines
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_answers_reach_the_dataset_with_nothing_lost(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    name, project, folder = job
    first, second = Api(label_studio), Api(label_studio, new_annotator(label_studio, "second"))
    tasks = first.tasks(project)
    first.annotate(tasks[0]["id"], ranked(tasks[0]["data"], [1, 2, 2], [1, 2, 3]), lead_time=12.5)
    second.annotate(tasks[0]["id"], ranked(tasks[0]["data"], [1, 1, 3], [2, 1, 3]))
    first.annotate(tasks[1]["id"], ranked(tasks[1]["data"], [2, 1], [2, 1]))
    done("job", "export", name, "--to", str(folder / "out"), server=label_studio)
    output = folder / "out" / name
    same(label_studio, f"label-studio:{name}", str(output))

    lines = output_lines(output)
    assert [{key: line[key] for key in item} for line, item in zip(lines, ITEMS, strict=True)] == ITEMS
    assert lines[2] == ITEMS[2]
    assert lines[0]["label"] == {}
    assert lines[0]["label-metadata"]["job-name"] == name
    stored = worker_file(output, lines[0])["answers"]
    content = [answer["answerContent"]["textRanking"]["ordinalRankingDimensions"] for answer in stored]
    assert content == [
        [
            {"name": "Helpfulness", "allowTie": True, "responseRankings": [1, 2, 2]},
            {"name": "Clarity", "allowTie": False, "responseRankings": [1, 2, 3]},
        ],
        [
            {"name": "Helpfulness", "allowTie": True, "responseRankings": [1, 1, 3]},
            {"name": "Clarity", "allowTie": False, "responseRankings": [2, 1, 3]},
        ],
    ]
    assert stored[0]["timeSpentInSeconds"] == 12.5
    assert stored[0]["workerId"] != stored[1]["workerId"]
    assert "acceptanceTime" not in stored[0]

    done("dataset", "build", str(output), "-o", str(folder / "ds"), "--test-size", "0")
    clarity = datasets.load_dataset(str(folder / "ds"), "preference-Clarity", split="train")
    pairs = {
        (row["prompt"][0]["content"], row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in clarity
    }
    assert pairs == {
        ("Why is the sky blue?", "Rayleigh", "Sea"),
        ("Why is the sky blue?", "Because", "Sea"),
        ("¿Por qué?", "No sé", "Así"),
    }
    raw = datasets.load_dataset(str(folder / "ds"), "annotations", split="train")
    assert [row["status"] for row in raw] == ["valid"] * 3
    models = [row["metadata"]["chosen_model"] for row in clarity if row["prompt"][0]["content"] == "¿Por qué?"]
    assert models == ["model-y"]


def test_a_later_answer_makes_a_new_file_and_leaves_the_others(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api, out = Api(label_studio), folder / "out" / name
    tasks = api.tasks(project)

    def export() -> list[Any]:
        done("job", "export", name, "--to", str(folder / "out"), server=label_studio)
        return [line.get("label-metadata", {}).get("worker-response-ref") for line in output_lines(out)]

    for task in tasks[:2]:
        api.annotate(task["id"], ranked(task["data"], [1, 2, 3], [1, 2, 3][: len(task["data"]["responses"])]))
    before = export()
    assert export() == before
    other = Api(label_studio, new_annotator(label_studio, "later"))
    other.annotate(tasks[0]["id"], ranked(tasks[0]["data"], [1, 1, 1], [3, 2, 1]))
    after = export()
    assert after[0] != before[0]
    assert after[1:] == before[1:]
    assert len(worker_file(out, output_lines(out)[0])["answers"]) == 2
    same(label_studio, f"label-studio:{name}", str(out))
    assert (out / before[0]).is_file()


def test_invalid_and_declined_answers_are_kept_apart_and_named(
    label_studio: Embedded, job: tuple[str, int, Path]
) -> None:
    name, project, folder = job
    api = Api(label_studio)
    tasks = api.tasks(project)
    api.annotate(tasks[0]["id"], [{"garbage": 1}])
    api.annotate(tasks[1]["id"], [], was_cancelled=True)
    report = json.loads(done("job", "export", name, "--to", str(folder), "--json", server=label_studio))
    lines = output_lines(folder / name)
    assert "label" not in lines[0]
    assert lines[0]["label-metadata"]["failure-reason"] == "No valid answer: 1 invalid"
    assert lines[1]["label-metadata"]["failure-reason"] == "No valid answer: 1 declined"
    kept = worker_file(folder / name, lines[0])
    assert kept["answers"] == []
    assert kept["gtbridge"]["invalid"][0]["gtbridge"]["labelStudio"]["result"] == [{"garbage": 1}]
    entry = report["ledger"]["answers"]
    assert (entry["in"], entry["out"]) == (2, 0)
    assert {drop["reason"]: drop["count"] for drop in entry["dropped"]} == {"that break a rule": 1, "declined": 1}
    same(label_studio, f"label-studio:{name}", str(folder / name))


def test_questions_reach_the_dataset_with_their_sections(label_studio: Embedded, tmp_path: Path) -> None:
    passage = "The 👩‍👩‍👧 crossed\r\nthe  river."
    path, _ = prepare_job(tmp_path, "questions", [{"source": passage}], QUESTION_TASK)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=label_studio))
    api = Api(label_studio)
    (task,) = api.tasks(made["ProjectId"])
    assert task["data"]["passage"] == passage
    start = passage.index("the  river")

    def control(name: str, kind: str, key: str, values: list[str]) -> dict[str, Any]:
        return {"from_name": name, "to_name": "passage", "type": kind, "value": {key: values}}

    api.annotate(
        task["id"],
        [
            control("pair_count", "choices", "choices", ["1"]),
            control("question_1", "textarea", "text", ["What was crossed?"]),
            control("answer_1", "textarea", "text", ["the  river"]),
            control("scope_1", "choices", "choices", ["highlighted sections"]),
            control("tags_1", "choices", "choices", ["What"]),
            control("custom_tags_1", "textarea", "text", ["my own"]),
            {
                "id": "s1",
                "from_name": "section",
                "to_name": "passage",
                "type": "labels",
                "value": {"start": start, "end": start + 10, "text": "the  river", "labels": ["QA 1"]},
            },
        ],
    )
    done("job", "export", "questions", "--to", str(tmp_path), server=label_studio)
    assert stated(tmp_path / "questions") == counted(tmp_path / "questions")
    same(label_studio, "label-studio:questions", str(tmp_path / "questions"))
    done("dataset", "build", str(tmp_path / "questions"), "-o", str(tmp_path / "ds"), "--test-size", "0")
    (row,) = datasets.load_dataset(str(tmp_path / "ds"), "sft", split="train")
    assert row["completion"] == [{"role": "assistant", "content": "the  river"}]
    assert passage in row["prompt"][0]["content"]
    assert row["metadata"]["tags"] == ["What", "my own"]
    assert row["metadata"]["sections"] == [{"start": start, "end": start + 10, "text": "the  river"}]


def test_a_label_attribute_that_no_line_has_is_refused(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    name, project, folder = job
    task = Api(label_studio).tasks(project)[1]
    Api(label_studio).annotate(task["id"], ranked(task["data"], [1, 2], [1, 2]))
    done("job", "export", name, "--to", str(folder), server=label_studio)
    build = ("dataset", "build", str(folder / name), "-o", str(folder / "ds"), "--label-attribute")
    refused = run(*build, "labels")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].endswith("no object has the label attribute labels")
    assert not (folder / "ds").exists()
    done(*build, "label")


def _dropping_first(function: Any) -> Any:
    return lambda *given: list(function(*given))[1:]


def _without_its_first_answer(*given: Any) -> Any:
    document = item_document(*given)
    document["answers"] = document["answers"][1:]
    return document


def _without_a_dimension(*given: Any) -> Any:
    document = item_document(*given)
    document["answers"][0]["answerContent"]["textRanking"]["ordinalRankingDimensions"].pop()
    return document


_LOSSES: list[tuple[Any, str, Any, str]] = [
    (export, "output_lines", _dropping_first(export_lines.output_lines), "items"),
    (export_lines, "item_document", _without_its_first_answer, "answers"),
    (export_lines, "item_document", _without_a_dimension, "dimensions"),
    (answers.JobAnswers, "add", lambda *given: None, "answers"),
]


def test_an_export_that_loses_something_is_not_written(label_studio: Embedded, job: tuple[str, int, Path]) -> None:
    name, project, folder = job
    api = Api(label_studio)
    task = api.tasks(project)[0]
    api.annotate(task["id"], ranked(task["data"], [1, 2, 2], [1, 2, 3]))
    for where, step, lossy, kind in _LOSSES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(where, step, lossy)
            result = run("job", "export", name, "--to", str(folder / "out"), server=label_studio)
        assert result.exit_code == 1 and kind in result.stderr, (step, result.output)
        assert result.stderr.endswith("this is a bug of gtbridge's, so the output was not written\n")
        assert not (folder / "out" / name / "manifests/output/output.manifest").exists()
