"""gtbridge manifest: input manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..shown import shown
from .common import as_json, progress, report, say, storage_options
from .job_output_options import dataset_options

if TYPE_CHECKING:
    from ...converters.formats.manifest_check import ManifestReport, Target
    from ...converters.formats.sources_texts import Passage
    from ...converters.judged_datasets.shapes import DatasetShape
    from ..manifests.manifests import MadeManifest

__all__ = ["manifest"]


@click.group()
def manifest() -> None:
    """Input manifests: JSON Lines, one object to annotate a line."""


@manifest.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--out", required=True, metavar="OUT", help="The manifest to write; - is standard output.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "jsonl", "csv", "txt", "parquet"]),
    help="What the inputs are. [default: what their names end in; jsonl for standard input]",
)
@click.option(
    "--source-column",
    metavar="NAME",
    help="The column with the prompt or passage: a text, or a conversation. "
    "[default: the first there is of source, prompt, passage, text]",
)
@click.option(
    "--responses-column",
    "responses_columns",
    multiple=True,
    metavar="NAME",
    help="The column with the list of responses; given several times, columns with a response each. "
    "[default: responses]",
)
@click.option(
    "--models-column",
    "models_columns",
    multiple=True,
    metavar="NAME",
    help="The column with the names of the models that responded; given several times, columns with a name each.",
)
@click.option(
    "--reference-column",
    metavar="NAME",
    help="The column with the reference answer of each object, which a task may show beside the responses. "
    "[default: reference, where there is one]",
)
@click.option(
    "--messages-column",
    metavar="NAME",
    help="The column with the conversation to respond to. Without a prompt beside it, its transcript becomes one.",
)
@click.option("--drop-column", "drop", multiple=True, metavar="NAME", help="A column to leave out. Repeatable.")
@click.option("--name-column", metavar="NAME", help="Add the name of the file that each object is from, as NAME.")
@click.option(
    "--passage",
    type=click.Choice(["line", "paragraph", "file"]),
    default="paragraph",
    show_default=True,
    help="What becomes an object of a .txt: each line, each paragraph (between blank lines), or all of it.",
)
@click.option("--delimiter", metavar="CHAR", help=r"What separates the values of a .csv. [default: a comma]")
@dataset_options
@click.option(
    "--max-objects",
    type=click.IntRange(min=0),
    metavar="N",
    help="Start another manifest after so many objects: OUT-00001-of-00003 and so on; 0 for never. "
    "[default: 100000, which is what a Ground Truth job takes; never on standard output]",
)
@storage_options
@as_json
def make(
    inputs: tuple[str, ...],
    out: str,
    format_: str | None,
    source_column: str | None,
    responses_columns: tuple[str, ...],
    models_columns: tuple[str, ...],
    reference_column: str | None,
    messages_column: str | None,
    drop: tuple[str, ...],
    name_column: str | None,
    passage: Passage,
    delimiter: str | None,
    hub_config: str | None,
    split: str | None,
    revision: str | None,
    shape: DatasetShape | None,
    max_objects: int | None,
    json_output: bool,
) -> None:
    """Make a manifest from .json, .jsonl, .csv, .tsv, .txt and .parquet files (text may be packed as .gz), from folders
    that `datasets` saved or reads, and from datasets on the Hugging Face Hub (hf://ORG/NAME).

    The prompt or passage becomes `source`, and a conversation `messages` beside its transcript; all other columns stay
    as they are.

    Datasets of judgements (preferences, Nectar, UltraFeedback, SQuAD, and gtbridge's own) are known by their columns:
    each item they tell of becomes an object with its prompt and responses, or its passage, and their judgements are
    left out. Responses are put in an order that does not tell which was better. `migrate` brings the judgements along.
    With any of the options that name a column for something, columns are what you say.
    """
    from ...converters.formats.manifest import MAX_OBJECTS
    from ...converters.formats.sources import Columns
    from ..manifests.hub_datasets import Selection
    from ..manifests.inputs import SourceOptions
    from ..manifests.manifests import make_manifest

    if out == "-" and (json_output or max_objects):
        what = "report" if json_output else "manifest and its continuation"
        raise click.UsageError(f"the manifest and the {what} cannot both go to standard output")
    most = MAX_OBJECTS if max_objects is None else max_objects or None
    columns = Columns(
        source=source_column,
        responses=responses_columns or ("responses",),
        messages=messages_column,
        models=models_columns,
        drop=drop,
        name=name_column,
        reference=reference_column,
    )
    named = (source_column, responses_columns, reference_column, messages_column, models_columns)
    if shape is not None and any(named):
        raise click.UsageError("--dataset-shape says what the columns are; leave out the options that name some")
    options = SourceOptions(format_, passage, _delimiter(delimiter), Selection(hub_config, split, revision), shape)
    with progress("objects") as advance:
        made = make_manifest(inputs, out, columns, options, most=most, on_progress=advance)
    if json_output:
        report([], _made_as_json(out, made), json_output=True)
    else:
        for line in _made_as_text(made):
            say(line)


def _delimiter(given: str | None) -> str | None:
    found = {r"\t": "\t", "tab": "\t"}.get(given, given) if given is not None else None
    if found is not None and (len(found) != 1 or found in '"\r\n'):
        raise click.UsageError(f"--delimiter is one character, not {given!r}")
    return found


def _made_as_json(out: str, made: MadeManifest) -> dict[str, object]:
    return {
        "manifest": out,
        "objects": made.objects,
        "manifests": [{"manifest": name, "objects": count} for name, count in made.manifests],
        "inputs": [{"input": name, "objects": count} for name, count in made.inputs],
        "ledger": made.ledger.to_dict(),
    }


def _made_as_text(made: MadeManifest) -> Iterator[str]:
    yield from (f"{name}: {count} objects" for name, count in made.manifests)
    if len(made.inputs) > 1:
        yield from (f"  from {name}: {count}" for name, count in made.inputs)
    if made.ledger.drops or made.ledger.notes:
        yield from made.ledger.lines()


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
@storage_options
@as_json
@click.pass_context
def check(ctx: click.Context, file: str, task_file: str | None, target: Target, json_output: bool) -> None:
    """Read MANIFEST and say what it holds, or which lines are wrong."""
    from ..definitions import read_definition
    from ..manifests.manifests import examine_manifest

    definition = read_definition(task_file, lambda remark: say(f"note: {remark}")) if task_file else None
    found = examine_manifest(file, definition, target)
    if json_output or not found.problems.count:
        report(_sentences(file, found), found.to_dict(), json_output=json_output)
    if found.problems.count:
        for problem in found.problems.listed:
            click.echo(shown(f"error: {problem}"), err=True)
        more = found.problems.count - len(found.problems.listed)
        if more:
            click.echo(f"error: {file}: {more:,} more", err=True)
        ctx.exit(1)


def _sentences(file: str, found: ManifestReport) -> Iterator[str]:
    yield f"{file}: {found.objects} objects"
    if found.with_responses:
        span = str(found.fewest) if found.fewest == found.most else f"{found.fewest} to {found.most}"
        yield f"  {found.with_responses} with responses ({span} each)"
    if found.conversations:
        yield f"  {found.conversations} with a conversation as the prompt"
    if found.references:
        yield f"  {found.references} with their text in a file of its own"
    yield from (f"note: {note}" for note in found.notes)
    more = found.remarks.count - len(found.notes)
    if more:
        yield f"note: {more:,} more"
