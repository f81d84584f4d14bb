"""Job outputs -> a dataset folder: Parquet and README.md, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from ...converters.datasets.card import CardFacts, dataset_card
from ...converters.datasets.card_text import CARD_MARK
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ...label_configs.tasks import TextRanking
from ..storage import (
    absolute,
    in_s3,
    is_folder,
    join,
    local_path,
    new_directory,
    open_output,
    write_bytes,
)
from .job_reader import JobOutput, job_items, refuse_equal_names

if TYPE_CHECKING:
    from ...converters.datasets.build import Built
    from ...converters.datasets.options import BuildOptions
    from ...converters.judgement.job_item import JobItem

__all__ = ["PROVENANCE", "Publication", "build_dataset", "pull_file"]

PROVENANCE = ".provenance.json"
_ADDRESS = re.compile(r"[a-z][a-z0-9-]+:")  # s3://..., hf://..., label-studio:...
_RESAMPLES = 200  # for the card; the audit takes its time


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
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Built, Ledger]:
    """Build the dataset at ``out``, replacing what stands there; says what was written and what was left out.

    Beside it, ``<out>.provenance.json`` says where the jobs lie; it is not part of the dataset.

    InputError if ``out`` holds something else than a dataset (in S3, anything at all), or if no row comes out.
    """
    from ...converters.agreement.agreement import Agreement
    from ...converters.datasets.build import build
    from ...converters.datasets.collection import Collection
    from ...converters.datasets.rows import Pseudonyms

    refuse_equal_names(jobs)
    ledger, name_of = Ledger(), Pseudonyms(options.pseudonym_key).of
    collection = Collection({job.name: job.definition for job in jobs}, name_of)
    agreement = Agreement(name_of, resamples=_RESAMPLES)

    def see(item: JobItem) -> None:
        collection.see(item)
        agreement.see(item)

    with _folder_for(out) as folder:
        built = build(
            _items(jobs, ledger, on_progress),
            _dimensions(jobs),
            options,
            lambda config, split, number: _open_shard(folder, config, split, number),
            ledger,
            see,
        )
        if not built.configs:
            raise InputError("no answers, so no rows: nothing was written", source=out)
        facts = CardFacts(
            title=" and ".join(job.name for job in jobs),
            location=absolute(out).rstrip("/").rpartition("/")[2],
            jobs=list(collection.jobs.values()),
            sizes={config.name: _size(folder / config.name) for config in built.configs},
            digests={config.name: _digest(folder / config.name) for config in built.configs},
            agreement=agreement.dimensions(),
            license=publication.license,
            languages=publication.languages,
        )
        (folder / "README.md").write_text(dataset_card(built, options, facts, ledger.to_dict()), encoding="utf-8")
    _write_provenance(out, jobs)
    return built, ledger


def _write_provenance(out: str, jobs: Sequence[JobOutput]) -> None:
    """A file beside the dataset that says where each job of its rows lies. What is published holds none of it."""
    places = {job.name: job.place if _ADDRESS.match(job.place) else absolute(job.place) for job in jobs}
    text = json.dumps({"jobs": places}, ensure_ascii=False, indent=1)
    write_bytes(f"{absolute(out).rstrip('/')}{PROVENANCE}", f"{text}\n".encode())


def pull_file(out: str, project: int) -> str:
    """Where the tasks of a project on Label Studio are kept for the next time that the dataset is built."""
    return f"{absolute(out).rstrip('/')}.pulled-{project}.jsonl.gz"


def _items(jobs: Sequence[JobOutput], ledger: Ledger, on_progress: Callable[[int], None] | None) -> Iterator[JobItem]:
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


def _open_shard(folder: Path, config: str, split: str, number: int) -> IO[bytes]:
    (folder / config).mkdir(exist_ok=True)
    return (folder / config / f"{split}-{number:05d}.parquet").open("wb")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@contextmanager
def _folder_for(out: str) -> Iterator[Path]:
    """A folder to fill, which is at ``out`` once it is whole. In S3 the card comes last: with it, the dataset is."""
    if not in_s3(out):
        _refuse_foreign(local_path(out))
        with new_directory(local_path(out)) as folder:
            yield folder
        return
    if is_folder(out):
        raise InputError("holds something already, which in S3 is not replaced; choose a new place", source=out)
    with TemporaryDirectory(prefix="gtbridge-") as name:
        folder = Path(name)
        yield folder
        for path in sorted(folder.rglob("*"), key=lambda path: path.name == "README.md"):
            if path.is_file():
                with path.open("rb") as file, open_output(join(out, path.relative_to(folder).as_posix())) as output:
                    shutil.copyfileobj(file, output)


def _refuse_foreign(out: Path) -> None:
    """What stands at ``out`` will be replaced, so it must be a dataset and nothing more."""
    if not out.exists():
        return
    entries = list(out.iterdir()) if out.is_dir() else [out]
    if not all(_of_a_dataset(entry) for entry in entries):
        raise InputError("holds something else; choose a new folder for the dataset", source=str(out))


def _of_a_dataset(entry: Path) -> bool:
    if entry.is_dir():
        return all(path.is_file() and path.suffix == ".parquet" for path in entry.iterdir())
    return entry.name == "README.md" and CARD_MARK in entry.read_text(encoding="utf-8", errors="replace")
