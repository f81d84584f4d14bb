"""A guarded server in which there is something to spy on: what the tests of what annotators reach walk through.

Alice and Bob are confined to the two jobs; Mia is an ordinary member, as are Kim, who answers the job that is open to
all members, and Carla, who makes a project of her own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from addresses_things import made, question_result, rows, surroundings
from installation import Installation
from roads import ITEMS, QUESTION_TASK, RANKING_TASK, done, prepare_job, ranked
from stored import Place, opened

from gtbridge.plugin.guard.people import CONFINED
from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded

__all__ = ["CANARIES", "GUARD", "PASSWORD", "Person", "World", "confine", "populated"]

GUARD = "gtbridge.plugin.guard.settings"
PASSWORD = "a-long-password"

# What nobody may see who is no reviewer, and where it was put. Each is one word, so that no encoding splits it.
CANARIES = {
    "zqquestion": "another annotator's question",
    "zqtag": "another annotator's custom tag",
    "zqranking": "another annotator's ranking",
    "98765.4": "how long another annotator took",
    "zqdraft": "another annotator's draft",
    "zqprediction": "a prediction",
    "zqview": "another person's tab of the data manager",
    "zqbucket": "the request in a job's description",
    "zqrole": "the role's ARN in a job's description",
    "zqmanifest": "the path of a job's manifest",
    "zqalice": "another annotator's e-mail address",
    "zqkim": "another member's e-mail address",
    "zqhook": "a webhook's address",
    "zqstorage": "a storage",
    "zqbackend": "an ML backend",
    "zqupload": "an uploaded file",
    "zqforeign": "another project's data",
}
_PASSAGES = [{"source": f"A passage about the sky, number {number}."} for number in range(4)]
_FOREIGN_CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="choice" toName="text"><Choice value="yes"/><Choice value="no"/></Choices></View>'
)


@dataclass(frozen=True)
class Person:
    """An account, by its legacy token."""

    id: int
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What makes a request theirs."""
        return {"Authorization": f"Token {self.token}"}


@dataclass(frozen=True)
class World:
    """The server, who is there, and the ids of what there is. ``things`` are Alice's, or beside what is hers."""

    server: Embedded
    data_dir: Path
    database: Place
    owner: Person
    alice: Person
    bob: Person
    mia: Person
    kim: Person
    carla: Person
    ranking_job: int
    question_job: int
    open_job: int
    foreign: int
    things: dict[str, int]
    bobs: dict[str, int]  # the same, Bob's own where he has one, on tasks that Alice has answered

    def client(self, person: Person | None = None) -> httpx.Client:
        """A connection that authenticates by the person's legacy token."""
        return httpx.Client(base_url=self.server.url, headers=person.headers if person else {}, timeout=60)


def populated(place: Installation, folder: Path) -> World:
    """Put all that on the server, by way of files in ``folder``."""
    headers = {"Authorization": f"Token {place.server.api_key}"}
    with httpx.Client(base_url=place.server.url, headers=headers, timeout=60) as owner:
        return _populated(place, folder, owner)


def confine(database: Place, people: Sequence[int], projects: Sequence[int]) -> None:
    """Make the accounts annotators of these projects and of nothing else, while the server runs."""
    now = "2026-01-01 00:00:00"
    with opened(database) as connection:
        connection.execute("INSERT INTO auth_group (name) VALUES (?) ON CONFLICT DO NOTHING", (CONFINED,))
        (group,) = connection.execute("SELECT id FROM auth_group WHERE name = ?", (CONFINED,)).fetchone()
        for person in people:
            connection.execute("INSERT INTO htx_user_groups (user_id, group_id) VALUES (?, ?)", (person, group))
            for project in projects:
                connection.execute(
                    "INSERT INTO projects_projectmember (user_id, project_id, enabled, created_at, updated_at)"
                    " VALUES (?, ?, TRUE, ?, ?)",
                    (person, project, now, now),
                )


def _populated(place: Installation, folder: Path, owner: httpx.Client) -> World:
    server = place.server
    alice, bob, mia, kim, carla = (_person(server, name) for name in ("zqalice", "bob", "mia", "zqkim", "carla"))
    ranking_job = _job(server, folder, "ranks", ITEMS, RANKING_TASK)
    question_job = _job(server, folder, "questions", _PASSAGES, QUESTION_TASK)
    open_job = _job(server, folder, "open", _PASSAGES, QUESTION_TASK)
    confine(place.database, [alice.id, bob.id], [ranking_job, question_job])
    foreign = made(owner.post("/api/projects/", json={"title": "zqforeign", "label_config": _FOREIGN_CONFIG}))
    made(owner.post("/api/tasks/", json={"project": foreign, "data": {"text": "zqforeign"}}))

    ranked_task, shared = _begin(server, alice, ranking_job), _begin(server, alice, question_job)["id"]
    ranking = [{**entry, "id": "zqranking"} for entry in ranked(ranked_task["data"], [1, 2, 3], [1, 2, 3])]
    ranked_answer = _answer(server, alice, ranked_task["id"], ranking)
    _answer(server, alice, shared, question_result("zqquestion, is it?", "zqtag"))
    bobs = _own(server, bob, ranking_job, question_job)
    assert (bobs["ranked_task"], bobs["task"]) == (ranked_task["id"], shared), "what others have begun comes first"
    begun = _begin(server, alice, question_job)["id"]
    answer = _answer(server, alice, begun, question_result("zqquestion, once more?", "zqtag"))
    drafted = _begin(server, alice, question_job)["id"]
    draft = _post(server, alice, f"/api/tasks/{drafted}/drafts", {"result": question_result("zqdraft, is it?")})
    answered_by_kim = _begin(server, kim, open_job)["id"]
    open_answer = _answer(server, kim, answered_by_kim, question_result("zqquestion, or not?", "zqtag"))
    tab = {"project": question_job, "data": {"title": "zqview", "type": "list"}}
    things = {
        "project": question_job,
        "task": begun,
        "annotation": answer,
        "draft": draft,
        "ranked_task": ranked_task["id"],
        "ranked_annotation": ranked_answer,
        "drafted_task": drafted,
        "open_task": answered_by_kim,
        "open_annotation": open_answer,
        "user": alice.id,
        "organization": 1,
        "view": _post(server, alice, f"/api/dm/views/?project={question_job}", tab),
        **surroundings(owner, question_job, begun, shared),
        **rows(place.database, question_job, open_job),
    }
    me = owner.get("/api/current-user/whoami").json()["id"]
    people = (Person(me, server.email, server.api_key), alice, bob, mia, kim, carla)
    return World(
        server,
        place.data_dir,
        place.database,
        *people,
        ranking_job,
        question_job,
        open_job,
        foreign,
        things,
        bobs={**things, **bobs},
    )


def _own(server: Embedded, bob: Person, ranking_job: int, question_job: int) -> dict[str, int]:
    """Have Bob answer the item that Alice has ranked, and begin the one that she has asked about."""
    ranked_task, begun = _begin(server, bob, ranking_job), _begin(server, bob, question_job)["id"]
    result = ranked(ranked_task["data"], [3, 2, 1], [3, 2, 1])
    return {
        "user": bob.id,
        "task": begun,
        "ranked_task": ranked_task["id"],
        "annotation": _post(server, bob, f"/api/tasks/{ranked_task['id']}/annotations/", {"result": result}),
        "draft": _post(server, bob, f"/api/tasks/{begun}/drafts", {"result": question_result("What?")}),
        "view": _post(server, bob, f"/api/dm/views/?project={question_job}", {"project": question_job, "data": {}}),
    }


def _person(server: Embedded, name: str) -> Person:
    email = f"{name}@example.com"
    token = add_annotator(server.url, server.api_key, email, PASSWORD)
    headers = {"Authorization": f"Token {token}"}
    whoami = httpx.get(f"{server.url}/api/current-user/whoami", headers=headers, timeout=60).json()
    return Person(whoami["id"], email, token)


def _job(server: Embedded, folder: Path, name: str, items: list[dict[str, Any]], task: str) -> int:
    place = folder / f"zqmanifest-{name}"
    place.mkdir()
    path, _ = prepare_job(place, name, items, task, workers=2)
    text = path.read_text("utf-8").replace("example-bucket", "zqbucket").replace("LabelingRole", "zqrole")
    path.write_text(text, encoding="utf-8")
    return int(json.loads(done("job", "create", "--request", str(path), "--json", server=server))["ProjectId"])


def _begin(server: Embedded, person: Person, project: int) -> dict[str, Any]:
    query: dict[str, Any] = {"id": "next_task", "project": project}
    answer = httpx.post(f"{server.url}/api/dm/actions", params=query, json={}, headers=person.headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _answer(server: Embedded, person: Person, task: int, result: list[dict[str, Any]]) -> int:
    return _post(server, person, f"/api/tasks/{task}/annotations/", {"result": result, "lead_time": 98765.4321})


def _post(server: Embedded, person: Person, path: str, body: Any) -> int:
    return made(httpx.post(server.url + path, json=body, headers=person.headers, timeout=60))
