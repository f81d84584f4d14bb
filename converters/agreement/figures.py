"""A figure with its interval: bootstrap over items. Numbers in, numbers out.

Figures are functions of sums over items, so that an item costs a few numbers however many answers it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .resampling import Counts, Numbers, Tally, drawn

__all__ = ["RESAMPLES", "Figure", "Numbers", "divided", "figure", "figure_of", "interval", "ratio", "ratio_of"]

RESAMPLES = 1_000
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic: ``value``, and the ends of its interval (95 %, percentiles of a bootstrap that resamples items).

    None where it is undefined. ``n`` says how many ``of`` what it was taken from: items, pairs, answers.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    of: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def figure(
    per_item: Numbers,
    statistic: Callable[[Numbers], Numbers],
    n: int,
    of: str,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Figure:
    """The statistic of the sums of ``per_item`` (items x terms) over items.

    ``statistic`` gets sums (resamples x terms) and gives a value for each, nan where it is undefined. An item whose
    terms are all 0 says nothing of the figure and is not drawn. The interval is that of the resamples for which the
    statistic is defined; None with fewer than two items that say something, or without resamples. It cannot show what
    no item showed: where all say the same, both ends are the value. The same items give the same figure, in whatever
    order they stand.
    """
    tally = Tally(per_item.shape[1])
    tally.add(per_item)
    return figure_of(*tally.rows(), statistic, n, of, seed=seed, resamples=resamples)


def figure_of(
    rows: Numbers,
    counts: Counts,
    statistic: Callable[[Numbers], Numbers],
    n: int,
    of: str,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Figure:
    """The same of items that are counted already: the different ``rows`` (see ``Tally``), and how many have each."""
    whole = _one(statistic((counts @ rows)[np.newaxis]))
    if whole is None or counts.sum() < 2 or not resamples:
        return Figure(whole, None, None, n, of)
    values = np.concatenate([statistic(times @ rows) for times in drawn(counts, resamples, seed)])
    low, high = interval(values)
    return Figure(whole, low, high, n, of)


def interval(values: Numbers) -> tuple[float, float] | tuple[None, None]:
    """The ends of the middle 95 % of a statistic's resampled values, leaving out nan; None where all are."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None, None
    low, high = np.quantile(known, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return float(low), float(high)


def ratio(part: Numbers, whole: Numbers, n: int, of: str, *, seed: int = 0, resamples: int = RESAMPLES) -> Figure:
    """The share sum(part) / sum(whole); both hold one number per item. None where the whole is 0."""
    per_item = np.stack([part, whole], axis=1).astype(np.float64)
    return figure(per_item, _share, n, of, seed=seed, resamples=resamples)


def ratio_of(rows: Numbers, counts: Counts, n: int, of: str, *, seed: int = 0, resamples: int = RESAMPLES) -> Figure:
    """The same of items that are counted already; ``rows`` are the different (part, whole)."""
    return figure_of(rows, counts, _share, n, of, seed=seed, resamples=resamples)


def _share(sums: Numbers) -> Numbers:
    return divided(sums[:, 0], sums[:, 1])


def divided(part: Numbers, whole: Numbers) -> Numbers:
    """part / whole, nan where the whole is 0."""
    shares: Numbers = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=shares, where=np.asarray(whole) != 0)
    return shares


def _one(values: Numbers) -> float | None:
    return float(values[0]) if np.isfinite(values[0]) else None
