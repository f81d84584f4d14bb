"""gtbridge manifest: input manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .common import as_json, report, say

if TYPE_CHECKING:
    from ..manifests import ManifestReport

__all__ = ["manifest"]


@click.group()
def manifest() -> None:
    """Input manifests: JSON Lines, one object to annotate a line."""


@manifest.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--out", required=True, metavar="OUT", help="The manifest to write; - is standard output.")
@click.option(
    "--source-column", metavar="NAME", help="The field with the prompt or passage. [default: source or prompt]"
)
@click.option(
    "--responses-column",
    "responses_columns",
    multiple=True,
    metavar="NAME",
    help="The field with the list of responses; given several times, fields with a response each. [default: responses]",
)
@as_json
def make(
    inputs: tuple[str, ...],
    out: str,
    source_column: str | None,
    responses_columns: tuple[str, ...],
    json_output: bool,
) -> None:
    """Make a manifest from .json (a list of objects) and .jsonl files.

    The prompt or passage becomes `source`; all other fields stay as they are.
    """
    from ...converters.formats.sources import Columns
    from ..manifests import make_manifest

    if json_output and out == "-":
        raise click.UsageError("the manifest and the report cannot both go to standard output")
    count = make_manifest(inputs, out, Columns(source_column, responses_columns or ("responses",)))
    if json_output:
        report([], {"manifest": out, "objects": count}, json_output=True)
    else:
        say(f"{out}: {count} objects")


@manifest.command()
@click.argument("file", metavar="MANIFEST")
@click.option("--task", "task_file", metavar="FILE", help="Check that each object suits this task definition as well.")
@click.option(
    "--for",
    "target",
    type=click.Choice(["sagemaker", "label-studio"]),
    default="label-studio",
    show_default=True,
    help="Ground Truth's limits are errors for sagemaker and notes for label-studio.",
)
@as_json
def check(file: str, task_file: str | None, target: str, json_output: bool) -> None:
    """Read MANIFEST and say what it holds, or which line is wrong."""
    from ..definitions import read_definition
    from ..manifests import inspect_manifest

    definition = read_definition(task_file) if task_file else None
    found = inspect_manifest(file, definition, target)
    report(_sentences(file, found), vars(found), json_output=json_output)


def _sentences(file: str, found: ManifestReport) -> Iterator[str]:
    yield f"{file}: {found.objects} objects"
    if found.with_responses:
        span = str(found.fewest) if found.fewest == found.most else f"{found.fewest} to {found.most}"
        yield f"  {found.with_responses} with responses ({span} each)"
    if found.conversations:
        yield f"  {found.conversations} with a conversation as the prompt"
    yield from (f"note: {note}" for note in found.notes)
