"""Which models win: Davidson's model of paired comparisons with ties, over items. Knows no texts and no formats.

Of two models with strengths a and b on the log scale, the first is preferred with a probability in proportion to
exp(a), the second to exp(b), and they tie in proportion to v exp((a + b) / 2) (Davidson 1970, On Extending the
Bradley-Terry Model to Accommodate Ties in Paired Comparison Experiments). Without ties this is Bradley-Terry.

Strengths and log v have a normal prior of mean 0 and standard deviation 3, the same for all models. Without one, a
model that won everything would be infinitely strong. It is wide: a model one deviation above the mean beats the mean
one in 95 % of comparisons, and on a strength the prior weighs less than half a comparison of two equals does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from .comparisons import Comparisons, comparisons
from .davidson import fit
from .figures import Figure, interval
from .panel import UNKNOWN, Block
from .resampling import Numbers, drawn

__all__ = ["RESAMPLES", "Strength", "model_strengths"]

RESAMPLES = 200  # at most: each is a fit
_CHUNK = 2**19  # numbers in the sets of counts that are fitted at once


@dataclass(frozen=True, slots=True)
class Strength:
    """A model's strength on the log scale, and what its comparisons came to, seen from it.

    A comparison is one annotator's verdict on two responses of different models. The value of ``strength`` is None
    for a model that is not linked by comparisons, directly or over others, with the largest group of models that are;
    the mean of those that are is 0. Its ``n`` counts the model's comparisons.
    """

    model: str
    strength: Figure
    wins: int
    ties: int
    losses: int


def model_strengths(
    blocks: Sequence[Block], names: Sequence[str], *, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[tuple[Strength, ...], Figure | None]:
    """The models of these blocks, strongest first, and v, which says how often equals tie (None if nothing ties).

    ``names[i]`` is the model that the blocks call i. Intervals resample items, at most RESAMPLES times.
    """
    numbers = {int(number) for block in blocks for number in np.unique(block.models)} - {UNKNOWN}
    models = sorted(numbers, key=names.__getitem__)
    if not models:
        return (), None
    found = comparisons(blocks, models)
    totals = found.totals(found.times)
    record = found.record(totals, len(models))
    figures = [_figure(None, None, row) for row in record]
    tie = None
    if len(totals):
        group = found.largest_group(totals, len(models))
        linked = found if len(group) == len(models) else comparisons(blocks, [models[place] for place in group])
        estimates, tie = _estimates(linked, record[group], seed, min(resamples, RESAMPLES))
        for place, estimate in zip(group, estimates, strict=True):
            figures[place] = estimate
    strengths = [
        Strength(names[model], figure, *map(int, row))
        for model, figure, row in zip(models, figures, record, strict=True)
    ]
    return tuple(sorted(strengths, key=_strongest_first)), tie


def _strongest_first(strength: Strength) -> tuple[bool, float, str]:
    value = strength.strength.value
    return value is None, -(value or 0), strength.model


def _estimates(found: Comparisons, record: Numbers, seed: int, resamples: int) -> tuple[list[Figure], Figure | None]:
    """The strength of each model, all of them linked, and v. ``record`` is what their comparisons came to."""
    models = len(record)
    totals = found.totals(found.times)
    with_ties = bool(totals[:, 2].any())
    strengths, log_tie = fit(found.first, found.second, totals[np.newaxis], models, with_ties)
    resampled = _resampled(found, models, with_ties, seed, resamples if found.times.sum() > 1 else 0)
    figures = [_figure(float(strengths[0, place]), resampled[:, place], record[place]) for place in range(models)]
    if not with_ties:
        return figures, None
    return figures, _figure(float(np.exp(log_tie[0])), np.exp(resampled[:, -1]), totals)


def _figure(value: float | None, resampled: Numbers | None, comparisons_of: Numbers) -> Figure:
    low, high = (None, None) if resampled is None else interval(resampled)
    return Figure(value, low, high, int(comparisons_of.sum()), "comparisons")


def _resampled(found: Comparisons, models: int, with_ties: bool, seed: int, resamples: int) -> Numbers:
    """resamples x (each model's strength, then log v); nan for a model that a resample does not compare."""
    fits = [np.zeros((0, models + 1))]
    weights = (row for rows in drawn(found.times, resamples, seed) for row in rows)
    at_a_time = max(1, _CHUNK // (models**2 + 3 * len(found.first)))
    while some := list(islice(weights, at_a_time)):
        outcomes = np.stack([found.totals(times) for times in some])
        strengths, log_tie = fit(found.first, found.second, outcomes, models, with_ties)
        resample, pair = np.nonzero(outcomes.any(axis=2))
        seen = np.zeros(strengths.shape, dtype=np.bool_)
        seen[resample, found.first[pair]] = seen[resample, found.second[pair]] = True
        fits.append(np.column_stack([np.where(seen, strengths, np.nan), log_tie]))
    return np.concatenate(fits)
