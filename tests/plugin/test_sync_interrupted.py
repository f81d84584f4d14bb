"""Pulls that are cut off, on our side or on the way: what was fetched waits, and nothing half is taken for whole."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from commands import wait_until
from fault_proxy import Fault, fault_proxy
from living_projects import Living, before_fetching, fetched_by

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.label_studio import fetching, patience, pulled
from gtbridge.plugin.label_studio.pulled import pulled_tasks
from gtbridge.plugin.label_studio.server import connect

pytestmark = pytest.mark.server


def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks are fetched one by one, and set down as often as that."""
    for module in (fetching, pulled):
        monkeypatch.setattr(module, "TASKS_AT_ONCE", 1)


def test_an_interrupted_pull_is_gone_on_with(living: Living, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few(monkeypatch)
    ids = living.ids()
    asked = fetched_by(living, monkeypatch)

    def cut_off(numbers: list[int]) -> None:
        if numbers == [ids[3]]:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        before_fetching(living, patch, cut_off)
        living.pull()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.unfinished.jsonl.gz"]
    living.answer(ids[1])
    living.act("add_data_field", ids[0], value_name="text", value_type="String", value="rewritten")
    found, changes = living.pull()
    assert asked == [[number] for number in (*ids[:3], *ids[:2], ids[3])]
    assert found == living.fresh()
    assert (changes.first, changes.new, changes.fetched) == (True, 3, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.jsonl.gz"]


def test_what_was_fetched_is_set_down_while_the_pull_goes_on(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch)
    unfinished = living.place.with_name("kept.unfinished.jsonl.gz")
    last = living.ids()[-1]

    def set_down() -> int:
        return len(gzip.decompress(unfinished.read_bytes()).splitlines()) - 1 if unfinished.exists() else 0

    def look(numbers: list[int]) -> None:
        if numbers == [last]:  # asked for while the tasks before it are still worked on
            wait_until(lambda: set_down() >= 1)

    before_fetching(living, monkeypatch, look)
    living.pull()
    assert not unfinished.exists()


def test_whoever_fails_with_the_tasks_gets_the_same_changes_told_again(living: Living) -> None:
    living.pull()
    before = living.place.read_bytes()
    living.answer(living.ids()[1])
    told: list[Any] = []
    with (
        pytest.raises(InputError),
        pulled_tasks(living.server, living.project, living.keeping(lambda *said: told.append(said))) as tasks,
    ):
        assert tasks.changes and tasks.changes.new == 1
        raise InputError("the output cannot be written")
    assert (told, living.place.read_bytes()) == ([], before)
    found, changes = living.pull()
    assert (changes.new, changes.fetched, found) == (1, 0, living.fresh())


def test_a_busy_server_and_a_broken_line_are_borne_with(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES_SECONDS", (0, 0, 0))
    faults = iter([Fault.THROTTLED, Fault.FAILED, Fault.RESET, None, Fault.TRUNCATED, Fault.SLOW_DOWN])

    def spoil(number: int, asked: str) -> Fault | None:
        return next(faults, None) if "/export" in asked else None

    with fault_proxy(living.embedded.url, spoil) as way, connect(way.url, living.embedded.api_key) as server:
        for _ in range(2):
            with pulled_tasks(server, living.project) as tasks:
                assert list(tasks) == living.fresh()
        assert way.spoilt() == 5


def test_a_server_that_stays_away_is_an_error_in_one_sentence(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES_SECONDS", (0, 0))
    with (
        fault_proxy(living.embedded.url, lambda number, asked: Fault.SLOW_DOWN if "/export" in asked else None) as way,
        connect(way.url, living.embedded.api_key) as server,
        pytest.raises(ServerError, match="refused \\(503\\)"),
        pulled_tasks(server, living.project),
    ):
        pass
    assert sum(request.fault is not None for request in way.requests) == 3
