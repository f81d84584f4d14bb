"""What Ratings and Numbers store -> rankings: each of one response, or one of two at once. Asks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records import Ranking
from .config import ControlTag
from .rank_readers import OneControl, Ranks
from .responses import ShownResponses
from .stored import Stored

__all__ = ["MiddleReader", "ScoreReader"]

_TOO_LARGE = 10**300


@dataclass(frozen=True)
class ScoreReader:
    """Ratings and Numbers that each speak of one response: ``{"rating": 4}``. Equal scores tie.

    ``controls`` are one for each response, or one in a Repeater over them. ``lower`` says that less is better.
    """

    dimension: str
    controls: tuple[ControlTag, ...]
    lower: bool
    may_tie = True

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        scores: list[float | None] = [None] * len(shown.texts)
        for control, name, to_name in self._placed(len(shown.texts)):
            index = shown.objects.get(to_name)
            if index is None:
                stored.unread.append(f"{name}: rates something that is no response of this task")
            else:
                scores[index] = _number(control, name, stored)
        known = sorted({score for score in scores if score is not None}, reverse=not self.lower)
        ranks = (None if score is None else known.index(score) + 1 for score in scores)
        return Ranking(self.dimension, tuple(ranks), True, tuple(scores))

    def _placed(self, count: int) -> Iterator[tuple[ControlTag, str, str]]:
        """Each control with its name and what it rates; one in a Repeater for each response."""
        for control in self.controls:
            (rated,) = control.to_names
            for indices in [(index,) for index in range(count)] if control.repeats else [()]:
                yield control, control.filled(control.name, indices), control.filled(rated, indices)

    def declined(self, stored: Stored) -> str | None:
        return None

    def untouched(self, ranking: Ranking, order: Sequence[int]) -> bool:
        # The editor stores the default of a Number on submit; that of a Rating is shown and not stored.
        defaults = {control.attributes.get("defaultvalue") for control in self.controls if control.kind == "number"}
        given = set(ranking.scores or ())
        return len(given) == len(defaults) == 1 and str(*given).removesuffix(".0") in defaults


@dataclass(frozen=True)
class MiddleReader(OneControl):
    """A Rating or Number of two responses at once: less than ``middle`` is for the first, more for the second."""

    middle: float
    may_tie = True

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        ranks: Ranks = [None] * len(shown.texts)
        number = _number(self.control, self.control.name, stored)
        if number is not None and (two := self.two(stored, shown)):
            ranks[two[0]], ranks[two[1]] = 1 + (number > self.middle), 1 + (number < self.middle)
        return Ranking(self.dimension, tuple(ranks), True)


def _number(control: ControlTag, name: str, stored: Stored) -> float | None:
    """What a Rating or Number says; None if nothing. A Rating of 0 is one whose stars were taken back."""
    value = stored.one(name)
    number = value.get(control.kind) if value else None
    if value is None or number is None:
        return None
    if not isinstance(number, int | float) or isinstance(number, bool) or not abs(number) < _TOO_LARGE:
        stored.unread.append(f"{name}: {number!r} is no number")
        return None
    return None if control.kind == "rating" and number == 0 else float(number)
