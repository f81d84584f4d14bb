"""Where a dataset, or a part of one, is written: whole or not at all, and over nothing but an older one of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from ...converters.datasets.card_text import CARD_MARK
from ...label_configs.errors import InputError
from ..storage import absolute, in_s3, is_folder, join, local_path, new_directory, open_output, write_bytes

__all__ = [
    "CARD",
    "PART",
    "PART_MARK",
    "PROVENANCE",
    "RUNS",
    "dataset_folder",
    "digest",
    "open_shard",
    "size",
    "write_provenance",
]

PROVENANCE = ".provenance.json"
CARD = "README.md"
# Of a part: what it says of itself, which begins with the mark after a brace, and which rows are which items'.
PART, RUNS, PART_MARK = "part.json", "runs.jsonl.gz", '"gtbridge_part"'
_ADDRESS = re.compile(r"[a-z][a-z0-9-]+:")  # s3://..., hf://..., label-studio:...


def write_provenance(out: str, places: Mapping[str, str]) -> None:
    """A file beside the dataset that says where each job of its rows lies. What is published holds none of it."""
    known = {name: place if _ADDRESS.match(place) else absolute(place) for name, place in places.items()}
    text = json.dumps({"jobs": known}, ensure_ascii=False, indent=1)
    write_bytes(f"{absolute(out).rstrip('/')}{PROVENANCE}", f"{text}\n".encode())


def open_shard(folder: Path, config: str, split: str, number: int) -> IO[bytes]:
    """A new file of the dataset in ``folder``."""
    (folder / config).mkdir(exist_ok=True)
    return (folder / config / f"{split}-{number:05d}.parquet").open("wb")


def size(folder: Path) -> int:
    """Bytes of the files of a config."""
    return sum(path.stat().st_size for path in folder.iterdir())


def digest(folder: Path) -> str:
    """SHA-256 of the digests of a config's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@contextmanager
def dataset_folder(out: str) -> Iterator[Path]:
    """A folder to fill, which is at ``out`` once it is whole. In S3 the card comes last: with it, the dataset is.

    InputError if ``out`` holds something else than a dataset or a part of one; in S3, if it holds anything.
    """
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
        for path in sorted(folder.rglob("*"), key=lambda path: path.name in (CARD, PART)):
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
    if entry.name == RUNS:
        return (entry.parent / PART).exists()
    mark = {CARD: CARD_MARK, PART: PART_MARK}.get(entry.name)
    return mark is not None and mark in entry.read_text(encoding="utf-8", errors="replace")
