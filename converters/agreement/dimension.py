"""One dimension's rankings -> the figures of agreement. Adds up; what each item adds is computed elsewhere.

Every figure is a function of sums over items, and its interval a bootstrap that resamples items. Items are gone through
once for each kind of figure, so that memory holds what one kind needs, and of it only what differs between items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import Figure, figure_of, ratio_of
from .item_terms import (
    AGREED,
    COMPARED,
    JUDGED,
    RANKED,
    TAU,
    TIED,
    annotator_terms,
    circle_terms,
    concordance_terms,
    midrank_terms,
    pair_verdict_terms,
    slices,
)
from .panel import Block, Panel
from .resampling import Counts, Numbers, Tally
from .results import AnnotatorAgreement, DimensionAgreement
from .strengths import model_strengths

__all__ = ["Annotator", "dimension_agreement"]

Annotator = tuple[str, bool]  # the name, and whether it is a program

_DIGITS = 12  # of what an item adds: sums in another order differ in the last ones, and equal items are drawn as one
# Of annotator_terms, what figures are the share of, and of what: verdict agreement, tau-b and ties.
_SHARES = [AGREED, COMPARED], [TAU, RANKED], [TIED, JUDGED]

Ranks = NDArray[np.integer[Any]]
Rows = tuple[Numbers, Counts]


def dimension_agreement(
    name: str,
    allow_tie: bool,
    panel: Panel,
    annotators: Sequence[Annotator],
    models: Sequence[str],
    *,
    seed: int,
    resamples: int,
    single: bool = True,
) -> DimensionAgreement:
    """The figures of ``panel``, whose numbers stand for places in ``annotators`` and ``models``.

    Not ``single``, those of each annotator and of each model are left out.
    """
    blocks = list(panel.blocks())
    made = _Figures(blocks, seed, resamples)
    strengths, tie_parameter = model_strengths(blocks, models, seed=seed, resamples=resamples) if single else ((), None)
    kendall_w, raters = made.concordance()
    verdict_agreement, tau_b, ties = made.of_items()
    return DimensionAgreement(
        name=name,
        allow_tie=allow_tie,
        items=sum(len(block.ranks) for block in blocks),
        answers=sum(block.annotators.size for block in blocks),
        alpha_pair_verdicts=made.alpha(pair_verdict_terms, "pairs"),
        alpha_midranks=made.alpha(midrank_terms, "responses"),
        kendall_w=kendall_w,
        kendall_w_annotators=raters,
        kendall_w_chance=None if raters is None else 1 / raters,
        mean_spearman=_mean_spearman(kendall_w, raters),
        tau_b=tau_b,
        verdict_agreement=verdict_agreement,
        ties=ties,
        majority_cycles=made.circles(),
        annotators=tuple(sorted(made.annotators(annotators), key=lambda found: found.name)) if single else (),
        strengths=strengths,
        tie_parameter=tie_parameter,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """Makes figures of sums over the items of ``blocks``, with intervals of one kind."""

    blocks: Sequence[Block]
    seed: int
    resamples: int

    def alpha(self, terms_of: Callable[[Ranks], Numbers], of: str) -> Figure:
        """``terms_of`` gives items x (units, and what ``_alpha`` takes)."""
        units, tally = 0.0, Tally(4)
        for ranks in self._parts():
            terms = terms_of(ranks)
            units += terms[:, 0].sum()
            tally.add(terms[:, 1:].round(_DIGITS))
        return figure_of(*tally.rows(), _alpha, int(units), of, seed=self.seed, resamples=self.resamples)

    def of_items(self) -> tuple[Figure, Figure, Figure]:
        """Verdict agreement, tau-b and ties. An item's terms are sums over both annotators of a comparison."""
        tallies = [Tally(2) for _ in _SHARES]
        for ranks in self._parts():
            sums = annotator_terms(ranks).sum(axis=1)
            for tally, terms in zip(tallies, _SHARES, strict=True):
                tally.add(_rounded(sums[:, terms]))
        agreement, tau_b, ties = (tally.rows() for tally in tallies)
        return self._shares(agreement, tau_b, ties, sides=2)

    def annotators(self, annotators: Sequence[Annotator]) -> list[AnnotatorAgreement]:
        """Of those who gave an answer."""
        answers = np.zeros(len(annotators), dtype=np.int64)
        tallies = [Tally(3, silent=1) for _ in _SHARES]
        for block in self.blocks:
            answers += np.bincount(block.annotators.ravel(), minlength=len(annotators))
            for some in slices(block.ranks):
                own, who = annotator_terms(block.ranks[some]).reshape(-1, 6), block.annotators[some].ravel()
                for tally, terms in zip(tallies, _SHARES, strict=True):
                    tally.add(np.column_stack([who, _rounded(own[:, terms])]))
        of_all = [_by_annotator(*tally.rows(), len(annotators)) for tally in tallies]
        found = []
        for number in np.flatnonzero(answers):
            agreement, tau_b, ties = self._shares(of_all[0][number], of_all[1][number], of_all[2][number], sides=1)
            name, simulated = annotators[number]
            found.append(AnnotatorAgreement(name, int(answers[number]), agreement, tau_b, ties, simulated))
        return found

    def concordance(self) -> tuple[Figure, int | None]:
        """Kendall's W of the items completely ranked by the most frequent number of annotators, and that number."""
        items: Counter[int] = Counter()
        for block in self.blocks:
            raters = block.ranks.shape[1]
            if raters > 1:
                items[raters] += int(block.ranks.all(axis=(1, 2)).sum())
        most = max((raters for raters in items if items[raters]), key=lambda n: (items[n], n), default=None)

        tally = Tally(2)
        for block in self.blocks:
            if block.ranks.shape[1] == most:
                for some in slices(block.ranks):
                    values = concordance_terms(block.ranks[some])
                    values = values[np.isfinite(values)]
                    tally.add(_rounded(np.column_stack([values, np.ones(len(values))])))
        return self._share(*tally.rows(), "items"), most

    def circles(self) -> Figure:
        tally = Tally(2)
        for block in self.blocks:
            if block.ranks.shape[1] > 1 and block.ranks.shape[2] > 2:
                for some in slices(block.ranks):
                    found = circle_terms(block.ranks[some])
                    tally.add(np.column_stack([found, np.ones(len(found))]))
        return self._share(*tally.rows(), "items")

    def _parts(self) -> Iterator[Ranks]:
        return (block.ranks[some] for block in self.blocks for some in slices(block.ranks))

    def _shares(self, agreement: Rows, tau_b: Rows, ties: Rows, sides: int) -> tuple[Figure, Figure, Figure]:
        """``sides``: over how many of the two annotators of a comparison the terms were summed."""
        return (
            self._share(*agreement, "pairs of verdicts", sides),
            self._share(*tau_b, "pairs of rankings", sides),
            self._share(*ties, "verdicts"),
        )

    def _share(self, rows: Numbers, counts: Counts, of: str, sides: int = 1) -> Figure:
        n = round((counts @ rows)[1] / sides)
        return ratio_of(rows, counts, n, of, seed=self.seed, resamples=self.resamples)


def _by_annotator(rows: Numbers, counts: Counts, annotators: int) -> list[Rows]:
    """The rows of each annotator, whose number stands before the terms."""
    order = np.argsort(rows[:, 0], kind="stable")
    ends = np.searchsorted(rows[order, 0], np.arange(annotators), side="right")
    return [(rows[own, 1:], counts[own]) for own in np.split(order, ends)[:-1]]


def _rounded(shares: Numbers) -> Numbers:
    """With the parts as short as _DIGITS says; the wholes are counts."""
    shares[:, 0] = shares[:, 0].round(_DIGITS)
    return shares


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


def _mean_spearman(kendall_w: Figure, raters: int | None) -> Figure:
    """(m W - 1) / (m - 1), of the value and of both ends."""
    if raters is None:
        return kendall_w

    def spearman(w: float | None) -> float | None:
        return None if w is None else (raters * w - 1) / (raters - 1)

    return replace(
        kendall_w, value=spearman(kendall_w.value), low=spearman(kendall_w.low), high=spearman(kendall_w.high)
    )
