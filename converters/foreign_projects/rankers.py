"""What a Ranker stores -> rankings. Asks nothing, guesses nothing; a list that does not fit is not repaired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..records import Ranking
from .rank_readers import OneControl, Ranks
from .responses import ShownResponses
from .stored import Stored

__all__ = ["START", "RankerReader"]

START = "_"  # the column in which the items lie that nobody has moved, unless a bucket is the default


@dataclass(frozen=True)
class RankerReader(OneControl):
    """A Ranker in each of the forms that Label Studio has given it: a list of ids, the list under the control's name,
    or a list for each bucket.

    ``levels`` are the buckets' levels, 1 the best, None not ranked; empty without buckets, where the list is the order.
    In a bucket the items are ``ordered``, or tied; where they lie until somebody moves them, they are tied, if ranked.
    """

    levels: Mapping[str, int | None]
    ordered: bool

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        ranks: Ranks = [None] * len(shown.texts)
        value = stored.one(self.control.name)
        columns = self._columns(value.get("ranker"), stored, shown) if value is not None else None
        for rank, group in enumerate(self._groups(columns) if columns else (), start=1):
            for index in group:
                ranks[index] = rank
        return Ranking(self.dimension, tuple(ranks), self.may_tie)

    @property
    def may_tie(self) -> bool:
        """Whether two responses can be equal."""
        return bool(self.levels) and not (self.ordered and self.levels.get(START) is None)

    def _columns(self, value: Any, stored: Stored, shown: ShownResponses) -> dict[str, list[int]] | None:
        """The responses in each column, by index; None, with a sentence, unless each stands in one place."""
        value = {self.control.name: value} if isinstance(value, list) else value
        known = self.levels or {self.control.name}
        if not isinstance(value, dict) or not all(isinstance(ids, list) for ids in value.values()):
            self.refuse(stored, "holds no lists of items")
            return None
        if others := [name for name in value if name not in known]:
            self.refuse(stored, f"has the column {others[0]!r}, which the config does not have")
            return None
        columns = {name: [shown.ids.get(_id(entry), -1) for entry in ids] for name, ids in value.items()}
        if START in self.levels:
            # Items that were not moved may be left out; the editor shows them in this column then.
            placed = {index for indices in columns.values() for index in indices}
            columns.setdefault(START, []).extend(index for index in shown.order if index not in placed)
        if sorted(index for indices in columns.values() for index in indices) != list(range(len(shown.texts))):
            self.refuse(stored, "does not name each response once")
            return None
        return columns

    def _groups(self, columns: Mapping[str, list[int]]) -> Iterator[list[int]]:
        """The responses that are ranked, the best first; those in one group are tied."""
        if not self.levels:
            yield from ([index] for index in columns[self.control.name])
            return
        for level in sorted({level for level in self.levels.values() if level is not None}):
            names = [name for name, its in self.levels.items() if its == level]
            if self.ordered and names != [START]:
                yield from ([index] for name in names for index in columns.get(name, []))
            elif group := [index for name in names for index in columns.get(name, [])]:
                yield group

    def untouched(self, ranking: Ranking, order: Sequence[int]) -> bool:
        start = next((bucket.name for bucket in self.control.buckets if bucket.start), START)
        if self.levels and (not self.ordered or start == START):
            return set(ranking.ranks) == {1}
        return ranking.ranks == tuple(order.index(index) + 1 for index in range(len(order)))


def _id(entry: Any) -> str:
    return str(entry) if isinstance(entry, str | int) and not isinstance(entry, bool) else ""
