"""Tasks of gtbridge's own projects, as Label Studio exports them -> lines with their answers. Asks no server.

What a live job is read as (``plugin/label_studio/answers``) is made from the same parts; here there is no manifest,
so that the line is what the task's data tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...label_configs.tasks import TaskDefinition
from ..judgement.judge import judge
from ..records import Answer, Item, Worker
from .annotation_envelope import submission_order
from .annotations import annotation_to_answer
from .exported_tasks import object_index
from .job_output import AnsweredLine, document_to_job_answers, failure_reason, item_document, label_metadata
from .label_studio_tasks import shown_order
from .manifest import OutputLine
from .migrated import document_as_it_was, is_brought, kept_answer
from .sent_back import set_aside
from .task_completion import task_to_item
from .worker_response import answer_to_response

__all__ = ["exported_line"]


def exported_line(
    task: Mapping[str, Any],
    definition: TaskDefinition,
    worker_of: Callable[[Mapping[str, Any]], Worker],
    job: str,
) -> AnsweredLine | None:
    """The task's object with its answers, as they are read from what ``job export`` would write; None if it is none.

    ``worker_of`` an annotation is who gave it; ``job`` is the job's name. Answers that were sent back are among them.
    """
    item = task_to_item(task, definition, object_index(task))
    if item is None:
        return None
    order = shown_order(task["data"])
    annotations = sorted([*(task.get("annotations") or ()), *set_aside(task)], key=submission_order)
    stored = [
        (
            annotation,
            kept_answer(annotation, item)
            or annotation_to_answer(annotation, item, definition, worker_of(annotation), order),
        )
        for annotation in annotations
    ]
    if not stored:
        return AnsweredLine(OutputLine(item, None, None))
    document = document_as_it_was(task, stored)
    if document is not None:
        return AnsweredLine(OutputLine(item, None, None), tuple(_delivered(document, item)))
    judged = judge(definition, item, [answer for _, answer in stored], is_brought)
    metadata = label_metadata(job, "", "", failure=failure_reason(judged))
    label: Any = None if "failure-reason" in metadata else {}
    if len(judged.valid) == len(stored) and all(map(_only_ranks, judged.valid)):
        given = [_with_response(answer) for answer in judged.valid]
    else:
        given = _delivered(item_document(judged), item)
    return AnsweredLine(OutputLine(item, label, metadata), tuple(given))


def _delivered(document: Mapping[str, Any], item: Item) -> list[Answer]:
    return document_to_job_answers(document, f"object {item.index}", item=item)


def _only_ranks(answer: Answer) -> bool:
    """Whether a valid answer is read from its response as it is, apart from ``raw``: it says so little."""
    beside = answer.pairs or answer.flags or answer.comment or answer.reason or answer.rules
    return not beside and bool(answer.worker.identity) and not is_brought(answer)


def _with_response(answer: Answer) -> Answer:
    return Answer(
        worker=answer.worker,
        rankings=answer.rankings,
        accepted=answer.accepted,
        submitted=answer.submitted,
        seconds=answer.seconds,
        definition=answer.definition,
        order=answer.order,
        raw=answer_to_response(answer),
    )
