"""Tasks of gtbridge's own projects, as Label Studio exports them -> lines with their answers. Asks no server.

What a live job is read as (``plugin/label_studio/answers``) is made from the same parts; here there is no manifest,
so that the line is what the task's data tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...label_configs.tasks import TaskDefinition
from ..judgement.judge import judge
from ..records import Worker
from .annotation_envelope import submission_order
from .annotations import annotation_to_answer
from .job_output import AnsweredLine, document_to_job_answers, failure_reason, item_document, label_metadata
from .label_studio_tasks import OBJECT_INDEX, shown_order
from .manifest import OutputLine
from .migrated import document_as_it_was, is_brought, kept_answer
from .sent_back import set_aside
from .task_completion import task_to_item

__all__ = ["exported_line", "object_index"]

_MOST = 2**63  # as many as a database counts


def object_index(task: Mapping[str, Any]) -> int | None:
    """The index of the object that a task shows: the task's own number, unless a labeling job gave it one."""
    data = task.get("data")
    known = (data.get(OBJECT_INDEX) if isinstance(data, Mapping) else None, task.get("id"))
    return next((n for n in known if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < _MOST), None)


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
    document = document_as_it_was(task, stored)
    metadata: dict[str, Any] | None = None
    if stored and document is None:
        judged = judge(definition, item, [answer for _, answer in stored], is_brought)
        document, metadata = item_document(judged), label_metadata(job, "", "", failure=failure_reason(judged))
    given = document_to_job_answers(document, f"object {item.index}", item=item) if document else []
    label: Any = None if metadata is None or "failure-reason" in metadata else {}
    return AnsweredLine(OutputLine(item, label, metadata), tuple(given))
