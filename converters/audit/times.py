"""How long answers took, and which were faster than their texts can be read. Keeps 12 bytes an answer, 8 an item."""

from __future__ import annotations

from array import array
from math import floor, isfinite

import numpy as np
from numpy.typing import NDArray

from ..agreement.figures import ratio
from .people import People
from .result import Answers, Seconds, TooFast, TooFastExample
from .smallest import Smallest

__all__ = ["WORDS_PER_MINUTE", "Times"]

WORDS_PER_MINUTE = 1_000.0  # four times what people read silently: 238 (Brysbaert 2019, How many words do we read)
_EXAMPLES = 20
_BINS_PER_DECADE = 5
_SHORTEST = 0.1  # seconds


class Times:
    """The seconds of valid answers, as they were recorded. ``words_per_minute``: what nobody reads faster than."""

    def __init__(self, words_per_minute: float = WORDS_PER_MINUTE) -> None:
        self._words_per_minute = words_per_minute
        self._seconds, self._annotators = array("d"), array("i")
        self._fast, self._timed = array("i"), array("i")
        self._people_timed: dict[int, int] = {}
        self._people_fast: dict[int, int] = {}
        self._examples: Smallest[TooFastExample] = Smallest(_EXAMPLES)

    def see(self, item: str, words: int | None, answers: list[tuple[int, float | None]], people: People) -> None:
        """One more item: how many words were shown, if that is known, and annotators' numbers beside their seconds."""
        fast, timed = 0, 0
        for number, seconds in answers:
            if seconds is None or not isfinite(seconds) or seconds < 0:
                continue
            self._seconds.append(seconds)
            self._annotators.append(number)
            if words is None:
                continue
            timed += 1
            self._people_timed[number] = self._people_timed.get(number, 0) + 1
            if seconds * self._words_per_minute < 60 * words:
                fast += 1
                self._people_fast[number] = self._people_fast.get(number, 0) + 1
                example = TooFastExample(item, people[number].name, seconds, words)
                self._examples.add((seconds / words, item, example.annotator), example)
        if timed:
            self._fast.append(fast)
            self._timed.append(timed)

    def result(self, resamples: int) -> Answers:
        """All that is known of the times of all answers."""
        seconds = np.frombuffer(self._seconds) if self._seconds else np.zeros(0)
        quartiles = None
        if len(seconds):
            first, middle, third = map(float, np.quantile(seconds, [0.25, 0.5, 0.75]))
            quartiles = first, middle, third
        fast, timed = np.array(self._fast), np.array(self._timed)
        share = ratio(fast, timed, int(timed.sum()), "answers", resamples=resamples)
        examples = tuple(self._examples.values())
        too_fast = TooFast(self._words_per_minute, share, int(fast.sum()), examples)
        return Answers(len(seconds), quartiles and quartiles[1], quartiles, _histogram(seconds), too_fast)

    def medians(self) -> dict[int, float]:
        """The median seconds of each annotator with a time, by number."""
        if not self._seconds:
            return {}
        annotators = np.frombuffer(self._annotators, "i")
        in_order = np.argsort(annotators, kind="stable")
        numbers, starts = np.unique(annotators[in_order], return_index=True)
        groups = np.split(np.frombuffer(self._seconds)[in_order], starts[1:])
        return {int(number): float(np.median(group)) for number, group in zip(numbers, groups, strict=True)}

    def too_fast_of(self, number: int) -> int | None:
        """How many answers an annotator gave too fast; None if that can be told of none."""
        return self._people_fast.get(number, 0) if number in self._people_timed else None


def _histogram(seconds: NDArray[np.float64]) -> Seconds:
    if not len(seconds):
        return Seconds((), ())
    logs = np.log10(np.maximum(seconds, _SHORTEST)) * _BINS_PER_DECADE
    low, high = floor(logs.min()), floor(logs.max()) + 1
    edges = tuple(10 ** (number / _BINS_PER_DECADE) for number in range(low, high + 1))
    counts, _ = np.histogram(np.clip(seconds, edges[0], edges[-1]), bins=edges)
    return Seconds(edges, tuple(map(int, counts)))
