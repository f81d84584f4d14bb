"""What a comparison of two job outputs found: all of it counted, the first of it kept. Compares nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from .values import excerpts, text_hint

__all__ = ["Comparison", "Finding", "Findings", "Tally", "difference", "note"]

LONGEST = 2000  # characters of a value that are kept


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that two outputs do not say alike.

    ``place`` is ``<object index>/<worker>/<part>``, as far down as it goes; ``a`` and ``b`` what each of them says
    there, None where it says nothing. ``hint`` tells apart what looks alike. A ``note`` is said in another way only, or
    says something of the files and not of the answers.
    """

    kind: str
    place: str
    a: str | None
    b: str | None
    hint: str | None = None
    note: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        found = asdict(self)
        del found["note"]
        return found


def difference(kind: str, place: str, a: str | None, b: str | None) -> Finding:
    """The finding that ``a`` and ``b`` do not say the same."""
    return Finding(kind, place, a, b, text_hint(a, b))


def note(kind: str, place: str, a: str | None, b: str | None) -> Finding:
    """The finding that ``a`` and ``b`` differ in how they say the same."""
    return Finding(kind, place, a, b, note=True)


@dataclass
class Findings:
    """``count`` findings, of which the first ``limit`` are ``kept``, each value cut to 2,000 characters."""

    limit: int
    kept: list[Finding] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.kinds.total()

    def add(self, found: Finding) -> None:
        self.kinds[found.kind] += 1
        if len(self.kept) < self.limit:
            a, b = excerpts(found.a, found.b, LONGEST)
            self.kept.append(Finding(found.kind, found.place, a, b, found.hint, found.note))

    def to_dict(self) -> dict[str, Any]:
        """``count``, ``kinds`` and the findings that were kept, as plain JSON values."""
        return {"count": self.count, "kinds": dict(self.kinds), "listed": [found.to_dict() for found in self.kept]}


@dataclass
class Tally:
    """How many things of a kind each side has, and how many stand on both sides and were compared."""

    a: int = 0
    b: int = 0
    compared: int = 0

    def add(self, a: int, b: int, compared: int = 0) -> None:
        """So many more of them."""
        self.a, self.b, self.compared = self.a + a, self.b + b, self.compared + compared


@dataclass
class Comparison:
    """What two outputs say differently. ``limit`` bounds what is kept of the differences, and of the notes.

    ``weighed`` is how much of each side was looked at, in the kinds of the ledger; counted after the matching.
    """

    limit: int = 10_000
    items: Tally = field(default_factory=Tally)
    answers: Tally = field(default_factory=Tally)
    weighed: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    differences: Findings = field(init=False)
    notes: Findings = field(init=False)

    def __post_init__(self) -> None:
        self.differences, self.notes = Findings(self.limit), Findings(self.limit)

    @property
    def same(self) -> bool:
        """Whether the outputs say the same; notes do not count."""
        return not self.differences.count

    def add(self, found: Iterable[Finding]) -> None:
        """Count what was found, and keep the first of it."""
        for finding in found:
            (self.notes if finding.note else self.differences).add(finding)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "same": self.same,
            "items": asdict(self.items),
            "answers": asdict(self.answers),
            "differences": self.differences.to_dict(),
            "notes": self.notes.to_dict(),
        }
