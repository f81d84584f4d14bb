"""Simulated annotators with one bias each: the audit shows it, and nothing where there is none."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import permutations, product
from typing import Any

import pytest
from audited import BOTH, STRICT, Ranker, about, audited, ranks_by, simulated_job
from job_items import ranked

from gtbridge.converters.audit.halo import halo
from gtbridge.converters.audit.length import longer
from gtbridge.converters.audit.position import position, untouched
from gtbridge.converters.audit.table import RankingTable

Order = tuple[int, ...]


def by_chance(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    return [ranks_by([chance.random() for _ in texts])]


def by_place(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    """Half a place of pull, in a noise of about two places."""
    return [ranks_by([0.5 * order.index(response) + chance.gauss(0, 2) for response in range(len(texts))])]


def by_length(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    return [ranks_by([-len(text) + chance.gauss(0, 150) for text in texts])]


def by_hand_or_not(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    """One answer in five is confirmed as it is shown."""
    if chance.random() < 0.2:
        return [ranks_by([order.index(response) for response in range(len(texts))])]
    return by_chance(chance, texts, order)


def one_like_the_other(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    first = [chance.random() for _ in texts]
    return [ranks_by(first), ranks_by([value + chance.gauss(0, 0.1) for value in first])]


def each_by_itself(chance: random.Random, texts: Sequence[str], order: Order) -> list[list[int]]:
    return [ranks_by([chance.random() for _ in texts]) for _ in range(2)]


def holds(figure: dict[str, Any], value: float) -> bool:
    return bool(figure["low"] <= value <= figure["high"])


def dimension(ranker: Ranker, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = audited(simulated_job(ranker, **options), resamples=300)["dimensions"][0]
    return found


def test_a_pull_of_the_place_shows_in_pairs_and_places() -> None:
    found = dimension(by_place)["position"]
    assert found["first_shown_preferred"]["low"] > 0.5
    means = [place["value"] for place in found["mean_midrank_by_place"]]
    assert means == sorted(means)
    assert found["mean_midrank_by_place"][0]["high"] < 0.5 < found["mean_midrank_by_place"][-1]["low"]


def test_a_pull_of_the_place_does_not_look_like_one_of_length() -> None:
    assert holds(dimension(by_place)["longer"]["longer_preferred"], 0.5)
    assert holds(dimension(by_length)["position"]["first_shown_preferred"], 0.5)


def test_a_liking_for_length_shows_and_grows_with_the_difference() -> None:
    found = dimension(by_length)["longer"]
    assert found["longer_preferred"]["low"] > 0.5
    near, *_, far = [one["share"] for one in found["by_ratio"]]
    assert near["high"] < far["low"]


def test_orders_that_nobody_touched_show() -> None:
    found = dimension(by_hand_or_not, task=STRICT)["untouched"]
    assert found["chance"] == pytest.approx(1 / 24)
    assert found["share"]["low"] > found["chance"]
    # One in five, and by chance one in 24 of the others.
    assert holds(found["share"], 0.2 + 0.8 / 24)
    assert holds(dimension(by_chance, task=STRICT)["untouched"]["share"], 1 / 24)


def test_dimensions_that_are_copied_show() -> None:
    (alike,) = audited(simulated_job(one_like_the_other, task=BOTH), resamples=300)["halo"]
    assert alike["tau_b"]["low"] > 0.6
    assert alike["same_order"]["low"] > 0.3
    (apart,) = audited(simulated_job(each_by_itself, task=BOTH), resamples=300)["halo"]
    assert holds(apart["tau_b"], 0)
    assert holds(apart["same_order"], 1 / 24)


def test_an_annotator_who_does_not_read_shows() -> None:
    chance = random.Random(0)
    texts = [" ".join(["word"] * 100)] * 3
    items = [
        about(
            texts,
            ranked("hasty", (1, 2, 3), seconds=chance.uniform(0.5, 5)),
            ranked("reader", (1, 2, 3), seconds=chance.uniform(30, 300)),
            index=index,
        )
        for index in range(40)
    ]
    found = audited(items, resamples=300)
    assert found["answers"]["too_fast"]["share"]["value"] == 0.5
    assert {example["annotator"] for example in found["answers"]["too_fast"]["examples"]} == {"hasty"}
    assert {one["name"]: one["too_fast"] for one in found["annotators"]} == {"hasty": 40, "reader": 0}


def test_of_unbiased_annotators_95_percent_of_the_intervals_hold_what_is_true() -> None:
    """60 items with three answers each, 100 times, with fixed seeds. The answers to an item are not independent: all
    annotators see responses of the same lengths.
    """
    task = STRICT.model_copy(update={"dimensions": (*STRICT.dimensions, *BOTH.dimensions[1:])})
    held: Counter[str] = Counter()
    orders = list(permutations(range(3)))
    vectors = list(permutations((1, 2, 3)))
    possible = [ranked("ann", *ranks, task=task, order=order) for *ranks, order in product(vectors, vectors, orders)]
    for seed in range(100):
        table, chance = RankingTable(), random.Random(seed)
        for _ in range(60):
            answers = [(0, answer) for answer in chance.choices(possible, k=3)]
            table.add(task, answers, [chance.randint(5, 60) for _ in range(3)])
        (block,) = table.blocks()
        shown, left = position([(block, 0)], 200), untouched([(block, 0)], 200)
        (both,) = halo([block], ["Help", "Safe"], 200)
        assert left is not None
        for name, figure, true in (
            ("first shown", shown.first_shown_preferred, 1 / 2),
            ("first place", shown.mean_midrank_by_place[0], 1 / 2),
            ("longer", longer([(block, 0)], 200).longer_preferred, 1 / 2),
            ("untouched", left.share, 1 / 6),
            ("same order", both.same_order, 1 / 6),
            ("tau-b", both.tau_b, 0),
        ):
            held[name] += holds(figure.to_dict(), true)
    # With a chance of 0.95 each, fewer than 88 of 100 are held once in 300 such tests.
    assert min(held.values()) >= 88, held
    assert 0.92 <= sum(held.values()) / 600 <= 0.98, held
