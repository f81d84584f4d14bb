"""The guard's address for a job's annotators: what it does, and what it never does to an account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from invited import PASSWORD, accounts, add, ask, choose, emails_of, key_of, listed, logged_in, new_job
from roads import Api, new_annotator

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


@pytest.fixture
def project(guarded: Embedded, tmp_path: Path) -> int:
    return new_job(guarded, tmp_path, tmp_path.name.replace("_", "-"))


@pytest.fixture(scope="module")
def untouched(guarded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> int:
    """A project to which nobody is ever added."""
    return new_job(guarded, tmp_path_factory.mktemp("untouched"), "untouched")


def test_a_new_person_gets_an_account_that_sees_this_job_and_nothing_else(guarded: Embedded, project: int) -> None:
    [ann] = add(guarded, project, "Only.Here@Example.com")
    assert (ann["email"], ann["outcome"]) == ("only.here@example.com", "added")
    assert choose(ann["link"]).status_code == 302
    api = Api(guarded, key_of(guarded, "only.here@example.com"))
    assert [found["id"] for found in api.get("/api/projects").json()["results"]] == [project]
    assert api.get(f"/api/projects/{project}/next").status_code == 200


def test_the_link_works_once(guarded: Embedded, project: int) -> None:
    [ann] = add(guarded, project, "once@example.com")
    assert choose(ann["link"]).status_code == 302
    assert "does not work any more" in httpx.get(ann["link"]).text
    assert choose(ann["link"], "another-good-password").status_code == 403
    with logged_in(guarded, "once@example.com", PASSWORD):
        pass


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [("short", None, "8–128 characters"), ("a-long-password", "another-password", "didn’t match")],
)
def test_a_bad_password_is_refused_with_a_reason_and_the_link_still_works(
    guarded: Embedded, project: int, password: str, again: str | None, sentence: str
) -> None:
    [ann] = add(guarded, project, "chooser@example.com")
    refused = choose(ann["link"], password, again)
    assert (refused.status_code, sentence in refused.text) == (200, True)
    assert [worker["state"] for worker in listed(guarded, project)["workers"]] == ["invited"]


def test_a_link_that_was_changed_does_nothing(guarded: Embedded, project: int) -> None:
    [ann] = add(guarded, project, "changed@example.com")
    for link in (ann["link"].replace("-", "-0"), ann["link"].replace("/welcome/", "/welcome/MQ"), ann["link"][:-5]):
        assert "does not work any more" in httpx.get(link if link.endswith("/") else f"{link}/").text


def test_a_password_cannot_be_chosen_from_another_site(guarded: Embedded, project: int) -> None:
    [ann] = add(guarded, project, "forged@example.com")
    with httpx.Client(timeout=60) as browser:
        page = browser.get(ann["link"], follow_redirects=True)
        form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert browser.post(str(page.url), data=form).status_code == 403


def test_the_link_survives_what_other_tabs_do_to_the_session(guarded: Embedded, project: int) -> None:
    [ann, colleague] = add(guarded, project, "tabs@example.com", "at-the-same-browser@example.com")
    choose(colleague["link"])
    with logged_in(guarded, "at-the-same-browser@example.com") as browser:
        before = browser.cookies["sessionid"]
        page = browser.get(ann["link"], follow_redirects=True)
        assert page.headers["referrer-policy"] == "same-origin"  # the token is in the address
        browser.cookies.set("sessionid", before)  # an answer to another tab arrived late
        form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        chosen = browser.post(str(page.url), data=form, headers={"X-CSRFToken": browser.cookies["csrftoken"]})
        assert (chosen.status_code, chosen.headers["location"].split("?")[0]) == (302, "/user/login/")


def test_adding_again_changes_nothing_and_whoever_never_used_a_link_gets_another(
    guarded: Embedded, project: int
) -> None:
    add(guarded, project, "again@example.com")
    [again] = add(guarded, project, "AGAIN@example.com")
    assert (again["outcome"], emails_of(guarded, project)) == ("present", ["again@example.com"])
    choose(again["link"])
    assert add(guarded, project, "again@example.com") == [{"email": "again@example.com", "outcome": "present"}]


def test_several_reviewers_who_add_the_same_person_at_once_make_one_account(guarded: Embedded, project: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: add(guarded, project, "popular@example.com"), range(4)))
    assert sorted(person["outcome"] for [person] in answers) == ["added", "present", "present", "present"]
    assert emails_of(guarded, project) == ["popular@example.com"]


def test_an_account_that_is_there_is_linked_without_a_link_and_stays_as_free_as_it_was(
    guarded: Embedded, project: int, tmp_path: Path
) -> None:
    key = new_annotator(guarded, "colleague")
    assert add(guarded, project, "Colleague@example.com") == [{"email": "colleague@example.com", "outcome": "linked"}]
    new_job(guarded, tmp_path, "the-colleagues-own", key)  # an account for annotating only could not
    with logged_in(guarded, "colleague@example.com", "a-long-password"):
        pass


def made_by_the_api(server: Embedded, email: str) -> None:
    """Label Studio's own call, which keeps the address as it is written."""
    headers = {"Authorization": f"Token {server.api_key}"}
    body = {"email": email, "username": email}
    httpx.post(f"{server.url}/api/users/", json=body, headers=headers, timeout=60).raise_for_status()


def test_an_account_is_found_however_its_address_is_written(guarded: Embedded, project: int) -> None:
    made_by_the_api(guarded, "Mixed.Case@example.com")
    assert add(guarded, project, "mixed.case@example.com") == [{"email": "Mixed.Case@example.com", "outcome": "linked"}]


def test_of_two_accounts_with_the_same_address_none_is_taken(guarded: Embedded, project: int) -> None:
    for email in ("Twin@example.com", "twin@example.com"):
        made_by_the_api(guarded, email)
    refused = ask(guarded, {"project": project, "workers": [{"email": "twin@example.com"}]})
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        "has two accounts, which differ in upper and lower case only",
    )


def test_a_reviewer_may_annotate_and_stays_a_reviewer(guarded: Embedded, project: int) -> None:
    assert add(guarded, project, guarded.email) == [{"email": guarded.email, "outcome": "linked"}]
    assert Api(guarded).get(f"/api/projects/{project}/export").status_code == 200


def test_one_bad_address_and_nobody_is_added(guarded: Embedded, project: int) -> None:
    people = [{"email": "good@example.com"}, {"email": "bad"}, {"email": "nul@example.com", "first_name": "\0"}]
    refused = ask(guarded, {"project": project, "workers": people})
    assert refused.status_code == 400
    assert refused.json()["problems"] == [
        {"email": "bad", "message": "is no e-mail address"},
        {"email": "nul@example.com", "message": "first_name: Null characters are not allowed."},
    ]
    assert emails_of(guarded, project) == []
    assert "good@example.com" not in accounts(guarded)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"workers": []},
        {"workers": "ann@example.com"},
        {"workers": ["ann@example.com"]},
        {"workers": [{"email": "ann@example.com"}], "remove": ["bob@example.com"]},
        {"workers": [{"email": "twice@example.com"}, {"email": "Twice@example.com"}]},
        {"workers": [{"email": f"{number}@example.com"} for number in range(1001)]},
        {"remove": [None]},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_request_that_makes_no_sense_is_refused(guarded: Embedded, untouched: int, body: dict[str, Any]) -> None:
    refused = ask(guarded, {"project": untouched, **body})
    assert refused.status_code == 400
    assert refused.json()["problems"]
    assert emails_of(guarded, untouched) == []


def test_a_dry_run_says_the_same_and_does_nothing(guarded: Embedded, project: int) -> None:
    asked = {"project": project, "workers": [{"email": "dry@example.com"}], "dry_run": True}
    answer = ask(guarded, asked).json()
    assert (answer["workers"], answer["dry_run"]) == ([{"email": "dry@example.com", "outcome": "added"}], True)
    assert "dry@example.com" not in accounts(guarded)


def test_as_soon_as_anybody_is_added_the_job_is_closed_to_the_others(guarded: Embedded, project: int) -> None:
    outsider = Api(guarded, new_annotator(guarded, "outsider"))
    assert outsider.get(f"/api/projects/{project}/next").status_code == 200
    add(guarded, project, "insider@example.com")
    assert outsider.get(f"/api/projects/{project}/next").status_code == 404


def test_whoever_is_removed_sees_the_job_no_more_and_their_place_is_free(guarded: Embedded, project: int) -> None:
    [leaver, _] = add(guarded, project, "leaver@example.com", "stayer@example.com")
    choose(leaver["link"])
    api = Api(guarded, key_of(guarded, "leaver@example.com"))
    assert api.get(f"/api/projects/{project}/next").status_code == 200
    answer = ask(guarded, {"project": project, "remove": ["Leaver@example.com", "nobody@example.com"]}).json()
    assert [person["outcome"] for person in answer["workers"]] == ["removed", "absent"]
    assert api.get(f"/api/projects/{project}/next").status_code == 404
    assert emails_of(guarded, project) == ["stayer@example.com"]
