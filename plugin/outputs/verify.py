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
    """The comparison of ``a`` and ``b``, with a ledger of what could not be read of either."""

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

    Memory does not grow with the outputs. Raises what ``job_lines`` raises for either.
    """
    found = Verification(a, b, Comparison(limit), (Ledger(), Ledger()))
    compare_definitions(a.told, b.told, found.comparison)
    compare_outputs(job_lines(a, found.ledgers[0]), job_lines(b, found.ledgers[1]), found.comparison, on_progress)
    return found
