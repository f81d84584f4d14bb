"""A database that is locked when an answer arrives: waited for, in the end 503, and never half of an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from commands import wait_until
from guarded_api import Caller, Desk, calling, open_desk
from installation import Installation, on_sqlite
from judged_jobs import QUESTIONS, text
from locked import locked, tried_again
from stored import Stored

pytestmark = pytest.mark.guarded

GOOD = QUESTIONS.good


@pytest.fixture(scope="module", params=("sqlite", "postgres"))
def impatient(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server that waits two seconds for a lock."""
    if request.param == "postgres":
        yield request.getfixturevalue("demanding")
        return
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GTBRIDGE_LOCK_PATIENCE", "2")
        with on_sqlite(tmp_path_factory.mktemp("impatient") / "data") as place:
            yield place


@dataclass
class Scene:
    """A job of two items: Ann has answered the first, and begun the second."""

    place: Installation
    desk: Desk
    ann: Caller
    answer: int
    draft: int

    def calls(self) -> dict[str, Callable[[], httpx.Response]]:
        """What stores something, by what it is."""
        owner, ann, path = self.desk.owner, self.ann, self.desk.path(1)
        people = {"project": self.desk.project, "workers": [{"email": "late@example.com"}]}
        return {
            "an answer": lambda: ann.client.post(path, json={"result": GOOD}),
            "a changed answer": lambda: ann.client.patch(f"/api/annotations/{self.answer}/", json={"result": GOOD}),
            "a draft": lambda: ann.client.post(path.replace("annotations/", "drafts"), json={"result": GOOD}),
            "a changed draft": lambda: ann.client.patch(f"/api/drafts/{self.draft}/", json={"result": GOOD}),
            "a new annotator": lambda: owner.client.post("/gtbridge/workers", json=people),
            "no answer any more": lambda: owner.client.delete(f"/api/annotations/{self.answer}/"),
        }


@pytest.fixture
def scene(impatient: Installation, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    name = request.node.name.split("[")[0].replace("_", "-")[5:40]
    with calling(impatient.server) as owner, calling(impatient.server, name) as ann:
        desk = open_desk(owner, tmp_path, name, QUESTIONS, items=2, workers=2)
        answer = ann("POST", desk.path(0), json={"result": GOOD}).json()["id"]
        ann("GET", f"/api/projects/{desk.project}/next")
        draft = ann("POST", desk.path(1).replace("annotations/", "drafts"), json={"result": []}).json()["id"]
        yield Scene(impatient, desk, ann, answer, draft)


def test_a_lock_that_stays_is_answered_503_and_nothing_is_stored(scene: Scene) -> None:
    calls, place = scene.calls(), scene.place
    with closing(Stored(place.database, place.data_dir)) as stored:
        if isinstance(place.database, str):  # it touches no row but its own there
            del calls["a changed draft"]
        with locked(place, *(task["id"] for task in scene.desk.tasks)), ThreadPoolExecutor(len(calls)) as pool:
            answers = dict(zip(calls, pool.map(lambda call: call(), calls.values()), strict=True))
        for what, answer in answers.items():
            assert answer.status_code == 503, f"{what}: {answer.text}"
            assert int(answer.headers["Retry-After"]) > 0
            assert "nothing was stored" in answer.json()["detail"]
        assert not stored.changes()
    for what, call in calls.items():
        assert call().is_success, f"{what} can be sent again"


def test_a_lock_that_passes_is_waited_for(scene: Scene) -> None:
    before = tried_again(scene.place)
    with ThreadPoolExecutor(1) as pool:
        with locked(scene.place, scene.desk.tasks[1]["id"]):
            sent = pool.submit(scene.calls()["an answer"])
            wait_until(lambda: tried_again(scene.place) > before)
        assert sent.result().status_code == 201
    assert len(scene.desk.stored(1)) == 1


def test_a_lock_is_no_way_around_the_rules(scene: Scene) -> None:
    before, bad = tried_again(scene.place), {"result": [*GOOD, text("question_1", "another")]}
    with ThreadPoolExecutor(1) as pool:
        with locked(scene.place, scene.desk.tasks[1]["id"]):
            sent = pool.submit(scene.ann.client.post, scene.desk.path(1), json=bad)
            if isinstance(scene.place.database, Path):  # on Postgres, a bad answer needs no lock to be refused
                wait_until(lambda: tried_again(scene.place) > before)
        assert sent.result().status_code == 400
    assert not scene.desk.stored(1)


def test_who_is_chosen_to_end_a_deadlock_tries_again(demanding: Installation, tmp_path: Path) -> None:
    with ExitStack() as stack:
        owner = stack.enter_context(calling(demanding.server))
        ann = stack.enter_context(calling(demanding.server, "deadlocked"))
        desk = open_desk(owner, tmp_path, "deadlock", QUESTIONS, workers=2)
        task = desk.tasks[0]["id"]
        admin = stack.enter_context(psycopg.connect(str(demanding.database), autocommit=True))
        # The server looks for a deadlock at once, the one that it will meet does not: so it is the server that loses.
        admin.execute("ALTER SYSTEM SET deadlock_timeout = '50ms'")
        admin.execute("SELECT pg_reload_conf()")
        other = stack.enter_context(psycopg.connect(str(demanding.database)))
        other.execute("SET deadlock_timeout = '1min'")
        other.execute("SELECT 1 FROM project WHERE id = %s FOR UPDATE", (desk.project,))
        pool = stack.enter_context(ThreadPoolExecutor(2))
        before = tried_again(demanding)
        sent = pool.submit(ann.client.post, desk.path(), json={"result": GOOD})
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        wait_until(lambda: admin.execute(waits).fetchone() == (1,))
        other.execute("SELECT 1 FROM task WHERE id = %s FOR UPDATE", (task,))
        wait_until(lambda: tried_again(demanding) > before)
        other.rollback()
        answer = sent.result()
        assert answer.status_code == 201, answer.text
        assert "deadlock detected" in (demanding.data_dir / "log").read_text("utf-8")
        assert len(desk.stored()) == 1
