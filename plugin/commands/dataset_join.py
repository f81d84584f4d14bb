"""gtbridge dataset join: parts that several machines built, made one dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .common import as_json, progress, report, storage_options

if TYPE_CHECKING:
    from ...converters.datasets.build import Built

__all__ = ["config_lines", "join"]


@click.command()
@click.argument("parts", nargs=-1, required=True, metavar="PART...")
@click.option(
    "-o", "--out", required=True, metavar="DIR", help="The folder to make; an older dataset there is replaced."
)
@click.option("--license", metavar="SPDX", help="The licence of the annotations, for the card.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language of the texts. Repeatable.")
@storage_options
@as_json
def join(parts: tuple[str, ...], out: str, license: str | None, languages: tuple[str, ...], json_output: bool) -> None:
    """Make one dataset of the parts that `dataset build --shard` built, in any order.

    All N of them are needed, built of the same answers with the same options and the same pseudonym key. The dataset
    is, to the byte, what one machine would have built.
    """
    from ..outputs.dataset_builder import Publication
    from ..outputs.dataset_parts import join_parts

    with progress("items") as advance:
        built, ledger = join_parts(parts, out, Publication(license, languages), advance)
    data = {
        "dataset": out,
        "configs": {config.name: config.rows for config in built.configs},
        "ledger": ledger.to_dict(),
    }
    report([out, *config_lines(built), *ledger.lines()], data, json_output=json_output)


def config_lines(built: Built) -> Iterator[str]:
    """What was written, a line for each config."""
    for config in built.configs:
        rows = sorted(config.rows.items(), reverse=True)
        yield f"{config.name}: {', '.join(f'{count} rows in {split}' for split, count in rows)}"
