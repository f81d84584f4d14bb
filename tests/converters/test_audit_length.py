"""Whether longer responses are preferred, and whether dimensions say the same."""

from __future__ import annotations

from typing import Any

import pytest
import scipy
from audited import BOTH, about, audited, shares
from job_items import HELP, ranked

from gtbridge.label_configs.tasks import Dimension, TextRanking


def words(*counts: int) -> list[str]:
    return [" ".join(["w"] * count) for count in counts]


def longer(*items: Any) -> dict[str, Any]:
    found: dict[str, Any] = audited(items)["dimensions"][0]["longer"]
    return found


def halo(*items: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = audited(items)["halo"]
    return found


def test_the_share_of_pairs_that_prefer_the_longer_response() -> None:
    # Of 3, 6 and 6 words, ann prefers the shorter one to both: 0 of 2; the two of 6 do not differ in length.
    # bob ties 3 with the first 6, and prefers the other 6 to both; only the pair with 3 words counts: 1 of 1.
    item = about(words(3, 6, 6), ranked("ann", (1, 2, 3)), ranked("bob", (2, 2, 1)))
    found = longer(item)
    assert shares(found["longer_preferred"]) == (1 / 3, 3)
    assert found["unit"] == "words"


@pytest.mark.parametrize(
    ("short", "long", "place"),
    [
        (100, 101, 0),
        (100, 124, 0),
        (100, 125, 1),
        (100, 149, 1),
        (100, 150, 2),
        (100, 199, 2),
        (100, 200, 3),
        (0, 1, 3),
    ],
)
def test_pairs_are_sorted_by_how_many_times_as_long_the_longer_is(short: int, long: int, place: int) -> None:
    bins = longer(about(words(short, long), ranked("ann", (2, 1))))["by_ratio"]
    assert [shares(one["share"]) for one in bins] == [(1.0, 1) if i == place else (None, 0) for i in range(4)]
    assert [(one["from"], one["to"]) for one in bins] == [(1.0, 1.25), (1.25, 1.5), (1.5, 2.0), (2.0, None)]


def test_lengths_are_counted_in_words_of_any_script() -> None:
    item = about(["one-very-long-word-in-latin-letters", "四個漢字"], ranked("ann", (2, 1)))
    assert shares(longer(item)["longer_preferred"]) == (1.0, 1)


def test_responses_that_are_not_known_or_not_ranked_have_no_length() -> None:
    assert shares(longer(about(None, ranked("ann", (2, 1))))["longer_preferred"]) == (None, 0)
    assert shares(longer(about(words(1, 2, 3), ranked("ann", (2, 1, None))))["longer_preferred"]) == (1.0, 1)


def test_items_of_different_size_and_number_of_answers_keep_their_own_lengths() -> None:
    items = [
        about(words(1, 2), ranked("ann", (2, 1)), ranked("bob", (2, 1)), index=0),
        about(words(2, 1), ranked("ann", (1, 2)), index=1),
        about(words(1, 2, 4), ranked("ann", (3, 2, 1)), index=2),
        about(words(2, 1), ranked("ann", (2, 1)), ranked("bob", (1, 2)), index=3),
    ]
    # 2 + 1 + 3 + 1 of 2 + 1 + 3 + 2.
    assert shares(longer(*items)["longer_preferred"]) == (7 / 8, 8)


def test_the_same_weak_order_on_both_dimensions_is_the_same_order() -> None:
    # (2, 4, 4) is the order of (1, 2, 2); (1, 2, 3) is not.
    same, other = (
        ranked("ann", (2, 4, 4, 1), (2, 3, 3, 1), task=BOTH),
        ranked("bob", (1, 2, 2, 4), (1, 2, 3, 4), task=BOTH),
    )
    (found,) = halo(about("abcd", same, other, task=BOTH))
    assert found["dimensions"] == ["Help", "Safe"]
    assert shares(found["same_order"]) == (1 / 2, 2)


@pytest.mark.xdist_group("scipy")
def test_tau_b_within_an_answer_is_scipys() -> None:
    """Against scipy.stats.kendalltau, which is tau-b."""
    vectors = [((1, 2, 3, 4), (1, 2, 3, 4)), ((1, 2, 3, 4), (4, 2, 2, 1)), ((1, 1, 3, 4), (2, 1, 3, 3))]
    answers = [ranked(str(number), *pair, task=BOTH) for number, pair in enumerate(vectors)]
    (found,) = halo(about("abcd", *answers, task=BOTH))
    expected = sum(scipy.stats.kendalltau(*pair).statistic for pair in vectors) / 3
    assert found["tau_b"]["value"] == pytest.approx(expected, abs=1e-11)
    assert (found["tau_b"]["n"], found["tau_b"]["of"]) == (3, "answers")


def test_tau_b_is_undefined_for_an_answer_that_ties_all_on_one_dimension() -> None:
    (found,) = halo(about("abc", ranked("ann", (1, 1, 1), (1, 2, 3), task=BOTH), task=BOTH))
    assert shares(found["tau_b"]) == (None, 0)
    assert shares(found["same_order"]) == (0.0, 1)


def test_only_responses_that_are_ranked_on_both_dimensions_are_compared() -> None:
    answers = [
        ranked("ann", (1, 2, None), (1, 2, 3), task=BOTH),
        ranked("bob", (1, 2, 3), (3, None, 1), task=BOTH),
        ranked("cy", (1, 2, None), (None, 1, 2), task=BOTH),
    ]
    (found,) = halo(about("abc", *answers, task=BOTH))
    assert shares(found["same_order"]) == (1 / 2, 2)
    assert shares(found["tau_b"]) == (0.0, 2)


def test_dimensions_of_different_jobs_meet_where_a_task_has_both() -> None:
    swapped = TextRanking(dimensions=tuple(reversed(BOTH.dimensions)))
    third = TextRanking(dimensions=(Dimension(name="Other", allow_tie=True),))
    items = [
        about("ab", ranked("ann", (1, 2), (1, 2), task=BOTH), task=BOTH),
        about("ab", ranked("ann", (2, 1), (1, 2), task=swapped), task=swapped, job="swapped"),
        about("ab", ranked("ann", (2, 1), task=third), task=third, job="third"),
    ]
    (found,) = halo(*items)
    assert found["dimensions"] == ["Help", "Safe"]
    assert shares(found["same_order"]) == (1 / 2, 2)
    assert halo(about("ab", ranked("ann", (1, 2)), task=HELP)) == []
