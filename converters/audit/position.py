"""What the place on the screen does to rankings: whether earlier is better, and what nobody touched.

Knows ranks, places and nothing of texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

from ..agreement.figures import Figure, Numbers, divided, figure, ratio
from ..agreement.item_terms import compared
from .result import Position, Untouched
from .sums import item_sums, stacked
from .table import Block

__all__ = ["left_untouched", "position", "untouched"]

# Mid-ranks are summed as whole numbers of this part, which is exact up to 17 responses: equal items have equal sums.
_PART = 720_720

Flags = NDArray[np.bool_]


def position(blocks: Sequence[tuple[Block, int]], resamples: int) -> Position:
    """The figures of one dimension: blocks with its number in each."""
    sums = stacked([_earlier_preferred(*one) for one in blocks], 2)
    known, answers, random = 0, 0, True
    for block, dimension in blocks:
        counted = (block.ranks[:, dimension] > 0).sum(axis=1) > 1
        shown = counted & (block.places[:, 0] > 0)
        known, answers = known + int(shown.sum()), answers + int(counted.sum())
        random = random and (block.shuffled or not shown.any())
    return Position(
        ratio(sums[:, 0], sums[:, 1], int(sums[:, 1].sum()), "pairs", resamples=resamples),
        tuple(_mean_midranks(blocks, resamples)),
        known / answers if answers else 0.0,
        random and known > 0,
    )


def _earlier_preferred(block: Block, dimension: int) -> Numbers:
    """For each item: decided pairs that prefer the response shown earlier, and all whose shown order is known."""

    def terms(some: slice) -> Numbers:
        verdicts, _ = compared(block.ranks[some, dimension : dimension + 1])
        earlier, _ = compared(block.places[some, np.newaxis])
        found = (verdicts * earlier)[:, 0]
        return np.stack([(found > 0).sum(axis=1), (found != 0).sum(axis=1)], axis=1).astype(np.float64)

    return item_sums(block, terms)


def _mean_midranks(blocks: Sequence[tuple[Block, int]], resamples: int) -> list[Figure]:
    """For each place, of the number of responses that most items with a known order have; of equals the larger."""
    tables: dict[int, list[Numbers]] = {}
    items: Counter[int] = Counter()
    for block, dimension in blocks:
        responses = block.ranks.shape[2]
        sums = _midranks_by_place(block, dimension)
        tables.setdefault(responses, []).append(sums)
        items[responses] += int(sums.any(axis=1).sum())
    responses = max(items, key=lambda number: (items[number], number), default=0)
    if not items[responses]:
        return []
    table = np.concatenate(tables[responses])
    return [_mean_midrank(table[:, [place, responses + place]], resamples) for place in range(responses)]


def _mean_midrank(sums: Numbers, resamples: int) -> Figure:
    return figure(
        sums,
        lambda totals: divided(totals[:, 0], totals[:, 1]) / _PART,
        int(sums[:, 1].sum()),
        "answers",
        resamples=resamples,
    )


def _midranks_by_place(block: Block, dimension: int) -> Numbers:
    """For each item: scaled mid-ranks (times _PART) of the response at each place, then how many there are of each."""

    def terms(some: slice) -> Numbers:
        ranks, places = block.ranks[some, dimension], block.places[some]
        shown = places[:, 0] > 0
        in_order = np.argsort(places, axis=1)  # any where it is unknown, which counts nothing
        ranks = np.take_along_axis(ranks, in_order, axis=1).astype(np.int32)
        ranked = ranks > 0
        both = ranked[:, :, np.newaxis] & ranked[:, np.newaxis, :]
        behind = (np.sign(ranks[:, :, np.newaxis] - ranks[:, np.newaxis, :]) * both).sum(axis=2)
        others = ranked.sum(axis=1, keepdims=True) - 1
        midranks = np.rint((behind / np.maximum(others, 1) + 1) / 2 * _PART)
        counted = ranked & shown[:, np.newaxis] & (others > 0)
        return np.concatenate([np.where(counted, midranks, 0), counted], axis=1)

    return item_sums(block, terms)


def left_untouched(block: Block) -> tuple[Flags, Flags]:
    """Which rankings stand as they were shown, and of which that can be told: answers x dimensions each.

    It can where the control starts filled (lists without ties, which start in the shown order), the order was random,
    and the answer ranks everything.
    """
    filled = np.array([block.shuffled and not dimension.allow_tie for dimension in block.dimensions])
    telling = filled & (block.ranks > 0).all(axis=2) & (block.places[:, :1] > 0)
    same = (block.ranks == block.places[:, np.newaxis]).all(axis=2)
    return telling & same, telling


def untouched(blocks: Sequence[tuple[Block, int]], resamples: int) -> Untouched | None:
    """The share of one dimension's rankings that nobody touched; None if that can be told of none."""
    tables, chances = [], 0.0
    for block, dimension in blocks:
        same, telling = (flags[:, dimension] for flags in left_untouched(block))
        per_answer = np.stack([same, telling], axis=1).astype(np.float64)
        tables.append(np.add.reduceat(per_answer, block.starts, axis=0))
        chances += telling.sum() / factorial(block.ranks.shape[2])
    sums = stacked(tables, 2)
    count = int(sums[:, 1].sum())
    if not count:
        return None
    return Untouched(ratio(sums[:, 0], sums[:, 1], count, "answers", resamples=resamples), float(chances / count))
