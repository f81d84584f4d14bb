"""Who ranked what how: the rankings of one dimension in as few bytes as they need. Stores; computes nothing."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..judgement.ranks import Ranks

__all__ = ["UNKNOWN", "Block", "Panel"]

UNKNOWN = -1  # the model of a response that has none


@dataclass(frozen=True, slots=True)
class Block:
    """All items that m annotators ranked and that have n responses.

    ``ranks`` (items x m x n) is 0 where a response was not ranked, ``annotators`` (items x m) and ``models``
    (items x n) hold numbers of names.
    """

    ranks: NDArray[np.ushort]
    annotators: NDArray[np.intc]
    models: NDArray[np.intc]


class Panel:
    """The rankings of one dimension. An item of n responses and m annotators takes 2mn + 4m + 4n bytes.

    That is 52 bytes for 4 responses and 3 annotators, and up to an eighth more while the arrays grow.
    """

    def __init__(self) -> None:
        self._columns: dict[tuple[int, int], tuple[array[int], array[int], array[int]]] = {}

    def add(self, annotators: Sequence[int], rankings: Sequence[Ranks], models: Sequence[int]) -> None:
        """One more item: each annotator's ranks. ``models`` has a number per response, or is empty: all unknown."""
        responses = max(map(len, rankings))
        shape = len(rankings), responses
        if shape not in self._columns:
            self._columns[shape] = array("H"), array("i"), array("i")
        ranks, who, what = self._columns[shape]
        for ranking in rankings:
            ranks.extend([rank or 0 for rank in ranking])
            if len(ranking) < responses:
                ranks.extend([0] * (responses - len(ranking)))
        who.extend(annotators)
        what.extend(models if len(models) == responses else [UNKNOWN] * responses)

    def blocks(self) -> Iterator[Block]:
        """The items by number of annotators and responses, fewest first. Nothing can be added while a block lives."""
        for (annotators, responses), (ranks, who, what) in sorted(self._columns.items()):
            yield Block(
                np.frombuffer(ranks, "H").reshape(-1, annotators, responses),
                np.frombuffer(who, "i").reshape(-1, annotators),
                np.frombuffer(what, "i").reshape(-1, responses),
            )
