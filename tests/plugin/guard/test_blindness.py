"""What a confined annotator tries in order to see, be or change more; nothing of it works."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import httpx
import pytest
from addresses import is_refused
from addresses_attempts import attempts
from addresses_callers import annotator, calling, shown
from addresses_things import question_result
from addresses_world import CANARIES, World
from stored import Stored, opened

pytestmark = pytest.mark.guarded


def test_filters_and_orderings_change_nothing_of_what_an_annotator_gets(world: World) -> None:
    project = world.question_job

    def items(word: str) -> list[dict[str, str]]:
        column = {"filter": "filter:tasks:annotations_results", "operator": "contains", "type": "String"}
        return [{**column, "value": word}]

    with calling(world, world.bob, "session") as bob:

        def tasks(**query: Any) -> Any:
            answer = bob.get("/api/tasks", params={"project": project, "fields": "all", **query})
            return answer.status_code, [task["id"] for task in answer.json().get("tasks", [])]

        def served(body: Any, **query: Any) -> Any:
            answer = bob.post("/api/dm/actions", params={"id": "next_task", "project": project, **query}, json=body)
            return answer.json()["id"] if answer.status_code == 200 else answer.status_code

        plain, stream = tasks(), served({})
        assert plain == (200, [world.bobs["task"]]), "the tasks begun, and no other"
        for word in ("zqquestion", "nothing like it"):
            filters = {"conjunction": "and", "items": items(word)}
            asked = json.dumps({"filters": filters, "ordering": ["-tasks:annotations_results"]})
            assert tasks(query=asked) == tasks(query=asked, include="id", exportType="JSON") == plain
            everything = {"all": False, "included": [world.things["task"]]}
            assert served({"filters": filters, "selectedItems": everything}) == 403
            assert served({"selectedItems": everything}) == stream
            assert served({"ordering": ["-tasks:annotations_results"]}, tabID=world.things["view"]) == stream
            for tab in ({"filters": filters}, {"data": {"filters": filters}}, {"data": {}, "filter_group": filters}):
                body = {"project": project, **tab}
                kept = [
                    bob.post("/api/dm/views", params={"project": project}, json=body),
                    bob.patch(f"/api/dm/views/{world.bobs['view']}", params={"project": project}, json=body),
                    bob.put(f"/api/dm/views/{world.bobs['view']}", params={"project": project}, json=body),
                ]
                assert tasks(view=world.bobs["view"]) == plain
                assert all(answer.status_code in (200, 201, 400, 403) for answer in kept)
                assert not any(word in answer.text for answer in kept), "the filter is not stored"
        for view in (world.things["view"], world.bobs["view"], 0, 10**30, "\u0661"):
            assert tasks(view=view) == plain


def test_calls_that_end_something_end_what_is_ones_own_and_show_nothing(world: World) -> None:
    with calling(world, annotator(world, "ending"), "session") as client:
        begun = client.get(f"/api/projects/{world.question_job}/next").json()["id"]
        draft = client.post(f"/api/tasks/{begun}/drafts", json={"result": []}).json()["id"]
        personal = client.post("/api/token/")
        rotated = client.post("/api/token/rotate/", json={"refresh": personal.json()["token"]})
        answers = [
            client.delete(f"/api/drafts/{draft}/"),
            personal,
            rotated,
            client.post("/api/token/blacklist/", json={"refresh": rotated.json()["refresh"]}),
            client.post("/api/current-user/reset-token"),
            client.get("/logout"),
            client.post("/logout"),
        ]
    assert [answer.status_code for answer in answers] == [204, 201, 200, 204, 201, 302, 302]
    assert not [sentence for answer in answers for sentence in shown(answer, CANARIES)]
    with world.client(world.alice) as alice:
        assert alice.get(f"/api/drafts/{world.things['draft']}").status_code == 200, "Alice's token and draft are left"


def account(world: World, person: int) -> list[Any]:
    """What decides who an account is and what it may do. The user name is not among it: people log in by e-mail."""
    facts = "email, is_superuser, is_staff, is_active, active_organization_id"
    with opened(world.database) as connection:
        rows = connection.execute(f"SELECT {facts} FROM htx_user WHERE id = ?", (person,)).fetchall()
        groups = connection.execute("SELECT group_id FROM htx_user_groups WHERE user_id = ?", (person,)).fetchall()
        roles = connection.execute(
            "SELECT organization_id, deleted_at FROM organizations_organizationmember WHERE user_id = ?", (person,)
        ).fetchall()
    return [rows, groups, roles]


def test_an_annotator_cannot_make_themselves_more_than_that(world: World) -> None:
    wish = {"email": "owner@localhost", "username": "owner", "is_superuser": True, "is_staff": True, "groups": []}
    wish |= {"active_organization": None, "organizations": [], "role": "OW", "user_permissions": ["all"], "id": 1}
    form = {key: json.dumps(value) for key, value in wish.items()}
    path, before = f"/api/users/{world.bob.id}", account(world, world.bob.id)
    with calling(world, world.bob, "session") as bob:
        for spelled in (path, f"{path}/", f"{path}.json", f"{path}/?include=email"):
            for name, value in wish.items():
                assert bob.patch(spelled, json={name: value}).status_code < 500
            bob.patch(spelled, json=wish)
            bob.patch(spelled, data=form)
            bob.patch(spelled, files={key: (None, value) for key, value in form.items()})
            assert is_refused(bob.put(spelled, json=wish))
        assert account(world, world.bob.id) == before
        assert bob.patch(path, json={"first_name": "Bob"}).status_code == 200, "their own name is theirs to choose"


@pytest.mark.parametrize("way", ("session", "access token"))
def test_an_annotator_cannot_change_what_others_gave_or_how_it_is_kept(world: World, way: str) -> None:
    wrong: list[str] = []
    invite = httpx.get(f"{world.server.url}/api/invite", headers=world.owner.headers, timeout=60).json()["token"]
    with calling(world, world.bob, way) as bob, closing(Stored(world.database, world.data_dir)) as database:
        for method, path, body in [*attempts(world), ("POST", f"/user/signup/?token={invite}", {"email": "x@y.org"})]:
            answer = bob.request(method, path, json=body)
            if not is_refused(answer):
                wrong.append(f"{method} {path} {body} is answered: {answer.status_code} {answer.text[:200]}")
            wrong += [f"{method} {path} {body} changed {change}" for change in database.changes()]
    assert not wrong, "\n".join(wrong)


def spellings(number: int, own: int) -> list[str]:
    """Ways to write ``number`` into a path, some of which hide it, or pretend that it is one's ``own``."""
    foreign = str(number).translate({ord("0") + digit: 0x660 + digit for digit in range(10)})
    found = [f"{foreign}/", f"{number}.", f"{number}.json", f"{number}%20", f"0{number}/", f"{number}%00"]
    found += [f"{number};{own}", f"{own}/../{number}/", f"+{number}/", f"{number}/?pk={own}", f"{number}/?task=1"]
    found += [
        f"-{number}/",
        f"{10**10}/",
        f"{10**30}/",
        f"{2**63}/",
        f"{2**64 + number}/",
        f"{number}e0/",
        f"{number}//",
    ]
    return found


def test_no_spelling_of_a_call_reaches_anothers_answer(world: World) -> None:
    answer, own = world.things["annotation"], world.bobs["annotation"]
    roads = ("/api/annotations/", "//api/annotations/", "/API/annotations/")
    calls = [f"{road}{spelled}" for road in roads for spelled in spellings(answer, own)]
    calls += [f"/api/drafts/{spelled}" for spelled in spellings(world.things["draft"], world.bobs["draft"])]
    overrides = [{"X-HTTP-Method-Override": "DELETE"}, {"X-Method-Override": "PUT"}, {"X-HTTP-Method": "DELETE"}, {}]
    with calling(world, world.bob, "session") as bob, closing(Stored(world.database, world.data_dir)) as database:
        for path in calls:
            for method in ("GET", "PATCH", "DELETE"):
                said = bob.request(method, f"{world.server.url}{path}", json={"was_cancelled": True})
                assert is_refused(said), f"{method} {path}: {said.status_code} {said.text[:200]}"
                assert not shown(said, ["zqquestion", "zqtag", "zqdraft"])
        for headers in overrides:
            for path in (f"/api/annotations/{own}/", f"/api/annotations/{answer}/", f"/api/users/{world.alice.id}/"):
                said = bob.post(path, headers=headers, params={"_method": "DELETE"}, json={"_method": "DELETE"})
                assert is_refused(said), f"POST {path} with {headers}: {said.status_code} {said.text[:200]}"
        assert not database.changes()


def test_an_answer_is_its_annotators_and_stays_where_it_is(world: World) -> None:
    mallory = annotator(world, "mallory")
    forged = {
        "completed_by": world.alice.id,
        "user": world.alice.id,
        "updated_by": world.alice.id,
        "task": world.bobs["task"],
        "project": world.foreign,
        "annotation": world.things["annotation"],
        "parent_annotation": world.things["annotation"],
        "parent_prediction": world.things["prediction"],
        "import_id": 7,
        "bulk_created": True,
    }
    facts = "completed_by_id, task_id, project_id, ground_truth, parent_annotation_id, parent_prediction_id, import_id"

    def stored(number: int) -> Any:
        with opened(world.database) as connection:
            return connection.execute(f"SELECT {facts} FROM task_completion WHERE id = ?", (number,)).fetchone()

    with calling(world, mallory, "session") as client:
        begun = client.get(f"/api/projects/{world.question_job}/next").json()["id"]
        answers, drafts = f"/api/tasks/{begun}/annotations", f"/api/tasks/{begun}/drafts"
        good = {"result": question_result("Mine?")}
        draft = client.post(drafts, json={**good, **forged}).json()["id"]
        client.patch(f"/api/drafts/{draft}", json={**good, **forged})
        with opened(world.database) as connection:
            query = "SELECT user_id, task_id, annotation_id FROM tasks_annotationdraft WHERE id = ?"
            assert connection.execute(query, (draft,)).fetchone() == (mallory.id, begun, None)
        for truth in ({"ground_truth": True}, {"ground_truth": "1"}, {"draft_id": world.things["draft"]}):
            assert client.post(answers, json={**good, **truth}).status_code == 403, truth
        made = client.post(answers, json={**good, **forged})
        assert made.status_code == 201, made.text
        own, number = (mallory.id, begun, world.question_job, False, None, None, None), made.json()["id"]
        assert stored(number) == own
        for body in (forged, {**good, **forged}, {"ground_truth": False, **forged}):
            for method in ("PATCH", "PUT"):
                assert client.request(method, f"/api/annotations/{number}/", json=body).status_code in (200, 400, 403)
                assert stored(number) == own


def test_a_body_that_two_readers_could_read_differently_is_not_taken(world: World) -> None:
    own = f"/api/annotations/{world.bobs['annotation']}/"
    hidden = '{"was_cancelled": false, "+AGcAcgBvAHUAbgBkAF8AdAByAHUAdABo-": true}'
    kind = {"Content-Type": "application/json"}
    with calling(world, world.bob, "session") as bob, closing(Stored(world.database, world.data_dir)) as database:
        for content, headers in (
            (hidden, {"Content-Type": "application/json; charset=utf-7"}),
            ('{"ground_truth": true}'.encode("utf-16"), {"Content-Type": "application/json; charset=utf-16"}),
            ('{"ground_truth": false, "ground_truth": true}', kind),
            ('[{"ground_truth": true}]', kind),
            ("ground_truth=true", {"Content-Type": "application/x-www-form-urlencoded"}),
            ("\ufeff{}", kind),
            ("null", kind),
            ('"ground_truth"', kind),
            ("{", kind),
            ("[" * 100_000, kind),
            ('{"ground_truth": true}', {"Content-Type": "text/plain"}),
            ('{"ground_truth": true}', {"Content-Type": "APPLICATION/JSON"}),
            ('{"ground_truth": true}', {"Content-Type": "application/vnd.api+json"}),
        ):
            answer = bob.patch(own, content=content, headers=headers)
            assert answer.status_code in (400, 403, 415), f"{content[:60]!r} {headers}: {answer.status_code}"
            assert not database.changes(), f"{content[:60]!r} {headers}"
        assert bob.patch(own, files={"ground_truth": (None, "true")}).status_code == 415


def test_a_page_of_another_site_cannot_ask_the_check(world: World) -> None:
    body = {"task": world.bobs["task"], "result": []}
    with calling(world, world.bob, "session") as bob:
        right = bob.cookies["csrftoken"]
        wrong = [{}, {"X-CSRFToken": "x"}, {"X-CSRFToken": right[:-1] + "x"}, {"X-CSRFToken": ""}]
        assert [bob.post("/gtbridge/check", json=body, headers=headers).status_code for headers in wrong] == [403] * 4
        foreign = {"X-CSRFToken": right, "Origin": "https://example.org"}
        assert bob.post("/gtbridge/check", json=body, headers=foreign).status_code == 403
        answer = bob.post("/gtbridge/check", json=body, headers={"X-CSRFToken": right})
        assert (answer.status_code, answer.json()["guarded"]) == (200, True)
        for task in (world.things["task"], world.things["drafted_task"], 10**30):
            other = bob.post("/gtbridge/check", json={**body, "task": task}, headers={"X-CSRFToken": right})
            assert other.status_code in (200, 404)
            assert not shown(other, ["zqquestion", "zqtag", "zqdraft", "zqprediction"])


def test_a_wrong_token_beside_a_session_opens_no_page(world: World) -> None:
    with calling(world, world.bob, "session") as bob:
        for headers in ({"Authorization": "Token x"}, {"Authorization": "Bearer a.b.c"}, {"X-Api-Key": "x"}):
            for path in ("/people/", "/organization/", f"/projects/{world.question_job}/settings/"):
                answer = bob.get(path, headers=headers)
                assert is_refused(answer), f"{path} with {headers}: {answer.status_code}"
