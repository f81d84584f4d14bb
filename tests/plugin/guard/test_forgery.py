"""Pages elsewhere that a logged-in person happens to open: they cannot act in that person's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from addresses_callers import calling
from addresses_world import World

pytestmark = pytest.mark.guarded

PORT = "http://127.0.0.1:1"  # the same host: browsers send the cookies of a strict SameSite, too


@pytest.fixture(scope="module")
def bob(world: World) -> Iterator[httpx.Client]:
    with calling(world, world.bob, "session") as client:
        yield client


def seen(client: httpx.Client, path: str) -> dict[str, Any]:
    """What is there, but for when somebody last looked."""
    return {name: value for name, value in client.get(path).json().items() if name != "last_activity"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": PORT},
        {"Origin": "null"},
        {"Origin": "not an origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": PORT, "Authorization": "Token nonsense"},
        {"Origin": PORT, "Authorization": "Bearer a.b.c", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_what_a_page_elsewhere_sends_changes_nothing(world: World, bob: httpx.Client, headers: dict[str, str]) -> None:
    me, answer = f"/api/users/{world.bob.id}/", f"/api/annotations/{world.bobs['annotation']}/"
    before = seen(bob, me), seen(bob, answer)
    forged = [
        bob.patch(me, json={"first_name": "Forged"}, headers=headers),
        bob.patch(answer, json={"was_cancelled": True}, headers=headers),
        bob.post(f"/api/tasks/{world.bobs['task']}/drafts", data={"result": "[]"}, headers=headers),
        bob.post("/api/current-user/reset-token/", headers=headers),
        bob.post("/gtbridge/check", json={"task": world.bobs["task"], "result": []}, headers=headers),
    ]
    assert [call.status_code for call in forged if call.status_code not in (401, 403)] == []
    assert (seen(bob, me), seen(bob, answer)) == before
    assert bob.get(me, headers=headers).status_code in (200, 401), "to read is no forgery: other pages see no answer"


def test_nor_does_it_in_a_reviewers_name(world: World) -> None:
    with calling(world, world.carla, "session") as carla:
        headers = {"Origin": PORT}
        assert carla.post("/api/projects/", json={"title": "Forged"}, headers=headers).status_code == 403
        assert carla.post("/api/projects/", json={"title": "Own"}).status_code == 201
        home = {"Origin": world.server.url, "Sec-Fetch-Site": "same-origin"}
        assert carla.post("/api/projects/", json={"title": "Own as well"}, headers=home).status_code == 201


def test_programs_that_know_a_token_may_come_from_anywhere(world: World) -> None:
    with calling(world, world.bob, "legacy token") as client:
        answer = client.patch(f"/api/users/{world.bob.id}/", json={"last_name": ""}, headers={"Origin": PORT})
        assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/user/login/", "/user/signup/"])
def test_the_forms_ask_for_the_token(world: World, path: str) -> None:
    with httpx.Client(base_url=world.server.url, timeout=60) as stranger:
        assert stranger.post(path, data={"email": "a@b.org", "password": "a-long-password"}).status_code == 403
