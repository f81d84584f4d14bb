"""Strengths of models: which comparisons they are of, which models they link, and how sure they are.

Oracle: `scipy.optimize` maximises the posterior (see `davidson_oracle`).
"""

from __future__ import annotations

import numpy as np
import pytest
from davidson_oracle import counted, davidson_sample, most_probable, strength_of, values
from panels import agreement_of, panel_item, random_panel

from gtbridge.converters.agreement.comparisons import comparisons
from gtbridge.converters.agreement.panel import Panel

pytestmark = pytest.mark.xdist_group("scipy")


@pytest.mark.parametrize("seed", range(3))
def test_items_of_any_number_of_responses_and_annotators_add_up(seed: int) -> None:
    random = np.random.default_rng(seed)
    names = [f"m{number}" for number in range(5)]
    items = [
        panel_item(rankings, random.choice(names, len(next(iter(rankings.values())))).tolist())
        for rankings in random_panel(seed)
    ]
    found, counts = agreement_of(items, resamples=0), counted(items)
    assert values(found) == pytest.approx(most_probable(counts, 5)[:5], abs=1e-4)
    for strength in found.strengths:
        number = int(strength.model[1:])
        sides = [
            (c if low == number else (c[1], c[0], c[2])) for (low, high), c in counts.items() if number in (low, high)
        ]
        wins, losses, ties = np.sum(sides, axis=0)
        assert (strength.wins, strength.ties, strength.losses) == (wins, ties, losses)


def test_only_comparisons_between_the_models_asked_for_are_counted() -> None:
    panel = Panel()
    panel.add([0], [(1, 2, 3)], [7, 8, 9])
    panel.add([0], [(1, 2, 3)], [9, 8, 7])
    found = comparisons(list(panel.blocks()), [9, 7])
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.totals(found.times).tolist() == [[1, 1, 0]]


def test_equal_models_are_equally_strong_and_tie_as_often_as_v_says() -> None:
    rankings = [(1, 2)] * 50 + [(2, 1)] * 50 + [(1, 1)] * 100
    found = agreement_of(panel_item({"a": ranks}, ("x", "y")) for ranks in rankings)
    assert list(strength_of(found).values()) == pytest.approx([0, 0], abs=1e-9)
    assert found.tie_parameter is not None
    # Equals tie with v / (2 + v) = 1/2; the prior takes off a little.
    assert found.tie_parameter.value == pytest.approx(2, rel=0.01)
    assert found.tie_parameter.low is not None
    assert found.tie_parameter.low < 2 < (found.tie_parameter.high or 0)


def test_the_mean_strength_is_zero_and_the_strongest_stand_first() -> None:
    found = agreement_of(davidson_sample(3, models=6, items=200, log_tie=-1))
    known = [strength.strength.value or 0 for strength in found.strengths]
    assert sum(known) == pytest.approx(0, abs=1e-6)
    assert known == sorted(known, reverse=True)


def test_nothing_but_ties_leaves_all_equal() -> None:
    found = agreement_of(panel_item({"a": (1, 1)}, ("x", "y")) for _ in range(1000))
    assert list(strength_of(found).values()) == pytest.approx([0, 0], abs=1e-9)
    assert found.tie_parameter is not None
    assert np.isfinite(found.tie_parameter.value or np.nan)


def test_models_that_no_comparison_links_to_the_most_have_no_strength() -> None:
    large = [panel_item({"a": (1, 2)}, pair) for pair in [("p", "q"), ("q", "r")]]
    small = [panel_item({"a": (1, 2)}, ("x", "y"))] * 5
    alone = [panel_item({"a": (1, 2)}, ("z", "z"))]
    found = agreement_of([*small, *large, *alone])
    strengths = {strength.model: strength for strength in found.strengths}
    assert [name for name, value in strength_of(found).items() if value is not None] == ["p", "q", "r"]
    assert [strengths[name].strength.to_dict() for name in ("x", "z")] == [
        {"value": None, "low": None, "high": None, "n": 5, "of": "comparisons"},
        {"value": None, "low": None, "high": None, "n": 0, "of": "comparisons"},
    ]
    assert (strengths["x"].wins, strengths["y"].losses, strengths["z"].wins) == (5, 5, 0)
    assert list(strengths) == ["p", "q", "r", "x", "y", "z"]
    linked = agreement_of([*large, panel_item({"a": (1, 2)}, ("r", "x")), *small])
    assert None not in strength_of(linked).values()


def test_of_groups_of_a_size_the_most_compared_has_strengths() -> None:
    items = [panel_item({"a": (1, 2)}, ("p", "q"))] + [panel_item({"a": (1, 2)}, ("x", "y"))] * 2
    assert [name for name, value in strength_of(agreement_of(items)).items() if value is not None] == ["x", "y"]


def test_ties_outside_the_group_give_it_no_tie_parameter() -> None:
    items = [panel_item({"a": (1, 2, 3)}, ("p", "q", "r")), panel_item({"a": (1, 1)}, ("x", "y"))]
    assert agreement_of(items).tie_parameter is None


def test_two_responses_of_one_model_are_not_compared() -> None:
    found = agreement_of([panel_item({"a": (1, 2, 3)}, ("x", "x", "y"))])
    assert {s.model: (s.wins, s.ties, s.losses) for s in found.strengths} == {"x": (2, 0, 0), "y": (0, 0, 2)}


def test_items_without_models_or_with_another_number_of_names_are_no_comparisons() -> None:
    known = [panel_item({"a": (1, 2)}, ("x", "y"))]
    unknown = [
        panel_item({"a": (1, 2)}),
        *(panel_item({"a": (1, 2, 3)}, names) for names in (("x", "y"), tuple("xyzw"))),
    ]
    assert agreement_of(unknown).strengths == ()
    assert agreement_of([*known, *unknown]).strengths == agreement_of(known).strengths


def test_unranked_responses_are_not_compared() -> None:
    found = agreement_of([panel_item({"a": (1, None, 2), "b": (1, 1, None)}, ("x", "y", "z"))])
    record = {strength.model: (strength.wins, strength.ties, strength.losses) for strength in found.strengths}
    assert record == {"x": (1, 1, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
    found = agreement_of([panel_item({"a": (1, 2, None)}, ("x", "y", "z"))])
    assert [name for name, value in strength_of(found).items() if value is None] == ["z"]


def test_intervals_resample_items_so_that_copies_by_one_item_add_no_certainty() -> None:
    random = np.random.default_rng(5)
    verdicts = random.random(40) < 0.7
    one = [panel_item({"a": (1, 2) if won else (2, 1)}, ("x", "y")) for won in verdicts]
    ten = [panel_item({str(n): (1, 2) if won else (2, 1) for n in range(10)}, ("x", "y")) for won in verdicts]
    widths = []
    for items in (one, ten):
        strength = agreement_of(items, resamples=200).strengths[0].strength
        assert strength.low is not None
        assert strength.high is not None
        widths.append(strength.high - strength.low)
        share = verdicts.mean()
        # The standard error of half a log odds, 1.96 to each side.
        assert widths[-1] == pytest.approx(2 * 1.96 / 2 / np.sqrt(share * (1 - share) * 40), rel=0.25)
    assert strength.n == 400


def test_strengths_take_200_resamples_at_most() -> None:
    items = davidson_sample(3, models=4, items=30, log_tie=-1)
    some, many = agreement_of(items, resamples=200), agreement_of(items, resamples=300)
    assert some.strengths == many.strengths
    assert some.alpha_pair_verdicts != many.alpha_pair_verdicts


def test_one_item_gives_strengths_without_intervals() -> None:
    strength = agreement_of([panel_item({"a": (1, 2), "b": (1, 2)}, ("x", "y"))]).strengths[0].strength
    assert strength.value is not None
    assert (strength.low, strength.high) == (None, None)


def test_a_resample_that_lacks_a_model_says_nothing_of_it() -> None:
    items = [panel_item({"a": (1, 2)}, ("x", "y")), panel_item({"a": (2, 1)}, ("x", "y"))] * 10
    found = agreement_of([*items, panel_item({"a": (1, 2)}, ("rare", "x"))], resamples=200)
    rare = found.strengths[0].strength
    assert found.strengths[0].model == "rare"
    assert rare.low is not None
    assert rare.low > 0.5


def test_many_resamples_are_fitted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    items = davidson_sample(3, models=4, items=30, log_tie=-1)
    whole = agreement_of(items)
    monkeypatch.setattr("gtbridge.converters.agreement.strengths._CHUNK", 100)
    parts = agreement_of(items)
    for one, other in zip(whole.strengths, parts.strengths, strict=True):
        assert (one.strength.low, one.strength.high) == pytest.approx(
            (other.strength.low, other.strength.high), abs=1e-6
        )
