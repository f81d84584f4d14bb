"""Rankings of responses whose models are known -> comparisons of models, sparse. Counts; estimates nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .item_terms import compared, slices
from .panel import Block
from .resampling import Counts, Numbers, Tally

__all__ = ["Comparisons", "Indices", "comparisons"]

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What annotators said of the pairs of models, item by item; items that say the same are one.

    ``times``: how many items each stands for. Pair p is of the models ``first[p]`` < ``second[p]``. A finding is what
    an item may say of a pair: the pair in ``pair``, and in ``outcomes`` (findings x 3) wins of the first, wins of the
    second, and ties. An entry is that an item says so: the item in ``item``, the finding in ``finding``.
    """

    times: Counts
    first: Indices
    second: Indices
    pair: Indices
    outcomes: Numbers
    item: Indices
    finding: Indices

    def totals(self, times: Numbers | Counts) -> Numbers:
        """pairs x 3: outcomes added up with each item counted so many times."""
        findings = np.bincount(self.finding, times[self.item], minlength=len(self.pair))
        columns = (np.bincount(self.pair, findings * column, minlength=len(self.first)) for column in self.outcomes.T)
        return np.stack(list(columns), axis=1)

    def record(self, totals: Numbers, models: int) -> Numbers:
        """models x 3: wins, ties and losses of each model."""
        wins, losses, ties = totals.T
        return np.stack([self._of_models(*of, models) for of in ((wins, losses), (ties, ties), (losses, wins))], axis=1)

    def largest_group(self, totals: Numbers, models: int) -> Indices:
        """The models that are linked, directly or over others, to the most; of groups of a size, the most compared."""
        group = np.arange(models)
        while True:
            lowest = group.copy()
            np.minimum.at(lowest, self.first, group[self.second])
            np.minimum.at(lowest, self.second, group[self.first])
            if (lowest == group).all():
                break
            group = lowest
        sizes = np.bincount(group, minlength=models)
        compared_in = np.bincount(group[self.first], totals.sum(axis=1), minlength=models)
        best = max(range(models), key=lambda number: (sizes[number], compared_in[number], -number))
        return np.flatnonzero(group == best)

    def _of_models(self, of_first: Numbers, of_second: Numbers, models: int) -> Numbers:
        sums = np.bincount(self.first, of_first, models) + np.bincount(self.second, of_second, models)
        return sums.astype(np.float64, copy=False)


def comparisons(blocks: Sequence[Block], models: Sequence[int]) -> Comparisons:
    """All comparisons between ``models``, numbered by their place in it. Two responses of one model make none."""
    highest = max((int(block.models.max()) for block in blocks), default=-1)
    place = np.full(highest + 2, -1, dtype=np.int32)  # the last stands for UNKNOWN
    place[list(models)] = np.arange(len(models))
    times: list[Counts] = [np.zeros(0, dtype=np.int64)]
    items: list[Indices] = [np.zeros(0, dtype=np.intp)]
    entries: list[NDArray[np.int32]] = [np.zeros((0, 5), dtype=np.int32)]
    seen = 0
    for block in blocks:
        columns = 5 * len(np.triu_indices(block.ranks.shape[2], 1)[0])
        tally = Tally(columns)
        for some in slices(block.ranks):
            tally.add(_rows(block, some, place))
        rows, counts = tally.rows()
        by_pair = rows.reshape(len(rows), columns // 5, 5)
        used = by_pair.any(axis=2)
        times.append(counts)
        items.append(np.nonzero(used)[0] + seen)
        entries.append(by_pair[used])
        seen += len(by_pair)
    found = np.concatenate(entries)
    pairs, pair = _numbered(found[:, :2])
    findings, finding = _numbered(np.column_stack([pair, found[:, 2:]]))
    first, second = pairs.T
    outcomes = findings[:, 1:].astype(np.float64)
    return Comparisons(np.concatenate(times), first, second, findings[:, 0], outcomes, np.concatenate(items), finding)


def _numbered(rows: NDArray[np.integer[Any]]) -> tuple[Indices, Indices]:
    """The different rows of a matrix of small numbers, and for each row which of them it is."""
    keys = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        keys = keys * (int(column.max(initial=0)) + 1) + column
    _, where, number = np.unique(keys, return_index=True, return_inverse=True)
    return rows[where].astype(np.intp), number


def _rows(block: Block, some: slice, place: NDArray[np.int32]) -> NDArray[np.int32]:
    """items x (5 for each pair of responses): the two models, wins of each, ties; all 0 where nothing is compared."""
    verdicts, judged = compared(block.ranks[some])
    one, other = np.triu_indices(block.ranks.shape[2], 1)
    models = place[block.models[some]]
    left, right = models[:, one], models[:, other]
    wins, losses = (verdicts > 0).sum(axis=1), (verdicts < 0).sum(axis=1)
    turned = left > right
    columns = (
        np.where(turned, right, left),
        np.where(turned, left, right),
        np.where(turned, losses, wins),
        np.where(turned, wins, losses),
        judged.sum(axis=1) - wins - losses,
    )
    rows = np.stack(columns, axis=2).astype(np.int32)
    rows[(left == right) | (left < 0) | (right < 0) | ~judged.any(axis=1)] = 0
    return rows.reshape(len(rows), -1)
