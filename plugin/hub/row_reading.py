"""Reads the rows that a plan replaces and those that replace them, and says what becomes of them, config by config."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeVar

import pyarrow as pa

from ...label_configs.errors import InputError
from ..storage import open_input
from .dataset_folder import DatasetFile
from .plan import Plan
from .repository import Repository
from .row_changes import RowChanges, Rows, compare_rows, count_rows, join_rows, read_rows

__all__ = ["changes_of_rows"]

_T = TypeVar("_T")


def changes_of_rows(plan: Plan, repository: Repository, commit: str) -> dict[str, RowChanges]:
    """What becomes of the rows of each config of which a file is added, replaced or deleted.

    Reads these files alone, on both sides, the repository's at ``commit``. Where rows only come, or only go, they are
    counted and not read. InputError if a file there is no Parquet.
    """
    new = [file for file in (*plan.added, *plan.changed) if file.config]
    old = [
        (*plan.old_parts[file.path], file) for file in (*plan.replaced, *plan.deleted) if file.path in plan.old_parts
    ]
    configs = dict.fromkeys([*(file.config for file in new), *(config for config, _, _ in old)])
    return {
        config: _changes(
            _There(repository, commit, [(split, file.path) for of, split, file in old if of == config]),
            [file for file in new if file.config == config],
            [file for file in plan.unchanged if file.config == config],
        )
        for config in configs
    }


@dataclass(frozen=True, slots=True)
class _There:
    """Files of a config in the repository, with their splits."""

    repository: Repository
    commit: str
    files: list[tuple[str, str]]

    def each(self, use: Callable[[IO[bytes], str], _T]) -> list[_T]:
        """What ``use`` makes of each file and its split."""
        return [self._use(path, split, use) for split, path in self.files]

    def _use(self, path: str, split: str, use: Callable[[IO[bytes], str], _T]) -> _T:
        def carefully(file: IO[bytes]) -> _T:
            with _parquet(f"{self.repository.address}/{path}", "; delete it there, and push again"):
                return use(file, split)

        return self.repository.using(path, self.commit, carefully)


def _changes(old: _There, new: list[DatasetFile], unchanged: list[DatasetFile]) -> RowChanges:
    beside = sum(_count(file) for file in unchanged)
    if not old.files:
        came = sum(_count(file) for file in new)
        return RowChanges(beside, beside + came, came, 0, 0)
    if not new:
        went = sum(old.each(lambda file, split: count_rows(file)))
        return RowChanges(beside + went, beside, 0, went, 0)
    before = join_rows(old.each(read_rows))
    after = join_rows([_read(file) for file in new])
    return compare_rows(before, after).with_others(beside)


def _count(file: DatasetFile) -> int:
    with open_input(file.place) as opened, _parquet(file.place):
        return count_rows(opened)


def _read(file: DatasetFile) -> Rows:
    with open_input(file.place) as opened, _parquet(file.place):
        return read_rows(opened, file.split)


@contextmanager
def _parquet(source: str, advice: str = "") -> Iterator[None]:
    try:
        yield
    except pa.ArrowException:
        raise InputError(f"cannot be read as Parquet{advice}", source=source) from None
