"""Whether two dimensions of the same answers say the same. Knows ranks only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from ..agreement.figures import Numbers, divided, ratio
from ..agreement.item_terms import compared
from .result import Halo
from .sums import item_sums
from .table import Block

__all__ = ["halo"]

_DIGITS = 12


def halo(blocks: Sequence[Block], dimensions: Sequence[str], resamples: int) -> tuple[Halo, ...]:
    """For every two of ``dimensions`` that some task has both of, in that order."""
    found = []
    for one, other in combinations(dimensions, 2):
        tables = [
            _alike(block, number[one], number[other])
            for block, number in ((block, _numbers(block)) for block in blocks)
            if one in number and other in number
        ]
        if tables:
            # Sums that differ by rounding alone are one to the bootstrap.
            same, answers, tau, defined = np.concatenate(tables).round(_DIGITS).T
            found.append(
                Halo(
                    (one, other),
                    ratio(same, answers, int(answers.sum()), "answers", resamples=resamples),
                    ratio(tau, defined, int(defined.sum()), "answers", resamples=resamples),
                )
            )
    return tuple(found)


def _numbers(block: Block) -> Mapping[str, int]:
    return {dimension.name: number for number, dimension in enumerate(block.dimensions)}


def _alike(block: Block, one: int, other: int) -> Numbers:
    """For each item: answers with the same order on both, and those that compare; sum of tau-b, and of how many."""

    def terms(some: slice) -> Numbers:
        signs, judged = compared(block.ranks[some][:, [one, other]])
        both = judged[:, 0] * judged[:, 1]
        first, second = signs[:, 0] * both, signs[:, 1] * both
        compares = both.any(axis=1)
        tau = divided((first * second).sum(axis=1), np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1)))
        defined = np.isfinite(tau)
        same = compares & (first == second).all(axis=1)
        return np.stack([same, compares, np.where(defined, tau, 0), defined], axis=1)

    return item_sums(block, terms)
