"""Helpers of the tests that invite people to a job: jobs, browsers' sessions, and links that are followed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from roads import ITEMS, RANKING_TASK, done, prepare_job

from gtbridge.plugin.local_server.embedded import Embedded

PASSWORD = "correct-horse-battery"


def new_job(server: Embedded, folder: Path, name: str, api_key: str | None = None) -> int:
    """The project of a new ranking job."""
    path, _ = prepare_job(folder, name, ITEMS, RANKING_TASK, workers=2)
    made = done("job", "create", "--request", str(path), "--json", server=server, api_key=api_key)
    return int(json.loads(made)["ProjectId"])


def workers_url(server: Embedded) -> str:
    return f"{server.url}/gtbridge/workers"


def ask(server: Embedded, body: Any, api_key: str | None = None) -> httpx.Response:
    """POST to the guard's workers, under a legacy token."""
    headers = {"Authorization": f"Token {api_key or server.api_key}"}
    return httpx.post(workers_url(server), json=body, headers=headers, timeout=60)


def add(server: Embedded, project: int, *emails: str) -> list[dict[str, str]]:
    """Add these people, which must work."""
    body = {"project": project, "workers": [{"email": email} for email in emails]}
    answer = ask(server, body).raise_for_status().json()
    workers: list[dict[str, str]] = answer["workers"]
    return workers


def listed(server: Embedded, project: int) -> dict[str, Any]:
    """The guard's answer about the project's annotators."""
    headers = {"Authorization": f"Token {server.api_key}"}
    answer = httpx.get(workers_url(server), params={"project": project}, headers=headers, timeout=60)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def emails_of(server: Embedded, project: int) -> list[str]:
    return [worker["email"] for worker in listed(server, project)["workers"]]


def accounts(server: Embedded) -> set[str]:
    """The e-mail addresses of all accounts."""
    headers = {"Authorization": f"Token {server.api_key}"}
    return {user["email"] for user in httpx.get(f"{server.url}/api/users", headers=headers, timeout=60).json()}


def choose(link: str, password: str = PASSWORD, again: str | None = None) -> httpx.Response:
    """Follow a link and choose a password; the last page, or the redirect to the login."""
    with httpx.Client(timeout=60) as browser:
        page = browser.get(link, follow_redirects=True)
        form = {"new_password1": password, "new_password2": again or password}
        headers = {"X-CSRFToken": browser.cookies.get("csrftoken") or "", "Referer": str(page.url)}
        return browser.post(str(page.url), data=form, headers=headers)


@contextmanager
def logged_in(server: Embedded, email: str, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """A browser's session; ``csrftoken`` is among its cookies."""
    with httpx.Client(base_url=server.url, timeout=60) as browser:
        browser.get("/user/login/")
        headers = {"X-CSRFToken": browser.cookies["csrftoken"]}
        form = {"email": email, "password": password}
        assert browser.post("/user/login/", data=form, headers=headers).status_code == 302
        yield browser


def key_of(server: Embedded, email: str, password: str = PASSWORD) -> str:
    """The account's legacy token."""
    with logged_in(server, email, password) as browser:
        return str(browser.get("/api/current-user/token").raise_for_status().json()["token"])
