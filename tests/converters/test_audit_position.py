"""Whether the place on the screen shows in rankings, and what nobody touched."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from audited import BOTH, STRICT, about, audited, shares
from job_items import HELP, ranked

from gtbridge.converters.records import Answer
from gtbridge.label_configs.tasks import Dimension, TextRanking


def shown(order: tuple[int, ...] | None, *vectors: Any, worker: str = "ann", task: TextRanking = HELP) -> Answer:
    return ranked(worker, *vectors, task=task, order=order)


def position(*items: Any) -> dict[str, Any]:
    found: dict[str, Any] = audited(items)["dimensions"][0]["position"]
    return found


def untouched(*items: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = audited(items)["dimensions"][0]["untouched"]
    return found


def test_the_share_of_pairs_that_prefer_the_response_shown_earlier() -> None:
    # ann sees 2, 0, 1 and prefers 0 to 1 (shown earlier), 0 to 2 and 1 to 2 (shown later): 1 of 3.
    # bob sees 0, 1, 2 and prefers 0 to 2 and 1 to 2 (both shown earlier), 0 and 1 are a tie: 2 of 2.
    ann, bob = shown((2, 0, 1), (1, 2, 3)), shown((0, 1, 2), (1, 1, 2), worker="bob")
    assert shares(position(about("abc", ann, bob))["first_shown_preferred"]) == (3 / 5, 5)


def test_answers_without_a_recorded_order_say_nothing_of_the_place() -> None:
    known, unknown = shown((1, 0), (1, 2)), shown(None, (1, 2), worker="bob")
    found = position(about("ab", known, unknown), about("ab", unknown, index=1))
    assert shares(found["first_shown_preferred"]) == (0.0, 1)
    assert [figure["n"] for figure in found["mean_midrank_by_place"]] == [1, 1]
    assert found["orders_known"] == 1 / 3


def test_an_order_that_is_not_one_of_the_responses_is_not_known() -> None:
    for order in ((0, 0), (0, 1, 2), (0, 2), (-1, 0), ()):
        found = position(about("ab", shown(order, (1, 2))))
        assert (found["first_shown_preferred"]["value"], found["orders_known"]) == (None, 0.0), order


def test_the_mean_midrank_at_each_place() -> None:
    # ann: places hold 2, 0, 1 with scaled mid-ranks 1, 0, 1/2. bob: 0, 1, 2 with 1/4, 1/4, 1.
    ann, bob = shown((2, 0, 1), (1, 2, 3)), shown((0, 1, 2), (1, 1, 2), worker="bob")
    places = position(about("abc", ann, bob))["mean_midrank_by_place"]
    assert [shares(place) for place in places] == [(5 / 8, 2), (1 / 8, 2), (3 / 4, 2)]
    assert {place["of"] for place in places} == {"answers"}


def test_what_is_not_ranked_counts_at_no_place() -> None:
    # Of four responses shown as 3, 0, 1, 2, only 1 (third) is ranked before 3 (first).
    found = position(about("abcd", shown((3, 0, 1, 2), (None, 1, None, 2))))
    assert shares(found["first_shown_preferred"]) == (0.0, 1)
    places = found["mean_midrank_by_place"]
    assert [shares(place) for place in places] == [(1.0, 1), (None, 0), (0.0, 1), (None, 0)]


def test_a_ranking_that_compares_nothing_counts_nowhere() -> None:
    one = shown((0, 1), (1, None), (1, 2), task=BOTH)
    other = shown(None, (1, 2), (1, 2), worker="bob", task=BOTH)
    found = position(about("ab", one, other, task=BOTH))
    assert (found["orders_known"], found["mean_midrank_by_place"]) == (0.0, [])


def test_a_ranking_of_nothing_does_not_say_how_many_responses_there_are() -> None:
    answer = shown((1, 0), (1, 2), (None, None, None), task=BOTH)
    for responses in ("ab", None):
        found = position(
            about(responses, answer, task=BOTH), about("ab", shown((1, 0), (2, 1), (2, 1), task=BOTH), task=BOTH)
        )
        assert shares(found["first_shown_preferred"]) == (1 / 2, 2)


def test_places_are_those_of_the_most_frequent_number_of_responses() -> None:
    two, three = shown((0, 1), (1, 2)), shown((0, 1, 2), (1, 2, 3))
    items = [about("ab", two), about("abc", three, index=1)]
    assert len(position(*items)["mean_midrank_by_place"]) == 3
    assert len(position(*items, about("ab", two, index=2))["mean_midrank_by_place"]) == 2
    unknown = [about("ab", shown(None, (1, 2)), index=index) for index in (3, 4)]
    assert len(position(*items, *unknown)["mean_midrank_by_place"]) == 3


def test_midranks_stay_right_where_the_part_they_are_summed_in_is_not_exact() -> None:
    count = 20
    found = position(about(["x"] * count, shown(tuple(range(count)), tuple(range(1, count + 1)))))
    values = [place["value"] for place in found["mean_midrank_by_place"]]
    assert all(abs(value - place / (count - 1)) < 1e-6 for place, value in enumerate(values))


def test_an_order_is_random_if_the_tasks_it_comes_from_shuffle() -> None:
    still = TextRanking(dimensions=HELP.dimensions, shuffle_responses=False)
    random_one = about("ab", shown((0, 1), (1, 2)))
    assert position(random_one)["shown_at_random"] is True
    assert position(about("ab", shown((0, 1), (1, 2)), task=still))["shown_at_random"] is False
    unrecorded = about("ab", shown(None, (1, 2)), task=still, job="other")
    assert position(random_one, unrecorded)["shown_at_random"] is True
    assert position(unrecorded)["shown_at_random"] is False
    recorded = about("ab", shown((0, 1), (1, 2)), task=still, job="other")
    assert position(random_one, recorded)["shown_at_random"] is False


def test_untouched_answers_are_those_ranked_as_they_were_shown() -> None:
    left, moved = shown((2, 0, 1), (2, 3, 1), task=STRICT), shown((2, 0, 1), (1, 2, 3), worker="bob", task=STRICT)
    two = shown((0, 1), (1, 2), task=STRICT)
    found = untouched(about("abc", left, moved, task=STRICT), about("ab", two, task=STRICT, index=1))
    assert found is not None
    assert shares(found["share"]) == (2 / 3, 3)
    assert found["chance"] == (1 / 6 + 1 / 6 + 1 / 2) / 3


def test_by_chance_one_order_of_each_is_untouched() -> None:
    answers = [shown((1, 2, 0), ranks, worker=str(ranks), task=STRICT) for ranks in permutations((1, 2, 3))]
    found = untouched(about("abc", *answers, task=STRICT))
    assert found is not None
    assert found["share"]["value"] == found["chance"] == 1 / 6


def test_nothing_is_untouched_where_ties_are_allowed_or_the_order_is_fixed_or_unknown_or_only_some_is_ranked() -> None:
    still = TextRanking(dimensions=STRICT.dimensions, shuffle_responses=False)
    assert untouched(about("ab", shown((0, 1), (1, 2)))) is None
    assert untouched(about("ab", shown((0, 1), (1, 2), task=still), task=still)) is None
    assert untouched(about("ab", shown(None, (1, 2), task=STRICT), task=STRICT)) is None
    assert untouched(about("abc", shown((0, 1, 2), (1, 2, None), task=STRICT), task=STRICT)) is None


def test_an_annotators_untouched_answers_are_counted_once_however_many_dimensions() -> None:
    task = TextRanking(dimensions=tuple(Dimension(name=name, allow_tie=False) for name in ("A", "B")))
    items = [
        about("ab", shown((1, 0), (2, 1), (2, 1), task=task), task=task, index=0),
        about("ab", shown((1, 0), (2, 1), (1, 2), task=task), task=task, index=1),
        about("ab", shown((1, 0), (1, 2), (1, 2), task=task), task=task, index=2),
        about("ab", shown(None, (1, 2), (1, 2), worker="bob", task=task), task=task, index=3),
        about("abc", shown((0, 1, 2), (1, 2, 3), (2, 1, 3), task=task), task=task, index=4),
    ]
    found = audited(items)
    assert {one["name"]: one["untouched"] for one in found["annotators"]} == {"ann": 3, "bob": None}
    assert [shares(dimension["untouched"]["share"]) for dimension in found["dimensions"]] == [(3 / 4, 4), (1 / 4, 4)]


def test_each_dimension_has_its_own_tie_rule_and_ranks() -> None:
    task = TextRanking(dimensions=(*BOTH.dimensions, Dimension(name="Order", allow_tie=False)))
    answer = shown((0, 1), (1, 1), (2, 1), (1, 2), task=task)
    dimensions = audited([about("ab", answer, task=task)])["dimensions"]
    preferred = [dimension["position"]["first_shown_preferred"] for dimension in dimensions]
    assert [shares(figure) for figure in preferred] == [(None, 0), (0.0, 1), (1.0, 1)]
    assert [dimension["untouched"] is None for dimension in dimensions] == [True, True, False]


def test_a_dimension_without_answers_has_no_figures() -> None:
    answer = replace(shown((0, 1), (1, 2), (1, 2), task=BOTH), rankings=shown((0, 1), (1, 2)).rankings)
    dimension = audited([about("ab", answer, task=BOTH)])["dimensions"][1]
    assert dimension["answers"] == 0
    assert dimension["position"] == {
        "first_shown_preferred": {"value": None, "low": None, "high": None, "n": 0, "of": "pairs"},
        "mean_midrank_by_place": [],
        "orders_known": 0.0,
        "shown_at_random": False,
    }
