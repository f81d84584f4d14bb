"""Whatever a manifest can be made from -> records: files of each format, saved datasets, the Hub."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, Any, cast

from ...converters.formats.json_text import read_json
from ...converters.formats.sources import Record
from ...converters.formats.sources_texts import (
    Passage,
    bounded_lines,
    csv_records,
    json_line_records,
    json_records,
    passage_records,
)
from ...converters.judged_datasets.shapes import DatasetShape
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ..files.scratch import scratch_copy
from ..storage import exists, is_folder, join, list_files, open_input, read_text
from .hub_datasets import SCHEME, Selection, choose_splits, folder_tables, hub_tables

__all__ = ["FORMATS", "SourceOptions", "read_records"]

FORMATS = ("json", "jsonl", "csv", "txt", "parquet")
_SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".manifest": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "txt",
    ".parquet": "parquet",
}
_STATE, _SPLITS = "state.json", "dataset_dict.json"


_EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How to read what does not tell it of itself.

    ``format`` is one of FORMATS (None: by the file's name; standard input is JSON Lines), ``passage`` what a passage of
    a .txt is, ``delimiter`` what stands between the values of a .csv, ``selection`` which part of a dataset to read,
    ``shape`` the one that a dataset of judgements has, where its columns could be several's.
    """

    format: str | None = None
    passage: Passage = "paragraph"
    delimiter: str | None = None
    selection: Selection = _EVERYTHING
    shape: DatasetShape | None = None


def read_records(path: str, options: SourceOptions, drop: Collection[str], ledger: Ledger) -> Iterator[Record]:
    """The records at ``path``: a file (also packed, .gz), ``-``, a folder with a dataset, or ``hf://ORG/NAME``.

    Columns in ``drop`` come as nulls where that spares reading them. What is skipped is in the ledger, as ``records``.
    Raises what ``storage`` raises, and InputError for what is not of its format.
    """
    suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes]
    packed = suffixes[-1:] == [".gz"]
    suffix = next(reversed(suffixes[:-1] if packed else suffixes), "")
    kind = options.format or ("jsonl" if path == "-" else _SUFFIXES.get(suffix))
    if path.startswith(SCHEME) or (kind in (None, "parquet") and path != "-" and is_folder(path)):
        from ...converters.formats.sources_tables import table_records

        yield from table_records(_dataset_tables(path, options.selection), path, drop)
        return
    with open_input(path) as file:
        if kind is None:
            raise InputError(f"its name tells no format; give one with --format ({', '.join(FORMATS)})", source=path)
        if options.selection != _EVERYTHING:
            raise InputError("is a file, which has no configurations, splits or revisions", source=path)
        if suffix == ".tsv" and options.delimiter is None:
            options = replace(options, delimiter="\t")
        with _unpacked(file, path) if packed else nullcontext(file) as data:
            yield from _file_records(kind, data, path, options, drop, ledger)


def _file_records(
    kind: str, file: IO[bytes], path: str, options: SourceOptions, drop: Collection[str], ledger: Ledger
) -> Iterator[Record]:
    match kind:
        case "json":
            yield from json_records(file, path)
        case "jsonl":
            yield from json_line_records(bounded_lines(file, path), path)
        case "csv":
            yield from csv_records(bounded_lines(file, path), path, ledger, options.delimiter)
        case "txt":
            yield from passage_records(bounded_lines(file, path), path, ledger, options.passage)
        case "parquet":
            from ...converters.formats.sources_tables import parquet_tables, table_records

            with _seekable(file) as whole:
                yield from table_records(parquet_tables(whole, path, drop), path, drop)
        case _:
            raise InputError(f"is of the unknown format {kind!r}", source=path)


@contextmanager
def _unpacked(file: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast(IO[bytes], unpacked)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"cannot be unpacked: {error}", source=path) from None


@contextmanager
def _seekable(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file itself, or a copy of what comes through a pipe: the index of a Parquet file is at its end."""
    if file.seekable() and not isinstance(file, gzip.GzipFile):
        yield file
        return
    with scratch_copy(iter(lambda: file.read(2**20), b"")) as copy:
        yield copy


def _dataset_tables(path: str, selection: Selection) -> Iterator[Any]:
    if path.startswith(SCHEME):
        yield from hub_tables(path, selection)
    elif exists(join(path, _SPLITS)):
        splits = _names(path, _SPLITS, lambda document: document["splits"])
        for split in choose_splits(splits, selection.split, path):
            yield from _saved_tables(join(path, split), replace(selection, split=None))
    elif exists(join(path, _STATE)):
        yield from _saved_tables(path, selection)
    elif "://" in path:
        raise InputError("is no dataset that `save_to_disk` made; name the files in it one by one", source=path)
    else:
        _refuse_passages(path)
        yield from folder_tables(path, selection)


def _refuse_passages(folder: str) -> None:
    formats = {_SUFFIXES.get(PurePosixPath(name).suffix.lower()) for name in list_files(folder)} - {None}
    if formats == {"txt"}:
        message = "holds texts, which `datasets` would cut at every line; name them one by one (FOLDER/*.txt)"
        raise InputError(message, source=folder)


def _saved_tables(folder: str, selection: Selection) -> Iterator[Any]:
    from ...converters.formats.sources_tables import arrow_tables

    if selection != _EVERYTHING:
        raise InputError("is one saved dataset, which has no configurations, splits or revisions", source=folder)
    for name in _names(folder, _STATE, lambda document: [entry["filename"] for entry in document["_data_files"]]):
        path = join(folder, name)
        with open_input(path) as file:
            yield from arrow_tables(file, path)


def _names(folder: str, file: str, find: Callable[[Any], Any]) -> list[str]:
    """Names of things in the folder, as a file there lists them; none leads out of it."""
    path = join(folder, file)
    try:
        names = find(read_json(read_text(path), path))
    except (LookupError, TypeError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) and _is_name(name) for name in names):
        raise InputError("is not as `save_to_disk` writes it", source=path)
    return names


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and not set(name) & set("/\\\0")
