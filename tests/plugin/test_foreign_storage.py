"""What Label Studio's target storage holds, as a job output: in both of its forms, locally and in S3."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from foreign_exports import PAIRWISE, annotation, config_file, selected, stored_by_annotation, task, write_json
from foreign_projects import new_project, owner_client
from foreign_templates import labeling_config
from installation import with_settings
from seaweedfs import BUCKET, REGION, ObjectServer

from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import GtbridgeError, InputError
from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, job_lines, open_job_output
from gtbridge.plugin.storage import list_files

TASKS = [
    task(4, [annotation(10, 5, selected("left")), annotation(9, 6, selected("right"))]),
    task(12, [annotation(11, 6, selected("right")), annotation(100, 5, [], was_cancelled=True)]),
]


def lines(place: object, folder: Path, **options: Any) -> list[AnsweredLine]:
    output = open_job_output(str(place), JobOutputOptions(task=config_file(folder), **options))
    assert (output.name, output.has_manifest) == ("project-7", False)
    return list(job_lines(output, Ledger()))


def store(folder: Path, files: Mapping[str, Any]) -> Path:
    for name, value in files.items():
        write_json(folder / name, value)
    return folder


def by_task(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((f"{one['id']}.json", one) for one in tasks)


@pytest.mark.parametrize("form", [stored_by_annotation, by_task])
def test_either_form_of_target_storage_says_what_the_export_says(form: Any, tmp_path: Path) -> None:
    folder = store(tmp_path / "out", dict(form(TASKS)))
    assert lines(folder, tmp_path) == lines(write_json(tmp_path / "export.json", TASKS), tmp_path)


@pytest.mark.parametrize("seed", range(5))
def test_both_forms_in_one_folder_make_each_answer_once_as_it_was_last(seed: int, tmp_path: Path) -> None:
    """A server whose setting was changed leaves files of both; the names and the order of the files tell nothing."""
    chance = random.Random(seed)
    changed = annotation(9, 6, selected("left"), updated_at="2026-11-22T12:00:00Z")
    now = [task(4, [TASKS[0]["annotations"][0], changed], {**PAIRWISE.data, "prompt": "Edited?"}), TASKS[1]]
    files = [value for part in (stored_by_annotation(TASKS), by_task(now)) for _, value in part]
    names = chance.sample(range(1000), len(files))
    folder = store(tmp_path / "out", {f"{name}.json": value for name, value in zip(names, files, strict=True)})
    assert lines(folder, tmp_path) == lines(write_json(tmp_path / "export.json", now), tmp_path)


def test_a_single_file_of_target_storage_is_read_as_well(tmp_path: Path) -> None:
    folder = store(tmp_path / "out", dict(stored_by_annotation(TASKS)))
    (line,) = lines(folder / "11", tmp_path)
    assert [answer.worker.id for answer in line.answers] == ["label-studio-6"]


def test_what_has_other_names_in_the_folder_is_not_looked_at(tmp_path: Path) -> None:
    folder = store(tmp_path / "out", {**dict(stored_by_annotation(TASKS)), "tasks/a.json": [1], ".x": 2, "notes": 3})
    assert len(lines(folder, tmp_path)) == 2


def test_a_damaged_file_is_named_and_can_be_gone_without(tmp_path: Path) -> None:
    folder = store(tmp_path / "out", dict(stored_by_annotation(TASKS)))
    (folder / "11").write_text('{"id": 11, "res', encoding="utf-8")
    with pytest.raises(GtbridgeError, match=r"out/11:1: not JSON.*\(--allow-missing goes on without it\)"):
        lines(folder, tmp_path)
    options = JobOutputOptions(task=config_file(tmp_path), allow_missing=True)
    ledger = Ledger()
    found = list(job_lines(open_job_output(str(folder), options), ledger))
    assert [len(line.answers) for line in found] == [2, 1]
    assert ledger.notes["files", "that cannot be read"] == 1


def test_files_of_two_projects_are_told_apart(tmp_path: Path) -> None:
    folder = store(tmp_path / "out", {"1": {**annotation(1, 5, []), "task": {"id": 4, "data": PAIRWISE.data}}})
    store(folder, {"2": {**annotation(2, 5, [], project=8), "task": {"id": 5, "data": PAIRWISE.data}}})
    with pytest.raises(InputError, match="out/2: is of project 8, others here of project 7"):
        lines(folder, tmp_path)


def test_a_folder_of_something_else_is_no_target_storage(tmp_path: Path) -> None:
    for name, value in (("1.json", {"prompt": "x"}), ("2", [1])):
        folder = store(tmp_path / name.replace(".", "-"), {name: value})
        with pytest.raises(GtbridgeError, match="no output manifest is here"):
            open_job_output(str(folder), JobOutputOptions(task=config_file(tmp_path)))


@pytest.fixture(scope="module")
def storing(objects: ObjectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Embedded, Path]]:
    """A server that may write to S3 on loopback, and its data directory."""
    data = tmp_path_factory.mktemp("data")
    with with_settings("storage_settings", data) as server:
        yield server, data


class Project:
    """A project on ``server`` with two tasks, whose answers are written to ``bucket`` as they are given."""

    def __init__(self, server: Embedded, client: httpx.Client, objects: ObjectServer, bucket: str):
        self.client = client
        self.number, self.tasks = new_project(server, labeling_config(PAIRWISE.path), [PAIRWISE.data] * 2)
        storage = {
            "project": self.number,
            "bucket": BUCKET,
            "prefix": bucket.rpartition("/")[2],
            "s3_endpoint": objects.url,
            "aws_access_key_id": objects.access_key,
            "aws_secret_access_key": objects.secret_key,
            "region_name": REGION,
            "can_delete_objects": True,
        }
        self._storage = self._post("/api/storages/export/s3", storage)["id"]

    def answer(self, task: int, api_key: str, side: str | None) -> int:
        """The number of a new annotation; without a side the task is skipped."""
        fields = {"result": selected(side) if side else [], "was_cancelled": side is None, "lead_time": 2.5}
        url, headers = f"/api/tasks/{self.tasks[task]}/annotations/", {"Authorization": f"Token {api_key}"}
        return int(self.client.post(url, json=fields, headers=headers).raise_for_status().json()["id"])

    def withdraw(self, annotation: int) -> None:
        self.client.delete(f"/api/annotations/{annotation}/").raise_for_status()

    def store_anew(self) -> None:
        """Have everything written once more."""
        self._post(f"/api/storages/export/s3/{self._storage}/sync", {})

    def export(self, path: Path) -> Path:
        query = {"exportType": "JSON", "download_all_tasks": "true"}
        path.write_bytes(self.client.get(f"/api/projects/{self.number}/export", params=query).content)
        return path

    def _post(self, path: str, fields: Any) -> Any:
        return self.client.post(path, json=fields).raise_for_status().json()


def said(place: object, folder: Path) -> list[tuple[int, list[tuple[Any, ...]]]]:
    """Of each task who said what; the documents themselves differ in what the server adds to them."""
    output = open_job_output(str(place), JobOutputOptions(task=config_file(folder)))
    return [
        (
            line.line.item.index,
            [(answer.worker, answer.status, answer.rankings, answer.seconds) for answer in line.answers],
        )
        for line in job_lines(output, Ledger())
    ]


@pytest.mark.server
def test_what_a_real_server_stores_in_s3_is_read_like_its_export(
    storing: tuple[Embedded, Path], objects: ObjectServer, bucket: str, tmp_path: Path
) -> None:
    server, data = storing
    colleague = add_annotator(server.url, server.api_key, "colleague@example.com", "a-long-password")
    with owner_client(server) as client:
        project = Project(server, client, objects, bucket)
        skipped = project.answer(0, colleague, None)
        for task_number, api_key, side in ((0, server.api_key, "left"), (1, server.api_key, "right")):
            project.answer(task_number, api_key, side)
        project.answer(1, colleague, "left")
        assert len([name for name in list_files(bucket) if name.isdecimal()]) == 4
        found = said(bucket, tmp_path)
        assert found == said(project.export(tmp_path / "export.json"), tmp_path)
        assert [[status for _, status, *_ in answers] for _, answers in found] == [["declined", "given"], ["given"] * 2]

        project.withdraw(skipped)
        (data / "by-task").touch()
        project.store_anew()
        assert {f"{number}.json" for number in project.tasks} <= set(list_files(bucket))
        found = said(bucket, tmp_path)
        assert found == said(project.export(tmp_path / "export.json"), tmp_path)
        assert [len(answers) for _, answers in found] == [1, 2]
