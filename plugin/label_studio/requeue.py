"""Invalid answers go back to whoever gave them, on Label Studio: decides which, and does it.

Each step is one request that leaves the project whole, so that an interruption loses nothing and a second run goes on
where the first one stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...converters.formats.sent_back import REJECTED, with_set_aside
from ...converters.judgement.judge import Judged
from ...converters.ledger import Ledger, refuse_loss
from ...label_configs.errors import GtbridgeError, MissingError, ServerError
from ..files.interrupts import tidy_when_interrupted
from .answers import ItemAnswers, JobAnswers, StoredAnswer, read_answers, read_items
from .job import Job
from .pulled import pulled_tasks
from .server import Server, speaking_to

__all__ = ["Requeue", "Returned", "plan_requeue", "requeue", "to_requeue"]

_SKIP_QUEUE = "REQUEUE_FOR_ME"


@dataclass(frozen=True, slots=True)
class Returned:
    """An invalid answer to send back: whose it is, to which ``line`` of the manifest, and what is wrong with it."""

    line: int
    problems: tuple[str, ...]
    stored: StoredAnswer

    @property
    def worker(self) -> str:
        """The worker's id."""
        return self.stored.answer.worker.id

    @property
    def where(self) -> str:
        """Item and worker, for a ledger."""
        return f"line {self.line}, {self.worker}"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"line": self.line, "worker": self.worker, "problems": list(self.problems)}


@dataclass
class Requeue:
    """What is to be done, or what was done.

    ``returned`` are the answers to send back, ``answered`` earlier ones whose annotators have given another since.
    ``remarks`` is what else whoever runs the job should know.
    """

    returned: list[Returned] = field(default_factory=list)
    answered: list[StoredAnswer] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        sent_back = [returned.to_dict() for returned in self.returned]
        return {"sent_back": sent_back, "set_aside": len(self.answered), "remarks": self.remarks}


def plan_requeue(server: Server, job: Job, manifest: str | None = None) -> tuple[Requeue, Ledger]:
    """What ``job export --requeue`` would do now, and why it would leave other invalid answers. Changes nothing."""
    with pulled_tasks(server, job.project) as tasks:
        items = read_items(job, tasks, manifest)
        answers = read_answers(server, job, tasks.lines(), lambda index, _: items.get(index))
    ledger = Ledger()
    return to_requeue(job, answers, ledger), ledger


def to_requeue(job: Job, answers: JobAnswers, ledger: Ledger) -> Requeue:
    """Which answers to send back and which to set aside; ``ledger`` notes the invalid ones that stay, and why."""
    found = Requeue()
    for answered in answers:
        judged = answered.judged(job)
        kept = ledger.notes.total()
        returned = list(_to_return(answered, judged, ledger))
        kept = ledger.notes.total() - kept
        refuse_loss({"invalid answers": len(judged.invalid)}, {"invalid answers": len(returned) + kept})
        found.returned += returned
        superseded = set(map(id, judged.superseded))
        found.answered += [entry for entry in answered.stored if id(entry.answer) in superseded and _in_the_way(entry)]
    return found


def _to_return(answered: ItemAnswers, judged: Judged, ledger: Ledger) -> Iterator[Returned]:
    satisfied = {answer.worker.id for answer in judged.valid}
    broken_rules = {id(answer): broken for answer, broken in judged.invalid}
    for entry in answered.stored:
        if id(entry.answer) not in broken_rules:
            continue
        returned = Returned(answered.item.index + 1, broken_rules[id(entry.answer)], entry)
        if entry.account.identity is None or entry.answer.worker != entry.account:
            ledger.note("answers", "not sent back: their worker has no account here", returned.where)
        elif returned.worker in satisfied:
            ledger.note("answers", "not sent back: their worker has given a valid answer as well", returned.where)
        else:
            yield returned


def _in_the_way(entry: StoredAnswer) -> bool:
    """Whether Label Studio still counts this as a skipped annotation."""
    present = any(annotation is entry.annotation for annotation in entry.task.get("annotations") or [])
    return present and bool(entry.annotation.get("was_cancelled"))


def requeue(server: Server, job: Job, plan: Requeue, ledger: Ledger) -> Requeue:
    """Do what ``plan`` says; ``ledger`` notes each answer as it is done. Gives back what was done.

    An answer that was changed since it was judged is left for the next run. ServerError if the project cannot be set
    to give items back to the same annotator: nothing is sent back then.
    """
    done = Requeue()
    if not plan.returned and not plan.answered:
        return done
    tidy_when_interrupted()
    done.remarks += _give_back_to_the_same(server, job)
    for task, entries in _by_task(plan.answered):
        _set_aside(server, task, entries)
        done.answered += entries
        for entry in entries:
            where = f"task {task}, {entry.answer.worker.id}"
            ledger.note("answers", "given again after they were sent back or declined: set aside", where)
    for returned in plan.returned:
        if _send_back(server, returned):
            done.returned.append(returned)
            ledger.note("answers", "sent back to their annotators", returned.where)
        else:
            ledger.note("answers", "not sent back: changed while they were judged", returned.where)
    return done


def _give_back_to_the_same(server: Server, job: Job) -> list[str]:
    """Label Studio gives cancelled answers' items to others, unless the project says otherwise."""
    with speaking_to(server.url):
        before = server.sdk.projects.get(id=job.project).skip_queue
    if before == _SKIP_QUEUE:
        return []
    try:
        with speaking_to(server.url):
            server.sdk.projects.update(id=job.project, skip_queue=_SKIP_QUEUE)
    except GtbridgeError as error:
        raise ServerError(
            f"nothing was sent back: the project's skip queue is {before}, so that items would go to others, "
            f"and it cannot be changed: {error.message}",
            source=server.url,
        ) from None
    return [f"the project's skip queue was {before}: it is {_SKIP_QUEUE} now, or items would go to others"]


def _by_task(entries: Sequence[StoredAnswer]) -> list[tuple[int, list[StoredAnswer]]]:
    tasks: dict[int, list[StoredAnswer]] = {}
    for entry in entries:
        tasks.setdefault(entry.task["id"], []).append(entry)
    return list(tasks.items())


def _set_aside(server: Server, task: int, entries: Sequence[StoredAnswer]) -> None:
    """First kept in the second place, then removed from the first; what is in both counts once.

    The second place is the task's ``meta``, of which others may have written some meanwhile.
    """
    meta = with_set_aside(server.task(task), (entry.annotation for entry in entries))
    with speaking_to(server.url):
        server.sdk.tasks.update(id=str(task), meta=meta)
        for entry in entries:
            server.sdk.annotations.delete(id=entry.annotation["id"])


def _send_back(server: Server, returned: Returned) -> bool:
    """False if the annotation is not what was judged any more."""
    judged = returned.stored.annotation
    try:
        stored = server.annotation(judged["id"])
    except MissingError:
        return False
    if stored.get("was_cancelled") or stored.get("updated_at") != judged.get("updated_at"):
        return False
    with speaking_to(server.url):
        server.sdk.annotations.update(id=judged["id"], was_cancelled=True, last_action=REJECTED)
    return True
