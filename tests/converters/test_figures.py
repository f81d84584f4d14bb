"""A figure and its bootstrap over items."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from gtbridge.converters.agreement.figures import Figure, Numbers, figure, interval, ratio
from gtbridge.converters.agreement.resampling import distinct, drawn


def share(*pairs: tuple[float, float], **more: int) -> Figure:
    part, whole = np.array(pairs, dtype=float).reshape(-1, 2).T
    return ratio(part, whole, len(part), "items", **more)


def test_a_share_is_of_the_sums_not_the_mean_of_shares() -> None:
    assert share((1, 1), (0, 3)).value == 1 / 4


def test_a_figure_is_plain_json() -> None:
    found = share((1, 2), (0, 2), (2, 2))
    assert json.loads(json.dumps(found.to_dict())) == {
        "value": 0.5, "low": found.low, "high": found.high, "n": 3, "of": "items"
    }  # fmt: skip


@pytest.mark.parametrize("items", [(), ((0, 0),), ((0, 0), (0, 0))])
def test_a_share_of_nothing_is_none(items: tuple[tuple[float, float], ...]) -> None:
    assert share(*items) == Figure(None, None, None, len(items), "items")


def test_one_item_that_says_something_has_no_interval_however_many_say_nothing() -> None:
    assert share((1, 2), *[(0, 0)] * 50) == Figure(0.5, None, None, 51, "items")


def test_items_that_say_nothing_do_not_change_the_interval() -> None:
    some = [(float(i % 3), 3.0) for i in range(20)]
    one, other = share(*some), share(*some, *[(0.0, 0.0)] * 30)
    assert (one.low, one.high) == (other.low, other.high)


def test_where_all_items_say_the_same_the_ends_are_the_value() -> None:
    assert share((1, 2), (1, 2), (1, 2)) == Figure(0.5, 0.5, 0.5, 3, "items")


def test_no_resamples_no_interval() -> None:
    assert share((1, 2), (0, 2), resamples=0) == Figure(0.25, None, None, 2, "items")


def test_resamples_for_which_a_statistic_is_undefined_are_left_out() -> None:
    def defined_above_zero(sums: Numbers) -> Numbers:
        return np.where(sums[:, 0] > 0, sums[:, 0], np.nan)

    found = figure(np.array([[1.0, 1.0], [0.0, 1.0]]), defined_above_zero, 2, "items")
    assert (found.value, found.low, found.high) == (1, 1, 2)
    assert interval(np.array([np.nan, np.nan])) == (None, None)


def test_the_interval_holds_the_middle_95_percent() -> None:
    assert interval(np.arange(1001, dtype=np.float64)) == pytest.approx((25, 975))


def test_the_interval_is_as_wide_as_the_standard_error_says() -> None:
    values = np.random.default_rng(0).normal(size=400)
    found = figure(np.stack([values, np.ones(400)], axis=1), lambda sums: sums[:, 0] / sums[:, 1], 400, "items")
    error = values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert [found.low, found.high] == pytest.approx(
        [values.mean() - 1.96 * error, values.mean() + 1.96 * error], abs=0.01
    )


def test_intervals_of_a_mean_hold_the_truth_in_about_95_of_100_panels() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        values = random.random(60)
        found = figure(
            np.stack([values, np.ones(60)], axis=1), lambda sums: sums[:, 0] / sums[:, 1], 60, "", resamples=300
        )
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.5 <= found.high
    assert 0.92 <= held / 300 <= 0.98


@pytest.mark.parametrize("copies", [1, 50])
def test_items_in_any_order_give_the_same_figure(copies: int) -> None:
    rows = np.random.default_rng(1).random((40, 2)).repeat(copies, axis=0)
    shuffled = np.random.default_rng(2).permutation(rows)
    first, second = (ratio(given[:, 0], given[:, 1], 1, "x") for given in (rows, shuffled))
    assert first == second


def test_another_seed_draws_other_resamples() -> None:
    part, whole = np.random.default_rng(1).random((2, 40))
    first, again, other = (ratio(part, whole, 1, "x", seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_distinct_rows_are_counted() -> None:
    rows, counts = distinct(np.array([[1, 2], [3, 4], [1, 2], [1, 3], [1, 2]], dtype=float))
    assert sorted(zip(rows.tolist(), counts.tolist(), strict=True)) == [([1, 2], 3), ([1, 3], 1), ([3, 4], 1)]
    rows, counts = distinct(np.zeros((0, 3)))
    assert (rows.shape, counts.shape) == ((0, 3), (0,))


def test_three_items_are_drawn_as_often_as_all_27_ways_to_draw_them_say() -> None:
    counts = np.array([2, 1])
    (times,) = drawn(counts, 27_000, seed=0)
    wanted = [sum(way) for way in product([1, 1, 0], repeat=3)]
    for first in range(4):
        assert (times[:, 0] == first).mean() == pytest.approx(wanted.count(first) / 27, abs=0.01)
    assert (times.sum(axis=1) == 3).all()


@pytest.mark.parametrize("counts", [[30, 10, 20], [1, 2, 3]])  # few rows among many items; many rows
def test_rows_are_drawn_as_often_as_they_stand_and_vary_as_a_multinomial(counts: list[int]) -> None:
    given = np.array(counts)
    times = np.concatenate(list(drawn(given, 20_000, seed=0)))
    assert (times.sum(axis=1) == given.sum()).all()
    assert times.mean(axis=0) == pytest.approx(given, rel=0.02)
    assert times.var(axis=0) == pytest.approx(given * (1 - given / given.sum()), rel=0.05)


@pytest.mark.parametrize("counts", [[30, 10, 20], [1, 2, 3]])
def test_parts_add_up_to_all_resamples(counts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gtbridge.converters.agreement.resampling._CHUNK", 60)
    parts = list(drawn(np.array(counts), 95, seed=0))
    assert len(parts) > 1
    assert sum(map(len, parts)) == 95
    assert len({part.tobytes() for part in parts}) > 1
