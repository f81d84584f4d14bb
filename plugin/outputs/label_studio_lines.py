"""A project's tasks, live or from a file -> lines with their answers. What is no answer is in the ledger, by name.

Reads tasks that it is handed, in the form of the JSON export; asks no server and opens no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...converters.foreign_projects.reading import ProjectReading
from ...converters.formats.accounts import account_worker
from ...converters.formats.exported_answers import exported_line
from ...converters.formats.job_output import AnsweredLine
from ...converters.formats.reviews import last_review, with_correction, without_reviewers
from ...converters.ledger import Ledger
from ...converters.records import Worker
from ...label_configs.tasks import TaskDefinition
from .options import Only

__all__ = ["TaskReader"]

_VERDICTS = {True: "accepted", False: "rejected", None: "looked at"}


@dataclass(frozen=True)
class TaskReader:
    """How the tasks of the job ``job`` are read: a project of gtbridge's own by its definition, any other by a reading.

    ``emails`` are the addresses of accounts, by id, and ``issuer`` is the server's URL, as far as they are known. Of
    reviewed answers, ``only`` those count whose last review accepts them; those that were skipped are declined as ever.
    """

    job: str
    task: TaskDefinition | ProjectReading
    only: Only | None = None
    emails: Mapping[int, str] = field(default_factory=dict, repr=False)
    issuer: str | None = None

    def lines(self, tasks: Iterable[Mapping[str, Any]], ledger: Ledger) -> Iterator[AnsweredLine]:
        """Each task with its answers. InputError names the task that lacks what the reading says it must have."""
        if isinstance(self.task, ProjectReading):
            for remark in self.task.remarks:
                ledger.note("jobs", "with controls that are not read", f"{self.job}: {remark}")
        for task in tasks:
            reviewed = {**task, "annotations": list(self._reviewed(task, ledger))}
            self._count_others(task, ledger)
            line = self._line(reviewed, ledger)
            if line is not None:
                yield line

    def _line(self, task: Mapping[str, Any], ledger: Ledger) -> AnsweredLine | None:
        if isinstance(self.task, ProjectReading):
            line = self.task.answered(task, self._worker)
            for _ in range(self.task.untouched(line)):
                note = "that are what the screen holds before anybody touches it"
                ledger.note("answers", note, f"{self.job}/{line.line.item.index}")
            return line
        own = exported_line(task, self.task, self._worker, self.job)
        if own is None:
            for annotation in task["annotations"]:
                ledger.turn_away("answers", "to tasks that are no object of the job", self._where(task, annotation))
        return own

    def _worker(self, annotation: Mapping[str, Any]) -> Worker:
        return account_worker(annotation, self.emails, self.issuer)

    def _reviewed(self, task: Mapping[str, Any], ledger: Ledger) -> Iterator[Mapping[str, Any]]:
        for annotation in task.get("annotations") or ():
            kept, review = without_reviewers(annotation), last_review(annotation)
            if self.only is None or annotation.get("was_cancelled"):
                if review is not None:
                    note = f"that a reviewer {_VERDICTS[review.accepted]}; --only acts on it"
                    ledger.note("answers", note, self._where(task, annotation))
                yield kept
                continue
            where = self._where(task, annotation)
            if review is None or review.accepted is None:
                self._leave_out(ledger, "not reviewed", where)
            elif not review.accepted:
                self._leave_out(ledger, "rejected by a reviewer", where)
            else:
                if review.corrected:
                    how = "read as corrected" if review.result is not None else "the correction is not in the file"
                    ledger.note("answers", f"that a reviewer corrected and accepted: {how}", where)
                yield with_correction(kept, review)

    def _leave_out(self, ledger: Ledger, reason: str, where: str) -> None:
        ledger.turn_away("answers", reason, where)

    def _count_others(self, task: Mapping[str, Any], ledger: Ledger) -> None:
        for kind in ("drafts", "predictions"):
            entries = task.get(kind)
            for entry in entries if isinstance(entries, list) else ():
                number = entry.get("id") if isinstance(entry, dict) else entry
                ledger.turn_away(kind, "that are no answers", f"{self.job}, task {task.get('id')}: {number}")

    def _where(self, task: Mapping[str, Any], annotation: Mapping[str, Any]) -> str:
        return f"{self.job}, task {task.get('id')}, annotation {annotation.get('id')}"
