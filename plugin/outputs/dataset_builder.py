"""Job outputs -> a dataset folder: Parquet and README.md, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...converters.datasets.card import CardFacts, dataset_card
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ...label_configs.tasks import TextRanking
from ..storage import absolute
from .dataset_place import CARD, PROVENANCE, dataset_folder, digest, open_shard, size
from .job_reader import JobOutput, job_items, refuse_equal_names

if TYPE_CHECKING:
    from ...converters.datasets.batch import Batch, Seen
    from ...converters.datasets.build import Built
    from ...converters.datasets.options import BuildOptions
    from ...converters.judgement.job_item import JobItem
    from .batches import Whole

__all__ = ["PROVENANCE", "Publication", "build_dataset", "pull_file", "whole_of", "write_card"]

Progress = Callable[[int], None] | None


@dataclass(frozen=True)
class Publication:
    """What the card says of the dataset that the rows do not: SPDX licence of the annotations, language codes."""

    license: str | None = None
    languages: tuple[str, ...] = ()


def build_dataset(
    jobs: Sequence[JobOutput],
    out: str,
    options: BuildOptions,
    publication: Publication = Publication(),
    on_progress: Progress = None,
    engine: str = "plain",
) -> tuple[Built, Ledger]:
    """Build the dataset at ``out``, replacing what stands there; says what was written and what was left out.

    Beside it, ``<out>.provenance.json`` says where the jobs lie; it is not part of the dataset. Whichever
    ``engine`` makes the rows, ``plain`` or ``ray``, the files are the same to the byte.

    InputError if ``out`` holds something else than a dataset (in S3, anything at all), or if no row comes out.
    """
    refuse_equal_names(jobs)
    made = {"plain": _plain, "ray": _on_ray}[engine]
    with dataset_folder(out, {job.name: job.place for job in jobs}) as folder:
        built, seen, ledger = made(jobs, folder, options, on_progress)
        write_card(folder, out, built, seen, options, publication, ledger)
    return built, ledger


def _plain(
    jobs: Sequence[JobOutput], folder: Path, options: BuildOptions, on_progress: Progress
) -> tuple[Built, Seen, Ledger]:
    from ...converters.datasets.batch import Seen
    from ...converters.datasets.build import build
    from ...converters.datasets.rows import Pseudonyms

    ledger = Ledger()
    seen = Seen({job.name: job.definition for job in jobs}, Pseudonyms(options.pseudonym_key).of)
    items = _items(jobs, ledger, on_progress)
    built = build(items, _dimensions(jobs), options, partial(open_shard, folder), ledger, seen.see)
    return built, seen, ledger


def _on_ray(
    jobs: Sequence[JobOutput], folder: Path, options: BuildOptions, on_progress: Progress
) -> tuple[Built, Seen, Ledger]:
    from ...converters.datasets.batch import Seen
    from ...converters.datasets.build import join
    from ...converters.datasets.rows import Pseudonyms
    from .batches import job_batches
    from .ray_engine import on_ray

    ledger, whole = Ledger(), whole_of(jobs, options)
    seen = Seen(whole.jobs, Pseudonyms(options.pseudonym_key).of)

    def see(batch: Batch) -> None:
        if batch.seen is not None:
            seen.merge(batch.seen)
        if on_progress:
            on_progress(batch.items)

    batches = job_batches(jobs, whole, on_ray)
    built = join(batches, whole.dimensions, options, partial(open_shard, folder), ledger, see)
    return built, seen, ledger


def write_card(
    folder: Path,
    out: str,
    built: Built,
    seen: Seen,
    options: BuildOptions,
    publication: Publication,
    ledger: Ledger,
) -> None:
    """The card of the dataset in ``folder``, which is to be at ``out``. InputError if it has no rows."""
    if not built.configs:
        raise InputError("no answers, so no rows: nothing was written", source=out)
    jobs = list(seen.collection.jobs.values())
    facts = CardFacts(
        title=" and ".join(job.name for job in jobs),
        location=absolute(out).rstrip("/").rpartition("/")[2],
        jobs=jobs,
        sizes={config.name: size(folder / config.name) for config in built.configs},
        digests={config.name: digest(folder / config.name) for config in built.configs},
        agreement=seen.agreement.dimensions(single=False),
        license=publication.license,
        languages=publication.languages,
    )
    (folder / CARD).write_text(dataset_card(built, options, facts, ledger.to_dict()), encoding="utf-8")


def pull_file(out: str, project: int) -> str:
    """Where the tasks of a project on Label Studio are kept for the next time that the dataset is built."""
    return f"{absolute(out).rstrip('/')}.pulled-{project}.jsonl.gz"


def whole_of(jobs: Sequence[JobOutput], options: BuildOptions) -> Whole:
    """What the pieces of these jobs must know of each other. Raises what ``BuildOptions.check`` raises."""
    from ..files.aws import chosen_options
    from .batches import Whole

    dimensions = _dimensions(jobs)
    options.check(dimensions)
    return Whole({job.name: job.definition for job in jobs}, dimensions, options, chosen_options())


def _items(jobs: Sequence[JobOutput], ledger: Ledger, on_progress: Progress) -> Iterator[JobItem]:
    for job in jobs:
        for item in job_items(job, ledger):
            yield item
            if on_progress:
                on_progress(1)


def _dimensions(jobs: Sequence[JobOutput]) -> list[str]:
    return list(
        dict.fromkeys(
            dimension.name
            for job in jobs
            if isinstance(job.definition, TextRanking)
            for dimension in job.definition.dimensions
        )
    )
