"""Whether two job outputs, wherever they are, say the same. Reads both; writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...converters.comparison.findings import Comparison
from ...converters.comparison.outputs import compare_definitions, compare_outputs
from ...converters.ledger import Ledger
from .job_reader import JobOutput, job_lines

__all__ = ["Verification", "verify_outputs"]


@dataclass(frozen=True)
class Verification:
    """The comparison of ``a`` and ``b``, with a ledger of each: what was read, and what of it was looked at."""

    a: JobOutput
    b: JobOutput
    comparison: Comparison
    ledgers: tuple[Ledger, Ledger]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        places = {"a": self.a.place, "b": self.b.place}
        ledgers = {"a": self.ledgers[0].to_dict(), "b": self.ledgers[1].to_dict()}
        return {**places, **self.comparison.to_dict(), "ledgers": ledgers}


def verify_outputs(
    a: JobOutput, b: JobOutput, limit: int, on_progress: Callable[[int], None] | None = None
) -> Verification:
    """Compare the two outputs answer by answer. ``limit`` bounds the differences that are kept, and the notes.

    Memory does not grow with the outputs. LedgerError if not all that was read was looked at; and raises what
    ``job_lines`` raises for either.
    """
    found = Verification(a, b, Comparison(limit), (Ledger(), Ledger()))
    compare_definitions(a.told, b.told, found.comparison)
    compare_outputs(job_lines(a, found.ledgers[0]), job_lines(b, found.ledgers[1]), found.comparison, on_progress)
    items = found.comparison.items
    for ledger, looked_at, count in zip(found.ledgers, found.comparison.weighed, (items.a, items.b), strict=True):
        ledger.came.update(ledger.read - ledger.came)  # but for what was turned away, which came in already
        ledger.leave("items", count)
        ledger.went.update(looked_at)
        ledger.close()
    return found
