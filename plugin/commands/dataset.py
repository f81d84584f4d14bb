"""gtbridge dataset: datasets for training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .build_options import build_options
from .common import as_json, progress, report, say
from .dataset_push import push
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from ...converters.datasets.options import BuildOptions
    from ..outputs.job_reader import JobOutputOptions

__all__ = ["dataset"]


@click.group()
def dataset() -> None:
    """Datasets for training, made from the outputs of labeling jobs."""


dataset.add_command(push)


@dataset.command()
@click.argument("outputs", nargs=-1, required=True, metavar="JOB_OUTPUT...")
@click.option(
    "-o", "--out", required=True, metavar="DIR", help="The folder to make; an older dataset there is replaced."
)
@build_options
@click.option("--license", metavar="SPDX", help="The licence of the annotations, for the card.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language of the texts. Repeatable.")
@job_output_options
@as_json
def build(
    outputs: tuple[str, ...],
    out: str,
    chosen: BuildOptions,
    license: str | None,
    languages: tuple[str, ...],
    opening: JobOutputOptions,
    json_output: bool,
) -> None:
    """Build a dataset from job outputs: folders of jobs, their output manifests, label-studio:NAME, or datasets of
    judgements (hf://ORG/NAME, folders and files).

    Rankings give `preference` (chosen and rejected), `unpaired` (desirable or not), `sft` (best responses), all three
    for each dimension, `ranking` (all ranks) and `ties`; questions and answers give `sft`, `qa` and `squad`; both give
    `prompts` and `annotations`, the raw answers. Read the folder with `datasets.load_dataset`; its README.md says how
    it was made, how far the annotators agree and how to train on it.
    """
    from ..outputs import dataset_builder
    from ..outputs.job_reader import open_job_output

    jobs = [open_job_output(path, opening) for path in outputs]
    publication = dataset_builder.Publication(license, languages)
    with progress("items") as advance:
        built, ledger = dataset_builder.build_dataset(jobs, out, chosen, publication, advance)
    if chosen.test_size and not any("test" in config.rows for config in built.configs):
        say("note: no item fell into the test split; ask for a larger --test-size")
    data: dict[str, Any] = {
        "dataset": out,
        "configs": {config.name: config.rows for config in built.configs},
        "ledger": ledger.to_dict(),
    }
    lines = [f"{config.name}: {_rows(config.rows)}" for config in built.configs]
    report([out, *lines, *ledger.lines()], data, json_output=json_output)


def _rows(rows: dict[str, int]) -> str:
    return ", ".join(f"{count} rows in {split}" for split, count in sorted(rows.items(), reverse=True))
