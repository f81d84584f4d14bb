"""gtbridge verify on files: exit codes, the table, JSON, and what it says of outputs that cannot be read whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import refusal
from job_files import ITEM, answer, reference, write_job
from roads import run, write_lines

from gtbridge.converters.comparison.findings import Finding
from gtbridge.plugin.commands.findings_table import table
from gtbridge.plugin.storage import list_files, read_bytes, write_bytes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the job ``a``, and ``b`` that has another order, a tie and an answer less."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    write_job(tmp_path / "a", [[answer("w1"), answer("w2")], [answer("w1", (1, 3))]])
    write_job(tmp_path / "b", [[answer("w1", (2, 1))], [answer("w1", (1, 2))]])
    return tmp_path


def verified(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("verify", *arguments, "--json").stdout)
    return found


def test_an_output_and_its_copy_say_the_same(folder: Path) -> None:
    shutil.copytree("a", "copy")
    result = run("verify", "a", "copy/manifests/output/output.manifest")
    assert (result.exit_code, result.output) == (0, "2 items and 3 answers compared: no differences\n")


def test_differences_are_a_table_and_a_summary_on_standard_output(folder: Path) -> None:
    result = run("verify", "a", "b")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "KIND     OBJECT/WORKER/PART  A                               B",
        "ranking  0/w1/Clarity        1 2                             2 1",
        "ranking  0/w1/Helpfulness    1 2                             2 1",
        "answer   0/w2                Helpfulness: 1 2; Clarity: 1 2  (nothing)",
        "",
        "2 items and 2 answers compared: 3 differences (2 ranking, 1 answer), 2 notes (2 ranking)",
    ]


def test_notes_are_listed_when_asked_for_and_are_no_failure(folder: Path) -> None:
    write_job(folder / "x", [[answer("w1", (1, 2))]])
    write_job(folder / "y", [[answer("w1", (1, 3))]])
    assert run("verify", "x", "y").exit_code == 0
    assert run("verify", "x", "y", "--notes").stdout.splitlines()[1:3] == [
        "ranking  0/w1/Clarity        1 2  1 3",
        "ranking  0/w1/Helpfulness    1 2  1 3",
    ]


def test_the_limit_bounds_what_is_listed_not_what_is_counted(folder: Path) -> None:
    lines = run("verify", "a", "b", "--limit", "1").stdout.splitlines()
    assert lines[1:3] == [
        "ranking  0/w1/Clarity        1 2  2 1",
        "... and 2 more differences that --limit leaves out",
    ]
    found = verified("a", "b", "--limit", "0")
    assert (found["differences"]["count"], found["differences"]["listed"]) == (3, [])
    assert run("verify", "a", "b", "--limit", "0").stdout.startswith("... and 3 differences that --limit leaves out\n")


def test_json_says_all_that_the_table_says(folder: Path) -> None:
    found = verified("a", "b")
    assert (found["same"], found["items"]) == (False, {"a": 2, "b": 2, "compared": 2})
    assert found["answers"] == {"a": 3, "b": 2, "compared": 2}
    assert found["differences"]["listed"][0] == {
        "kind": "ranking",
        "place": "0/w1/Clarity",
        "a": "1 2",
        "b": "2 1",
        "hint": None,
    }
    assert found["notes"]["kinds"] == {"ranking": 2}
    assert run("verify", "a", "b", "--json").exit_code == 1
    assert verified("a", "a")["same"]


def test_outputs_that_tell_no_task_are_compared_all_the_same(folder: Path) -> None:
    write_job(folder / "x", [[]])
    write_lines(folder / "plain.manifest", [ITEM])
    assert run("verify", "x", "x").exit_code == 0
    [found] = verified("x", "plain.manifest")["differences"]["listed"]
    assert (found["kind"], found["a"], found["b"]) == ("state", "labelled, 0 answers", "not labelled, 0 answers")


def test_other_task_definitions_are_notes(folder: Path) -> None:
    shutil.copytree("a", "copy")
    Path("copy/gtbridge").mkdir()
    Path("copy/gtbridge/task.yaml").write_text(
        "task: text-ranking\ntitle: Other\ndimensions: [{name: Helpfulness, allow_tie: true}]\n", encoding="utf-8"
    )
    found = verified("a", "copy")
    assert found["same"]
    assert [note["place"] for note in found["notes"]["listed"]] == ["task/dimensions", "task/title"]


def test_a_missing_answer_file_is_an_error_unless_it_is_allowed_and_then_named(folder: Path) -> None:
    shutil.copytree("a", "copy")
    Path("copy", reference(0)).unlink()
    assert refusal(folder, "verify", "a", "copy").startswith(f"copy/{reference(0)}: no such file")
    found = verified("a", "copy", "--allow-missing")
    assert [difference["kind"] for difference in found["differences"]["listed"]] == ["answer", "answer"]
    [note] = found["ledgers"]["b"]["items"]["notes"]
    assert note["count"] == 1
    assert "B:   * 1 whose answers are missing" in run("verify", "a", "copy", "--allow-missing").stdout


def test_what_is_no_output_is_one_clear_error(folder: Path) -> None:
    assert refusal(folder, "verify", "a", "nothing").startswith("nothing: no ")


@pytest.mark.usefixtures("folder")
def test_an_output_in_s3_is_compared_with_its_copy_here(bucket: str) -> None:
    for path in list_files("a"):
        write_bytes(f"{bucket}/a/{path}", read_bytes(f"a/{path}"))
    assert run("verify", "a", f"{bucket}/a").exit_code == 0
    assert run("verify", f"{bucket}/a", "b").exit_code == 1


def rows(*found: Finding, width: int = 80) -> list[str]:
    return list(table(found, width))


def test_columns_line_up_and_long_values_are_cut_where_they_differ() -> None:
    long = "x" * 500
    assert rows(
        Finding("question", "0/w/question", f"{long}a{long}", f"{long}b{long}", "only white space differs"),
        Finding("tags", "11/河の水/tags", "河の水" * 30, None),
        Finding("other field", "2/w/" + "custom." * 20, "1", "2"),
        width=100,
    ) == [
        f"KIND         OBJECT/WORKER/PART{' ' * 44}A                     B",
        f"question     0/w/question{' ' * 50}…xxxxxxaxxxxxxxxxxx…  …xxxxxxbxxxxxxxxxxx…  (only white space differs)",
        f"tags         11/河の水/tags{' ' * 48}河の水河の水河の水…   (nothing)",
        f"other field  2/w/{'custom.' * 3}cust…m.{'custom.' * 4}  1                     2",
    ]


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\nb", "a\tb", "\u202eabc", "\u2028", "\r", "\x9b1m"])
def test_what_a_terminal_would_act_on_is_escaped(text: str) -> None:
    printed = "".join(rows(Finding("tags", text, text, text)))
    assert printed.isprintable()
