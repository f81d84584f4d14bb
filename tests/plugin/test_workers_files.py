"""People to add, as they stand in files: read whole, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import refusal
from roads import run

from gtbridge.plugin.cli import cli
from gtbridge.plugin.label_studio.workers import Invitee, read_invitees

NOWHERE = ("--label-studio-url", "http://127.0.0.1:9", "--api-key", "k" * 40)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_gives_names_and_its_columns_come_in_any_order() -> None:
    text = '\ufefflast_name,email,first_name\r\n"O\'Hara, Jr.",ann@example.com,Ann\r\n\r\n,bob@example.com,\r\n'
    Path("people.csv").write_text(text, encoding="utf-8", newline="")
    assert read_invitees("people.csv") == [
        Invitee("ann@example.com", "Ann", "O'Hara, Jr."),
        Invitee("bob@example.com"),
    ]


def test_the_address_alone_is_enough_of_a_table() -> None:
    Path("people.CSV").write_text("email\nann@example.com\n", encoding="utf-8")
    assert read_invitees("people.CSV") == [Invitee("ann@example.com")]


def test_a_list_is_an_address_per_line_and_options_come_after_it() -> None:
    Path("people.txt").write_text(" ann@example.com \n\nbob@example.com", encoding="utf-8")
    people = read_invitees("people.txt", ["cy@example.com"])
    assert [person.email for person in people] == ["ann@example.com", "bob@example.com", "cy@example.com"]


DAMAGED = {
    "no header": ("a.csv", b"ann@example.com\n", ":1: the first line must name the columns: email, "),
    "semicolons": ("a.csv", b"email;first_name\nann@example.com;Ann\n", ":1: the first line must name the columns"),
    "an unknown column": ("a.csv", b"email,phone\n", ":1: the first line must name the columns"),
    "a column twice": ("a.csv", b"email,email\n", ":1: the first line must name the columns"),
    "a field too many": ("a.csv", b"email\nann@example.com,x\n", ":2: has 2 fields, where the first line has 1"),
    "a quote that stays open": ("a.csv", b'email\n"ann@example.com\n', ":2: not CSV: "),
    "no address in a table": ("a.csv", b"email\nann\n", ":2: 'ann' is no e-mail address"),
    "an empty address": ("a.csv", b"email,first_name\n,Ann\n", ":2: '' is no e-mail address"),
    "no address in a list": ("a.txt", b"ann@example.com\nann at example.com\n", ":2: 'ann at example.com' is no "),
    "the same twice": ("a.txt", b"ann@example.com\nAnn@Example.com\n", ":2: Ann@Example.com is given twice (line 1)"),
    "nobody in a table": ("a.csv", b"email\n", ": names nobody"),
    "nothing": ("a.txt", b"", ": names nobody"),
    "not UTF-8": ("a.txt", b"\xff", ": not UTF-8 at byte 0"),
    "another kind": ("a.xlsx", b"PK", ": is neither .csv nor .txt"),
}


@pytest.mark.parametrize(("name", "content", "expected"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_before_anything_is_sent(
    folder: Path, name: str, content: bytes, expected: str
) -> None:
    Path(name).write_bytes(content)
    assert refusal(folder, "workers", "add", "--job", "j", name, *NOWHERE).startswith(name + expected)


def test_a_file_that_is_not_there(folder: Path) -> None:
    assert refusal(folder, "workers", "add", "--job", "j", "none.csv", *NOWHERE) == "none.csv: no such file"


def test_standard_input_is_a_list_and_is_named_in_errors() -> None:
    arguments = ["workers", "add", "--job", "j", "-", *NOWHERE]
    result = CliRunner().invoke(cli, arguments, input="ann@example.com\nnobody\n", catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (1, "error: standard input:2: 'nobody' is no e-mail address\n")


def test_an_option_that_repeats_the_file_is_refused(folder: Path) -> None:
    Path("a.txt").write_text("ann@example.com\n", encoding="utf-8")
    sentence = refusal(folder, "workers", "add", "--job", "j", "a.txt", "--email", "ann@example.com", *NOWHERE)
    assert sentence == "--email: ann@example.com is given twice (line 1)"


def test_nobody_named_at_all_is_wrong_usage() -> None:
    assert run("workers", "add", "--job", "j").exit_code == 2
