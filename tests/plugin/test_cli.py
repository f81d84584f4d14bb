"""The command line as it presents itself: help, exit codes, streams, and nothing heavy before it is needed."""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from commands import refusal
from job_files import answer, write_files, write_job
from roads import done, run

from gtbridge.plugin.cli import cli

HEAVY = ("datasets", "pyarrow", "pandas", "boto3", "botocore", "label_studio_sdk", "httpx", "django")


def commands(group: click.Group = cli, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


EVERY = list(commands())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path.parent / f"{tmp_path.name}-config"))
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_help_that_says_what_it_does(words: tuple[str, ...]) -> None:
    long = done(*words, "--help")
    assert done(*words, "-h") == long
    usage, _, sentence, *_ = long.splitlines()
    assert usage.startswith(f"Usage: {' '.join(('cli', *words))} ")
    assert sentence.strip()
    assert "\n  -h, --help" in long


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_option_and_command_says_what_it_is_for(words: tuple[str, ...]) -> None:
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    assert command.help
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    assert [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)] == []


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_wrong_usage_is_exit_code_2_and_says_nothing_on_standard_output(words: tuple[str, ...]) -> None:
    result = run(*words, "--no-such-option")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such option" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["task", "nonsense"],
        ["task", "new", "sorting"],
        ["task", "check"],
        ["manifest", "make", "in.jsonl"],
        ["manifest", "make", "in.jsonl", "-o", "-", "--json"],
        ["manifest", "check", "x", "--for", "mturk"],
        ["job", "create"],
        ["job", "export", "x", "--to", "y", "--s3-prefix", "/local"],
        ["dataset", "build", "x"],
        ["dataset", "build", "x", "-o", "y", "--test-size", "half"],
        ["serve", "--port", "-1"],
        ["task", "preview", "x", "--items", "0"],
        ["workers", "add", "--job", "x"],
        ["workers", "remove", "--job", "x"],
        ["workers", "list"],
        ["-v", "-q", "task", "new", "text-ranking"],
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_exit_code_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_the_version_is_the_packages() -> None:
    assert done("--version").split()[-1] == importlib.metadata.version("gtbridge")


@pytest.mark.parametrize("arguments", [["--help"], ["dataset", "build", "--help"], ["task", "check", "task.yaml"]])
def test_nothing_heavy_is_imported_for_it(folder: Path, arguments: list[str]) -> None:
    program = (
        "import sys; from gtbridge.plugin.cli import cli; cli(sys.argv[1:], standalone_mode=False);"
        f"print(sorted({HEAVY} & sys.modules.keys()))".replace(str(HEAVY), str(set(HEAVY)))
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=folder
    )
    assert ended.stdout.splitlines()[-1] == "[]"


def test_the_list_of_commands_imports_none_of_them() -> None:
    program = (
        "import sys; from gtbridge.plugin.cli import cli; cli(['-h'], standalone_mode=False);"
        "print([name for name in sys.modules if name.startswith('gtbridge.plugin.commands')])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


def test_the_list_of_commands_says_how_the_help_of_each_begins() -> None:
    _, _, listed = done("-h").partition("Commands:\n")
    said = dict(line.split(maxsplit=1) for line in listed.splitlines())
    assert said.keys() == cli.commands.keys()
    for name, sentence in said.items():
        assert " ".join((cli.commands[name].help or "").split()).startswith(sentence.removesuffix(".")), name


def test_the_module_is_the_command(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "gtbridge.plugin", "task", "check", "none.yaml"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "error: none.yaml: no such file\n")


def through(*arguments: str, stdin: str) -> str:
    result = CliRunner().invoke(cli, arguments, input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_standard_input_and_output_are_a_dash(folder: Path) -> None:
    starter = done("task", "new", "question-answer")
    config = through("task", "render", "-", stdin=starter)
    assert config.startswith("<View")
    recovered = through("task", "read", "-", "-o", "-", stdin=config)
    assert through("task", "check", "-", "--json", stdin=recovered) == through(
        "task", "check", "-", "--json", stdin=starter
    )
    manifest = through("manifest", "make", "-", "-o", "-", stdin='{"prompt": "Why?", "n": 1}\n')
    assert manifest == '{"source":"Why?","n":1}\n'
    assert json.loads(through("manifest", "check", "-", "--json", stdin=manifest))["objects"] == 1
    request = Path("request.json").read_text(encoding="utf-8")
    assert json.loads(through("job", "create", "--request", "-", "--dry-run", "--json", stdin=request))["objects"] == 1


def test_an_error_in_standard_input_names_it(folder: Path) -> None:
    for arguments in (["task", "check", "-"], ["manifest", "check", "-"], ["job", "create", "--request", "-"]):
        result = CliRunner().invoke(cli, arguments, input="[", catch_exceptions=False)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(("error: standard input:", "error: -:")), result.stderr


REPORTS = {
    "task check": ["task", "check", "task.yaml"],
    "manifest make": ["manifest", "make", "blank.manifest", "-o", "made.manifest"],
    "manifest check": ["manifest", "check", "blank.manifest"],
    "job create": ["job", "create", "--request", "request.json", "--dry-run"],
    "dataset build": ["dataset", "build", "job", "-o", "data"],
}


@pytest.mark.parametrize("command", REPORTS.values(), ids=REPORTS)
def test_json_is_all_that_standard_output_has(folder: Path, command: list[str]) -> None:
    Path("blank.manifest").write_text('{"source": " "}\n', encoding="utf-8")
    result = run(*command, "--json")
    assert result.exit_code == 0, result.output
    assert isinstance(json.loads(result.stdout), dict)
    assert all(line.startswith("note: ") for line in result.stderr.splitlines())


def test_notes_go_to_standard_error_and_quiet_drops_them(folder: Path) -> None:
    create = ["job", "create", "--request", "request.json", "--dry-run"]
    loud, quiet = run(*create), run("--quiet", *create)
    assert loud.stdout == quiet.stdout == "job: 1 objects; nothing was made\n"
    assert loud.stderr.startswith("note: ")
    assert quiet.stderr == ""


def test_quiet_does_not_silence_an_error(folder: Path) -> None:
    assert run("-q", "task", "check", "none.yaml").stderr == "error: none.yaml: no such file\n"


def test_no_progress_bar_where_nobody_watches(folder: Path) -> None:
    write_job(folder / "big", [[answer("w1")]] * 20)
    assert run("dataset", "build", "big", "-o", "data", "--test-size", "0").stderr == ""


@pytest.mark.parametrize("command", [["demo", "--out"], ["serve", "--data-dir"]], ids=" ".join)
def test_what_a_server_lives_in_cannot_lie_in_s3(folder: Path, command: list[str]) -> None:
    assert refusal(folder, *command, "s3://bucket/key").startswith("s3://bucket/key: ")


@pytest.mark.parametrize(
    "command", [["dataset", "build", "job", "-o"], ["manifest", "make", "in.manifest", "-o"]], ids=" ".join
)
def test_s3_without_credentials_is_refused_in_a_sentence(folder: Path, command: list[str]) -> None:
    assert "no AWS credentials were found" in refusal(folder, *command, "s3://bucket/key")


def test_a_bar_without_a_known_end_is_shown_on_a_terminal(folder: Path) -> None:
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "gtbridge.plugin", "manifest", "make", "in.manifest", "-o", "out.manifest"]
    with subprocess.Popen(command, stdout=writer, stderr=writer, cwd=folder) as process:
        os.close(writer)
        shown = b""
        with suppress(OSError):  # Linux's way to say that nobody is left to write
            while part := os.read(reader, 4096):
                shown += part
        os.close(reader)
    assert (process.returncode, b"Traceback" in shown) == (0, False)
    assert b"out.manifest: 1 objects" in shown


def test_a_reader_that_goes_away_is_no_crash(folder: Path) -> None:
    lines = io.BytesIO(b"".join(b'{"source": "%d"}\n' % number for number in range(50_000)))
    Path("many.jsonl").write_bytes(lines.getvalue())
    command = [sys.executable, "-m", "gtbridge.plugin", "manifest", "make", "many.jsonl", "-o", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b'{"source": "0"}\n'
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
