"""Which parts of the passages questions are about, by the sections they link. Keeps 80 bytes an item, few examples."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..agreement.figures import Figure, Numbers, ratio
from ..judgement.job_item import JobItem
from ..records import Section
from .result_questions import Coverage, Uncovered
from .smallest import Smallest

__all__ = ["PassageCoverage"]

_PARTS = 10
_EXAMPLES = 20
_BEGINNING = 80  # characters of a passage

Span = tuple[int, int]


class PassageCoverage:
    """Adds up what is covered, item by item."""

    def __init__(self) -> None:
        self._covered, self._characters = array("i"), array("i")
        self._asked = [0] * _PARTS
        self._examples: Smallest[Uncovered] = Smallest(_EXAMPLES)

    def see(self, job_item: JobItem, sections: Sequence[Section]) -> None:
        """All sections that were linked about an item, of valid answers. An item without any counts nowhere."""
        passage = job_item.item.text
        if not sections:
            return
        spans = _merged([(section.start, section.end) for section in sections])
        bounds = [len(passage) * part // _PARTS for part in range(_PARTS + 1)]
        for low, high in pairwise(bounds):
            self._covered.append(sum(max(0, min(end, high) - max(start, low)) for start, end in spans))
            self._characters.append(high - low)
        for section in sections:
            self._asked[next(part for part in range(_PARTS) if section.start < bounds[part + 1])] += 1
        left = len(passage) - sum(end - start for start, end in spans)
        if left:
            key = -left / len(passage), -left, job_item.job, job_item.item.index
            self._examples.add(key, _uncovered(job_item, spans, left / len(passage)))

    def result(self, resamples: int) -> Coverage:
        """What was seen so far."""
        covered, characters = (_by_part(column) for column in (self._covered, self._characters))
        total = sum(self._asked)

        def share(part: Numbers, whole: Numbers) -> Figure:
            return ratio(part, whole, int((whole > 0).sum()), "items", resamples=resamples)

        return Coverage(
            share(covered.sum(axis=1), characters.sum(axis=1)),
            tuple(share(covered[:, part], characters[:, part]) for part in range(_PARTS)),
            tuple(count / total for count in self._asked) if total else (),
            tuple(self._examples.values()),
        )


def _by_part(column: array[int]) -> Numbers:
    return np.array(column, dtype=np.float64).reshape(-1, _PARTS)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The same characters as spans that do not touch, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _uncovered(job_item: JobItem, spans: Sequence[Span], share: float) -> Uncovered:
    passage = job_item.item.text
    starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(passage)]
    gaps = zip(starts, ends, strict=True)
    unasked = tuple((start, end) for start, end in gaps if any(map(str.isalnum, passage[start:end])))
    return Uncovered(job_item.place, share, unasked, " ".join(passage[: 2 * _BEGINNING].split())[:_BEGINNING])
