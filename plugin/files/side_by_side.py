"""Many small calls at once, with their results in order: what waits for a far side need not wait in line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from typing import TypeVar

__all__ = ["batches", "side_by_side"]

_T = TypeVar("_T")
_R = TypeVar("_R")


def side_by_side(function: Callable[[_T], _R], things: Iterable[_T], most: int = 16) -> Iterator[_R]:
    """``function`` of each thing, in order, ``most`` at a time. Takes at most twice as many things ahead.

    Raises what ``function`` raised, once it is that thing's turn; calls that have not begun by then never do.
    """
    waiting: deque[Future[_R]] = deque()
    coming = iter(things)

    def submit(thing: _T) -> Future[_R]:
        return pool.submit(copy_context().run, function, thing)  # the options of the command hold in threads as well

    with ThreadPoolExecutor(most, thread_name_prefix="side_by_side") as pool:
        try:
            waiting.extend(map(submit, islice(coming, 2 * most)))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(map(submit, islice(coming, 1)))
        finally:
            for future in waiting:
                future.cancel()


def batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """``things`` in lists of ``size``, the last one shorter."""
    coming = iter(things)
    while batch := list(islice(coming, size)):
        yield batch
