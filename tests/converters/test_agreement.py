"""The figures of agreement: on a panel worked out by hand, where they are undefined, and what W and circles take in."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from panels import agreement_of, panel_item

from gtbridge.converters.agreement.results import DimensionAgreement

PANEL = yaml.safe_load((Path(__file__).parents[1] / "data" / "agreement" / "panel.yaml").read_text(encoding="utf-8"))
FIGURES = sorted(PANEL["figures"])


@pytest.fixture(scope="module")
def by_hand() -> DimensionAgreement:
    return agreement_of(panel_item(rankings, ("x", "y", "z")) for rankings in PANEL["items"])


def says(figure: Any, wanted: Any) -> bool:
    value, n = wanted
    return bool(figure.value == pytest.approx(float(Fraction(value)), abs=1e-10) and figure.n == n)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_was_worked_out_by_hand(by_hand: DimensionAgreement, name: str) -> None:
    assert says(getattr(by_hand, name), PANEL["figures"][name]), getattr(by_hand, name)


def test_counts_and_the_chance_level_of_w_are_those_of_the_panel(by_hand: DimensionAgreement) -> None:
    assert [by_hand.items, by_hand.answers] == PANEL["items_and_answers"]
    assert by_hand.kendall_w_annotators == PANEL["kendall_w_annotators"]
    assert by_hand.kendall_w_chance == 1 / 2


def test_each_annotator_is_compared_with_all_others_on_the_same_items(by_hand: DimensionAgreement) -> None:
    assert [annotator.name for annotator in by_hand.annotators] == sorted(PANEL["annotators"])
    for annotator in by_hand.annotators:
        wanted = PANEL["annotators"][annotator.name]
        assert annotator.answers == wanted["answers"]
        for name in ("agreement", "tau_b", "ties"):
            assert says(getattr(annotator, name), wanted[name]), (annotator.name, name)


def test_wins_ties_and_losses_are_those_of_the_panel(by_hand: DimensionAgreement) -> None:
    record = {strength.model: [strength.wins, strength.ties, strength.losses] for strength in by_hand.strengths}
    assert record == PANEL["models"]
    assert [strength.model for strength in by_hand.strengths] == ["x", "y", "z"]
    assert {strength.model: strength.strength.n for strength in by_hand.strengths} == {"x": 20, "y": 19, "z": 19}


def test_every_figure_says_what_it_counts_and_lies_within_its_interval(by_hand: DimensionAgreement) -> None:
    counted = {name: getattr(by_hand, name).of for name in FIGURES}
    assert counted == {
        "alpha_pair_verdicts": "pairs",
        "alpha_midranks": "responses",
        "kendall_w": "items",
        "mean_spearman": "items",
        "tau_b": "pairs of rankings",
        "verdict_agreement": "pairs of verdicts",
        "ties": "verdicts",
        "majority_cycles": "items",
    }
    for name in FIGURES:
        figure = getattr(by_hand, name)
        assert figure.low <= figure.value <= figure.high
        assert figure.low < figure.high


def test_the_mean_spearmans_interval_is_that_of_w_rescaled(by_hand: DimensionAgreement) -> None:
    w, spearman = by_hand.kendall_w, by_hand.mean_spearman
    assert (spearman.low, spearman.high) == pytest.approx((2 * (w.low or 0) - 1, 2 * (w.high or 0) - 1))


def test_the_dict_is_plain_json_under_the_names_of_the_figures(by_hand: DimensionAgreement) -> None:
    plain = by_hand.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert set(plain) >= {*FIGURES, "name", "allow_tie", "annotators", "strengths", "tie_parameter"}
    assert plain["kendall_w"] == by_hand.kendall_w.to_dict()
    assert plain["annotators"][0]["agreement"] == by_hand.annotators[0].agreement.to_dict()
    assert plain["strengths"][0]["strength"]["of"] == "comparisons"


OF_VERDICTS = {"ties", "verdict_agreement"}
UNDEFINED: dict[str, tuple[list[Any], set[str]]] = {
    "no answers": ([{}], set()),
    "one response": ([{"a": (1,), "b": (1,)}], set()),
    "one annotator": ([{"a": (1, 2)}, {"b": (2, 1)}], {"ties"}),
    "nothing but ties": ([{"a": (1, 1, 1), "b": (2, 2, 2)}] * 3, {*OF_VERDICTS, "majority_cycles"}),
    "one ties all": ([{"a": (1, 1), "b": (1, 2)}] * 2, set(FIGURES) - {"tau_b", "majority_cycles"}),
    "nothing in common": ([{"a": (1, 2, None, None), "b": (None, None, 1, 2)}], {"ties", "majority_cycles"}),
}


@pytest.mark.parametrize("why", UNDEFINED)
def test_what_is_undefined_is_none(why: str) -> None:
    rankings, defined = UNDEFINED[why]
    found = agreement_of(map(panel_item, rankings))
    assert {name for name in FIGURES if getattr(found, name).value is not None} == defined
    for name in set(FIGURES) - defined:
        assert (getattr(found, name).low, getattr(found, name).high) == (None, None)


@pytest.mark.parametrize("copies", range(1, 8))
def test_values_that_are_all_the_same_have_no_variance_whatever_rounding_leaves_of_it(copies: int) -> None:
    # Two annotators put the one response that both ranked second of four, at 1/3.
    rankings = {"a": (2, 1, 3, 4, None, None, None), "b": (2, None, None, None, 1, 3, 4)}
    found = agreement_of([panel_item(rankings)] * copies)
    assert (found.alpha_midranks.value, found.alpha_midranks.n) == (None, copies)


def test_items_on_which_all_tie_all_are_left_out_of_w_and_its_count() -> None:
    found = agreement_of(panel_item(r) for r in [{"a": (1, 2), "b": (1, 2)}, {"a": (1, 1), "b": (1, 1)}])
    assert (found.kendall_w.value, found.kendall_w.n) == (1, 1)


def test_w_is_of_the_most_frequent_number_of_annotators_of_equals_the_larger() -> None:
    two, three = {"a": (1, 2), "b": (1, 2)}, {"a": (1, 2), "b": (1, 2), "c": (2, 1)}
    found = agreement_of(panel_item(r) for r in [two, three])
    assert (found.kendall_w_annotators, found.kendall_w.n) == (3, 1)
    found = agreement_of(panel_item(r) for r in [two, three, two])
    assert (found.kendall_w_annotators, found.kendall_w.n, found.kendall_w.value) == (2, 2, 1)


def test_w_counts_single_annotators_and_partial_rankings_for_nothing() -> None:
    single, partial, full = {"a": (1, 2, 3)}, {"a": (1, 2, 3), "b": (1, 2, None)}, {"a": (1, 2, 3), "b": (1, 2, 3)}
    found = agreement_of(panel_item(r) for r in [single] * 5 + [partial] * 3 + [full])
    assert (found.kendall_w_annotators, found.kendall_w.n) == (2, 1)
    assert agreement_of([panel_item(single), panel_item(partial)]).kendall_w_annotators is None


def test_majorities_need_more_than_equal_votes_to_run_in_a_circle() -> None:
    three = {"a": (1, 2, 3), "b": (3, 1, 2), "c": (2, 3, 1)}
    four = {"a": (1, 2, 3, 4), "b": (4, 1, 2, 3), "c": (3, 4, 1, 2), "d": (2, 3, 4, 1)}  # one vote more on neighbours
    even = {"a": (1, 2, 3), "b": (3, 2, 1)}
    assert agreement_of(map(panel_item, [three])).majority_cycles.value == 1
    assert agreement_of(map(panel_item, [four])).majority_cycles.value == 1
    assert agreement_of(map(panel_item, [even])).majority_cycles.value == 0
