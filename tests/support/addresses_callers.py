"""Connections of people to the server, in each way in which they can authenticate, and what they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpx
from addresses import leaks
from addresses_world import CANARIES, PASSWORD, Person, World, confine

from gtbridge.plugin.local_server.accounts import add_annotator, authorization, personal_access_token

__all__ = ["ENDING", "KNOWS_SESSIONS", "WAYS", "annotator", "calling", "shown"]

WAYS = ("session", "legacy token", "access token")

# Pages of Django's that take no token: whoever sends one is nobody there.
KNOWS_SESSIONS = ("admin/", "django-rq/")

# Allowed calls that the walks leave out, each with its reason; test_blindness makes them.
ENDING = {
    ("GET", "logout"): "ends the session",
    ("POST", "logout"): "ends the session",
    ("POST", "current-user-reset-token"): "ends the legacy token",
    ("POST", "jwt_auth:token_manage"): "makes a personal access token and ends the one there was",
    ("POST", "jwt_auth:token_rotate"): "the same",
    ("POST", "jwt_auth:token_blacklist"): "ends a personal access token",
    ("DELETE", "tasks:api-drafts:draft-detail"): "ends a draft of one's own",
}


@contextmanager
def calling(world: World, person: Person, way: str) -> Iterator[httpx.Client]:
    """A connection of the person's that authenticates in this way."""
    with world.client(person if way == "legacy token" else None) as client:
        if way == "session":
            client.get("/user/login/")
            form = {"email": person.email, "password": PASSWORD}
            headers = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": world.server.url}
            assert client.post("/user/login/", data=form, headers=headers).status_code == 302
        if way == "access token":
            client.headers["Authorization"] = authorization(client, api_key(world.server.url, person.email))
        assert client.get("/api/current-user/whoami").json()["id"] == person.id
        yield client


@cache
def api_key(url: str, email: str) -> str:
    """The personal access token of an account, which can have one."""
    return personal_access_token(url, email, PASSWORD)


def annotator(world: World, name: str) -> Person:
    """A new account that is confined to the two jobs."""
    email = f"{name}@example.com"
    token = add_annotator(world.server.url, world.owner.token, email, PASSWORD)
    headers = {"Authorization": f"Token {token}"}
    number = httpx.get(f"{world.server.url}/api/current-user/whoami", headers=headers, timeout=60).json()["id"]
    confine(world.database, [number], [world.ranking_job, world.question_job])
    return Person(number, email, token)


def shown(answer: httpx.Response, canaries: Iterable[str]) -> list[str]:
    """A sentence for each canary that an answer shows."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    return [f"{asked} shows {CANARIES[word]} ({word})" for word in leaks(answer, canaries)]
