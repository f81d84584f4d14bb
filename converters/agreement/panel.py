"""Who ranked what how: the rankings of one dimension in as few bytes as they need. Stores; computes nothing."""

from __future__ import annotations

import base64
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..judgement.ranks import Ranks

__all__ = ["UNKNOWN", "Block", "Panel"]

UNKNOWN = -1  # the model of a response that has none

Whole = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Block:
    """All items that m annotators ranked and that have n responses.

    ``ranks`` (items x m x n) is 0 where a response was not ranked, ``annotators`` (items x m) and ``models``
    (items x n) hold numbers of names. Whole numbers of whatever width holds them all.
    """

    ranks: Whole
    annotators: Whole
    models: Whole


class Panel:
    """The rankings of one dimension. An item of n responses and m annotators takes mn + m bytes, and n for models.

    That is 15 bytes for 4 responses and 3 annotators without models, and up to an eighth more while the arrays grow;
    with more than 255 annotators or 128 models, two bytes for each of those.
    """

    def __init__(self) -> None:
        self._columns: dict[tuple[int, int], _Columns] = {}

    def add(self, annotators: Sequence[int], rankings: Sequence[Ranks], models: Sequence[int]) -> None:
        """One more item: each annotator's ranks. ``models`` has a number per response, or is empty: all unknown."""
        responses = max(map(len, rankings))
        columns = self._of(len(rankings), responses)
        if any(len(ranking) != responses for ranking in rankings):
            rankings = [(*ranking, *(0,) * (responses - len(ranking))) for ranking in rankings]
        columns.ranks.extend([rank or 0 for ranking in rankings for rank in ranking])
        columns.annotators.extend(annotators)
        columns.items += 1
        if len(models) == responses:
            columns.with_models(models, responses)

    def merge(self, later: Panel, annotators: Sequence[int], models: Sequence[int]) -> None:
        """All items of ``later`` after those here. Its numbers i stand for ``annotators[i]`` and ``models[i]`` here."""
        for (raters, responses), more in later._columns.items():
            columns = self._of(raters, responses)
            columns.ranks.extend(list(more.ranks.values))
            columns.annotators.extend([annotators[number] for number in more.annotators.values])
            columns.items += more.items
            if more.models.values:
                here = (UNKNOWN if number == UNKNOWN else models[number] for number in more.models.values)
                columns.with_models(list(here), responses, more.items)

    def to_plain(self) -> list[Any]:
        """All of it as plain JSON values."""
        return [[*shape, columns.items, *columns.to_plain()] for shape, columns in self._columns.items()]

    @classmethod
    def from_plain(cls, value: Any) -> Panel:
        """The way back; TypeError or ValueError for what is none."""
        panel = cls()
        for annotators, responses, items, *numbers in value:
            columns = panel._of(annotators, responses)
            columns.items = items
            for column, (code, text) in zip((columns.ranks, columns.annotators, columns.models), numbers, strict=True):
                column.values = array(code, base64.b64decode(text))
        return panel

    def blocks(self) -> Iterator[Block]:
        """The items by number of annotators and responses, fewest first. Nothing can be added while a block lives."""
        for (annotators, responses), columns in sorted(self._columns.items(), key=lambda entry: entry[0]):
            columns.pad_models(responses, columns.items)
            yield Block(
                columns.ranks.as_numbers().reshape(-1, annotators, responses),
                columns.annotators.as_numbers().reshape(-1, annotators),
                columns.models.as_numbers().reshape(-1, responses)
                if columns.models.values
                else np.broadcast_to(np.int8(UNKNOWN), (columns.items, responses)),
            )

    def _of(self, annotators: int, responses: int) -> _Columns:
        shape = annotators, responses
        if shape not in self._columns:
            self._columns[shape] = _Columns()
        return self._columns[shape]


class _Columns:
    """The items of one shape. ``models`` is empty until one is known, and may then end before the last items."""

    __slots__ = ("annotators", "items", "models", "ranks")

    def __init__(self) -> None:
        self.items = 0
        self.ranks, self.annotators, self.models = _Column("BHI"), _Column("BHI"), _Column("bhi")

    def to_plain(self) -> list[list[str]]:
        columns = (column.values for column in (self.ranks, self.annotators, self.models))
        return [[values.typecode, base64.b64encode(values.tobytes()).decode()] for values in columns]

    def with_models(self, models: Sequence[int], responses: int, items: int = 1) -> None:
        """The models of the last ``items``, which may be fewer than all of theirs."""
        self.pad_models(responses, self.items - items, even_if_none=True)
        self.models.extend(models)

    def pad_models(self, responses: int, items: int, *, even_if_none: bool = False) -> None:
        """Say of those up to the first ``items`` that have none that theirs are unknown."""
        if self.models.values or even_if_none:
            self.models.extend([UNKNOWN] * (items * responses - len(self.models.values)))


class _Column:
    """Whole numbers, as wide as the widest so far asks for: one of the ``array`` types ``codes``."""

    __slots__ = ("_codes", "values")

    def __init__(self, codes: str) -> None:
        self._codes = codes
        self.values: array[int] = array(codes[0])

    def extend(self, numbers: Sequence[int]) -> None:
        end = len(self.values)
        try:
            self.values.extend(numbers)
        except OverflowError:
            del self.values[end:]
            wider = self._codes[self._codes.index(self.values.typecode) + 1]
            self.values = array(wider, self.values)
            self.extend(numbers)

    def as_numbers(self) -> Whole:
        return np.frombuffer(self.values, self.values.typecode)
