"""Whether longer responses are preferred. Knows how many words they have, and nothing else of their texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..agreement.figures import Numbers, ratio
from ..agreement.item_terms import compared
from .result import Longer, RatioBin
from .sums import item_sums, stacked
from .table import Block

__all__ = ["longer"]

_EDGES = (1.0, 1.25, 1.5, 2.0)  # from how many times as long; the last bin has no end
_BINS = len(_EDGES)


def longer(blocks: Sequence[tuple[Block, int]], resamples: int) -> Longer:
    """The figures of one dimension: blocks with its number in each. Ties, and pairs of equal length, count nowhere."""
    sums = stacked([_longer_preferred(*one) for one in blocks], 2 * _BINS)
    part, whole = sums[:, :_BINS], sums[:, _BINS:]
    together = ratio(part.sum(axis=1), whole.sum(axis=1), int(whole.sum()), "pairs", resamples=resamples)
    bins = [
        RatioBin(
            low,
            high,
            ratio(part[:, number], whole[:, number], int(whole[:, number].sum()), "pairs", resamples=resamples),
        )
        for number, (low, high) in enumerate(zip(_EDGES, (*_EDGES[1:], None), strict=True))
    ]
    return Longer(together, tuple(bins))


def _longer_preferred(block: Block, dimension: int) -> Numbers:
    """For each item and bin: pairs of which the longer response is preferred; then all decided pairs."""
    first, second = np.triu_indices(block.ranks.shape[2], 1)
    answers_of = np.diff(block.starts, append=len(block.ranks))
    one, other = block.words[:, first], block.words[:, second]
    known = (one >= 0) & (other >= 0)
    sign = np.sign(one - other) * known
    short = np.minimum(one, other).astype(np.float64)
    times = np.divide(np.maximum(one, other), short, out=np.full(short.shape, np.inf), where=short > 0)
    number = np.searchsorted(_EDGES, times, side="right") - 1  # of the bin
    item_of = np.repeat(np.arange(len(block.starts)), answers_of)

    def terms(some: slice) -> Numbers:
        verdicts, _ = compared(block.ranks[some, dimension : dimension + 1])
        items = item_of[some]
        found = verdicts[:, 0] * sign[items]
        columns = [((found > 0) & (number[items] == place)).sum(axis=1) for place in range(_BINS)]
        columns += [((found != 0) & (number[items] == place)).sum(axis=1) for place in range(_BINS)]
        return np.stack(columns, axis=1).astype(np.float64)

    return item_sums(block, terms)
