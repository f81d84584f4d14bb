"""How much each labeling job of an audit has: items, answers, annotators. Counts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..judgement.job_item import JobItem
from .result import Job

__all__ = ["Jobs"]


@dataclass(slots=True)
class _Counts:
    task: str
    items: int = 0
    items_answered: int = 0
    answers: int = 0
    declined: int = 0
    invalid: int = 0
    simulated: int = 0
    annotators: set[int] = field(default_factory=set)


class Jobs:
    """The labeling jobs, in order of appearance."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Counts] = {}

    def see(self, job_item: JobItem, annotators: Sequence[int]) -> None:
        """One more item; ``annotators`` are the numbers of those who gave its valid answers."""
        counts = self._jobs.setdefault(job_item.job, _Counts(job_item.definition.task))
        judged = job_item.judged
        counts.items += 1
        counts.items_answered += bool(judged.valid)
        counts.answers += len(judged.valid)
        counts.declined += len(judged.declined)
        counts.invalid += len(judged.invalid)
        counts.simulated += sum(answer.worker.simulated for answer in judged.valid)
        counts.annotators.update(annotators)

    def result(self) -> tuple[Job, ...]:
        """What was seen so far."""
        return tuple(
            Job(
                name=name,
                task=counts.task,
                items=counts.items,
                items_answered=counts.items_answered,
                answers=counts.answers,
                declined=counts.declined,
                invalid=counts.invalid,
                annotators=len(counts.annotators),
                simulated=counts.simulated,
            )
            for name, counts in self._jobs.items()
        )
