"""Many small calls at once, with their results in order: what waits for a far side need not wait in line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

__all__ = ["batches", "side_by_side"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_AT_FIRST = 8


def side_by_side(
    function: Callable[[_T], _R],
    things: Iterable[_T],
    most: int = 16,
    at_hand: Callable[[_T], bool] = lambda thing: False,
) -> Iterator[_R]:
    """``function`` of each thing, in order, at most ``most`` at a time. Takes at most twice as many things ahead.

    It begins with a few at a time, for who wants no more than the first results. Things that are ``at_hand`` need no
    waiting: their calls are made when it is their turn. Raises what ``function`` raised, or ``things``, once it is that
    thing's turn; calls that have not begun by then never do.
    """
    coming, crew = iter(things), _Crew(function, most)
    waiting: deque[tuple[_T, int | None]] = deque()
    broken: Exception | None = None
    try:
        while True:
            try:
                for thing in islice(coming, crew.ahead - len(waiting) if broken is None else 0):
                    waiting.append((thing, None if at_hand(thing) else crew.begin(thing)))
            except Exception as error:
                broken = error
            if not waiting:
                break
            thing, number = waiting.popleft()
            yield function(thing) if number is None else crew.result(number)
        if broken is not None:
            raise broken
    finally:
        crew.dismiss()


class _Crew(Generic[_T, _R]):
    """Threads that make calls. A future for each of thousands of calls would cost as much as many of the calls."""

    def __init__(self, function: Callable[[_T], _R], most: int):
        self._function, self._most = function, most
        self._threads: list[Thread] = []
        self._begun, self._at_once = 0, min(_AT_FIRST, most)
        self._todo: SimpleQueue[tuple[int, _T] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, _R | None, BaseException | None]] = SimpleQueue()
        self._ready: dict[int, tuple[_R | None, BaseException | None]] = {}

    @property
    def ahead(self) -> int:
        """How many things may be under way."""
        return 2 * self._at_once

    def begin(self, thing: _T) -> int:
        """Have the call made; the number under which its result can be asked for."""
        if len(self._threads) < self._at_once:
            # The options of the command hold in threads as well. A program that ends does not wait for them.
            thread = Thread(target=copy_context().run, args=(self._work,), name="side_by_side", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._begun += 1
        self._todo.put((self._begun, thing))
        return self._begun

    def result(self, number: int) -> _R:
        """The result of a call, which is waited for; each can be asked for once."""
        while number not in self._ready:
            done, result, error = self._done.get()
            self._ready[done] = result, error
            self._at_once = min(self._at_once + 1, self._most)
        result, error = self._ready.pop(number)
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    def dismiss(self) -> None:
        """Wait for the calls that are being made, and make no more."""
        with suppress(Empty):
            while True:
                self._todo.get_nowait()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (task := self._todo.get()) is not None:
            number, thing = task
            try:
                self._done.put((number, self._function(thing), None))
            except BaseException as error:
                self._done.put((number, None, error))


def batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """``things`` in lists of ``size``, the last one shorter."""
    coming = iter(things)
    while batch := list(islice(coming, size)):
        yield batch
