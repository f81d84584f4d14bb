"""What annotators say beside their answers: reasons not to judge, flags, comments. Sees items one by one; no texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import nsmallest

from ...label_configs.tasks import asks_beside
from ..formats.remarks import declined_for
from ..judgement.job_item import JobItem
from .result_remarks import Flag, FlaggedModel, FlaggedResponse, Reason, Remarks

__all__ = ["RemarkAudit"]

_RESPONSES = 20


class RemarkAudit:
    """Adds up what tasks ask for beside answers, and of tasks that ask for none of it nothing.

    Memory: a count for each flag, model and reason, and the responses that most annotators flagged.
    """

    def __init__(self) -> None:
        self._asked = False
        self._reasons: Counter[str] = Counter()
        self._could_comment = self._commented = 0
        self._given: Counter[str] = Counter()
        self._judged: Counter[str] = Counter()
        self._of_model: Counter[str] = Counter()
        self._of_model_given: dict[str, Counter[str]] = {}
        self._responses: list[FlaggedResponse] = []

    def see(self, job_item: JobItem) -> None:
        """One more item."""
        task, judged = job_item.definition, job_item.judged
        if not asks_beside(task):
            return
        self._asked = True
        self._reasons.update(dict.fromkeys(task.cannot_judge, 0))
        reasons = [(answer, declined_for(answer, task)) for answer in judged.declined]
        self._reasons.update(reason for _, reason in reasons if reason)
        if task.comment:
            said = [*judged.valid, *(answer for answer, reason in reasons if reason)]
            self._could_comment += len(said)
            self._commented += sum(answer.comment is not None for answer in said)
        if task.flags:
            self._see_flags(job_item, task.flags)

    def _see_flags(self, job_item: JobItem, flags: Sequence[str]) -> None:
        answers, count = job_item.judged.valid, len(job_item.item.responses or ())
        models = job_item.item.models if len(job_item.item.models or ()) == count else None
        for response in range(count):
            given = Counter(flag for answer in answers for flag in answer.flags_on(response))
            for flag in flags:
                self._judged[flag] += len(answers)
            self._given.update(given)
            if models is not None:
                self._of_model[models[response]] += len(answers)
                self._of_model_given.setdefault(models[response], Counter()).update(given)
            for flag, annotators in given.items():
                self._responses.append(FlaggedResponse(job_item.place, response + 1, flag, annotators, len(answers)))
        if len(self._responses) > 10 * _RESPONSES:
            self._responses = self._most_flagged()

    def _most_flagged(self) -> list[FlaggedResponse]:
        return nsmallest(
            _RESPONSES,
            self._responses,
            key=lambda one: (-one.annotators, -one.annotators / one.of, one.item, one.response, one.flag),
        )

    def result(self) -> Remarks | None:
        """What was seen so far; None if no task asked for anything beside its answers."""
        if not self._asked:
            return None
        return Remarks(
            reasons=tuple(Reason(reason, count) for reason, count in self._reasons.items()),
            could_comment=self._could_comment,
            commented=self._commented,
            flags=tuple(Flag(flag, self._given[flag], judged) for flag, judged in self._judged.items()),
            models=tuple(
                FlaggedModel(model, judged, {flag: self._of_model_given[model][flag] for flag in self._judged})
                for model, judged in sorted(self._of_model.items())
            ),
            responses=tuple(self._most_flagged()),
        )
