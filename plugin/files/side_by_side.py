"""Many small calls at once, with their results in order: what waits for a far side need not wait in line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from itertools import groupby, islice
from math import ceil
from queue import Empty, SimpleQueue
from statistics import median
from threading import Thread
from time import perf_counter
from typing import Generic, TypeVar

__all__ = ["batches", "side_by_side"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_AT_FIRST = 8
_WATCHED = 32  # calls, of which few run at a time, so that they do not wait for each other at the far side
_MOST_TOGETHER = 8


def side_by_side(
    function: Callable[[_T], _R],
    things: Iterable[_T],
    most: int = 16,
    at_hand: Callable[[_T], bool] = lambda thing: False,
    enough: float | None = None,
) -> Iterator[_R]:
    """``function`` of each thing, in order, at most ``most`` at a time. Takes at most twice as many things ahead.

    It begins with a few at a time, for who wants no more than the first results. Things that are ``at_hand`` need no
    waiting: their calls are made when it is their turn. If so many results a second are ``enough``, there are no more
    threads than that takes, by how long the first calls do; where they are few, each is handed several things at once.
    Raises what ``function`` raised, or ``things``, once it is that thing's turn; calls that have not begun by then
    never do.
    """
    broken: list[Exception] = []
    coming, crew = _until_error(things, broken), _Crew(function, most, enough)
    waiting: deque[tuple[list[_T], int | None]] = deque()
    ahead = 0
    try:
        while True:
            room = crew.ahead - ahead
            for some, here in _runs(islice(coming, room), at_hand, crew.together) if room >= crew.together else ():
                waiting.append((some, None if here else crew.begin(some)))
                ahead += len(some)
            if not waiting:
                break
            some, number = waiting.popleft()
            yield from map(function, some) if number is None else crew.results(number)
            ahead -= len(some)
        if broken:
            raise broken[0]
    finally:
        crew.dismiss()


def _until_error(things: Iterable[_T], broken: list[Exception]) -> Iterator[_T]:
    try:
        yield from things
    except Exception as error:
        broken.append(error)


def _runs(things: Iterable[_T], at_hand: Callable[[_T], bool], most: int) -> Iterator[tuple[list[_T], bool]]:
    """The things in lists of up to ``most`` that are at hand, or are not."""
    for here, alike in groupby(things, at_hand):
        for some in batches(alike, most):
            yield some, here


class _Crew(Generic[_T, _R]):
    """Threads that make calls. A future for each of thousands of calls would cost as much as many of the calls, and so
    does to hand over each of many short ones by itself: ``together`` says how many things to begin with at once.
    """

    def __init__(self, function: Callable[[_T], _R], most: int, enough: float | None):
        self._function, self._most, self._enough = function, most, enough
        self._threads: list[Thread] = []
        self._begun, self._at_once, self.together = 0, min(_AT_FIRST, most), 1
        self._seconds: list[float] = []
        self.dismissed = False
        self._todo: SimpleQueue[tuple[int, list[_T]] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, list[_R], BaseException | None]] = SimpleQueue()
        self._ready: dict[int, tuple[list[_R], BaseException | None]] = {}

    @property
    def ahead(self) -> int:
        """How many things may be under way."""
        return 2 * self._at_once * self.together

    def begin(self, things: list[_T]) -> int:
        """Have the calls made, one after another; the number under which their results can be asked for."""
        if len(self._threads) < self._at_once:
            # The options of the command hold in threads as well. A program that ends does not wait for them.
            thread = Thread(target=copy_context().run, args=(self._work,), name="side_by_side", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._begun += 1
        self._todo.put((self._begun, things))
        return self._begun

    def results(self, number: int) -> Iterator[_R]:
        """The results of these calls, which are waited for; each can be asked for once."""
        while number not in self._ready:
            done, found, error = self._done.get()
            self._ready[done] = found, error
            self._grow()
        found, error = self._ready.pop(number)
        yield from found
        if error is not None:
            raise error

    def _grow(self) -> None:
        """Somebody waits, so that more at once may be of use; if what is enough is known, once it is known how many."""
        if self._enough is not None:
            if len(self._seconds) < _WATCHED:
                return
            needed = min(self._most, max(_AT_FIRST, ceil(median(self._seconds) * self._enough)))
            self.together = min(_MOST_TOGETHER, self._most // needed)
            self._most, self._enough = needed, None
        self._at_once = min(self._at_once + 1, self._most)

    def dismiss(self) -> None:
        """Wait for the calls that are being made, and make no more."""
        self.dismissed = True
        with suppress(Empty):
            while True:
                self._todo.get_nowait()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (task := self._todo.get()) is not None:
            number, things = task
            found: list[_R] = []
            error: BaseException | None = None
            try:
                for thing in things:
                    if self.dismissed:
                        break
                    began = perf_counter()
                    found.append(self._function(thing))
                    if len(self._seconds) < _WATCHED:
                        self._seconds.append(perf_counter() - began)
            except BaseException as raised:
                error = raised
            self._done.put((number, found, error))


def batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """``things`` in lists of ``size``, the last one shorter."""
    coming = iter(things)
    while batch := list(islice(coming, size)):
        yield batch
