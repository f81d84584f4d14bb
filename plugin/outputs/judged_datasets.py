"""Datasets of judgements as job outputs: on the Hugging Face Hub, saved in a folder, or in a file. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

from ...converters.formats.job_output import AnsweredLine
from ...converters.formats.manifest_line import is_metadata
from ...converters.formats.sources_records import Record
from ...converters.judged_datasets.reader import judged_lines
from ...converters.judged_datasets.shapes import recognise, shape_of
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ..manifests.hub_datasets import SCHEME, dataset_on_hub
from ..manifests.inputs import SourceOptions, read_records
from ..storage import absolute, exists, is_folder, join, list_files
from .options import JobOutputOptions

__all__ = ["dataset_lines", "dataset_name", "is_dataset"]

_TABLES = (".parquet", ".arrow", ".jsonl", ".ndjson", ".csv", ".tsv")
_NEVER_MANIFESTS = (".parquet", ".csv", ".tsv", ".json", ".gz")
_DATA = {*_TABLES, ".json", ".gz"}


def is_dataset(path: str, options: JobOutputOptions) -> bool:
    """Whether a dataset is at ``path``, and not the output of a job.

    That is so on the Hub; of a folder without a job's ``manifests`` that holds tables; of a file that cannot be a
    manifest, or whose first record has the shape of a dataset. InputError if it could have several shapes.
    """
    if path.startswith(SCHEME):
        return True
    if is_folder(path):
        is_job = is_folder(join(path, "manifests"))
        return not is_job and (options.shape is not None or _holds_tables(path))
    if not exists(path):
        return False
    if options.shape is not None or path.lower().endswith(_NEVER_MANIFESTS):
        return True
    first = _first_record(path)
    if first is None or any(is_metadata(key, value) for key, value in first.fields.items()):
        return False
    return recognise(first) is not None


def _holds_tables(folder: str) -> bool:
    return any(name == "dataset_infos.json" or name.lower().endswith(_TABLES) for name in list_files(folder))


def _first_record(path: str) -> Record | None:
    try:
        return next(read_records(path, SourceOptions(), (), Ledger()), None)
    except InputError:
        return None  # whatever it is, its own reader says what is wrong with it


def dataset_name(path: str) -> str:
    """What the dataset is called: ORG/NAME on the Hub, else as its folder, or as its file without ``.parquet``."""
    if path.startswith(SCHEME):
        return dataset_on_hub(path)[0]
    name = PurePosixPath(absolute(path).rstrip("/")).name
    while (suffix := PurePosixPath(name).suffix).lower() in _DATA:
        name = name.removesuffix(suffix)
    return name


def dataset_lines(path: str, options: JobOutputOptions, ledger: Ledger) -> Iterator[AnsweredLine]:
    """The items of the dataset with their answers; see ``judged_lines``, and ``read_records`` for what it may be.

    InputError if it is empty, or if nothing tells its shape.
    """
    records = read_records(path, SourceOptions(selection=options.selection), (), ledger)
    first = next(records, None)
    if first is None:
        raise InputError("holds no records", source=path)
    shape = options.shape or shape_of(first)
    yield from judged_lines(chain([first], records), shape, dataset_name(path), ledger)
