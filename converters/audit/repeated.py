"""Questions that were asked about the same item before. Keeps 8 bytes an item, and a few examples."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence

import numpy as np

from ..agreement.figures import ratio
from ..judgement.job_item import JobItem
from ..judgement.pairing import similarity
from .result_questions import Duplicate, Duplicates
from .smallest import Smallest

__all__ = ["Repeated"]

_NEAR = 0.9
_EXAMPLES = 20


class Repeated:
    """Counts repeated questions, item by item: the same question about another passage is another question."""

    def __init__(self) -> None:
        self._again, self._asked = array("i"), array("i")
        self._near = 0
        self._groups: Smallest[Duplicate] = Smallest(_EXAMPLES)

    def see(self, job_item: JobItem, questions: Sequence[str]) -> None:
        """All questions that were asked about an item."""
        groups: dict[str, list[str]] = {}
        for question in questions:
            groups.setdefault(_plain(question), []).append(question)
        self._again.append(len(questions) - len(groups))
        self._asked.append(len(questions))
        for plain, same in groups.items():
            if len(same) > 1:
                key = -len(same), job_item.job, job_item.item.index, plain
                self._groups.add(key, Duplicate(same[0], len(same), (job_item.place,)))
        different = list(groups)
        self._near += sum(
            any(similarity(plain, earlier) >= _NEAR for earlier in different[:number])
            for number, plain in enumerate(different)
        )

    def result(self, resamples: int) -> Duplicates:
        """What was seen so far."""
        again, asked = np.array(self._again), np.array(self._asked)
        share = ratio(again, asked, int(asked.sum()), "questions", resamples=resamples)
        return Duplicates(share, tuple(self._groups.values()), self._near)


def _plain(question: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", question).casefold().split())
