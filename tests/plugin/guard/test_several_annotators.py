"""Several annotators on one job: who gets what, in which order, and what comes out. Over the API, as pages use it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from installation import Installation
from roads import Api, done, output_lines, pooled_annotator, prepare_job, ranked, worker_file
from stored import Place, opened

from gtbridge.converters.formats.label_studio_tasks import shown_order
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

TASK = """
task: text-ranking
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
"""
ITEMS: list[dict[str, Any]] = [
    {"source": "Why?", "responses": ["zero", "one", "two", "three", "four"]},
    {"source": "How?", "responses": ["zero", "one", "two", "three", "four"]},
]
CONTENT = ([1, 2, 2, 4, 5], [2, 1, 3, 5, 4])


@dataclass
class Job:
    """A job of several annotators, and the tools to look at it."""

    server: Embedded
    name: str
    project: int
    folder: Path

    def annotator(self, number: int) -> Stream:
        return Stream(self, Api(self.server, pooled_annotator(self.server.url, self.server.api_key, number)))

    def export(self) -> list[list[dict[str, Any]]]:
        """The answers of each item."""
        done("job", "export", self.name, "--to", str(self.folder / "out"), server=self.server)
        out = self.folder / "out" / self.name
        return [worker_file(out, line)["answers"] for line in output_lines(out)]


@dataclass
class Stream:
    """One annotator's label stream."""

    job: Job
    api: Api

    @property
    def id(self) -> int:
        return int(self.api.get("/api/current-user/whoami").json()["id"])

    def next(self) -> dict[str, Any] | None:
        """What the page asks for when it wants the next task."""
        answer = httpx.post(
            f"{self.job.server.url}/api/dm/actions",
            params={"id": "next_task", "project": self.job.project},
            json={},
            headers=self.api.headers,
            timeout=60,
        )
        assert answer.status_code in (200, 404), answer.text
        return dict(answer.json()) if answer.status_code == 200 else None

    def answer(self, task: dict[str, Any], **more: Any) -> int:
        return self.api.annotate(task["id"], ranked(task["data"], *CONTENT), **more)


def make(server: Embedded, folder: Path, name: str, workers: int, task: str = TASK, items: int = 1) -> Job:
    path, _ = prepare_job(folder, name, ITEMS[:items], task, workers=workers)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=server))
    return Job(server, name, made["ProjectId"], folder)


def test_nine_annotators_see_nine_orders_and_say_the_same(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "nine", workers=9)
    orders = {}
    for number in range(9):
        stream = job.annotator(number)
        task = stream.next()
        assert task is not None
        orders[stream.id] = shown_order(task["data"])
        assert [response["title"][-1] for response in task["data"]["responses"]] == list("ABCDE")
        stream.answer(task)
        assert stream.next() is None, "each item goes to each person once"
    assert len(set(orders.values())) > 6, "9 draws out of 120 orders"
    late = job.annotator(9)
    assert late.next() is None, "the item has its nine answers"
    (answers,) = job.export()
    assert {answer["workerId"] for answer in answers} == {f"label-studio-{who}" for who in orders}
    for answer in answers:
        dimensions = answer["answerContent"]["textRanking"]["ordinalRankingDimensions"]
        assert [dimension["responseRankings"] for dimension in dimensions] == list(CONTENT)


def test_the_order_seen_is_recorded_in_the_answer_whoever_stores_it_later(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "recorded", workers=1)
    stream = job.annotator(0)
    task = stream.next()
    assert task is not None
    seen = ",".join(map(str, shown_order(task["data"]) or ()))
    number = stream.answer(task)
    owner = Api(guarded)

    def stored() -> list[dict[str, Any]]:
        return list(owner.get(f"/api/annotations/{number}").json()["result"])

    first = stored()
    assert first[0]["meta"]["gtbridge_order"] == seen
    owned = owner.get(f"/api/tasks/{task['id']}").json()
    positions = {f"rank__helpfulness__{at}": r["id"] for at, r in enumerate(owned["data"]["responses"])}
    ranks = [entry for entry in first if entry["from_name"] in positions]
    assert len(ranks) == 5
    assert all(entry["value"]["choices"][0].startswith(positions[entry["from_name"]]) for entry in ranks)
    for api, result in ((owner, first), (stream.api, stream.api.get(f"/api/annotations/{number}").json()["result"])):
        patched = httpx.patch(f"{api.url}/api/annotations/{number}/", json={"result": result}, headers=api.headers)
        assert patched.status_code == 200, patched.text
        assert stored() == first, "saving unchanged changes nothing"


def test_an_annotator_finds_ranks_beside_their_responses_again(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "again", workers=1)
    stream = job.annotator(0)
    task = stream.next()
    assert task is not None
    number = stream.answer(task)
    again = stream.api.get(f"/api/tasks/{task['id']}").json()
    assert again["data"] == task["data"]
    (answer,) = again["annotations"]
    assert answer["id"] == number
    for entry in answer["result"]:
        if entry["from_name"].startswith("rank__"):
            position = int(entry["from_name"].rpartition("__")[2])
            assert entry["value"]["choices"][0].startswith(task["data"]["responses"][position]["id"] + ":")


def test_a_draft_is_stored_like_an_answer_and_given_back_as_seen(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "draft", workers=1)
    stream = job.annotator(0)
    task = stream.next()
    assert task is not None
    result = ranked(task["data"], *CONTENT)
    made = httpx.post(
        f"{guarded.url}/api/tasks/{task['id']}/drafts", json={"result": result}, headers=stream.api.headers, timeout=60
    )
    assert made.status_code == 201, made.text
    assert made.json()["result"] == result
    assert stream.api.get(f"/api/tasks/{task['id']}").json()["drafts"][0]["result"] == result
    (draft,) = Api(guarded).get(f"/api/tasks/{task['id']}/drafts").json()
    own = Api(guarded).get(f"/api/tasks/{task['id']}").json()["data"]
    assert {e["from_name"]: e["value"] for e in draft["result"]} == {
        e["from_name"]: e["value"] for e in ranked(own, *CONTENT)
    }


def test_without_shuffling_everybody_sees_the_items_own_order(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "unshuffled", workers=2, task=TASK + "shuffle_responses: false\n")
    for number in range(2):
        task = job.annotator(number).next()
        assert task is not None
        assert shown_order(task["data"]) == (0, 1, 2, 3, 4)


def test_a_skip_is_no_answer_and_is_counted(guarded: Embedded, tmp_path: Path) -> None:
    job = make(guarded, tmp_path, "skipped", workers=2)
    first, second = job.annotator(0), job.annotator(1)
    task = first.next()
    assert task is not None
    first.api.annotate(task["id"], [], was_cancelled=True)
    other = second.next()
    assert other is not None
    second.answer(other)
    described = json.loads(done("job", "describe", job.name, "--json", server=guarded))
    counts = described["LabelStudio"]
    assert (counts["Valid"], counts["Declined"], counts["Invalid"]) == (1, 1, 0)
    (answers,) = job.export()
    assert [answer["workerId"] for answer in answers if "answerContent" in answer] == [f"label-studio-{second.id}"]


def locks(place: Place, task: int) -> dict[int, datetime]:
    """Until when whom has the task."""
    with opened(place) as connection:
        rows = connection.execute("SELECT user_id, expire_at FROM tasks_tasklock WHERE task_id = ?", (task,)).fetchall()
    # SQLite has no type for times.
    times = {user: until if isinstance(until, datetime) else datetime.fromisoformat(until) for user, until in rows}
    return {user: until if until.tzinfo else until.replace(tzinfo=UTC) for user, until in times.items()}


def let_locks_run_out(place: Place, task: int, left: timedelta) -> None:
    until = (datetime.now(UTC) + left).strftime("%Y-%m-%d %H:%M:%S.%f")
    with opened(place) as connection:
        connection.execute("UPDATE tasks_tasklock SET expire_at = ? WHERE task_id = ?", (until, task))


def test_an_item_left_alone_goes_to_somebody_else_within_the_hour(guarded_place: Installation, tmp_path: Path) -> None:
    server, database = guarded_place.server, guarded_place.database
    job = make(server, tmp_path, "left", workers=1)
    first, second = job.annotator(0), job.annotator(1)
    task = first.next()
    assert task is not None
    assert locks(database, task["id"])[first.id] <= datetime.now(UTC) + timedelta(hours=1)
    assert second.next() is None, "the first has it"

    let_locks_run_out(database, task["id"], timedelta(minutes=5))
    page = httpx.Client(base_url=server.url, headers=first.api.headers)
    with page:
        asked = page.post("/gtbridge/check", json={"task": task["id"], "result": []})
    assert asked.status_code == 200, asked.text
    assert locks(database, task["id"])[first.id] > datetime.now(UTC) + timedelta(minutes=50), (
        "whoever works on it keeps it"
    )

    let_locks_run_out(database, task["id"], timedelta(minutes=-1))
    taken = second.next()
    assert taken is not None
    assert taken["id"] == task["id"]
    second.answer(taken)
    late = httpx.post(
        f"{server.url}/api/tasks/{task['id']}/annotations/",
        json={"result": ranked(task["data"], *CONTENT)},
        headers=first.api.headers,
        timeout=60,
    )
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "this item has all its answers already: go on with the next one",
    )
