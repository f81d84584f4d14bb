"""Many calls at once: in order, a bounded number ahead, under the options of the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from threading import Barrier

import pytest

from gtbridge.plugin.files.side_by_side import batches, side_by_side

OPTION: ContextVar[str] = ContextVar("OPTION", default="none")


def test_results_come_in_order_from_calls_that_run_at_once() -> None:
    together = Barrier(4, timeout=60)

    def call(number: int) -> int:
        together.wait()  # nobody gets on unless four are here
        return number

    assert list(side_by_side(call, range(8), most=4)) == list(range(8))


def test_what_holds_for_the_caller_holds_in_the_calls() -> None:
    token = OPTION.set("given")
    try:
        assert list(side_by_side(lambda _: OPTION.get(), range(3))) == ["given"] * 3
    finally:
        OPTION.reset(token)


def test_no_more_is_taken_than_a_bounded_number_ahead() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(1_000):
            taken.append(number)
            yield number

    results = side_by_side(lambda number: number, things(), most=2)
    assert next(results) == 0
    assert len(taken) <= 5
    assert sum(1 for _ in results) == 999


def test_an_error_is_raised_in_its_turn() -> None:
    results = side_by_side(lambda number: 6 // number, [1, 2, 0, 3])
    assert [next(results), next(results)] == [6, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_batches_hold_everything_once() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []
