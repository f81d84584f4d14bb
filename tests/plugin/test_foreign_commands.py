"""The commands that read job outputs, on projects that gtbridge did not make: from files, and live."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import datasets
import pytest
from commands import refusal
from foreign_exports import PAIRWISE, annotation, config_file, selected, stored_by_annotation, task, write_json
from foreign_projects import new_project, owner_client
from foreign_templates import TEMPLATES, labeling_config
from roads import RANKING_TASK, Api, done, pooled_annotator, run

from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.migration.plan import MigrationOptions, plan_migration
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, open_job_output

LEFT, RIGHT = selected("left"), selected("right")
TASKS = [
    task(4, [annotation(1, 5, LEFT), annotation(2, 6, LEFT)]),
    task(9, [annotation(3, 5, RIGHT)], {**PAIRWISE.data, "prompt": "And snow?"}),
]


@pytest.fixture
def export(tmp_path: Path) -> tuple[str, str, str]:
    """An export of ``TASKS``, and --task with its labeling config."""
    return str(write_json(tmp_path / "export.json", TASKS)), "--task", config_file(tmp_path)


def test_audit_reads_an_export(export: tuple[str, str, str]) -> None:
    (job,) = json.loads(done("audit", *export, "--json"))["jobs"]
    assert (job["name"], job["items"], job["answers"], job["annotators"]) == ("project-7", 2, 3, 2)


def test_dataset_build_reads_an_export(export: tuple[str, str, str], tmp_path: Path) -> None:
    done("dataset", "build", *export, "-o", str(tmp_path / "made"), "--test-size", "0")
    rows = datasets.load_dataset(str(tmp_path / "made"), "preference", split="train")
    assert [(row["prompt"][0]["content"], row["chosen"][0]["content"]) for row in rows] == [
        ("What is rain?", "Water that falls."),
        ("And snow?", "A kind of weather, wet."),
    ]
    assert [row["metadata"]["item"] for row in rows] == ["project-7/4", "project-7/9"]


def test_verify_finds_an_export_and_target_storage_the_same_and_what_is_not(
    export: tuple[str, str, str], tmp_path: Path
) -> None:
    for name, value in stored_by_annotation(TASKS):
        write_json(tmp_path / "out" / name, value)
    assert "no differences" in done("verify", *export, str(tmp_path / "out"))
    write_json(tmp_path / "out" / "3", {**annotation(3, 5, LEFT), "task": {**TASKS[1], "annotations": []}})
    result = run("verify", *export, str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "ranking" in result.stdout


def test_migrate_reads_an_export_and_numbers_its_tasks_as_lines(export: tuple[str, str, str], tmp_path: Path) -> None:
    manifest = str(tmp_path / "made.manifest")
    planned = json.loads(done("migrate", *export, "--manifest", manifest, "--dry-run", "--json"))
    assert (planned["objects"], planned["finished"], planned["to_do"], planned["lost"]) == (2, 1, 1, [])
    assert planned["LabelingJobName"] == "project-7"
    assert not Path(manifest).exists()
    output = open_job_output(export[0], JobOutputOptions(task=export[2]))
    with TemporaryFile() as tasks:
        plan = plan_migration(output, MigrationOptions(manifest=manifest), tasks)
        assert [made["data"]["object_index"] for made, _ in plan.tasks()] == [0, 1]


def test_an_export_of_a_labeling_job_can_be_migrated_as_well(tmp_path: Path) -> None:
    """Unlike the job itself, it is on no server."""
    data = {"prompt": "Why?", "responses": ["a", "b"]}
    path = str(write_json(tmp_path / "export.json", [task(3, [], data)]))
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    arguments = (path, "--task", str(tmp_path / "task.yaml"), "--manifest", str(tmp_path / "m"), "--dry-run", "--json")
    assert json.loads(done("migrate", *arguments))["to_do"] == 1


def test_what_no_screen_asks_for_cannot_be_migrated(tmp_path: Path) -> None:
    written = next(template for template in TEMPLATES if template.name == "supervised-llm")
    path = str(write_json(tmp_path / "export.json", [task(1, [], written.data)]))
    config, manifest = config_file(tmp_path, written), str(tmp_path / "m")
    said = refusal(tmp_path, "migrate", path, "--task", config, "--manifest", manifest, "--dry-run")
    assert said.startswith(f"{path}: $.prompt_completion: no screen asks for answers to prompts")


@pytest.fixture(scope="module")
def project(label_studio: Embedded) -> int:
    """Two tasks: on one both people answered, on the other one skipped; there are a draft and a prediction as well."""
    one, other = (pooled_annotator(label_studio.url, label_studio.api_key, number) for number in range(2))
    made, (first, second) = new_project(label_studio, labeling_config(PAIRWISE.path), [PAIRWISE.data] * 2)
    Api(label_studio, one).annotate(first, LEFT)
    Api(label_studio, other).annotate(first, RIGHT)
    Api(label_studio, one).annotate(second, LEFT)
    Api(label_studio, other).annotate(second, [], was_cancelled=True)
    with owner_client(label_studio) as client:
        client.post(f"/api/tasks/{second}/drafts", json={"result": RIGHT}).raise_for_status()
        client.post("/api/predictions/", json={"task": second, "result": RIGHT}).raise_for_status()
    return made


@pytest.mark.server
def test_a_live_project_is_read_with_what_is_no_answer_told_apart(
    project: int, label_studio: Embedded, tmp_path: Path
) -> None:
    out = str(tmp_path / "made")
    said = done("dataset", "build", f"label-studio:{project}", "-o", out, "--json", server=label_studio)
    ledger: dict[str, Any] = json.loads(said)["ledger"]
    assert (ledger["items"]["in"], ledger["items"]["out"]) == (2, 2)
    assert (ledger["answers"]["in"], ledger["answers"]["out"]) == (4, 3)
    assert [drop["reason"] for drop in ledger["answers"]["dropped"]] == ["declined"]
    for kind in ("drafts", "predictions"):
        (drop,) = ledger[kind]["dropped"]
        assert (ledger[kind]["in"], drop["count"], drop["reason"]) == (1, 1, "that are no answers")


@pytest.mark.server
def test_a_live_project_and_its_export_differ_only_in_that_files_do_not_name_the_server(
    project: int, label_studio: Embedded, tmp_path: Path
) -> None:
    with owner_client(label_studio) as client:
        query = {"exportType": "JSON", "download_all_tasks": "true"}
        content = client.get(f"/api/projects/{project}/export", params=query).content
    (tmp_path / "export.json").write_bytes(content)
    outputs = (f"label-studio:{project}", str(tmp_path / "export.json"))
    said = done("verify", *outputs, "--task", config_file(tmp_path), server=label_studio)
    assert said.splitlines()[-1] == "2 items and 4 answers compared: no differences, 4 notes (4 identity)"


@pytest.mark.server
def test_a_live_project_becomes_a_labeling_job_that_holds_every_answer(
    project: int, label_studio: Embedded, tmp_path: Path
) -> None:
    name, manifest = f"from-{project}", str(tmp_path / "made.manifest")
    live = ("migrate", f"label-studio:{project}", "--project", name, "--manifest", manifest)
    assert "2 objects" in done(*live, server=label_studio)
    (job,) = json.loads(done("audit", f"label-studio:{name}", "--json", server=label_studio))["jobs"]
    assert (job["answers"], job["declined"], job["invalid"], job["annotators"]) == (3, 1, 0, 2)


@pytest.mark.server
def test_what_is_there_or_not_is_said_of_projects(project: int, label_studio: Embedded, tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        result = run("audit", *arguments, "--json", server=label_studio)
        assert result.exit_code == 1
        return result.stderr.removeprefix("error: ").strip()

    address = f"{label_studio.url}/projects/{project}"
    assert said("label-studio:1000000") == f"{label_studio.url}: there is no labeling job and no project 1000000"
    assert said("label-studio:rain") == f"{label_studio.url}: there is no labeling job rain"
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    assert said(f"label-studio:{project}", "--task", str(tmp_path / "task.yaml")) == (
        f"{address}: gtbridge did not make this project, so its answers are read by its labeling config only: "
        "leave out --task, or give one"
    )
    assert "'nothing', which is not in the config" in said(f"label-studio:{project}", "--map", "ignore=nothing")
