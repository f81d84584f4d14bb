"""What the README shows is true of the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.plugin.cli import cli

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    {
        line.split("#")[0].strip().rstrip("&").strip()
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("gtbridge ")
    }
    | set(re.findall(r"`(gtbridge [a-z][^`]*)`", TEXT))
)


def test_the_first_screen_shows_how_to_try_and_how_to_test() -> None:
    first_screen = "\n".join(TEXT.splitlines()[:25])
    assert "scripts/demo" in first_screen
    assert "scripts/test" in first_screen


def test_the_example_is_a_task_definition() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert definition_from_text(example, "README.md").task == "text-ranking"


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_is_shown_exists_with_its_options(line: str) -> None:
    command: click.Command = cli
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        name = words.pop(0)
        assert name in command.commands, line
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_enough_commands_are_shown_for_this_to_mean_something() -> None:
    assert len(COMMANDS) >= 8


def test_it_says_whom_the_project_does_not_belong_to() -> None:
    assert "not affiliated with Amazon, HumanSignal or Hugging Face" in TEXT
