"""Davidson's model fitted to counts of wins and ties: the most probable strengths. Numbers in, numbers out.

The logarithm of the posterior is concave, so Newton's method, with steps that are halved until they help, finds its
one maximum. Many sets of counts are fitted at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .resampling import Numbers

__all__ = ["PRIOR_DEVIATION", "fit"]

PRIOR_DEVIATION = 3.0
_PRECISION = 1 / PRIOR_DEVIATION**2
_STEPS, _HALVINGS = 100, 40
# What the next step promises to add to the posterior's logarithm: so little that it may be taken whole, since Newton's
# method then squares the distance (and rounding would hide the gain); so little that it is the last.
_NEAR, _CLOSE = 1e-4, 1e-10


def fit(
    first: NDArray[np.intp], second: NDArray[np.intp], outcomes: Numbers, models: int, with_ties: bool
) -> tuple[Numbers, Numbers]:
    """The strengths (sets x models, the mean of those that are linked is 0) and log v (sets) of each set of counts.

    Pair p compares the models ``first[p]`` and ``second[p]``, no two pairs the same two; ``outcomes`` (sets x pairs
    x 3) counts wins of the first, wins of the second, and ties. Strengths and log v have a normal prior of mean 0 and
    deviation PRIOR_DEVIATION. Not ``with_ties``, there are none: the model is Bradley-Terry's, and log v is 0.
    """
    counts = _Counts(first, second, outcomes, models, with_ties)
    parameters = np.zeros((len(outcomes), models + 1))
    for _ in range(_STEPS):
        step, promise = counts.step(parameters)
        if (promise > _NEAR).any():
            step *= _length(counts, parameters, step, promise)
        parameters += step
        if (promise <= _CLOSE).all():
            break
    return parameters[:, :-1], parameters[:, -1]


def _length(counts: _Counts, parameters: Numbers, step: Numbers, promise: Numbers) -> Numbers:
    """How much of each step to take (sets x 1): a share that keeps a little of what it promises."""
    before = counts.posterior(parameters)
    length = np.ones((len(step), 1))
    for _ in range(_HALVINGS):
        gain = counts.posterior(parameters + length * step) - before
        short = (promise > _NEAR) & (gain < 1e-4 * length[:, 0] * promise)
        if not short.any():
            break
        length[short] /= 2
    return length


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts of ``fit``. Parameters are sets x (each model's strength, then log v)."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    outcomes: Numbers
    models: int
    with_ties: bool

    def posterior(self, parameters: Numbers) -> Numbers:
        """Its logarithm for each set, up to a constant."""
        chances = self._log_chances(parameters)
        seen = self.outcomes * np.where(self.outcomes > 0, chances, 0)
        logarithm: Numbers = seen.sum(axis=(1, 2)) - _PRECISION / 2 * (parameters**2).sum(axis=1)
        return logarithm

    def step(self, parameters: Numbers) -> tuple[Numbers, Numbers]:
        """Newton's step for each set, and the slope of the posterior along it."""
        chances = np.exp(self._log_chances(parameters))
        count = self.outcomes.sum(axis=2)
        tie, lead = chances[:, :, 2], chances[:, :, 0] - chances[:, :, 1]
        surplus = self.outcomes[:, :, 0] - self.outcomes[:, :, 1] - count * lead
        gradient = -_PRECISION * parameters
        gradient[:, :-1] += self._of_models(surplus / 2)
        gradient[:, -1] += (self.outcomes[:, :, 2] - count * tie).sum(axis=1)

        curvature = np.zeros((*parameters.shape, parameters.shape[1]))
        links = self._grid(count * (1 - tie - lead**2) / 4)
        links += links.transpose(0, 2, 1)
        curvature[:, :-1, :-1] = -links
        curvature[:, -1, :-1] = curvature[:, :-1, -1] = self._of_models(-count * lead * tie / 2)
        diagonal = np.einsum("sii->si", curvature)
        diagonal[:, :-1] += links.sum(axis=2)
        diagonal[:, -1] += (count * tie * (1 - tie)).sum(axis=1)
        diagonal += _PRECISION
        step = np.linalg.solve(curvature, gradient[:, :, np.newaxis])[:, :, 0].astype(np.float64, copy=False)
        return step, (step * gradient).sum(axis=1)

    def _log_chances(self, parameters: Numbers) -> Numbers:
        """sets x pairs x (the first wins, the second wins, tie)."""
        half = (parameters[:, self.first] - parameters[:, self.second]) / 2
        tie = parameters[:, -1:] if self.with_ties else np.float64(-np.inf)
        weights = np.stack([half, -half, np.broadcast_to(tie, half.shape)], axis=2)
        highest = weights.max(axis=2, keepdims=True)
        total = np.log(np.exp(weights - highest).sum(axis=2, keepdims=True)) + highest
        logarithms: Numbers = weights - total
        return logarithms

    def _grid(self, values: Numbers) -> Numbers:
        """sets x models x models: a pair's value in the row of its first and the column of its second model."""
        grid = np.zeros((len(values), self.models, self.models))
        grid[:, self.first, self.second] = values
        return grid

    def _of_models(self, values: Numbers) -> Numbers:
        """sets x models: the values of a model's pairs, added where it is the first, subtracted where the second."""
        grid = self._grid(values)
        sums: Numbers = grid.sum(axis=2) - grid.sum(axis=1)
        return sums
