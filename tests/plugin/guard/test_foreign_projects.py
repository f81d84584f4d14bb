"""Projects that gtbridge did not make, and reviewers in those that it made: for them the guard changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from addresses import Address, call, handled
from addresses_callers import ENDING, KNOWS_SESSIONS
from addresses_things import made, question_result
from addresses_world import GUARD, World
from roads import QUESTION_TASK, done, new_annotator, prepare_job

from gtbridge.plugin.guard.about import VERSIONS
from gtbridge.plugin.local_server.embedded import Embedded, embedded_label_studio

pytestmark = pytest.mark.guarded

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="choice" toName="text">'
    '<Choice value="yes"/><Choice value="no"/></Choices></View>'
)
YES = [{"from_name": "choice", "to_name": "text", "type": "choices", "value": {"choices": ["yes"]}}]
GARBAGE: list[Any] = [{"garbage": 1}, {"from_name": "nowhere", "value": {"text": ["\u00fc\U0001f600"]}, "rank": "r0:1"}]
FILTER = {"filter": "filter:tasks:annotations_results", "operator": "contains", "type": "String", "value": "yes"}
FILTERS = {"conjunction": "and", "items": [FILTER]}


def connected(server: Embedded, token: str) -> httpx.Client:
    """A connection that authenticates by a legacy token."""
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Token {token}"}, timeout=60)


def furnished(owner: httpx.Client, title: str) -> dict[str, int]:
    """A project with one of each thing that a project can have, all of them the owner's."""
    project = made(owner.post("/api/projects/", json={"title": title, "label_config": CONFIG}))
    task = made(owner.post("/api/tasks/", json={"project": project, "data": {"text": "one"}}))
    made(owner.post("/api/tasks/", json={"project": project, "data": {"text": "two"}}))
    label = {"project": project, "from_name": "choice", "value": ["yes"], "title": title, "created_by": 1}
    view = {"project": project, "data": {"filters": FILTERS}}
    return {
        "project": project,
        "task": task,
        "annotation": made(owner.post(f"/api/tasks/{task}/annotations/", json={"result": YES, "lead_time": 1.5})),
        "draft": made(owner.post(f"/api/tasks/{task}/drafts", json={"result": GARBAGE})),
        "prediction": made(owner.post("/api/predictions/", json={"task": task, "result": YES})),
        "view": made(owner.post(f"/api/dm/views/?project={project}", json=view)),
        "export": made(owner.post(f"/api/projects/{project}/exports/", json={"title": title})),
        "label": owner.post("/api/labels/", json=[label]).json()[0]["id"],
        "user": 1,
        "organization": 1,
    } | dict.fromkeys(("webhook", "ml_backend", "storage", "export_storage", "file_upload"), 999_999)


def shape(answer: httpx.Response) -> Any:
    """The status and what kind of thing is where in the body."""

    def of(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: of(entry) for key, entry in sorted(value.items())}
        if isinstance(value, list):
            return sorted({repr(of(entry)) for entry in value})
        return type(value).__name__

    kind = answer.headers.get("Content-Type", "")
    return answer.status_code, kind, of(answer.json()) if kind.startswith("application/json") and answer.text else None


def writes(at: Mapping[str, int]) -> Iterator[tuple[str, str, Any]]:
    """What a member may do in a project on any Label Studio, down to its deletion."""
    project, task, about = at["project"], at["task"], {"project": at["project"]}
    every = {"selectedItems": {"all": True, "excluded": []}}
    yield "PATCH", f"/api/projects/{project}/", {"title": "renamed"}
    yield "POST", "/api/tasks/", {**about, "data": {"text": "three"}}
    yield "PATCH", f"/api/tasks/{task}/", {"data": {"text": "uno"}}
    yield "POST", f"/api/dm/actions?id=next_task&project={project}", {"filters": FILTERS}
    yield "POST", f"/api/dm/actions?id=next_task&project={project}", {}
    yield "GET", f"/api/projects/{project}/next", None
    for result in (GARBAGE, YES, [], "nothing"):
        yield "POST", f"/api/tasks/{task}/annotations/", {"result": result, "ground_truth": True}
    yield "PATCH", f"/api/annotations/{at['annotation']}/", {"result": GARBAGE}
    yield "PUT", f"/api/annotations/{at['annotation']}/", {"result": YES}
    yield "POST", f"/api/tasks/{task}/drafts", {"result": GARBAGE}
    yield "PATCH", f"/api/drafts/{at['draft']}/", {"result": GARBAGE}
    yield "DELETE", f"/api/drafts/{at['draft']}/", None
    yield "POST", "/api/predictions/", {"task": task, "result": YES}
    yield "PATCH", f"/api/predictions/{at['prediction']}/", {"result": GARBAGE}
    yield "POST", f"/api/dm/views/?project={project}", {**about, "data": {"filters": FILTERS}}
    yield "PATCH", f"/api/dm/views/{at['view']}/?project={project}", {"data": {"filters": FILTERS}}
    yield "GET", f"/api/tasks?view={at['view']}&fields=all", None
    yield "GET", f"/api/tasks?project={project}&fields=all&query={json.dumps({'filters': FILTERS})}", None
    yield "DELETE", f"/api/dm/views/{at['view']}/?project={project}", None
    yield "POST", f"/api/projects/{project}/import", [{"text": "four", "annotations": [{"result": GARBAGE}]}]
    yield "POST", f"/api/projects/{project}/exports/", {"title": "mine"}
    yield "GET", f"/api/projects/{project}/export?exportType=JSON_MIN", None
    yield "POST", "/api/labels/bulk", {**about, "old_label": ["yes"], "new_label": ["no"]}
    yield "POST", f"/api/annotations/{at['annotation']}/convert-to-draft", {}
    for action in ("predictions_to_annotations", "delete_tasks_annotations", "delete_tasks"):
        yield "POST", f"/api/dm/actions?id={action}&project={project}", {**every, **about}
    yield "POST", f"/api/projects/{project}/validate/", {"label_config": CONFIG}
    yield "DELETE", f"/api/projects/{project}/", None
    yield "GET", f"/api/projects/{project}/", None
    yield "POST", "/api/projects/", {"title": "a project of a member's own", "label_config": CONFIG}


def test_a_foreign_project_answers_a_member_as_on_a_server_without_the_guard(
    world: World, label_studio: Embedded, addresses: list[Address]
) -> None:
    stranger = new_annotator(label_studio, "foreign-member")
    with connected(label_studio, label_studio.api_key) as owner, world.client(world.owner) as guarded_owner:
        places = furnished(owner, "foreign"), furnished(guarded_owner, "foreign")
    wrong: list[str] = []
    with connected(label_studio, stranger) as plain, world.client(world.mia) as guarded:
        for address in addresses:
            ours = address.template.startswith(("gtbridge/", *KNOWS_SESSIONS))
            ours = ours or address.name in VERSIONS  # of which a process tells more once it has shown a page
            if ours or "GET" not in handled(address) or ("GET", address.name) in ENDING:
                continue
            before, after = (
                call(client, "GET", address.path(things), things, ids=things["project"])
                for client, things in zip((plain, guarded), places, strict=True)
            )
            wrong += difference(before, after)
        for (method, path, body), (_, same, alike) in zip(*map(writes, places), strict=True):
            wrong += difference(plain.request(method, path, json=body), guarded.request(method, same, json=alike))
    assert not wrong, "\n".join(wrong)


def difference(before: httpx.Response, after: httpx.Response) -> Iterator[str]:
    """A sentence if the guard made a call answer otherwise."""
    if shape(before) != shape(after):
        asked = f"{before.request.method} {before.request.url.path}"
        yield f"{asked}: {before.status_code} {before.text[:300]}\n  became {after.status_code} {after.text[:300]}"


def exports(server: Embedded, projects: list[int]) -> dict[str, bytes]:
    """The files that the owner is given, by project and format."""
    found = {}
    with connected(server, server.api_key) as owner:
        for project in projects:
            for kind in ("JSON", "JSON_MIN", "CSV"):
                query = {"exportType": kind, "download_all_tasks": "true"}
                answer = owner.get(f"/api/projects/{project}/export", params=query)
                assert answer.status_code == 200, answer.text
                found[f"{kind} of {project}"] = answer.content
    return found


def test_exports_are_the_same_bytes_with_and_without_the_guard(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with embedded_label_studio(data_dir=data) as server:
        with connected(server, server.api_key) as owner:
            foreign = furnished(owner, "foreign")
            for result in (GARBAGE, [], YES):
                made(owner.post(f"/api/tasks/{foreign['task']}/annotations/", json={"result": result}))
            path, _ = prepare_job(tmp_path, "job", [{"source": "A passage."}, {"source": "Another."}], QUESTION_TASK)
            job = json.loads(done("job", "create", "--request", str(path), "--json", server=server))["ProjectId"]
            task = owner.get(f"/api/projects/{job}/next").json()["id"]
            made(owner.post(f"/api/tasks/{task}/annotations/", json={"result": question_result("Why?", "mine")}))
            made(owner.post(f"/api/tasks/{task}/annotations/", json={"result": GARBAGE}))
        before = exports(server, [foreign["project"], job])
    with embedded_label_studio(data_dir=data, settings_module=GUARD) as server:
        after = exports(server, [foreign["project"], job])
    assert before.keys() == after.keys()
    for name, content in before.items():
        assert after[name] == content, f"{name} differs"
    assert b"garbage" in before[f"JSON of {foreign['project']}"] and b"Why?" in before[f"JSON of {job}"]


def test_the_one_who_made_a_project_reviews_it(world: World, tmp_path: Path) -> None:
    path, _ = prepare_job(tmp_path, "carlas", [{"source": "A passage."}], QUESTION_TASK)
    done_by = done("job", "create", "--request", str(path), "--json", server=world.server, api_key=world.carla.token)
    project = json.loads(done_by)["ProjectId"]
    with world.client(world.kim) as kim:
        task = kim.get(f"/api/projects/{project}/next").json()["id"]
        answer = made(kim.post(f"/api/tasks/{task}/annotations/", json={"result": question_result("Seen by Carla?")}))
    reviewed(world.client(world.carla), project, task, "Seen by Carla?")
    with world.client(world.carla) as carla, world.client(world.mia) as mia:
        assert mia.get(f"/api/annotations/{answer}/").status_code == 404
        assert carla.delete(f"/api/annotations/{answer}/").status_code == 204
        assert carla.delete(f"/api/projects/{project}/").status_code == 204
        assert carla.get(f"/api/annotations/{world.things['annotation']}/").status_code == 404, "another's project"


def test_the_owner_sees_every_answer_as_before(world: World) -> None:
    reviewed(world.client(world.owner), world.question_job, world.things["task"], "zqquestion")


def reviewed(client: httpx.Client, project: int, task: int, word: str) -> None:
    """Look at an answer that contains ``word`` wherever Label Studio shows answers, and filter by it."""
    with client:
        for path in (f"/api/tasks/{task}/", f"/api/tasks/{task}/annotations/", f"/api/projects/{project}/export"):
            assert word in client.get(path).text, path
        asked = json.dumps({"filters": {"conjunction": "and", "items": [{**FILTER, "value": word}]}})
        listed = client.get("/api/tasks", params={"project": project, "fields": "all", "query": asked}).json()
        assert task in [entry["id"] for entry in listed["tasks"]]
        view = {"project": project, "data": {"filters": {"conjunction": "and", "items": [{**FILTER, "value": "no"}]}}}
        assert client.post("/api/dm/views/", params={"project": project}, json=view).status_code == 201
        assert client.get("/api/dm/actions", params={"project": project}).json()
        assert "gtbridge labeling job" in client.get(f"/api/projects/{project}/").json()["description"]
