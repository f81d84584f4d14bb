"""Servers that take long, manage little at once, or whose answers are lost: pulls ask for less, imports count."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import Fault, fault_proxy
from living_projects import Living
from roads import ITEMS, RANKING_TASK, prepare_job

from gtbridge.label_configs.errors import ServerError
from gtbridge.plugin.definitions import read_definition
from gtbridge.plugin.label_studio import patience
from gtbridge.plugin.label_studio.fetching import fetched_tasks
from gtbridge.plugin.label_studio.jobs import check_manifest, create_job
from gtbridge.plugin.label_studio.keeping import Keeping
from gtbridge.plugin.label_studio.patience import TooMuch
from gtbridge.plugin.label_studio.pulled import pulled_tasks
from gtbridge.plugin.label_studio.server import Server, connect
from gtbridge.plugin.labeling_job import read_request
from gtbridge.plugin.local_server.embedded import Embedded


class Slow:
    """A server of tasks that manages ``most`` of them at once, each of which takes it so many seconds."""

    def __init__(self, most: int, seconds: float = 0.0):
        self.most, self.seconds, self.now = most, seconds, 0.0
        self.asked: list[int] = []

    def export_tasks(self, project: int, numbers: Sequence[int]) -> list[dict[str, Any]]:
        self.asked.append(len(numbers))
        self.now += self.seconds * len(numbers)
        if len(numbers) > self.most:
            raise TooMuch
        return [{"id": number} for number in reversed(numbers) if number % 10]


def fetch(server: Slow, numbers: Sequence[int]) -> list[int]:
    stand_in: Any = server
    pieces = list(fetched_tasks(stand_in, 1, numbers))
    assert sum(asked for asked, _ in pieces) == len(numbers)
    return [task["id"] for _, tasks in pieces for task in tasks]


@pytest.mark.parametrize("most", [1, 7, 40, 10_000])
def test_however_little_a_server_manages_all_tasks_come_in_their_order(most: int) -> None:
    server = Slow(most)
    numbers = range(5, 2_000)
    assert fetch(server, numbers) == [number for number in numbers if number % 10]
    failed = sum(asked > most for asked in server.asked)
    assert failed <= 8 + len(server.asked) // 5


def test_what_takes_long_is_asked_for_in_less_before_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Slow(10_000, seconds=1)
    monkeypatch.setattr(time, "monotonic", lambda: server.now)
    assert len(fetch(server, range(1, 3_000, 2))) == 1_500
    assert max(server.asked[20:]) <= 10


def test_ids_take_no_more_room_in_an_address_than_servers_have() -> None:
    server = Slow(10_000)
    fetch(server, range(10**15, 10**15 + 500))
    assert max(server.asked) * len(f"&ids[]={10**15}") < 4_000 - 300


@pytest.mark.server
def test_a_proxy_that_cuts_long_answers_off_slows_a_pull_down_and_no_more(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(number: int, asked: str) -> Fault | None:
        return Fault.TRUNCATED if asked.count("ids[]") > 1 else None

    monkeypatch.setattr(patience, "PAUSES_SECONDS", (0,))
    told: list[tuple[int, int]] = []
    keeping = Keeping(lambda project: str(living.place), fetched=lambda *said: told.append(said))
    with (
        fault_proxy(living.embedded.url, cut) as way,
        connect(way.url, living.embedded.api_key) as server,
        pulled_tasks(server, living.project, keeping) as tasks,
    ):
        assert list(tasks) == living.fresh()
    assert way.spoilt() == 2  # four at once, then two
    total = told[0][1]
    assert [total] * len(told) == [of for _, of in told]
    assert sum(count for count, _ in told) == total


@pytest.mark.server
def test_a_first_pull_lists_no_tasks_unless_their_ids_are_scattered(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = living.ids()
    listed: list[int] = []
    tasks = Server.tasks

    def listing(server: Server, project: int, fields: Sequence[str]) -> Any:
        listed.append(project)
        return tasks(server, project, fields)

    monkeypatch.setattr(Server, "tasks", listing)
    living.pull()
    assert listed == []
    living("DELETE", f"/api/tasks/{ids[1]}/")
    living("DELETE", f"/api/tasks/{ids[2]}/")
    monkeypatch.setattr("gtbridge.plugin.label_studio.server._SPARSE", 1)
    found, _ = living.pull(full=True)
    assert ([task["id"] for task in found], listed) == ([ids[0], ids[3]], [living.project])


@pytest.mark.server
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.FAILED])
def test_no_task_is_made_twice_though_the_answer_to_its_import_is_lost(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(patience, "PAUSES_SECONDS", (0, 0))
    monkeypatch.setattr("gtbridge.plugin.label_studio.task_import._BATCH_TASKS", 2)
    imports = iter([fault])

    def spoil(number: int, asked: str) -> Fault | None:
        return next(imports, None) if asked.endswith("/import") else None

    path, _ = prepare_job(tmp_path, f"lost-{fault.name}", ITEMS, RANKING_TASK)
    request = read_request(path.read_text(), str(path))
    definition = read_definition(str(tmp_path / "task.yaml"))
    manifest = check_manifest(request, definition, request.manifest)
    with fault_proxy(label_studio.url, spoil) as way, connect(way.url, label_studio.api_key) as server:
        job = create_job(server, request, definition, manifest)
        found = [task["data"]["object_index"] for task in server.tasks(job.project)]
    assert (found, way.spoilt()) == ([0, 1, 2], 1)


@pytest.mark.server
def test_an_import_that_is_never_answered_leaves_no_project(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PAUSES_SECONDS", (0,))
    path, _ = prepare_job(tmp_path, "never-answered", ITEMS, RANKING_TASK)
    request = read_request(path.read_text(), str(path))
    definition = read_definition(str(tmp_path / "task.yaml"))
    manifest = check_manifest(request, definition, request.manifest)
    with (
        fault_proxy(label_studio.url, lambda number, asked: Fault.FAILED if asked.endswith("/import") else None) as way,
        connect(way.url, label_studio.api_key) as server,
    ):
        with pytest.raises(ServerError, match="does not answer to what is imported"):
            create_job(server, request, definition, manifest)
        assert not any(json.dumps(request.name) in (project.description or "") for project in server.projects())
