"""Many calls at once: in order, a bounded number ahead, under the options of the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from itertools import pairwise
from threading import Barrier, Event, Lock, Thread, current_thread, enumerate, main_thread

import pytest

from gtbridge.plugin.files.side_by_side import _Crew, batches, side_by_side

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


def test_an_error_of_the_things_is_raised_when_all_before_it_have_come() -> None:
    def things() -> Iterator[int]:
        yield from range(3)
        raise ValueError("the fourth")

    results = side_by_side(str, things())
    assert [next(results) for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(ValueError, match="the fourth"):
        next(results)


def test_what_is_at_hand_is_called_here_and_in_its_turn() -> None:
    called: list[int] = []

    def call(number: int) -> bool:
        called.append(number)
        return current_thread() is main_thread()

    results = side_by_side(call, range(100), at_hand=lambda number: number % 2 == 0)
    assert next(results)
    assert [number for number in called if number % 2 == 0] == [0]
    assert list(results) == [number % 2 == 0 for number in range(1, 100)]


def test_while_calls_are_waited_for_more_run_at_once_up_to_the_most() -> None:
    running, peak, lock = 0, 0, Lock()

    def call(number: int) -> int:
        nonlocal running, peak
        with lock:
            running += 1
            peak = max(peak, running)
        Event().wait(0.002)  # the way to the far side
        with lock:
            running -= 1
        return number

    assert list(side_by_side(call, range(500), most=32)) == list(range(500))
    assert peak == 32


def test_short_calls_are_made_by_no_more_threads_than_at_first() -> None:
    threads = list(side_by_side(lambda _: current_thread(), range(2_000), most=64, enough=1))
    assert len(set(threads)) <= 8


def test_of_long_calls_as_many_are_made_at_a_time_as_bring_enough() -> None:
    running, peak, lock = 0, 0, Lock()

    def call(number: int) -> int:
        nonlocal running, peak
        with lock:
            running += 1
            peak = max(peak, running)
        Event().wait(0.02)
        with lock:
            running -= 1
        return number

    assert list(side_by_side(call, range(300), most=32, enough=10_000)) == list(range(300))
    assert peak == 32


def test_an_error_among_things_handed_over_together_is_raised_in_its_turn_and_the_rest_is_not_called() -> None:
    called: list[int] = []

    def call(number: int) -> int:
        called.append(number)
        if number % 8 == 5:
            raise ValueError(number)
        return number

    crew = _Crew(call, 1, None)
    coming = crew.results(crew.begin(list(range(8))))
    try:
        assert [next(coming) for _ in range(5)] == list(range(5))
        with pytest.raises(ValueError, match="5"):
            next(coming)
        assert called == list(range(6))
    finally:
        crew.dismiss()


def test_things_of_short_calls_are_taken_several_at_once_but_never_more_than_a_bounded_number_ahead() -> None:
    taken = 0
    at_each: list[int] = []

    def things() -> Iterator[int]:
        nonlocal taken
        for number in range(2_000):
            taken += 1
            yield number

    for number in side_by_side(lambda number: number, things(), most=32, enough=1):
        at_each.append(taken)
        assert number < taken <= number + 1 + 2 * 32
    steps = {later - earlier for earlier, later in pairwise(at_each[500:1_500])}
    assert 0 in steps
    assert all(step >= 4 for step in steps - {0})  # 32 things at a time, by 8 threads


def test_no_thread_outlives_the_calls_and_what_has_not_begun_never_does() -> None:
    begun: list[int] = []
    before = set(enumerate())
    results = side_by_side(lambda number: begun.append(number), range(1_000), most=4)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert set(enumerate()) <= before
    assert len(begun) <= 16


def test_of_things_handed_over_together_those_that_have_not_begun_never_do() -> None:
    called: list[int] = []
    begun, dismissed = Event(), Event()

    def call(number: int) -> None:
        called.append(number)
        begun.set()
        assert dismissed.wait(60)

    crew = _Crew(call, 1, None)
    crew.begin([1, 2, 3])
    assert begun.wait(60)
    leaving = Thread(target=crew.dismiss)
    leaving.start()
    while not crew.dismissed:
        Event().wait(0.001)
    dismissed.set()
    leaving.join(60)
    assert called == [1]


def test_batches_hold_everything_once() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []
