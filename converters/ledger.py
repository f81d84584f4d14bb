"""The ledger: what came in, what went out, what was dropped and why. Counts; decides nothing but whether it balances.

In = out + dropped for each kind of thing, or ``close`` refuses, and every command that writes calls it before its
output takes its name. What came in is counted where it is read, what went out where it is written:

- ``items``: the objects of a job. In: lines of the manifest, or tasks. Out: lines of the output, tasks to import, items
  with a row; of a comparison or an audit, items that were looked at.
- ``answers``: one worker's work on one item. In: annotations, or entries of worker-response files. Out: those that
  count, as a dataset and a job's label have them; a migration brings all along, a comparison looks at all. Dropped:
  those that do not count (invalid, declined, given again), which an output keeps beside the others.
- ``dimensions``: one answer's ranking on one dimension. ``pairs``: one question and answer of one answer. ``sections``:
  one highlighted part of one pair. They go where their answer goes.
- ``records``: rows of what a manifest is made from; ``pairs (Helpfulness)``, ``rows (sft)`` and the like: what a
  dataset's configs could have had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..label_configs.errors import LedgerError
from .records import Answer

__all__ = ["Ledger", "content", "refuse_loss"]

_EXAMPLES = 5
_T = TypeVar("_T")


@dataclass
class Ledger:
    """Counts per kind of thing (``items``, ``answers``, ``pairs`` ...). In = out + dropped, or ``check`` raises.

    ``read`` is what came in as whoever read the files counted it, where that is not who counts what came in.

    A reason for a drop is a short sentence without particulars, so that equal reasons add up; the particulars go to
    ``where``, of which the first few are kept.
    """

    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)
    drops: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    where: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    read: Counter[str] = field(default_factory=Counter)

    def enter(self, kind: str, count: int = 1) -> None:
        """``count`` things came in."""
        self.came[kind] += count

    def leave(self, kind: str, count: int = 1) -> None:
        """``count`` things went out."""
        self.went[kind] += count

    def drop(self, kind: str, reason: str, where: str = "", count: int = 1) -> None:
        """One thing was dropped for ``reason``, or ``count`` of them."""
        self.drops[kind, reason] += count
        self._remember(kind, reason, where)

    def reading(self, kind: str, things: Iterable[_T]) -> Iterator[_T]:
        """The ``things``, each counted as read before anybody else sees it."""
        for thing in things:
            self.read[kind] += 1
            yield thing

    def turn_away(self, kind: str, reason: str, where: str = "") -> None:
        """One thing was read, came in and was dropped, all at once: nobody after the reader sees it."""
        self.read[kind] += 1
        self.enter(kind)
        self.drop(kind, reason, where)

    def enter_answers(self, answers: Iterable[Answer]) -> None:
        """``answers`` came in, with all that they hold."""
        self.came.update(content(answers))

    def leave_answers(self, answers: Iterable[Answer]) -> None:
        """``answers`` went out, with all that they hold."""
        self.went.update(content(answers))

    def drop_answer(self, answer: Answer, reason: str, where: str = "") -> None:
        """``answer`` was dropped for ``reason``, and all that it holds with it."""
        self.drop("answers", reason, where)
        for kind, count in content((answer,)).items():
            if kind != "answers":
                self.drop(kind, "of answers that are left out", count=count)

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
        self.read.update(later.read)
        for (kind, reason), places in later.where.items():
            kept = self.where.setdefault((kind, reason), [])
            kept.extend(places[: _EXAMPLES - len(kept)])

    def take(self) -> Ledger:
        """What was counted so far, which is then no longer here."""
        taken = Ledger(self.came, self.went, self.drops, self.notes, self.where, self.read)
        fresh = Ledger()
        self.came, self.went, self.drops, self.notes, self.where, self.read = (
            fresh.came, fresh.went, fresh.drops, fresh.notes, fresh.where, fresh.read,
        )  # fmt: skip
        return taken

    def dropped(self, kind: str) -> int:
        """How many things of this kind were dropped, for any reason."""
        return sum(count for (of, _), count in self.drops.items() if of == kind)

    def check(self) -> None:
        """LedgerError unless in = out + dropped for each kind: a thing that vanished is a bug, not bad input."""
        for kind in dict.fromkeys([*self.came, *self.went, *(kind for kind, _ in self.drops)]):
            came, went, dropped = self.came[kind], self.went[kind], self.dropped(kind)
            if came != went + dropped:
                raise _lost(f"{came} {kind} came in, but {went} went out and {dropped} were dropped")

    def close(self) -> None:
        """``check``, and that all that was read came in: for whoever writes what came of it, before it is written."""
        refuse_loss(self.read, {kind: self.came[kind] for kind in self.read})
        self.check()

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

    def lines(self, *, whole: bool = True) -> Iterator[str]:
        """The ledger for people, a line for each kind, reason and note; if not ``whole``, no kind that all went out."""
        for kind, entry in self.to_dict().items():
            if (entry["in"] or entry["out"]) and (whole or entry["dropped"]):
                yield f"{kind}: {entry['in']} in, {entry['out']} out, {self.dropped(kind)} dropped"
            for sign, part in (("-", "dropped"), ("*", "notes")):
                for reason in entry[part]:
                    places = (
                        f" ({', '.join(reason['where'])}{' ...' if reason['count'] > len(reason['where']) else ''})"
                    )
                    yield f"  {sign} {reason['count']} {reason['reason']}{places if reason['where'] else ''}"


def content(answers: Iterable[Answer]) -> Counter[str]:
    """How many ``answers``, ``dimensions``, ``pairs`` and ``sections`` these are; kinds of which there are none are not
    in it.
    """
    count = dimensions = pairs = sections = 0
    for answer in answers:
        count += 1
        dimensions += len(answer.rankings)
        pairs += len(answer.pairs)
        for pair in answer.pairs:
            sections += len(pair.sections)
    found = {"answers": count, "dimensions": dimensions, "pairs": pairs, "sections": sections}
    return Counter({kind: number for kind, number in found.items() if number})


def refuse_loss(before: Mapping[str, int], after: Mapping[str, int], where: str = "") -> None:
    """LedgerError unless a step that is to keep everything has as much of each kind ``after`` it as ``before``."""
    for kind in dict.fromkeys([*before, *after]):
        was, is_now = before.get(kind, 0), after.get(kind, 0)
        if was != is_now:
            raise _lost(f"{was} {kind} were there, and {is_now} are left", where)


def _lost(message: str, where: str = "") -> LedgerError:
    return LedgerError(f"{message}: this is a bug of gtbridge's, so the output was not written", source=where or None)
