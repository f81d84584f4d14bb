"""One dimension's rankings -> the figures of agreement. Adds up; what each item adds is computed elsewhere.

Every figure is a function of sums over items, and its interval a bootstrap that resamples items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .figures import Figure, figure, ratio
from .item_terms import AGREED, COMPARED, JUDGED, RANKED, TAU, TIED, Terms, item_terms
from .panel import Block, Panel
from .resampling import Numbers
from .results import AnnotatorAgreement, DimensionAgreement
from .strengths import model_strengths

__all__ = ["Annotator", "dimension_agreement"]

Annotator = tuple[str, bool]  # the name, and whether it is a program

_DIGITS = 12  # of what an item adds: sums in another order differ in the last ones, and equal items are drawn as one


def dimension_agreement(
    name: str,
    allow_tie: bool,
    panel: Panel,
    annotators: Sequence[Annotator],
    models: Sequence[str],
    *,
    seed: int,
    resamples: int,
) -> DimensionAgreement:
    """The figures of ``panel``, whose numbers stand for places in ``annotators`` and ``models``."""
    blocks = list(panel.blocks())
    # First, since what they are taken from is gone again before the terms of all items are there.
    strengths, tie_parameter = model_strengths(blocks, models, seed=seed, resamples=resamples)
    terms = [item_terms(block.ranks) for block in blocks]
    made = _Figures(seed, resamples)
    per_item = _stacked([part.annotators.sum(axis=1) for part in terms], 6)
    concordance, raters = _concordance(blocks, terms)
    kendall_w = made.share(concordance, np.ones(len(concordance)), len(concordance), "items")
    return DimensionAgreement(
        name=name,
        allow_tie=allow_tie,
        items=len(per_item),
        answers=sum(block.annotators.size for block in blocks),
        alpha_pair_verdicts=made.alpha(_stacked([part.pair_verdicts for part in terms], 5), "pairs"),
        alpha_midranks=made.alpha(_stacked([part.midranks for part in terms], 5), "responses"),
        kendall_w=kendall_w,
        kendall_w_annotators=raters,
        kendall_w_chance=None if raters is None else 1 / raters,
        mean_spearman=_mean_spearman(kendall_w, raters),
        tau_b=made.tau_b(per_item, sides=2),
        verdict_agreement=made.agreement(per_item, sides=2),
        ties=made.ties(per_item),
        majority_cycles=made.circles(blocks, terms),
        annotators=tuple(sorted(made.annotators(blocks, terms, annotators), key=lambda found: found.name)),
        strengths=strengths,
        tie_parameter=tie_parameter,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """Makes figures of sums over items (items x terms, as Terms has them), with intervals of one kind."""

    seed: int
    resamples: int

    def share(self, part: Numbers, whole: Numbers, n: float, of: str) -> Figure:
        return ratio(part.round(_DIGITS), whole, round(n), of, seed=self.seed, resamples=self.resamples)

    def alpha(self, terms: Numbers, of: str) -> Figure:
        units, sums = terms[:, 0], terms[:, 1:].round(_DIGITS)
        return figure(sums, _alpha, int(units.sum()), of, seed=self.seed, resamples=self.resamples)

    def tau_b(self, terms: Numbers, sides: int) -> Figure:
        """``sides``: how many of the two annotators of a comparison the terms were summed over."""
        return self.share(terms[:, TAU], terms[:, RANKED], terms[:, RANKED].sum() / sides, "pairs of rankings")

    def agreement(self, terms: Numbers, sides: int) -> Figure:
        count = terms[:, COMPARED].sum() / sides
        return self.share(terms[:, AGREED], terms[:, COMPARED], count, "pairs of verdicts")

    def ties(self, terms: Numbers) -> Figure:
        return self.share(terms[:, TIED], terms[:, JUDGED], terms[:, JUDGED].sum(), "verdicts")

    def circles(self, blocks: Sequence[Block], terms: Sequence[Terms]) -> Figure:
        pairs = zip(blocks, terms, strict=True)
        may = [part.circle for block, part in pairs if block.ranks.shape[1] > 1 and block.ranks.shape[2] > 2]
        found = np.concatenate([np.zeros(0), *may])
        return self.share(found, np.ones(len(found)), len(found), "items")

    def annotators(
        self, blocks: Sequence[Block], terms: Sequence[Terms], annotators: Sequence[Annotator]
    ) -> list[AnnotatorAgreement]:
        """Of those who gave an answer."""
        rows = _stacked([part.annotators.reshape(-1, 6) for part in terms], 6)
        numbers = np.concatenate([np.zeros(0, dtype=np.intc), *(block.annotators.ravel() for block in blocks)])
        order = np.argsort(numbers, kind="stable")
        present, starts = np.unique(numbers[order], return_index=True)
        parts = np.split(rows[order], starts)[1:]
        return [self._annotator(annotators[number], part) for number, part in zip(present, parts, strict=True)]

    def _annotator(self, annotator: Annotator, terms: Numbers) -> AnnotatorAgreement:
        name, simulated = annotator
        agreement, tau_b = self.agreement(terms, sides=1), self.tau_b(terms, sides=1)
        return AnnotatorAgreement(name, len(terms), agreement, tau_b, self.ties(terms), simulated)


def _stacked(parts: Sequence[Numbers], columns: int) -> Numbers:
    return np.concatenate([np.zeros((0, columns)), *parts])


def _alpha(sums: Numbers) -> Numbers:
    """Krippendorff's alpha, interval metric, of (number, sum, sum of squares, disagreement) of pairable values.

    alpha = 1 - observed / expected disagreement. Observed is 2 / number * ``disagreement``; expected the mean squared
    difference of two of all values, 2 (number * squares - sum^2) / (number (number - 1)). nan where no values differ.
    """
    number, total, squares, disagreement = sums.T
    spread = number * squares - total**2
    # Values that are all equal leave a trace of rounding.
    varied = spread > 1e-9 * number * squares
    alpha = np.full(len(sums), np.nan)
    alpha[varied] = 1 - (number[varied] - 1) * disagreement[varied] / spread[varied]
    return alpha


def _concordance(blocks: Sequence[Block], terms: Sequence[Terms]) -> tuple[Numbers, int | None]:
    """W of each item that has one, of those completely ranked by the most frequent number of annotators, and it."""
    items: Counter[int] = Counter()
    found: dict[int, list[Numbers]] = {}
    for block, part in zip(blocks, terms, strict=True):
        raters = block.ranks.shape[1]
        if raters > 1 and part.complete.any():
            items[raters] += int(part.complete.sum())
            found.setdefault(raters, []).append(part.concordance[part.complete])
    if not items:
        return np.zeros(0), None
    most = max(items, key=lambda raters: (items[raters], raters))
    values = np.concatenate(found[most])
    return values[np.isfinite(values)], most


def _mean_spearman(kendall_w: Figure, raters: int | None) -> Figure:
    """(m W - 1) / (m - 1), of the value and of both ends."""
    if raters is None:
        return kendall_w

    def spearman(w: float | None) -> float | None:
        return None if w is None else (raters * w - 1) / (raters - 1)

    return replace(
        kendall_w, value=spearman(kendall_w.value), low=spearman(kendall_w.low), high=spearman(kendall_w.high)
    )
