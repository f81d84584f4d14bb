"""What answers say, summed up for each item: numbers in, tables of items x terms out. The bootstrap resamples those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..agreement.figures import Numbers
from .table import Block

__all__ = ["item_sums", "stacked"]

_CHUNK = 2**17  # pairs of responses at a time: a megabyte an array


def item_sums(block: Block, terms: Callable[[slice], Numbers]) -> Numbers:
    """Sums of ``terms`` over each item's answers. ``terms`` gets some answers of the block, gives answers x terms."""
    sums = []
    for items in _chunks(block):
        starts = block.starts[items]
        end = block.starts[items.stop] if items.stop < len(block.starts) else len(block.ranks)
        sums.append(np.add.reduceat(terms(slice(starts[0], end)), starts - starts[0], axis=0))
    return np.concatenate(sums)


def stacked(tables: Sequence[Numbers], columns: int) -> Numbers:
    """One table below the other; an empty one of so many columns if there are none."""
    return np.concatenate(tables) if tables else np.zeros((0, columns))


def _chunks(block: Block) -> Iterator[slice]:
    """Some items at a time, together about _CHUNK pairs of responses."""
    answers, _, responses = block.ranks.shape
    items = len(block.starts)
    size = max(1, _CHUNK * items // (answers * responses**2))
    return (slice(start, min(start + size, items)) for start in range(0, items, size))
