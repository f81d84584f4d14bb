"""What every kind of trouble has in common: how long it may take, what it counts, and what it found wrong."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Part", "Stress"]


@dataclass
class Stress:
    """One part's run. ``seconds`` is when it should stop beginning new things; ``seed`` makes a run repeatable."""

    seconds: float
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def random(self, *what: object) -> random.Random:
        """Random numbers of their own for ``what``, the same in every run with this seed."""
        return random.Random(f"{self.seed} {what}")

    def time_left(self) -> bool:
        """Whether something new may begin."""
        return time.monotonic() - self.began < self.seconds

    def count(self, what: str, by: int = 1) -> None:
        """Add to a figure that is printed; 0 makes it appear."""
        self.counts[what] += by

    def note(self, what: str) -> None:
        """A line that is printed below the figures."""
        self.notes.append(what)

    def is_wrong(self, what: str) -> None:
        """Something that must not happen did: the run goes on, and fails in the end."""
        self.wrong.append(what)


Part = Callable[[Stress], None]
