"""Values by number that need not fit into memory: in a file without a name, which ends with the program however it
ends. Knows nothing of what the values are.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from typing import IO, Generic, TypeVar

from .scratch import room_for_scratch

__all__ = ["OnDisk", "Pieces"]

_T = TypeVar("_T")
_BUFFER = 2**18


class Pieces:
    """Pieces of bytes, each under a number, which may have several. Memory holds 16 bytes for each piece.

    Numbers are below 2**63. What was added can be read at any time, and more can be added then.
    """

    def __init__(self) -> None:
        with room_for_scratch():
            self._file: IO[bytes] = tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115 - lives as long as this does
        self._numbers, self._ends = array("q"), array("q", [0])
        self._is_flushed = self._is_ascending = True
        self._order: array[int] | None = None
        weakref.finalize(self, _close, self._file)

    def __len__(self) -> int:
        """How many pieces."""
        return len(self._numbers)

    def add(self, number: int, piece: bytes) -> None:
        """A further piece. InputError if there is no room for it."""
        if self._numbers and number < self._numbers[-1]:
            self._is_ascending = False
        with room_for_scratch():
            self._file.write(piece)
        self._numbers.append(number)
        self._ends.append(self._ends[-1] + len(piece))
        self._is_flushed, self._order = False, None

    def numbers(self) -> Iterator[int]:
        """Each number once, ascending."""
        last = None
        for at in range(len(self)):
            number = self._numbers[self._nth(at)]
            if number != last:
                yield number
            last = number

    def by_number(self) -> Iterator[list[bytes]]:
        """The pieces of each number, ascending, as ``of`` gives them."""
        order = map(self._nth, range(len(self)))
        for _, found in groupby(order, key=self._numbers.__getitem__):
            yield [self._piece(nth) for nth in found]

    def of(self, number: int) -> list[bytes]:
        """The pieces of this number, in the order in which they were added."""
        first = bisect_left(range(len(self)), number, key=lambda at: self._numbers[self._nth(at)])
        found = []
        while first < len(self) and self._numbers[nth := self._nth(first)] == number:
            found.append(self._piece(nth))
            first += 1
        return found

    def _nth(self, at: int) -> int:
        """Which piece is the ``at``-th by number: in most files they came in that order."""
        if self._is_ascending:
            return at
        if self._order is None:
            self._order = array("q", sorted(range(len(self)), key=self._numbers.__getitem__))
        return self._order[at]

    def _piece(self, nth: int) -> bytes:
        if not self._is_flushed:
            with room_for_scratch():
                self._file.flush()
            self._is_flushed = True
        start = self._ends[nth]
        return os.pread(self._file.fileno(), self._ends[nth + 1] - start, start)


class OnDisk(Mapping[int, _T], Generic[_T]):
    """A mapping that holds its values in a file; ``put`` each number once. Values are whatever can be pickled."""

    def __init__(self, entries: Iterable[tuple[int, _T]] = ()):
        self._pieces = Pieces()
        for number, value in entries:
            self.put(number, value)

    def put(self, number: int, value: _T) -> None:
        """A further value. InputError if there is no room for it."""
        self._pieces.add(number, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))

    def __getitem__(self, number: int) -> _T:
        for piece in self._pieces.of(number):
            value: _T = pickle.loads(piece)  # of nobody else's making: the file has no name
            return value
        raise KeyError(number)

    def __iter__(self) -> Iterator[int]:
        return self._pieces.numbers()

    def __len__(self) -> int:
        return len(self._pieces)


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # what did not fit does not fit now
        file.close()
