"""Projects that somebody deletes: meanwhile and afterwards, the answers of all others are judged and counted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from commands import wait_until
from guarded_api import Caller, calling, open_desk
from installation import Installation
from judged_jobs import RANKING
from living_projects import CONFIG, said

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

BROKEN: dict[str, Any] = {"result": []}
GOOD = {"result": RANKING.good}


@pytest.fixture
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as owner:
        yield owner


class Project:
    """One that gtbridge has nothing to do with, of some answered tasks."""

    def __init__(self, owner: Caller, tasks: int):
        self.owner = owner
        made = owner("POST", "/api/projects/", json={"title": "to delete", "label_config": CONFIG})
        self.path = f"/api/projects/{made.json()['id']}"
        task = {"data": {"text": "word"}, "annotations": [{"result": said()}]}
        assert owner("POST", f"{self.path}/import", json=[task] * tasks).status_code == 201

    def tasks(self) -> list[int]:
        listed = self.owner("GET", f"{self.path}/tasks/", params={"page_size": 100}).json()
        return [int(task["id"]) for task in listed]

    def delete(self) -> int:
        """The status code."""
        return self.owner("DELETE", f"{self.path}/").status_code

    def counted(self, tasks: int) -> bool:
        """Whether Label Studio's count of tasks with a text is this."""
        columns = self.owner("GET", f"{self.path}/summary/").json()["all_data_columns"]
        return int(columns.get("text", 0)) == tasks


def test_after_projects_were_deleted_at_once_answers_are_judged_and_counted(owner: Caller, tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "deleted-at-once", RANKING, workers=2)
    for _ in range(2):
        doomed, start = [Project(owner, tasks=10) for _ in range(3)], Barrier(3)

        def delete(project: Project, start: Barrier = start) -> int:
            start.wait()
            return project.delete()

        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(delete, doomed)) == [204, 204, 204]
    for _ in range(4):  # each process, if there are two
        assert owner("POST", desk.path(), json=BROKEN).status_code == 400
    assert owner("POST", desk.path(), json=GOOD).status_code == 201
    task = owner("GET", f"/api/tasks/{desk.tasks[0]['id']}/").json()
    assert (task["total_annotations"], desk.counts()) == (1, (1, 1))


def test_after_a_project_was_deleted_the_tasks_of_others_are_counted_down(owner: Caller) -> None:
    kept, doomed = Project(owner, tasks=3), Project(owner, tasks=3)
    first, second, third = kept.tasks()
    # This action has Django look up anew who listens; the deletion of the project is the next that asks.
    selected = {"selectedItems": {"all": False, "included": [first]}}
    query = {"id": "delete_tasks", "project": kept.path.rsplit("/", 1)[1]}
    assert owner("POST", "/api/dm/actions", params=query, json=selected).status_code == 200
    wait_until(partial(kept.counted, 2))
    assert doomed.delete() == 204
    for number, left in ((second, 1), (third, 0)):
        assert owner("DELETE", f"/api/tasks/{number}/").status_code == 204
        wait_until(partial(kept.counted, left))


@pytest.mark.parametrize("on_each_database", ["postgres"], indirect=True)
def test_while_a_project_is_being_deleted_answers_are_judged(on_each_database: Installation, tmp_path: Path) -> None:
    """SQLite has one lock for all, so that nothing else could be stored while this deletion is held up."""
    place = on_each_database
    with calling(place.server) as owner, ThreadPoolExecutor(2) as pool, psycopg.connect(str(place.database)) as other:
        desk = open_desk(owner, tmp_path, "being-deleted", RANKING, items=2, workers=2)
        doomed = [Project(owner, tasks=1) for _ in place.processes]
        rows = [task for project in doomed for task in project.tasks()]
        other.execute("SELECT 1 FROM task WHERE id = ANY(%s) FOR UPDATE", (rows,))
        deletions = [pool.submit(project.delete) for project in doomed]
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        wait_until(lambda: other.execute(waiting).fetchone() == (len(doomed),))
        broken = [owner("POST", desk.path(), json=BROKEN).status_code for _ in place.processes]
        good = owner("POST", desk.path(1), json=GOOD).status_code
        still_held = not any(deletion.done() for deletion in deletions)
        other.rollback()
        assert [deletion.result() for deletion in deletions] == [204, 204]
        assert (broken, good, still_held) == ([400, 400], 201, True)
