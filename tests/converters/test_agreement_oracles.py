"""Agreement against independent implementations, on real and on random panels.

Krippendorff's alpha: the `krippendorff` package. tau-b: `scipy.stats.kendalltau`. Kendall's W:
`scipy.stats.friedmanchisquare` (chi-square = m (n - 1) W) and, without ties, the mean of `scipy.stats.spearmanr` over
two annotators. Shares of verdicts: counted one by one here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, permutations
from typing import Any

import krippendorff
import numpy as np
import pytest
import scipy
from panels import agreement_of, panel_item, random_panel
from real_data import pandalm

from gtbridge.converters.agreement.results import DimensionAgreement

Panel = Sequence[Mapping[str, Sequence[int | None]]]
RANKS = {1: (1, 2), 2: (2, 1), 0: (1, 1)}

pytestmark = pytest.mark.xdist_group("scipy")  # which loads what of it is used, in a second or two


def pandalm_panel() -> Panel:
    """999 items of two responses and three annotators, where the set is at hand; else one of its shape."""
    return [{f"annotator{n}": RANKS[record[f"annotator{n}"]] for n in (1, 2, 3)} for record in pandalm()]


PANELS: dict[str, Panel] = {
    "pandalm": pandalm_panel(),
    **{f"partial {seed}": random_panel(seed) for seed in range(4)},
    **{f"complete {seed}": random_panel(seed, unranked=0) for seed in range(4)},
    "many": random_panel(9, items=12, most=8, responses=6, annotators=9),
}


@pytest.fixture(scope="module", params=PANELS)
def both(request: pytest.FixtureRequest) -> tuple[Panel, DimensionAgreement]:
    panel = PANELS[request.param]
    return panel, agreement_of(map(panel_item, panel), resamples=0)


def counted(panel: Panel) -> Iterator[list[list[int | None]]]:
    """Of each item the rankings that compare something."""
    for rankings in panel:
        known = [list(ranks) for ranks in rankings.values() if sum(rank is not None for rank in ranks) > 1]
        if known:
            yield known


def verdict(ranks: Sequence[int | None], first: int, second: int) -> float:
    one, other = ranks[first], ranks[second]
    return float("nan") if one is None or other is None else float(np.sign(other - one))


def alpha(units: list[list[float]]) -> float:
    width = max(map(len, units))
    table = [unit + [float("nan")] * (width - len(unit)) for unit in units]
    return float(krippendorff.alpha(np.array(table).T, level_of_measurement="interval"))


def test_alpha_of_pair_verdicts_is_krippendorffs_over_all_ordered_pairs(both: tuple[Panel, DimensionAgreement]) -> None:
    panel, found = both
    units = [
        [verdict(ranks, first, second) for ranks in rankings]
        for rankings in counted(panel)
        for first, second in permutations(range(len(rankings[0])), 2)
    ]
    assert found.alpha_pair_verdicts.value == pytest.approx(alpha(units), abs=1e-10)
    pairable = sum(np.isfinite(unit).sum() > 1 for unit in units)
    assert found.alpha_pair_verdicts.n == pairable / 2


def test_alpha_of_midranks_is_krippendorffs_over_responses(both: tuple[Panel, DimensionAgreement]) -> None:
    panel, found = both
    units = []
    for rankings in counted(panel):
        table = np.array(rankings, dtype=float)
        ranks = scipy.stats.rankdata(table, axis=1, nan_policy="omit")
        scaled = (ranks - 1) / (np.isfinite(table).sum(1, keepdims=True) - 1)
        units += scaled.T.tolist()
    assert found.alpha_midranks.value == pytest.approx(alpha(units), abs=1e-10)
    assert found.alpha_midranks.n == sum(np.isfinite(unit).sum() > 1 for unit in units)


def test_tau_b_is_the_mean_of_kendalls(both: tuple[Panel, DimensionAgreement]) -> None:
    panel, found = both
    values: list[float] = []
    for rankings in counted(panel):
        values += [tau_b(*both) for both in combinations(map(tuple, rankings), 2)]
    values = [value for value in values if not np.isnan(value)]
    assert found.tau_b.value == pytest.approx(np.mean(values), abs=1e-10)
    assert found.tau_b.n == len(values)


@cache
def tau_b(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> float:
    """nan where one of the two ties all that both ranked."""
    known = [ranks for ranks in zip(one, other, strict=True) if None not in ranks]
    if len({rank for rank, _ in known}) < 2 or len({rank for _, rank in known}) < 2:
        return float("nan")
    return float(scipy.stats.kendalltau(*zip(*known, strict=True)).statistic)


def test_w_is_friedmans(both: tuple[Panel, DimensionAgreement]) -> None:
    panel, found = both
    blocks = [np.array(rankings, dtype=np.float64) for rankings in complete(panel)]
    most, _ = max(Counter(map(len, blocks)).items(), key=lambda entry: (entry[1], entry[0]))
    values = [kendall_w(block) for block in blocks if len(block) == most and (block != block[:, :1]).any()]
    assert found.kendall_w_annotators == most
    assert found.kendall_w.value == pytest.approx(np.mean(values), abs=1e-10)
    assert found.kendall_w.n == len(values)
    assert found.mean_spearman.value == pytest.approx((most * np.mean(values) - 1) / (most - 1))


def complete(panel: Panel) -> Iterator[list[list[int | None]]]:
    return (r for r in counted(panel) if len(r) > 1 and all(rank is not None for ranks in r for rank in ranks))


def kendall_w(block: Any) -> float:
    annotators, responses = block.shape
    if responses > 2:
        return float(scipy.stats.friedmanchisquare(*block.T).statistic / annotators / (responses - 1))
    # scipy takes three responses or more; for two, the formula of the textbooks.
    midranks = scipy.stats.rankdata(block, axis=1)
    spread = ((midranks.sum(axis=0) - 1.5 * annotators) ** 2).sum()
    tied = 6 * (block[:, 0] == block[:, 1]).sum()
    return float(12 * spread / (annotators**2 * 6 - annotators * tied))


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_spearman_is_that_of_two_annotators_without_ties(seed: int) -> None:
    random = np.random.default_rng(seed)
    orders = [[random.permutation(5) + 1 for _ in range(4)] for _ in range(6)]
    rankings = [{str(n): tuple(map(int, order)) for n, order in enumerate(item)} for item in orders]
    found = agreement_of(map(panel_item, rankings), resamples=0)
    rho = [scipy.stats.spearmanr(one, other).statistic for item in orders for one, other in combinations(item, 2)]
    assert found.mean_spearman.value == pytest.approx(np.mean(rho))


def test_shares_are_those_counted_one_by_one(both: tuple[Panel, DimensionAgreement]) -> None:
    panel, found = both
    same, ties, circles = [], [], []
    for rankings in counted(panel):
        size = len(rankings[0])
        lead: dict[tuple[int, int], float] = {}
        for pair in combinations(range(size), 2):
            known = [value for ranks in rankings if not np.isnan(value := verdict(ranks, *pair))]
            same += [one == other for one, other in combinations(known, 2)]
            ties += [value == 0 for value in known]
            lead[pair], lead[pair[::-1]] = sum(known), -sum(known)
        if size > 2 and len(rankings) > 1:
            rings = (some for length in range(3, size + 1) for some in permutations(range(size), length))
            circles.append(any(in_a_circle(lead, ring) for ring in rings))
    for figure, values in [(found.verdict_agreement, same), (found.ties, ties)]:
        assert figure.value == pytest.approx(np.mean(values))
        assert figure.n == len(values)
    if circles:
        assert found.majority_cycles.value == np.mean(circles)
        assert found.majority_cycles.n == len(circles)


def in_a_circle(lead: Mapping[tuple[int, int], float], ring: tuple[int, ...]) -> bool:
    return all(lead[one, other] > 0 for one, other in zip(ring, (*ring[1:], ring[0]), strict=True))
