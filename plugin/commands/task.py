"""gtbridge task: task definitions and their renderings."""

from __future__ import annotations

import click

from .common import as_json, report, say

__all__ = ["task"]


@click.group()
def task() -> None:
    """Task definitions: what annotators are asked."""


@task.command()
@click.argument("kind", type=click.Choice(["text-ranking", "question-answer"]))
@click.option("-o", "--out", default="-", metavar="FILE", help="Where to write it; standard output by default.")
def new(kind: str, out: str) -> None:
    """Write a commented starter definition."""
    from importlib.resources import files

    from ..storage import write_bytes

    write_bytes(out, files("gtbridge.label_configs").joinpath(f"{kind}.yaml").read_bytes())


@task.command()
@click.argument("file")
@as_json
def check(file: str, json_output: bool) -> None:
    """Say what the task definition FILE asks, or what is wrong with it."""
    from ...label_configs.describe import definition_to_sentences
    from ...label_configs.tasks import definition_to_dict, fingerprint
    from ..definitions import read_definition

    definition = read_definition(file)
    data = {"definition": definition_to_dict(definition), "fingerprint": fingerprint(definition)}
    report(definition_to_sentences(definition), data, json_output=json_output)


@task.command()
@click.argument("file")
@click.option("--to", "target", type=click.Choice(["label-studio"]), default="label-studio", show_default=True)
@click.option("-o", "--out", default="-", metavar="OUT", help="Where to write it; standard output by default.")
def render(file: str, target: str, out: str) -> None:
    """Render the task definition FILE as a labeling config (XML) for Label Studio."""
    from ...label_configs.describe import definition_to_remarks
    from ...label_configs.labeling_config import definition_to_labeling_config
    from ..definitions import read_definition
    from ..storage import write_bytes

    definition = read_definition(file)
    for remark in definition_to_remarks(definition):
        say(f"note: {remark}")
    write_bytes(out, definition_to_labeling_config(definition).encode())


@task.command()
@click.argument("file")
@click.option("-o", "--out", default="-", metavar="OUT", help="Where to write it; standard output by default.")
def read(file: str, out: str) -> None:
    """Recover the task definition (YAML) from the labeling config FILE."""
    from ...label_configs.definition_files import definition_to_yaml
    from ..definitions import read_definition
    from ..storage import write_bytes

    write_bytes(out, definition_to_yaml(read_definition(file)).encode())
