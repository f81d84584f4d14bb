"""What was found: contenders side by side, medians with ranges, and the goals. Runs nothing."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .measuring import Contender, Figures

__all__ = ["Comparison", "Goal", "Range", "at_least", "at_most", "ratios"]


@dataclass(frozen=True)
class Range:
    """Median, least and greatest of some rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Range:
        """The range of these values."""
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int) -> str:
        """As it stands in a table."""
        if self.least == self.most:
            return f"{self.median:,.{digits}f}"
        return f"{self.median:,.{digits}f} ({self.least:,.{digits}f} .. {self.most:,.{digits}f})"

    def to_dict(self) -> dict[str, float]:
        """For JSON."""
        return {"median": self.median, "min": self.least, "max": self.most}


@dataclass(frozen=True)
class Goal:
    """What is to be reached, how far it was, and whether the worse end of the range reaches it."""

    text: str
    found: Range
    is_met: bool
    digits: int = 2

    def line(self) -> str:
        """As it stands in a list."""
        return f"{self.text}: {self.found.text(self.digits)}, **{'met' if self.is_met else 'missed'}**"


def at_least(text: str, values: Sequence[float], wanted: float, digits: int = 2) -> Goal:
    """A goal that the least of the values must reach."""
    return Goal(text, Range.of(values), min(values) >= wanted, digits)


def at_most(text: str, values: Sequence[float], wanted: float, digits: int = 2) -> Goal:
    """A goal that the greatest of the values must keep to."""
    return Goal(text, Range.of(values), max(values) <= wanted, digits)


def ratios(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """One over the other, round by round; the worst and the best pairing where the rounds do not go together."""
    if len(one) == len(other):
        return [a / b for a, b in zip(one, other, strict=True)]
    return [min(one) / max(other), max(one) / min(other)]


@dataclass
class Comparison:
    """``unit`` is what a contender's ``units`` are; ``about`` says what all of them do."""

    name: str
    title: str
    unit: str
    about: str
    contenders: Sequence[Contender]
    figures: dict[str, list[Figures]]
    goals: list[Goal] = field(default_factory=list)

    def rate(self, name: str) -> list[float]:
        """Units per second by the clock, in each round."""
        units = self._units(name)
        return [units / figures.wall for figures in self.figures[name]]

    def cpu(self, name: str) -> list[float]:
        """CPU seconds per 1,000 units, in each round."""
        units = self._units(name)
        return [figures.cpu * 1000 / units for figures in self.figures[name]]

    def server(self, name: str) -> list[float]:
        """The server's CPU seconds per 1,000 units, in each round."""
        units = self._units(name)
        return [figures.server * 1000 / units for figures in self.figures[name] if figures.server is not None]

    def memory(self, name: str) -> list[float]:
        """MiB at the peak, in each round."""
        return [figures.memory / 2**20 for figures in self.figures[name]]

    def _units(self, name: str) -> int:
        return next(contender.units for contender in self.contenders if contender.name == name)

    def markdown(self) -> str:
        """A section with the table and the goals."""
        has_server = any(self.server(name) for name in self.figures)
        unit = self.unit
        head = ["", unit, f"{unit}/s", f"CPU s per 1,000 {unit}", "peak MiB", "seconds"]
        head += [f"server's CPU s per 1,000 {unit}"] if has_server else []
        rounds = max((len(figures) for figures in self.figures.values()), default=0)
        about = f"{self.about} {rounds} round{'s' if rounds > 1 else ''}."
        lines = [f"## {self.title}", "", about, "", _row(head), _row(["---"] + ["---:"] * (len(head) - 1))]
        for contender in self.contenders:
            lines.append(_row(self._cells(contender, has_server)))
        goals = [f"- {goal.line()}" for goal in self.goals]
        return "\n".join([*lines, *([""] if goals else []), *goals]) + "\n"

    def _cells(self, contender: Contender, has_server: bool) -> list[str]:
        name = contender.name

        def told(values: Sequence[float]) -> str:
            return Range.of(values).text(_digits(values)) if any(values) else ""

        rate = "failed" if contender.failed else told(self.rate(name))
        wall = [figures.wall for figures in self.figures[name]]
        cells = [name, f"{contender.units:,}", rate, told(self.cpu(name))]
        cells += [told([round(value) for value in self.memory(name)]), told(wall)]
        return cells + ([told(self.server(name))] if has_server else [])

    def to_dict(self) -> dict[str, Any]:
        """For JSON: everything that the table shows, and every round."""
        return {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "contenders": [self._contender_dict(contender) for contender in self.contenders],
            "goals": [{"goal": goal.text, "found": goal.found.to_dict(), "met": goal.is_met} for goal in self.goals],
        }

    def _contender_dict(self, contender: Contender) -> dict[str, Any]:
        name = contender.name
        kinds: dict[str, Callable[[str], list[float]]] = {
            "units_per_second": self.rate,
            "cpu_seconds_per_1000_units": self.cpu,
            "peak_mib": self.memory,
            "server_cpu_seconds_per_1000_units": self.server,
        }
        summary = {kind: Range.of(values).to_dict() for kind, of in kinds.items() if (values := of(name))}
        rounds = [vars(figures) for figures in self.figures[name]]
        return {
            "name": name,
            "units": contender.units,
            "failed": contender.failed,
            **summary,
            "rounds": rounds,
        }


def _digits(values: Sequence[float]) -> int:
    """Three digits that say something."""
    middle = statistics.median(values)
    return 0 if middle >= 100 else 1 if middle >= 10 else 2 if middle >= 1 else 3


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
