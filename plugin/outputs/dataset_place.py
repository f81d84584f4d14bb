"""Where a dataset, or a part of one, is written: whole or not at all, and over nothing but an older one of it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ...converters.datasets.card_text import CARD_MARK
from ...converters.formats.json_text import read_json
from ...label_configs.errors import InputError
from ..files.scratch import scratch_folder
from ..storage import (
    absolute,
    exists,
    in_s3,
    join,
    list_files,
    local_path,
    new_directory,
    open_output,
    read_text,
    remove,
    stamp,
    write_bytes,
)

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
]

PROVENANCE = ".provenance.json"
CARD = "README.md"
# Of a part: what it says of itself, which begins with the mark after a brace, and which rows are which items'.
PART, RUNS, PART_MARK = "part.json", "runs.jsonl.gz", '"gtbridge_part"'
_ADDRESS = re.compile(r"[a-z][a-z0-9-]+:")  # s3://..., hf://..., label-studio:...


def _write_provenance(out: str, places: Mapping[str, str]) -> None:
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
def dataset_folder(out: str, places: Mapping[str, str]) -> Iterator[Path]:
    """A folder to fill, which is at ``out`` once it is whole. In S3 the card comes last: with it, the dataset is.

    ``places`` say where each job of its rows lies, for the file beside it. InputError if ``out`` holds something else
    than a dataset or a part of one; in S3, if it holds anything but what a build that was cut off has left.
    """
    if not in_s3(out):
        _refuse_foreign(local_path(out))
        with new_directory(local_path(out)) as folder:
            yield folder
        _write_provenance(out, places)
        return
    there = _left_by_a_build(out)
    with scratch_folder() as folder:
        yield folder
        _upload(folder, out, there)
        _write_provenance(out, places)
        remove(_mark(out))


def _mark(out: str) -> str:
    """An object beside a dataset in S3 for as long as that is written: the names of its files, and who writes them."""
    return f"{out.rstrip('/')}.unfinished.json"


def _left_by_a_build(out: str) -> list[str]:
    """What lies at ``out``, if all of it is of a build that was cut off. InputError if not."""
    there, mark = list(list_files(out)), _mark(out)
    known = read_json(read_text(mark), mark) if there and exists(mark) else {}
    names = known.get("files") if isinstance(known, dict) else None
    if not set(there) <= set(names if isinstance(names, list) else ()):
        raise InputError("holds something already, which in S3 is not replaced; choose a new place", source=out)
    return there


def _upload(folder: Path, out: str, there: Sequence[str]) -> None:
    """All files of ``folder``, and nothing else, to ``out``."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    mark = _mark(out)
    told = {"files": sorted({*paths, *there}), "writer": secrets.token_hex(8)}
    write_bytes(mark, f"{json.dumps(told, ensure_ascii=False)}\n".encode())
    ours = stamp(mark)
    for name in sorted(there, key=_is_last, reverse=True):
        if name not in paths or _is_last(name):
            remove(join(out, name))
    for name in sorted(paths, key=_is_last):
        if stamp(mark) != ours:
            raise InputError("is being written by another build; choose another place", source=out)
        with paths[name].open("rb") as file, open_output(join(out, name)) as output:
            shutil.copyfileobj(file, output)


def _is_last(name: str) -> bool:
    """Whether it is what makes a dataset, or a part, of the files."""
    return name in (CARD, PART)


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
