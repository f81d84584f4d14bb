"""Job outputs -> the numbers of an audit. Reads the outputs; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...converters.ledger import Ledger, content
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
    LedgerError if the numbers are not of all items and answers that were read.
    InputError if two jobs have the same name, which stands for them in the numbers; and what ``job_lines`` raises.
    """
    from ...converters.audit.audit import Audit

    refuse_equal_names(jobs)
    ledger = Ledger()
    audit = Audit(name_of) if words_per_minute is None else Audit(name_of, words_per_minute=words_per_minute)
    given_again = 0
    for job in jobs:
        for item in job_items(job, ledger):
            ledger.enter("items")
            held = content(item.judged.everyone)
            ledger.came.update(held)
            audit.see(item)
            given_again += len(item.judged.superseded)
            ledger.went.update({kind: count for kind, count in held.items() if kind != "answers"})
            if on_progress:
                on_progress(1)
    result = audit.result()
    # What it says that it looked at, and not what it was shown.
    ledger.leave("items", sum(job.items for job in result.jobs))
    ledger.leave("answers", given_again + sum(job.answers + job.declined + job.invalid for job in result.jobs))
    ledger.close()
    return result, ledger


def remarks(ledger: Ledger) -> list[str]:
    """What could not be read, or is worth knowing of how it was read; nothing if all is well."""
    return list(ledger.lines(whole=False))
