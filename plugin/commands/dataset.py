"""gtbridge dataset: datasets for training."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from .build_options import build_options
from .common import as_json, report, say, stages
from .dataset_join import config_lines, join
from .dataset_push import push
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from ...converters.datasets.options import BuildOptions
    from ...converters.formats.pulled_changes import Changes
    from ..outputs.job_reader import JobOutputOptions
    from ..outputs.shares import Share

__all__ = ["dataset"]

ENGINES = ("plain", "ray")


@click.group()
def dataset() -> None:
    """Datasets for training, made from the outputs of labeling jobs."""


dataset.add_command(join)
dataset.add_command(push)


def _share(ctx: click.Context, option: click.Parameter, value: str | None) -> Share | None:
    from ..outputs.shares import Share

    try:
        return None if value is None else Share.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--shard") from None


@dataset.command()
@click.argument("outputs", nargs=-1, required=True, metavar="JOB_OUTPUT...")
@click.option(
    "-o", "--out", required=True, metavar="DIR", help="The folder to make; an older dataset there is replaced."
)
@build_options
@click.option("--license", metavar="SPDX", help="The licence of the annotations, for the card.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language of the texts. Repeatable.")
@click.option("--full", is_flag=True, help="Fetch all answers on Label Studio anew, not only what has changed.")
@click.option(
    "--shard",
    "share",
    callback=_share,
    metavar="I/N",
    help="Build only the I-th of N parts, each on a machine of its own perhaps, all with the same --pseudonym-key; "
    "`dataset join` makes them one dataset.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="Where rows are made: plain, in this process; ray, on a Ray cluster (RAY_ADDRESS), or on all processors of "
    "this machine. The dataset is the same to the byte.",
)
@job_output_options
@as_json
def build(
    outputs: tuple[str, ...],
    out: str,
    chosen: BuildOptions,
    license: str | None,
    languages: tuple[str, ...],
    full: bool,
    share: Share | None,
    engine: str,
    opening: JobOutputOptions,
    json_output: bool,
) -> None:
    """Build a dataset from job outputs: folders of jobs, their output manifests, projects of Label Studio
    (label-studio:NAME_OR_NUMBER, JSON exports, target storage), or datasets of judgements (hf://ORG/NAME, folders and
    files).

    Rankings give `preference` (chosen and rejected), `unpaired` (desirable or not), `sft` (best responses), all three
    for each dimension, `ranking` (all ranks) and `ties`; questions and answers give `sft`, `qa` and `squad`; both give
    `prompts` and `annotations`, the raw answers. Read the folder with `datasets.load_dataset`; its README.md says how
    it was made, how far the annotators agree and how to train on it.

    What was fetched from Label Studio is kept beside the dataset, in DIR.pulled-PROJECT.jsonl.gz, which may be deleted:
    the next build fetches only what is new, changed or withdrawn.
    """
    if share is not None and (license or languages):
        raise click.UsageError("a part has no card: give --license and --language to `dataset join`")
    if share is not None and engine != "plain":
        raise click.UsageError("--shard and --engine are two ways to use several machines; choose one")
    from ..label_studio.keeping import Keeping
    from ..outputs import dataset_builder, dataset_parts
    from ..outputs.job_reader import open_job_output

    pulls: list[tuple[int, Changes]] = []
    with stages() as show:
        keeping = Keeping(
            place=lambda project: dataset_builder.pull_file(out, project),
            full=full,
            told=lambda project, changes: pulls.append((project, changes)),
            fetched=lambda count, total: show("tasks fetched", total, count),
        )
        jobs = [open_job_output(path, replace(opening, keeping=keeping)) for path in outputs]
        publication = dataset_builder.Publication(license, languages)
        advance = partial(show, "items", None)
        if share is not None:
            built, ledger = dataset_parts.build_part(jobs, out, chosen, share, advance)
        else:
            built, ledger = dataset_builder.build_dataset(jobs, out, chosen, publication, advance, engine)
    if share is None and chosen.test_size and not any("test" in config.rows for config in built.configs):
        say("note: no item fell into the test split; ask for a larger --test-size")
    for project, changes in pulls:
        say(f"pulled from project {project}: {changes.sentence()}")
    data: dict[str, Any] = {
        "dataset": out,
        "pulled": [{"project": project, **changes.to_dict()} for project, changes in pulls],
        "configs": {config.name: config.rows for config in built.configs},
        "ledger": ledger.to_dict(),
    }
    report([out, *config_lines(built), *ledger.lines()], data, json_output=json_output)
