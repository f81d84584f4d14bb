"""gtbridge workers, on servers with the guard and without."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from invited import choose, emails_of, key_of, new_job
from roads import Api, done, pooled_annotator, ranked, run

from gtbridge.plugin.local_server.embedded import Embedded


@pytest.fixture
def job(guarded: Embedded, tmp_path: Path) -> tuple[str, int]:
    """(name, project)"""
    name = tmp_path.name.replace("_", "-")
    return name, new_job(guarded, tmp_path, name)


@pytest.mark.guarded
def test_a_table_of_people_is_added_and_each_new_one_gets_a_link(
    guarded: Embedded, job: tuple[str, int], tmp_path: Path
) -> None:
    name, project = job
    table = tmp_path / "people.csv"
    table.write_text("email,first_name\ntable-a@example.com,Ann\ntable-b@example.com,Bob\n", encoding="utf-8")
    result = run("workers", "add", "--job", name, str(table), "--email", guarded.email, server=guarded)
    assert re.fullmatch(
        r"table-a@example.com: added\n  http\S+/gtbridge/welcome/\S+/\n"
        r"table-b@example.com: added\n  http\S+/gtbridge/welcome/\S+/\n"
        rf"{guarded.email}: linked\n",
        result.stdout,
    )
    assert re.fullmatch(r"note: each link .* until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", result.stderr)
    assert sorted(emails_of(guarded, project)) == [guarded.email, "table-a@example.com", "table-b@example.com"]
    assert run("workers", "add", "--job", name, "--email", guarded.email, server=guarded).output == (
        f"{guarded.email}: already there\n"
    )


@pytest.mark.guarded
def test_the_list_says_how_far_everybody_is(guarded: Embedded, job: tuple[str, int]) -> None:
    name, project = job
    emails = ["list-done@example.com", "list-waits@example.com", "list-left@example.com"]
    options = [part for email in emails for part in ("--email", email)]
    made = json.loads(done("workers", "add", "--job", name, *options, "--json", server=guarded))
    for person in made["workers"]:
        if person["email"] != "list-waits@example.com":
            choose(person["link"])
    for email in ("list-done@example.com", "list-left@example.com"):
        api = Api(guarded, key_of(guarded, email))
        task = api.get(f"/api/projects/{project}/next").json()
        count = len(task["data"]["responses"])
        api.annotate(task["id"], ranked(task["data"], [1] * count, list(range(1, count + 1))))
        if email == "list-done@example.com":
            task = api.get(f"/api/projects/{project}/next").json()
            api.annotate(task["id"], [], was_cancelled=True)
    done("workers", "remove", "--job", name, "list-left@example.com", server=guarded)
    found = json.loads(done("workers", "list", "--job", name, "--json", server=guarded))
    assert found["open"] is False
    facts = {
        w["email"]: (w["state"], w["answers"], w["declined"], w["last_activity"] is None) for w in found["workers"]
    }
    assert facts == {
        "list-done@example.com": ("active", 1, 1, False),
        "list-left@example.com": ("removed", 1, 0, False),
        "list-waits@example.com": ("invited", 0, 0, True),
    }
    head, *rows = done("workers", "list", "--job", name, server=guarded).splitlines()
    assert head.split() == ["E-MAIL", "NAME", "STATE", "ANSWERS", "DECLINED", "LAST", "ACTIVITY"]
    assert [row.split()[:4] for row in rows] == [
        ["list-done@example.com", "active", "1", "1"],
        ["list-left@example.com", "removed", "1", "0"],
        ["list-waits@example.com", "invited", "0", "0"],
    ]


@pytest.mark.guarded
def test_a_dry_run_adds_nobody_and_shows_no_link(guarded: Embedded, job: tuple[str, int]) -> None:
    name, project = job
    told = done("workers", "add", "--job", name, "--email", "perhaps@example.com", "--dry-run", server=guarded)
    assert told == "perhaps@example.com: added\nnothing was changed\n"
    assert emails_of(guarded, project) == []


@pytest.mark.guarded
def test_an_address_that_the_server_refuses_is_named_with_its_line(
    guarded: Embedded, job: tuple[str, int], tmp_path: Path
) -> None:
    name, project = job
    people = tmp_path / "people.txt"
    people.write_text("fine@example.com\nnot-fine@-example-.com\n", encoding="utf-8")
    result = run("workers", "add", "--job", name, str(people), server=guarded)
    sentence = "not-fine@-example-.com is no e-mail address"
    assert (result.exit_code, result.stderr) == (1, f"error: {people}:2: {sentence}\n")
    assert emails_of(guarded, project) == []


@pytest.mark.guarded
def test_a_job_stays_closed_when_the_last_one_is_taken_off(guarded: Embedded, job: tuple[str, int]) -> None:
    name, project = job
    done("workers", "add", "--job", name, "--email", "last@example.com", server=guarded)
    result = run("workers", "remove", "--job", name, "last@example.com", server=guarded)
    assert result.stdout == "last@example.com: removed\n"
    assert result.stderr == ""
    listed = json.loads(done("workers", "list", "--job", name, "--json", server=guarded))
    assert (listed["open"], listed["workers"]) == (False, [])
    colleague = Api(guarded, pooled_annotator(guarded.url, guarded.api_key, 0))
    assert colleague.get(f"/api/projects/{project}/next").status_code == 404


@pytest.mark.guarded
def test_a_job_that_is_not_there(guarded: Embedded) -> None:
    result = run("workers", "list", "--job", "no-such-job", server=guarded)
    assert (result.exit_code, result.stderr) == (
        1,
        f"error: {guarded.url}: there is no labeling job no-such-job\n",
    )


@pytest.mark.server
def test_a_server_without_the_guard_is_one_clear_sentence(label_studio: Embedded, tmp_path: Path) -> None:
    new_job(label_studio, tmp_path, "workers-without-guard")
    for command in (["list"], ["add", "--email", "nobody@example.com"]):
        result = run("workers", *command, "--job", "workers-without-guard", server=label_studio)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "without the guard" in result.stderr
        assert "DJANGO_SETTINGS_MODULE=gtbridge.plugin.guard.settings" in result.stderr
