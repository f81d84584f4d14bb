"""The ledger: what came in, what went out, what was dropped and why. Counts; decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Ledger"]

_EXAMPLES = 5


@dataclass
class Ledger:
    """Counts per kind of thing (``items``, ``answers``, ``pairs`` ...). In = out + dropped, or ``check`` raises.

    A reason for a drop is a short sentence without particulars, so that equal reasons add up; the particulars go to
    ``where``, of which the first few are kept.
    """

    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)
    drops: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    where: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def enter(self, kind: str, count: int = 1) -> None:
        """``count`` things came in."""
        self.came[kind] += count

    def leave(self, kind: str, count: int = 1) -> None:
        """``count`` things went out."""
        self.went[kind] += count

    def drop(self, kind: str, reason: str, where: str = "") -> None:
        """One thing was dropped for ``reason``."""
        self.drops[kind, reason] += 1
        self._remember(kind, reason, where)

    def note(self, kind: str, remark: str, where: str = "", count: int = 1) -> None:
        """Something worth knowing about ``count`` things that went out all the same."""
        self.notes[kind, remark] += count
        self._remember(kind, remark, where)

    def _remember(self, kind: str, reason: str, where: str) -> None:
        kept = self.where.setdefault((kind, reason), [])
        if where and len(kept) < _EXAMPLES:
            kept.append(where)

    def merge(self, later: Ledger) -> None:
        """Add what ``later`` counted, as if it had been counted here after everything else."""
        self.came.update(later.came)
        self.went.update(later.went)
        self.drops.update(later.drops)
        self.notes.update(later.notes)
        for (kind, reason), places in later.where.items():
            kept = self.where.setdefault((kind, reason), [])
            kept.extend(places[: _EXAMPLES - len(kept)])

    def take(self) -> Ledger:
        """What was counted so far, which is then no longer here."""
        taken = Ledger(self.came, self.went, self.drops, self.notes, self.where)
        fresh = Ledger()
        self.came, self.went, self.drops, self.notes, self.where = (
            fresh.came, fresh.went, fresh.drops, fresh.notes, fresh.where,
        )  # fmt: skip
        return taken

    def dropped(self, kind: str) -> int:
        """How many things of this kind were dropped, for any reason."""
        return sum(count for (of, _), count in self.drops.items() if of == kind)

    def check(self) -> None:
        """AssertionError unless in = out + dropped for each kind: a thing that vanished is a bug, not bad input."""
        for kind in dict.fromkeys([*self.came, *self.went, *(kind for kind, _ in self.drops)]):
            came, went, dropped = self.came[kind], self.went[kind], self.dropped(kind)
            if came != went + dropped:
                raise AssertionError(f"{came} {kind} came in, but {went} went out and {dropped} were dropped")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: per kind ``in``, ``out``, ``dropped`` and ``notes`` with counts and examples."""
        kinds = dict.fromkeys([*self.came, *self.went, *(kind for kind, _ in [*self.drops, *self.notes])])
        return {
            kind: {
                "in": self.came[kind],
                "out": self.went[kind],
                "dropped": self._reasons(self.drops, kind),
                "notes": self._reasons(self.notes, kind),
            }
            for kind in kinds
        }

    def _reasons(self, counts: Counter[tuple[str, str]], kind: str) -> list[dict[str, Any]]:
        return [
            {"reason": reason, "count": count, "where": self.where.get((of, reason), [])}
            for (of, reason), count in counts.items()
            if of == kind
        ]

    def lines(self) -> Iterator[str]:
        """The ledger for people, a line for each kind, reason and note."""
        for kind, entry in self.to_dict().items():
            if entry["in"] or entry["out"]:
                yield f"{kind}: {entry['in']} in, {entry['out']} out, {self.dropped(kind)} dropped"
            for sign, part in (("-", "dropped"), ("*", "notes")):
                for reason in entry[part]:
                    places = (
                        f" ({', '.join(reason['where'])}{' ...' if reason['count'] > len(reason['where']) else ''})"
                    )
                    yield f"  {sign} {reason['count']} {reason['reason']}{places if reason['where'] else ''}"
