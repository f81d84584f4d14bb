"""Rankings -> what each item adds to each figure of agreement. Whole blocks of items at a time; no statistics yet.

``ranks`` are items x m annotators x n responses everywhere, 0 where a response was not ranked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import divided
from .resampling import Numbers

__all__ = [
    "AGREED",
    "COMPARED",
    "JUDGED",
    "RANKED",
    "TAU",
    "TIED",
    "annotator_terms",
    "circle_terms",
    "compared",
    "concordance_terms",
    "midrank_terms",
    "pair_verdict_terms",
    "slices",
]

_CHUNK = 2**17  # verdicts at a time: a megabyte per array

# The columns of annotator_terms.
AGREED, COMPARED, TAU, RANKED, TIED, JUDGED = range(6)

Ranks = NDArray[np.integer[Any]]


def slices(ranks: Ranks) -> Iterator[slice]:
    """The items of ``ranks`` in parts whose verdicts fit the processor's cache."""
    items, annotators, responses = ranks.shape
    size = max(1, _CHUNK // (annotators * responses * max(annotators, responses)))
    return (slice(start, start + size) for start in range(0, items, size))


def compared(ranks: Ranks) -> tuple[Numbers, Numbers]:
    """Verdicts (+1 the first is better, 0 tie, -1) and whether both were ranked: items x m x pairs i < j.

    Where one of the two was not ranked, both arrays have 0.
    """
    first, second = np.triu_indices(ranks.shape[2], 1)
    signed = ranks.astype(np.int32)
    judged = ((signed[:, :, first] > 0) & (signed[:, :, second] > 0)).astype(np.float64)
    return np.sign(signed[:, :, second] - signed[:, :, first]) * judged, judged


def pair_verdict_terms(ranks: Ranks) -> Numbers:
    """items x 5, as ``_units`` gives them, of the verdicts on all ordered pairs of responses; units are unordered."""
    verdicts, judged = compared(ranks)
    terms = _units(judged.sum(axis=1), verdicts.sum(axis=1), (verdicts**2).sum(axis=1))
    # The other order of each pair is a unit with the opposite values.
    terms[:, 1:] *= 2
    terms[:, 2] = 0
    return terms


def midrank_terms(ranks: Ranks) -> Numbers:
    """items x 5, as ``_units`` gives them, of scaled mid-ranks; units are responses."""
    scores, ranked = _scores(ranks), ranks > 0
    # A midrank scaled to 0..1 is 1/2 - score / (2 (k - 1)) for k ranked responses; the metric does not see the 1/2.
    known = ranked.sum(axis=2, keepdims=True)
    values = np.where(ranked, -scores / (2 * (known - 1)), 0)
    return _units(ranked.sum(axis=1).astype(np.float64), values.sum(axis=1), (values**2).sum(axis=1))


def _scores(ranks: Ranks) -> Numbers:
    """items x m x n: how many responses are worse, less how many are better."""
    verdicts, _ = compared(ranks)
    scores: Numbers = verdicts @ _incidence(ranks.shape[2])
    return scores


def _incidence(responses: int) -> Numbers:
    """pairs x responses: +1 for the first of a pair, -1 for the second."""
    first, second = np.triu_indices(responses, 1)
    matrix = np.zeros((len(first), responses))
    matrix[np.arange(len(first)), first] = 1
    matrix[np.arange(len(first)), second] = -1
    return matrix


def _units(count: Numbers, total: Numbers, squares: Numbers) -> Numbers:
    """Of the units (axis 1) that two annotators or more valued: items x (how many, and what alpha is made of).

    That is the number, sum and sum of squares of their values, and their disagreement as Krippendorff weighs it.
    Over the ordered pairs of a unit's values, the squared differences add up to 2 (count * squares - total^2); a unit
    counts with 1 / (count - 1) of it. The 2 is left out.
    """
    pairable = count > 1
    disagreement = (count * squares - total**2) / np.maximum(count - 1, 1)
    columns = (np.ones_like(count), count, total, squares, disagreement)
    return np.stack([column.sum(axis=1, where=pairable) for column in columns], axis=1)


def concordance_terms(ranks: Ranks) -> Numbers:
    """Kendall's W of each item, corrected for ties; nan where some annotator left some response out, or all tie all.

    W = 12 S / (m^2 (n^3 - n) - m sum(T)). A score is twice a rank's distance from the mean rank, so that both parts
    are sums of squared scores: S of their sums, and (n^3 - n) - T of each annotator's.
    """
    scores = _scores(ranks)
    between = (scores.sum(axis=1) ** 2).sum(axis=1)
    values = divided(between, scores.shape[1] * (scores**2).sum(axis=(1, 2)))
    values[~ranks.all(axis=(1, 2))] = np.nan
    return values


def circle_terms(ranks: Ranks) -> NDArray[np.bool_]:
    """Whether, by the majorities of each item, some response is preferred, over others, to itself."""
    verdicts, _ = compared(ranks)
    majority, responses = np.sign(verdicts.sum(axis=1)), ranks.shape[2]
    first, second = np.triu_indices(responses, 1)
    reaches = np.zeros((len(majority), responses, responses), dtype=np.bool_)
    reaches[:, first, second] = majority > 0
    reaches[:, second, first] = majority < 0
    for over in range(responses):
        reaches |= reaches[:, :, over, np.newaxis] & reaches[:, np.newaxis, over, :]
    return np.asarray(reaches.diagonal(axis1=1, axis2=2).any(axis=1))


def annotator_terms(ranks: Ranks) -> Numbers:
    """items x m x 6: of each annotator against each other, verdicts that agree, and all that were compared; the sum of
    tau-b, and for how many others it is defined; and by itself ties, and all verdicts.

    All of it from products of two annotators' verdicts, summed over the pairs that both judged.
    """
    verdicts, judged = compared(ranks)
    decided = np.abs(verdicts)
    tied = judged - decided
    product = _crossed(verdicts, verdicts)
    both = _crossed(judged, judged)
    agreed = (product + _crossed(decided, decided)) / 2 + _crossed(tied, tied)
    own = _crossed(decided, judged)  # those of the row's annotator that are no ties
    tau = divided(product, np.sqrt(own * own.transpose(0, 2, 1)))
    defined = np.isfinite(tau)
    others = ~np.eye(verdicts.shape[1], dtype=np.bool_)
    columns = (agreed, both, np.where(defined, tau, 0), defined.astype(np.float64))
    sums = [column.sum(axis=2, where=others) for column in columns]
    return np.stack([*sums, tied.sum(axis=2), judged.sum(axis=2)], axis=2)


def _crossed(one: Numbers, other: Numbers) -> Numbers:
    """items x m x m: sums over pairs of each annotator's ``one`` with each one's ``other``."""
    sums: Numbers = one @ other.transpose(0, 2, 1)
    return sums
