"""Answers that arrive at the same moment: one per person, as many as the job asks for, and never a server error."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from threading import Barrier

import pytest
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import RANKING

from gtbridge.plugin.local_server.embedded import ChildSettings, Embedded, embedded_label_studio

pytestmark = pytest.mark.guarded

GOOD = {"result": RANKING.good}
GUARD = "gtbridge.plugin.guard.settings"


@pytest.fixture(scope="module")
def crew(guarded: Embedded) -> Iterator[list[Caller]]:
    """Six annotators, each with a connection that is open already."""
    with ExitStack() as stack:
        yield [stack.enter_context(calling(guarded, f"racer-{number}")) for number in range(6)]


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as owner:
        yield owner


def at_once(calls: Sequence[Callable[[], int]]) -> Counter[int]:
    """The status codes of calls that all begin at the same moment."""
    start = Barrier(len(calls))

    def call(number: int) -> int:
        start.wait()
        return calls[number]()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(call, range(len(calls))))


def posting(caller: Caller, path: str) -> Callable[[], int]:
    return lambda: caller("POST", path, json=GOOD).status_code


def given(desk: Desk) -> list[int]:
    """Whose answers the task has."""
    return sorted(answer["completed_by"]["id"] for answer in desk.stored() if not answer["was_cancelled"])


def test_of_one_persons_answers_at_once_one_is_stored(owner: Caller, crew: list[Caller], tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "race-one", RANKING, workers=3)
    assert at_once([posting(crew[0], desk.path())] * 20) == {201: 1, 409: 19}
    assert len(given(desk)) == 1


def test_an_item_takes_as_many_answers_as_the_job_asks_for(owner: Caller, crew: list[Caller], tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "race-two", RANKING, workers=2)
    assert at_once([posting(caller, desk.path()) for caller in crew]) == {201: 2, 409: 4}
    assert len(set(given(desk))) == 2


def test_taking_a_skip_back_counts_as_an_answer(owner: Caller, crew: list[Caller], tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "race-skip", RANKING, workers=1)
    skipped = [caller("POST", desk.path(), json={**GOOD, "was_cancelled": True}).json()["id"] for caller in crew]

    def taking_back(caller: Caller, number: int) -> Callable[[], int]:
        return lambda: caller("PATCH", f"/api/annotations/{number}/", json={"was_cancelled": False}).status_code

    calls = [taking_back(caller, number) for caller, number in zip(crew, skipped, strict=True)]
    assert at_once(calls) == {200: 1, 409: 5}
    assert len(given(desk)) == 1


@contextmanager
def second_process(server: Embedded, data_dir: Path) -> Iterator[Embedded]:
    """Another server process on the same database; by the embedded server's own child, as nothing else starts two."""
    settings = ChildSettings(
        data_dir=str(data_dir),
        cache_dir=str(data_dir),
        temporary=False,
        port=0,
        version=server.version,
        email=server.email,
        password=server.password,
        token=server.api_key,
        settings_module=GUARD,
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "gtbridge.plugin.local_server.embedded_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(asdict(settings)) + "\n")
        process.stdin.flush()
        ports = (json.loads(line).get("port") for line in process.stdout)
        port = next(port for port in ports if port)
        yield replace(server, url=f"http://127.0.0.1:{port}")
        process.stdin.close()


def test_two_server_processes_keep_the_same_count(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with ExitStack() as stack:
        server = stack.enter_context(embedded_label_studio(data_dir=data_dir, settings_module=GUARD))
        other = stack.enter_context(second_process(server, data_dir))
        owner = stack.enter_context(calling(server))
        crew = [
            stack.enter_context(calling(place, f"racer-{number}"))
            for number, place in enumerate([server, other, server, other])
        ]
        desk = open_desk(owner, tmp_path, "race-processes", RANKING, items=4, workers=2)
        for task in range(4):
            calls = [posting(caller, desk.path(task)) for caller in crew for _ in range(3)]
            assert at_once(calls) == {201: 2, 409: 10}
