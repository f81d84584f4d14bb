"""gtbridge task: task definitions and their renderings."""

from __future__ import annotations

import json

import click

from .common import as_json, report, say, storage_options
from .serve import end_signals

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
@storage_options
@as_json
def check(file: str, json_output: bool) -> None:
    """Say what the task definition FILE asks, or what is wrong with it.

    FILE is YAML, JSON, a labeling config or a Ground Truth worker template, here and in the other commands.
    """
    from ...label_configs.describe import definition_to_sentences
    from ...label_configs.tasks import definition_to_dict, fingerprint
    from ..definitions import read_definition

    remarks: list[str] = []
    definition = read_definition(file, remarks.append)
    data = {
        "definition": definition_to_dict(definition),
        "fingerprint": fingerprint(definition),
        "remarks": remarks,
    }
    lines = [*definition_to_sentences(definition), *(f"Note: {remark}" for remark in remarks)]
    report(lines, data, json_output=json_output)


@task.command()
@click.argument("file")
@click.option(
    "--to", "target", type=click.Choice(["label-studio", "ground-truth"]), default="label-studio", show_default=True
)
@click.option("-o", "--out", default="-", metavar="OUT", help="Where to write it; standard output by default.")
@storage_options
def render(file: str, target: str, out: str) -> None:
    """Render the task definition FILE as a labeling config (XML) or a Ground Truth worker template (HTML)."""
    from ...label_configs.crowd import definition_to_template
    from ...label_configs.describe import definition_to_remarks, definition_to_template_remarks
    from ...label_configs.labeling_config import definition_to_labeling_config
    from ..definitions import read_definition
    from ..storage import write_bytes

    definition = read_definition(file, _note)
    templates = target == "ground-truth"
    for remark in (definition_to_template_remarks if templates else definition_to_remarks)(definition):
        _note(remark)
    rendered = (definition_to_template if templates else definition_to_labeling_config)(definition)
    write_bytes(out, rendered.encode())


@task.command()
@click.argument("file")
@click.option("-o", "--out", default="-", metavar="OUT", help="Where to write it; standard output by default.")
@storage_options
def read(file: str, out: str) -> None:
    """Recover the task definition (YAML) from FILE, a labeling config or a Ground Truth worker template.

    What a template says and a task definition cannot is told on standard error.
    """
    from ...label_configs.definition_files import definition_to_yaml
    from ..definitions import read_definition
    from ..storage import write_bytes

    write_bytes(out, definition_to_yaml(read_definition(file, _note)).encode())


def _note(remark: str) -> None:
    say(f"note: {remark}")


@task.command()
@click.argument("file")
@click.option("--manifest", metavar="FILE", help="The items to show. [default: a few of the demo's]")
@click.option("--items", type=click.IntRange(1), default=20, show_default=True, help="How many of them at most.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="[default: any free port]")
@click.option("--json", "json_output", is_flag=True, help="Print one line of JSON: url, email, password.")
@storage_options
def preview(file: str, manifest: str | None, items: int, port: int, json_output: bool) -> None:
    """Show the task definition FILE as annotators will see it, on items of your own, until Ctrl-C.

    Runs a Label Studio with the guard for the purpose and removes it afterwards, with whatever was answered in it.
    Needs `pip install "gtbridge[server]"`.
    """
    from ..definitions import read_definition
    from ..local_server.preview import preview_task

    definition = read_definition(file, _note)
    with preview_task(definition, manifest, most=items, port=port, on_progress=say) as shown:
        end = end_signals()
        if json_output:
            click.echo(json.dumps({"url": shown.url, "email": shown.email, "password": shown.password}))
        else:
            click.echo(f"{shown.items} items to answer: {shown.url}")
            click.echo(f"  log in as {shown.email} with the password {shown.password}")
            click.echo("Ctrl-C ends the server and removes what is in it.")
        end.get()
