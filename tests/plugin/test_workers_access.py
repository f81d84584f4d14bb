"""Who may use the guard's address for a job's annotators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from invited import accounts, add, ask, choose, emails_of, key_of, logged_in, new_job, workers_url
from roads import new_annotator

from gtbridge.plugin.local_server.accounts import personal_access_token
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


@pytest.fixture
def project(guarded: Embedded, tmp_path: Path) -> int:
    return new_job(guarded, tmp_path, tmp_path.name.replace("_", "-"))


def test_annotators_and_strangers_may_not_ask(guarded: Embedded, project: int) -> None:
    [ann] = add(guarded, project, "asker@example.com")
    choose(ann["link"])
    asked = {"project": project, "workers": [{"email": "friend@example.com"}]}
    for key in (key_of(guarded, "asker@example.com"), new_annotator(guarded, "free-asker")):
        headers = {"Authorization": f"Token {key}"}
        assert ask(guarded, asked, key).status_code == 403
        assert httpx.get(workers_url(guarded), params={"project": project}, headers=headers).status_code == 403
    assert httpx.post(workers_url(guarded), json=asked).status_code == 401
    assert httpx.get(workers_url(guarded), params={"project": project}).status_code == 401
    assert "friend@example.com" not in accounts(guarded)


def test_whoever_made_a_job_is_its_reviewer_and_no_other_jobs(guarded: Embedded, project: int, tmp_path: Path) -> None:
    key = new_annotator(guarded, "maker")
    own = new_job(guarded, tmp_path, "the-makers-own", key)
    friend = {"workers": [{"email": "makers-friend@example.com"}]}
    assert ask(guarded, {"project": own, **friend}, key).status_code == 200
    assert ask(guarded, {"project": project, **friend}, key).status_code == 403


def test_a_reviewer_of_one_job_gets_no_link_to_an_account_that_opens_another(
    guarded: Embedded, project: int, tmp_path: Path
) -> None:
    add(guarded, project, "sought-after@example.com")
    key = new_annotator(guarded, "thief")
    own = new_job(guarded, tmp_path, "the-thiefs-own", key)
    answer = ask(guarded, {"project": own, "workers": [{"email": "sought-after@example.com"}]}, key).json()
    assert answer["workers"] == [{"email": "sought-after@example.com", "outcome": "linked"}]


@pytest.mark.parametrize("project_id", [None, 0, "x", "9" * 30, -1, [1], True])
def test_a_project_that_is_none_is_not_found(guarded: Embedded, project_id: Any) -> None:
    asked = {"project": project_id, "workers": [{"email": "nowhere@example.com"}]}
    assert ask(guarded, asked).status_code == 404


def test_a_project_of_others_is_not_found(guarded: Embedded) -> None:
    headers = {"Authorization": f"Token {guarded.api_key}"}
    config = '<View><Text name="t" value="$t"/><TextArea name="a" toName="t"/></View>'
    foreign = httpx.post(
        f"{guarded.url}/api/projects", headers=headers, json={"title": "Foreign", "label_config": config}, timeout=60
    ).json()["id"]
    assert ask(guarded, {"project": foreign, "workers": [{"email": "nowhere@example.com"}]}).status_code == 404


def test_a_session_needs_the_csrf_token_whatever_header_is_beside_it(guarded: Embedded, project: int) -> None:
    asked = {"project": project, "workers": [{"email": "csrf@example.com"}]}
    with logged_in(guarded, guarded.email, guarded.password) as browser:
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer a.b.c"}):
            assert browser.post("/gtbridge/workers", json=asked, headers=headers).status_code == 403
        assert emails_of(guarded, project) == []
        token = {"X-CSRFToken": browser.cookies["csrftoken"]}
        assert browser.post("/gtbridge/workers", json=asked, headers=token).status_code == 200
    assert emails_of(guarded, project) == ["csrf@example.com"]


def test_neither_kind_of_token_needs_the_csrf_token(guarded: Embedded, project: int) -> None:
    key = new_annotator(guarded, "jwt")
    asked = {"project": project, "workers": [{"email": "bearer@example.com"}]}
    refresh = personal_access_token(guarded.url, "jwt@example.com", "a-long-password")
    access = httpx.post(f"{guarded.url}/api/token/refresh/", json={"refresh": refresh}, timeout=60).json()["access"]
    answer = httpx.post(workers_url(guarded), json=asked, headers={"Authorization": f"Bearer {access}"}, timeout=60)
    # It comes as far as the question whose job it is, and not a step further.
    assert (answer.status_code, "only" in answer.json()["detail"]) == (403, True)
    assert ask(guarded, asked, key).json()["detail"] == answer.json()["detail"]
    assert ask(guarded, asked).status_code == 200
