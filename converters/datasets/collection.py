"""How the answers of each job came about: who, how many, how long, when. Counts for the card; names nobody."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from ...label_configs.tasks import TaskDefinition
from ..formats.remarks import declined_for
from ..judgement.job_item import JobItem
from ..records import Answer

__all__ = ["CollectedJob", "Collection"]

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?=-)")


@dataclass
class CollectedJob:
    """A labeling job that a dataset was made from. ``answers`` and what follows are of the answers that count.

    ``in_order_shown`` counts those whose order of the responses is recorded. ``months`` are the first and the last in
    which an answer was submitted, as ``2026-03``. 8 bytes are kept for each answer with a time.

    ``declined`` are the answers that give one of the task's reasons not to judge, by reason; ``commented`` are those
    with a comment, of either kind; ``flags`` says how often a response was marked with what.
    """

    name: str
    definition: TaskDefinition
    items: int = 0
    answers: int = 0
    in_order_shown: int = 0
    annotators: set[str] = field(default_factory=set)
    seconds: array[float] = field(default_factory=lambda: array("d"))
    months: tuple[str, str] | None = None
    declined: Counter[str] = field(default_factory=Counter)
    commented: int = 0
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def median_seconds(self) -> float | None:
        """Of the answers whose time is known; None if there are none."""
        return median(self.seconds) if self.seconds else None

    def see(self, item: JobItem, name_of: Callable[[Answer], str]) -> None:
        """One more item of the job."""
        self.items += 1
        for answer in item.judged.valid:
            self.answers += 1
            self.in_order_shown += answer.order is not None
            self.annotators.add(name_of(answer))
            if answer.seconds is not None:
                self.seconds.append(answer.seconds)
            if answer.submitted and (found := _MONTH.match(answer.submitted)):
                self._widen((found[0], found[0]))
            self._see_remarks(answer)
        for answer in item.judged.declined:
            if reason := declined_for(answer, self.definition):
                self.declined[reason] += 1
                self._see_remarks(answer)

    def merge(self, later: CollectedJob) -> None:
        """Add what ``later`` has seen of the same job, as if it had been seen here after everything else."""
        self.items += later.items
        self.answers += later.answers
        self.in_order_shown += later.in_order_shown
        self.annotators |= later.annotators
        self.seconds.extend(later.seconds)
        if later.months:
            self._widen(later.months)
        self.declined.update(later.declined)
        self.commented += later.commented
        self.flags.update(later.flags)

    def _widen(self, months: tuple[str, str]) -> None:
        first, last = self.months or months
        self.months = min(first, months[0]), max(last, months[1])

    def _see_remarks(self, answer: Answer) -> None:
        self.commented += answer.comment is not None
        if answer.flags:
            self.flags.update(flag for flags in answer.flags for flag in flags)


class Collection:
    """The jobs of a dataset, in order. ``name_of`` gives the pseudonym of whoever gave an answer."""

    def __init__(self, jobs: dict[str, TaskDefinition], name_of: Callable[[Answer], str]):
        self.jobs = {name: CollectedJob(name, definition) for name, definition in jobs.items()}
        self._name_of = name_of

    def see(self, item: JobItem) -> None:
        """One more item of any of the jobs."""
        self.jobs[item.job].see(item, self._name_of)

    def merge(self, later: Collection) -> None:
        """Add what ``later`` has seen of the same jobs, as if it had been seen here after everything else."""
        for name, job in later.jobs.items():
            self.jobs[name].merge(job)
