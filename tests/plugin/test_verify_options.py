"""The options that say how a job's output is to be read, as commands get them."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from gtbridge.converters.formats.reading import RANK_ENCODINGS, Reading
from gtbridge.plugin.commands.job_output_options import job_output_options
from gtbridge.plugin.outputs.job_reader import JobOutputOptions


def opening(*arguments: str) -> JobOutputOptions:
    """What a command gets for these arguments."""
    got: list[JobOutputOptions] = []

    @click.command()
    @click.argument("output")
    @job_output_options
    @click.option("--other", default="x")
    def command(output: str, opening: JobOutputOptions, other: str) -> None:
        assert (output, other) == ("OUT", "x")
        got.append(opening)

    CliRunner().invoke(command, ["OUT", *arguments], catch_exceptions=False, standalone_mode=False)
    return got[0]


def test_without_options_the_output_is_read_as_it_is() -> None:
    assert opening() == JobOutputOptions()


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--task", "t.yaml"], JobOutputOptions(task="t.yaml")),
        (["--label-attribute", "l"], JobOutputOptions(label_attribute="l")),
        (["--allow-missing"], JobOutputOptions(allow_missing=True)),
        (["--element", "e"], JobOutputOptions(reading=Reading(element="e"))),
        (
            ["--key-map", "question=q", "--key-map", "pairs=a=b"],
            JobOutputOptions(reading=Reading(keys={"question": "q", "pairs": "a=b"})),
        ),
        (["--label-studio-url", "http://x"], JobOutputOptions(label_studio=("http://x", None))),
        *((["--rank-encoding", name], JobOutputOptions(reading=Reading(name))) for name in RANK_ENCODINGS),  # type: ignore[arg-type]
    ],
)
def test_each_option_reaches_the_reader(arguments: list[str], wanted: JobOutputOptions) -> None:
    assert opening(*arguments) == wanted


@pytest.mark.parametrize(
    ("value", "move"),
    [
        ("s3://old/x", ("s3://old/x", "s3://old/x")),
        ("s3://old=s3://new", ("s3://old", "s3://new")),
        ("s3://old/day=1=s3://new/day=1", ("s3://old/day=1", "s3://new/day=1")),
        ("s3://old=/copies/x", ("s3://old", "/copies/x")),
        ("s3://old=./x", ("s3://old", "./x")),
        ("s3://old=../x", ("s3://old", "../x")),
        ("s3://old=.", ("s3://old", ".")),
        ("s3://old=~/x", ("s3://old", "~/x")),
        ("/here", ("/here", "/here")),
    ],
)
def test_a_reference_is_allowed_where_it_is_or_read_elsewhere(value: str, move: tuple[str, str]) -> None:
    assert opening("--refs", value, "--refs", "s3://other").moves == (move, ("s3://other", "s3://other"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--key-map", "question"], "'question' is not KEY=NAME"),
        (["--key-map", "question="], "'question=' is not KEY=NAME"),
        (["--key-map", "title=x"], "'title=x' is not KEY=NAME, with KEY one of pairs, question"),
        (["--key-map", "tags=x", "--key-map", "tags=y"], "tags is given twice"),
        (["--refs", "s3://old/day=1"], "'s3://old/day=1' is not FROM or FROM=TO"),
        (["--refs", "=s3://new"], "'=s3://new' is not FROM or FROM=TO"),
        (["--refs", ""], "'' is not FROM or FROM=TO"),
        (["--rank-encoding", "best"], "'best' is not one of 'rank'"),
    ],
)
def test_a_value_that_could_mean_two_things_or_none_is_refused(arguments: list[str], reason: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        opening(*arguments)
    assert reason in caught.value.message


def test_the_api_key_is_not_shown_with_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "a-secret-token")
    made: Any = opening()
    assert made.label_studio == (None, "a-secret-token")
    assert "a-secret-token" not in repr(made)
