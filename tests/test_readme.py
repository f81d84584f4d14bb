"""What the README shows is true of the program."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
from strategies import make_item

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import Item, Pair, Section, Worker
from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking
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


def test_the_answers_that_are_shown_are_valid_answers() -> None:
    ranking, pairs = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
    dimensions = (Dimension(name="Helpfulness", allow_tie=True), Dimension(name="Clarity", allow_tie=False))
    shown: list[tuple[TaskDefinition, Item, Any]] = [
        (TextRanking(dimensions=dimensions), make_item(0, "Why?", ["a", "b"]), ranking),
        (QuestionAnswer(tags=("Who",), allow_custom_tags=True), make_item(0, "Caesar crossed the Rubicon."), pairs),
    ]
    answers = [annotation_to_answer({"result": result}, item, task, Worker("w")) for task, item, result in shown]
    for (task, item, _), given in zip(shown, answers, strict=True):
        assert problems(task, item, given) == []
    assert [given.ranks for given in answers[0].rankings] == [(2, 1), (1, 2)]
    assert answers[1].pairs == (
        Pair("Who crossed it?", "Caesar", ("Who", "rivers"), (Section(0, 6, "Caesar"),), "sections"),
    )


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
