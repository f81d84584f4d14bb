"""Job outputs -> the numbers of an audit. Reads the outputs; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...converters.ledger import Ledger
from ...converters.records import Answer
from .job_reader import JobOutput, job_items, refuse_equal_names

if TYPE_CHECKING:
    from ...converters.audit.result import AuditResult

__all__ = ["audit_outputs", "remarks"]


def audit_outputs(
    jobs: Sequence[JobOutput],
    name_of: Callable[[Answer], str],
    *,
    words_per_minute: float | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[AuditResult, Ledger]:
    """The numbers of all ``jobs`` together, and what could not be read of them.

    ``name_of`` gives the name that an answer's annotator is to have; ``words_per_minute`` is faster than anybody reads.
    InputError if two jobs have the same name, which stands for them in the numbers; and what ``job_lines`` raises.
    """
    from ...converters.audit.audit import Audit

    refuse_equal_names(jobs)
    ledger = Ledger()
    audit = Audit(name_of) if words_per_minute is None else Audit(name_of, words_per_minute=words_per_minute)
    for job in jobs:
        for item in job_items(job, ledger):
            ledger.enter("items")
            audit.see(item)
            ledger.leave("items")
            if on_progress:
                on_progress(1)
    ledger.check()
    return audit.result(), ledger


def remarks(ledger: Ledger) -> list[str]:
    """What could not be read, or is worth knowing of how it was read; nothing if all is well."""
    return list(ledger.lines()) if ledger.drops or ledger.notes else []
