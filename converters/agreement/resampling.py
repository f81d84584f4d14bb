"""The bootstrap itself: how often each of many rows is drawn. Arrays in, arrays out; knows no figure.

Rows that are alike are drawn as one. Where few differ, as with counts, a resample costs as much as there are different
rows, not as there are items; and the order in which items came leaves no trace in any number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Counts", "Numbers", "distinct", "drawn"]

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

_CHUNK = 2**21  # draws at a time: 16 MB
_DRAWS_PER_CELL = 10  # a cell of a multinomial costs about as much as ten draws by index


def distinct(rows: NDArray[Any]) -> tuple[NDArray[Any], Counts]:
    """The different rows of a matrix, in an order that depends on them alone, and how often each stands in it."""
    rows = np.ascontiguousarray(rows)
    keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    found, counts = np.unique(keys, return_counts=True)
    return found.view(rows.dtype).reshape(-1, rows.shape[1]), counts.astype(np.int64)


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
