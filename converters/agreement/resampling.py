"""The bootstrap itself: how often each of many rows is drawn. Arrays in, arrays out; knows no figure.

Rows that are alike are drawn as one. Where few differ, as with counts, a resample costs as much as there are different
rows, not as there are items; and the order in which items came leaves no trace in any number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Counts", "Numbers", "Tally", "distinct", "drawn"]

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

_CHUNK = 2**18  # draws at a time: 2 MB; always at least one resample
_DRAWS_PER_CELL = 10  # a cell of a multinomial costs about as much as ten draws by index
_WAITING = 2**15  # different rows of parts, until they are counted together


class Tally:
    """The different rows of a matrix that comes in parts, and how often each stands in it. Rows of zeros are left out.

    Where rows of zeros are looked for, the first ``silent`` columns do not count. Memory is that of the different rows,
    up to four times while they are sorted.
    """

    def __init__(self, columns: int, silent: int = 0) -> None:
        self._columns, self._silent = columns, silent
        self._rows: list[NDArray[Any]] = []
        self._counts: list[Counts] = []
        self._waiting = self._sorted = 0

    def add(self, part: NDArray[Any]) -> None:
        """Some rows more."""
        rows, counts = distinct(part[part[:, self._silent :].any(axis=1)])
        self._rows.append(rows)
        self._counts.append(counts)
        self._waiting += len(rows)
        if self._waiting > max(_WAITING, self._sorted):
            self._sort()

    def _sort(self) -> None:
        rows, counts = np.concatenate(self._rows), np.concatenate(self._counts)
        self._rows, self._counts = [], []
        rows, counts = distinct(rows, counts)
        self._rows, self._counts, self._waiting, self._sorted = [rows], [counts], 0, len(rows)

    def rows(self) -> tuple[NDArray[Any], Counts]:
        """The rows, in an order that depends on them alone, and their counts."""
        if not self._rows:
            return np.zeros((0, self._columns)), np.zeros(0, dtype=np.int64)
        if self._waiting:
            self._sort()
        return self._rows[0], self._counts[0]


def distinct(rows: NDArray[Any], times: Counts | None = None) -> tuple[NDArray[Any], Counts]:
    """The different rows of a matrix, in an order that depends on them alone, and how often each stands in it.

    ``times`` says how often each of ``rows`` is there; once unless it is given.
    """
    if not len(rows):
        return rows, np.zeros(0, dtype=np.int64)
    rows = np.ascontiguousarray(rows)
    keys: NDArray[Any] = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    order = np.argsort(keys)
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.diff(starts, append=len(rows)) if times is None else np.add.reduceat(times[order], starts)
    return rows[order[starts]], counts.astype(np.int64, copy=False)


def drawn(counts: Counts, resamples: int, seed: int) -> Iterator[Numbers]:
    """How often each row is drawn (resamples x rows), some resamples at a time.

    Each resample draws as many items as there are, ``counts.sum()``, with replacement.
    """
    random = np.random.default_rng(seed)
    items = int(counts.sum())
    few = len(counts) * _DRAWS_PER_CELL < items
    row_of = np.repeat(np.arange(len(counts)), 0 if few else counts)
    at_a_time = max(1, _CHUNK // (len(counts) if few else items))
    for start in range(0, resamples, at_a_time):
        size = min(at_a_time, resamples - start)
        if few:
            yield random.multinomial(items, counts / items, size).astype(np.float64)
        else:
            chosen = row_of[random.integers(0, items, (size, items))]
            yield np.stack([np.bincount(row, minlength=len(counts)) for row in chosen]).astype(np.float64)
