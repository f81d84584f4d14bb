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
from installation import Installation
from judged_jobs import RANKING

from gtbridge.plugin.local_server.embedded import GUARDED, ChildSettings, Embedded

pytestmark = pytest.mark.guarded

GOOD = {"result": RANKING.good}


@pytest.fixture(scope="module")
def crew(on_each_database: Installation) -> Iterator[list[Caller]]:
    """Six annotators, each with a connection that is open already."""
    with ExitStack() as stack:
        yield [stack.enter_context(calling(on_each_database.server, f"racer-{number}")) for number in range(6)]


@pytest.fixture(scope="module")
def owner(on_each_database: Installation) -> Iterator[Caller]:
    with calling(on_each_database.server) as owner:
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


def test_of_workers_added_at_once_each_gets_one_account(owner: Caller, tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "race-workers", RANKING)
    emails = [f"at-once-{number}@example.com" for number in range(4)]
    body = {"project": desk.project, "workers": [{"email": email} for email in emails]}
    calls = [lambda: owner("POST", "/gtbridge/workers", json=body).status_code] * 6
    assert at_once(calls) == {200: 6}
    listed = owner("GET", "/gtbridge/workers", params={"project": desk.project}).json()
    assert [worker["email"] for worker in listed["workers"]] == emails
    known = [user["email"] for user in owner("GET", "/api/users").json()]
    assert [known.count(email) for email in emails] == [1, 1, 1, 1]


@contextmanager
def second_process(place: Installation) -> Iterator[Embedded]:
    """Another server process on the same database; by the embedded server's own child, as nothing else starts two."""
    server = place.server
    settings = ChildSettings(
        data_dir=str(place.data_dir),
        cache_dir=str(place.data_dir),
        temporary=False,
        port=0,
        version=server.version,
        email=server.email,
        password=server.password,
        token=server.api_key,
        settings_module=GUARDED,
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


def test_two_processes_on_sqlite_keep_the_same_count(guarded_on_sqlite: Installation, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server, other = guarded_on_sqlite.server, stack.enter_context(second_process(guarded_on_sqlite))
        owner = stack.enter_context(calling(server))
        crew = [
            stack.enter_context(calling(place, f"double-racer-{number}"))
            for number, place in enumerate([server, other, server, other])
        ]
        desk = open_desk(owner, tmp_path, "race-processes", RANKING, items=4, workers=2)
        for task in range(4):
            calls = [posting(caller, desk.path(task)) for caller in crew for _ in range(3)]
            assert at_once(calls) == {201: 2, 409: 10}
