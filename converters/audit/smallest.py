"""The few values with the smallest keys, of however many. Knows nothing of what they are."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

__all__ = ["Smallest"]

Value = TypeVar("Value")


class Smallest(Generic[Value]):
    """Keeps at most ``limit`` values. Where no two keys are equal, the order in which they came makes no difference."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[tuple[Any, Value]] = []

    def add(self, key: Any, value: Value) -> None:
        """One more value. Keys are compared with each other."""
        if len(self._kept) < self._limit or key < self._kept[-1][0]:
            insort(self._kept, (key, value), key=lambda entry: entry[0])
            del self._kept[self._limit :]

    def values(self) -> Iterator[Value]:
        """The values, that with the smallest key first."""
        return (value for _, value in self._kept)
