"""gtbridge dataset: datasets for training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .common import as_json, progress, report, say
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from ..outputs.job_reader import JobOutputOptions

__all__ = ["dataset"]


@click.group()
def dataset() -> None:
    """Datasets for training, made from the outputs of labeling jobs."""


@dataset.command()
@click.argument("outputs", nargs=-1, required=True, metavar="JOB_OUTPUT...")
@click.option(
    "-o", "--out", required=True, metavar="DIR", help="The folder to make; an older dataset there is replaced."
)
@click.option("--config", "configs", multiple=True, help="preference, ranking, sft or annotations. [default: all]")
@click.option("--dimension", "dimensions", multiple=True, metavar="NAME", help="Only this dimension. Repeatable.")
@click.option("--consensus", type=click.Choice(["majority", "none"]), default="majority", show_default=True)
@click.option("--test-size", type=float, default=0.1, show_default=True, help="The share of prompts in the test split.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which prompts are in the test split.")
@click.option("--license", metavar="SPDX", help="The licence of the annotations, for the card.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language of the texts. Repeatable.")
@click.option("--pseudonym-key", metavar="FILE", help="The key for annotators' pseudonyms. [default: one of your own]")
@click.option("--no-fields", is_flag=True, help="Leave out the items' other fields (ids and the like of your own).")
@job_output_options
@as_json
def build(
    outputs: tuple[str, ...],
    out: str,
    configs: tuple[str, ...],
    dimensions: tuple[str, ...],
    consensus: str,
    test_size: float,
    seed: int,
    license: str | None,
    languages: tuple[str, ...],
    pseudonym_key: str | None,
    no_fields: bool,
    opening: JobOutputOptions,
    json_output: bool,
) -> None:
    """Build a dataset from job outputs: folders of jobs, their output manifests, or label-studio:NAME.

    Rankings give `preference` (chosen and rejected), `ranking` (all ranks) and `sft` (best responses), for each
    dimension; questions and answers give `sft`; both give `annotations`, the raw answers. Read the folder with
    `datasets.load_dataset`.
    """
    from ...converters.datasets.build import BuildOptions
    from ..outputs import dataset_builder
    from ..outputs.job_reader import open_job_output

    jobs = [open_job_output(path, opening) for path in outputs]
    options = BuildOptions(
        pseudonym_key=dataset_builder.pseudonym_key(pseudonym_key),
        configs=tuple(part for config in configs for part in config.split(",")),
        dimensions=dimensions,
        consensus=consensus,
        test_size=test_size,
        seed=seed,
        fields=not no_fields,
    )
    publication = dataset_builder.Publication(license, languages)
    with progress("items") as advance:
        built, ledger = dataset_builder.build_dataset(jobs, out, options, publication, advance)
    if test_size and not any("test" in config.rows for config in built.configs):
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
