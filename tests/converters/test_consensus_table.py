"""Consensus equals the panels that were worked out by hand (tests/data/consensus/panels.yaml)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from weak_orders import nearest

from gtbridge.converters.judgement.criteria import Criterion, criteria, outcomes, scores

PANELS = yaml.safe_load((Path(__file__).parents[1] / "data" / "consensus" / "panels.yaml").read_text("utf-8"))
TOGETHER = [panel for panel in PANELS if "borda" in panel]
METHODS = ("majority", "borda", "kemeny")


def named(panels: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("panel", panels, ids=[panel["panel"] for panel in panels])


def rankings(panel: Any) -> list[dict[str, Any]]:
    return [given if isinstance(given, dict) else {"Help": given} for given in panel["ranks"]]


def criterion(panel: Any) -> Criterion:
    aggregate = "pareto" if "pareto" in panel else "weighted" if "weights" in panel else "each"
    weights = {name: Fraction(weight) for name, weight in panel.get("weights", {}).items()}
    (only,) = criteria(list(rankings(panel)[0]), aggregate, weights)
    return only


def pair(letters: str) -> tuple[int, int]:
    return "abcd".index(letters[0]), "abcd".index(letters[-1])


def votes(panel_votes: Any) -> Any:
    return {pair(letters): tuple(map(int, counts.split("-"))) for letters, counts in panel_votes.items()}


def found_votes(found: Any) -> Any:
    return {pair: (said.votes.first, said.votes.second, said.votes.tie) for pair, said in found.items()}


@named(PANELS)
@pytest.mark.parametrize("method", METHODS)
def test_the_votes_are_those_counted_by_hand(panel: Any, method: str) -> None:
    assert found_votes(outcomes(criterion(panel), rankings(panel), method)) == votes(panel["votes"])


@named([panel for panel in PANELS if "own" in panel])
def test_the_dimensions_own_votes_are_those_counted_by_hand(panel: Any) -> None:
    own = {single.name: outcomes(single, rankings(panel), "majority") for single in criteria(panel["own"], "each", {})}
    assert {name: found_votes(found) for name, found in own.items()} == {
        name: votes(counted) for name, counted in panel["own"].items()
    }


@named(PANELS)
@pytest.mark.parametrize("method", METHODS)
def test_the_pairs_and_what_is_dropped_are_those_worked_out_by_hand(panel: Any, method: str) -> None:
    found = outcomes(criterion(panel), rankings(panel), method)
    preferred = {(i, j) if said.sign > 0 else (j, i) for (i, j), said in found.items() if said.sign}
    assert preferred == {pair(letters) for letters in panel["pairs"][method]}
    dropped = {pair: said.reason for pair, said in found.items() if not said.sign}
    assert dropped == {pair(letters): why for letters, why in panel.get("dropped", {}).get(method, {}).items()}


@named(TOGETHER)
def test_mean_scores_are_those_worked_out_by_hand(panel: Any) -> None:
    scored = [given for one in rankings(panel) if (given := scores(criterion(panel), one)) is not None]
    by_response = [[score for score in column if score is not None] for column in zip(*scored, strict=True)]
    means = [sum(column) / len(column) if column else None for column in by_response]
    assert means == [None if mean is None else Fraction(mean) for mean in panel["borda"]]


@named(TOGETHER)
def test_the_orders_that_the_table_calls_nearest_are_nearest_of_all_weak_orders(panel: Any) -> None:
    compared = sorted({response for letters in panel["votes"] for response in pair(letters)})
    scored = [given for one in rankings(panel) if (given := scores(criterion(panel), one)) is not None]
    dense: Any = [[given[response] for response in compared] for given in scored]
    least, orders = nearest(dense)
    assert least == panel["distance"]
    assert sorted(orders) == sorted(read_order(text, compared) for text in panel["kemeny"])


def read_order(text: str, compared: list[int]) -> tuple[int, ...]:
    """``a > c=d > b`` as dense ranks of the compared responses."""
    levels = [[pair(letter)[0] for letter in level.split("=")] for level in text.split(" > ")]
    return tuple(next(n for n, level in enumerate(levels, start=1) if response in level) for response in compared)
