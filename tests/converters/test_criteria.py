"""What responses are compared by, and the scores that one annotator gives by it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_panels import HELP, any_criterion, judged

from gtbridge.converters.judgement.criteria import Criterion, criteria, outcomes, scores
from gtbridge.converters.judgement.ranks import scaled_midranks

HALF = Fraction(1, 2)


def test_each_dimension_is_a_criterion_or_all_are_one() -> None:
    weights = {"Help": Fraction(2), "Safe": HALF}
    assert criteria(["Help", "Safe"], "each", weights) == (
        HELP,
        Criterion("Safe", ("Safe",)),
    )
    assert criteria(["Safe", "Help"], "weighted", weights) == (
        Criterion("weighted", ("Safe", "Help"), (HALF, Fraction(2))),
    )
    assert criteria(["Help", "Safe"], "pareto", {}) == (Criterion("pareto", ("Help", "Safe"), pareto=True),)
    assert criteria(["Help"], "pareto", {}) == (Criterion("pareto", ("Help",), pareto=True),)


@pytest.mark.parametrize("aggregate", ["each", "weighted", "pareto"])
def test_no_dimensions_give_no_criterion(aggregate: str) -> None:
    assert criteria((), aggregate, {}) == ()


def test_another_name_is_no_aggregate_and_no_consensus() -> None:
    with pytest.raises(ValueError, match="'mean' is no way to take dimensions together"):
        criteria(["Help"], "mean", {})
    with pytest.raises(ValueError, match="'none' is no consensus"):
        outcomes(HELP, [{"Help": (1, 2)}], "none")


@pytest.mark.parametrize(
    ("rankings", "expected"),
    [
        ({"Help": (1, 2, 2)}, (0, Fraction(3, 4), Fraction(3, 4))),
        ({"Help": (1, None, 9)}, (0, None, 1)),
        ({"Help": (1, None, None)}, None),
        ({"Help": ()}, None),
        ({"Safe": (1, 2, 3)}, None),
    ],
)
def test_the_scores_of_one_dimension_are_scaled_midranks(rankings: Any, expected: Any) -> None:
    assert scores(HELP, rankings) == expected


@pytest.mark.parametrize(
    ("rankings", "expected"),
    [
        # (3 x Help + 1 x Safe) / 4
        ({"Help": (1, 2, 3), "Safe": (3, 1, 2)}, (Fraction(1, 4), Fraction(3, 8), Fraction(7, 8))),
        # b is not ranked on Safe: mid-ranks are among a and c
        ({"Help": (1, 2, 3), "Safe": (2, None, 1)}, (Fraction(1, 4), None, Fraction(3, 4))),
        # ... nor is c, of which Safe says nothing at all
        ({"Help": (1, 2, 3), "Safe": (2, 1)}, (Fraction(1, 4), Fraction(3, 4), None)),
        ({"Help": (1, 2), "Safe": (2, 1, 3)}, (Fraction(1, 4), Fraction(3, 4), None)),
        ({"Help": (1, 2, 3), "Safe": (1, None, None)}, None),
        ({"Help": (1, 2, 3), "Safe": ()}, None),
        ({"Help": (1, 2, 3)}, None),
        ({"Help": (1, None), "Safe": (None, 1)}, None),
    ],
)
def test_weighted_scores_are_the_mean_over_responses_ranked_on_all_dimensions(rankings: Any, expected: Any) -> None:
    (weighted,) = criteria(["Help", "Safe"], "weighted", {"Help": HALF, "Safe": Fraction(1, 6)})
    assert scores(weighted, rankings) == expected


def test_the_scores_of_pareto_are_the_plain_mean() -> None:
    (pareto,) = criteria(["Help", "Safe", "Style"], "pareto", {})
    assert scores(pareto, {"Help": (1, 2), "Safe": (1, 2), "Style": (1, 1)}) == (Fraction(1, 6), Fraction(5, 6))


@given(judged(), st.data())
def test_scores_are_exact_and_average_to_one_half(panel: Any, data: Any) -> None:
    criterion = data.draw(any_criterion())
    for rankings in panel[1]:
        found = scores(criterion, rankings)
        if found is not None:
            known = [score for score in found if score is not None]
            assert all(0 <= score <= 1 for score in known)
            assert sum(known) == Fraction(len(known), 2)


def test_scaled_midranks_keep_their_exact_value_through_a_criterion() -> None:
    ranks = (1, 1, 3, 4, 4, 4, 7)
    assert scores(HELP, {"Help": ranks}) == scaled_midranks(ranks)
