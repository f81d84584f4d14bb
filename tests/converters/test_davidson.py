"""Davidson's model against independent fits, and where comparisons are few, one-sided or many.

Oracles: `scipy.optimize` maximises the posterior, and without a prior the likelihood, written out in `davidson_oracle`
from Davidson (1970); `choix.opt_pairwise` fits Bradley-Terry with the same prior, for which there are no ties.
"""

from __future__ import annotations

import numpy as np
import pytest
from davidson_oracle import counted, davidson_sample, most_probable, strength_of, values
from panels import agreement_of, panel_item

from gtbridge.converters.agreement import davidson
from gtbridge.converters.agreement.comparisons import Indices
from gtbridge.converters.agreement.davidson import fit
from gtbridge.converters.agreement.resampling import Numbers

pytestmark = pytest.mark.xdist_group("scipy")


@pytest.mark.parametrize("seed", range(4))
def test_strengths_and_ties_are_the_most_probable_ones(seed: int) -> None:
    items = davidson_sample(seed, models=5, items=60, log_tie=-0.5)
    found = agreement_of(items, resamples=0)
    *strengths, log_tie = most_probable(counted(items), 5)
    assert values(found) == pytest.approx(strengths, abs=1e-4)
    assert found.tie_parameter is not None
    assert found.tie_parameter.value == pytest.approx(np.exp(log_tie), rel=1e-3)


def test_without_the_prior_they_are_those_of_maximum_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(davidson, "_PRECISION", 1e-9)
    items = davidson_sample(7, models=4, items=300, log_tie=0)
    found = agreement_of(items, resamples=0)
    *strengths, log_tie = most_probable(counted(items), 4, deviation=None)
    assert values(found) == pytest.approx(strengths, abs=1e-3)
    assert found.tie_parameter is not None
    assert found.tie_parameter.value == pytest.approx(np.exp(log_tie), rel=1e-3)


def test_the_prior_moves_strengths_that_have_evidence_by_little() -> None:
    counts = counted(davidson_sample(7, models=4, items=300, log_tie=0))
    with_prior, without = most_probable(counts, 4), most_probable(counts, 4, deviation=None)
    assert with_prior == pytest.approx(without, abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_without_ties_they_are_bradley_terrys_as_choix_fits_them(seed: int) -> None:
    items = davidson_sample(seed, models=6, items=80, log_tie=-50)
    found = agreement_of(items, resamples=20)
    won = [
        pair
        for (one, other), (wins, losses, _) in counted(items).items()
        for pair in [(one, other)] * wins + [(other, one)] * losses
    ]
    import choix  # which takes as long to import as all tests here together

    # choix's penalty is alpha * sum of squares.
    assert values(found) == pytest.approx(choix.opt_pairwise(6, won, alpha=1 / 18, tol=1e-10), abs=1e-4)
    assert found.tie_parameter is None


@pytest.mark.parametrize("count", [1, 5, 100_000])
def test_a_model_that_wins_everything_is_strong_but_finitely(count: int) -> None:
    strengths, _ = fit(np.array([0]), np.array([1]), np.array([[[count, 0, 0]]], dtype=float), 2, with_ties=False)
    strong, weak = strengths[0]
    assert strong == -weak
    # Where the posterior is highest, the surprise left in the data balances the pull of the prior.
    assert count / (1 + np.exp(strong - weak)) == pytest.approx(strong / 3**2)
    found = agreement_of([panel_item({"a": (1, 2, 3)}, ("x", "y", "z"))] * min(count, 50))
    assert list(strength_of(found)) == ["x", "y", "z"]
    assert 10 > values(found)[0] > values(found)[1] > values(found)[2] > -10


OVERSHOT = {(0, 2): (0, 225_837, 0), (0, 4): (0, 1_007_847, 0), (2, 3): (54_681, 0, 0), (3, 4): (0, 5, 21)}
ROUNDED = {(0, 1): (0, 5_613, 1_494), (1, 2): (168, 0, 7_252_527)}  # the last gains are lost in the sum


@pytest.mark.parametrize("pairs", [OVERSHOT, ROUNDED])
def test_counts_that_are_hard_to_fit_are_fitted_as_well(pairs: dict[tuple[int, int], tuple[int, int, int]]) -> None:
    first, second = np.array(list(pairs)).T
    models = int(second.max()) + 1
    outcomes = np.array([list(pairs.values())], dtype=float)
    strengths, log_tie = fit(first, second, outcomes, models, with_ties=True)
    found = slope(first, second, outcomes[0], strengths[0], log_tie[0])
    assert found == pytest.approx([0] * (models + 1), abs=1e-6)
    assert np.abs(strengths).max() < 30


def slope(first: Indices, second: Indices, outcomes: Numbers, strengths: Numbers, log_tie: float) -> Numbers:
    """Of the posterior's logarithm, towards each strength and log v."""
    half = (strengths[first] - strengths[second]) / 2
    weights = np.exp(np.stack([half, -half, np.full(len(half), log_tie)], axis=1))
    surplus = outcomes - outcomes.sum(axis=1, keepdims=True) * weights / weights.sum(axis=1, keepdims=True)
    found = -np.append(strengths, log_tie) / 3**2
    np.add.at(found, first, (surplus[:, 0] - surplus[:, 1]) / 2)
    np.add.at(found, second, (surplus[:, 1] - surplus[:, 0]) / 2)
    found[-1] += surplus[:, 2].sum()
    return found


def test_sets_that_are_fitted_together_are_fitted_as_if_alone() -> None:
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    outcomes = 10 ** np.random.default_rng(0).uniform(0, 5, (20, 3, 3)).round()
    together = fit(first, second, outcomes, 3, with_ties=True)
    for number, alone in enumerate(outcomes):
        strengths, log_tie = fit(first, second, alone[np.newaxis], 3, with_ties=True)
        assert together[0][number] == pytest.approx(strengths[0], abs=1e-6)
        assert together[1][number] == pytest.approx(log_tie[0], abs=1e-6)


def test_thirty_models_in_thousands_of_items_are_found_in_their_order() -> None:
    found = agreement_of(davidson_sample(1, models=30, items=2500, log_tie=-1), resamples=10)
    assert np.corrcoef(values(found), np.linspace(1, -1, 30))[0, 1] > 0.97
