"""Datasets that the ``datasets`` library finds its way in: on the Hugging Face Hub, or in a local folder of data files.

Streams; downloads no more than it reads, runs no code of a dataset and unpickles nothing (``datasets`` 4 and later
cannot), and reads no file that only the dataset's README says is its own (see ``dataset_authority``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from ..storage import local_path
from .dataset_authority import refuse_other_files, refuse_outside

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SCHEME", "Selection", "choose_splits", "dataset_on_hub", "folder_tables", "hub_tables"]

SCHEME = "hf://"
_ADDRESS = re.compile(r"hf://(?:datasets/)?(?P<name>[\w.-]+(?:/[\w.-]+)?)(?:@(?P<revision>[\w./-]+))?")
_ROWS = 256


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a dataset: its configuration, split, and (on the Hub) revision. None: the only or usual one.

    Several splits, one after another, are ``train+test``.
    """

    config: str | None = None
    split: str | None = None
    revision: str | None = None


def hub_tables(address: str, selection: Selection) -> Iterator[pa.Table]:
    """The rows of ``hf://ORG/NAME`` (also ``hf://datasets/ORG/NAME@REVISION``, as ``huggingface_hub`` has it).

    MissingError if there is no such dataset (for this user), InputError if the selection does not fit it, ServerError
    if the Hub does not give it.
    """
    name, revision = dataset_on_hub(address)
    # With its scheme: a local folder of the same name is something else.
    root = f"hf://datasets/{name}"
    yield from _tables(root, address, selection, (f"{root}@", f"{root}/"), revision=selection.revision or revision)


def dataset_on_hub(address: str) -> tuple[str, str | None]:
    """(ORG/NAME, the revision or None) of such an address. InputError if it is none."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise InputError("a dataset on the Hub is given as hf://ORG/NAME", source=address)
    return found["name"], found["revision"]


def folder_tables(path: str, selection: Selection) -> Iterator[pa.Table]:
    """The rows of the data files in a local folder (Parquet, JSON Lines ...), as its README arranges them, if any."""
    if selection.revision is not None:
        raise InputError("is a folder, which has no revisions", source=path)
    folder = local_path(path).resolve()
    refuse_outside(folder, path)
    yield from _tables(str(folder), path, selection, (f"{folder.as_posix().rstrip('/')}/",))


def _tables(
    address: str, source: str, selection: Selection, inside: tuple[str, ...], **more: Any
) -> Iterator[pa.Table]:
    with _errors(source):
        import datasets

        with _quiet():
            builder = datasets.load_dataset_builder(address, selection.config, **more)
            refuse_other_files(builder, inside, source)
            found = builder.as_streaming_dataset()
        for split in choose_splits(list(found), selection.split, source):
            yield from found[split].with_format("arrow").iter(_ROWS)


def choose_splits(splits: list[str], wanted: str | None, source: str) -> list[str]:
    """The splits that are wanted, or the only one. InputError names them all otherwise."""
    if wanted is None and len(splits) != 1:
        raise InputError(f"has several splits ({', '.join(splits)}); name one with --split", source=source)
    chosen = splits if wanted is None else list(dict.fromkeys(wanted.split("+")))
    for name in chosen:
        if name not in splits:
            raise InputError(f"has no split {name!r}, but {', '.join(splits) or 'none'}", source=source)
    return chosen


@contextmanager
def _quiet() -> Iterator[None]:
    import datasets

    shown = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if not shown:
            datasets.enable_progress_bars()


@contextmanager
def _errors(source: str) -> Iterator[None]:
    try:
        yield
    except GtbridgeError:
        raise
    except Exception as error:
        # The libraries below raise whatever they like, from KeyError to httpx's own.
        raise _as_ours(error, source) from error


def _as_ours(error: Exception, source: str) -> GtbridgeError:
    from datasets.exceptions import DatasetNotFoundError, DatasetsError

    # What `datasets` says of its own functions is of no use here.
    told = str(error).partition("Example of usage")[0]
    reason = " ".join(told.split())[:300] or type(error).__name__
    if isinstance(error, DatasetNotFoundError):
        return MissingError("no such dataset, or it needs a token that may read it (HF_TOKEN)", source=source)
    if isinstance(error, DatasetsError | FileNotFoundError | ValueError | RuntimeError | LookupError | TypeError):
        return InputError(f"cannot be read as a dataset: {reason}", source=source)
    return ServerError(f"cannot be read from the Hub: {reason}", source=source)
