"""Label Studio's files of answers, recognised and brought into one form: that of its JSON export. Opens nothing.

The export, and a snapshot, is a list of tasks with ``data`` and ``annotations``. Target storage holds an object for
each annotation, with its ``task`` in it, or, with FUTURE_SAVE_TASK_TO_STORAGE, one for each task
(``io_storages/base_models.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from .json_text import DECLINED
from .label_studio_tasks import OBJECT_INDEX

__all__ = [
    "ExportKind",
    "TaskHead",
    "exported_as",
    "glance_at_task",
    "head_of",
    "is_table_of_answers",
    "merged",
    "object_index",
    "project_name",
    "project_of",
    "task_part",
]

ExportKind = Literal["task", "annotation", "flat"]

_MOST = 2**63  # as many as a database counts

# Of JSON_MIN, CSV and TSV (label_studio_sdk/converter/converter.py), beside the data and the controls.
_FLAT = {"annotator", "annotation_id", "created_at", "updated_at", "lead_time"}


def exported_as(value: Any) -> ExportKind | None:
    """What a parsed record is: a task with its annotations, an annotation with its task, a record of JSON_MIN; None if
    it is nothing that Label Studio writes about answers.
    """
    if not isinstance(value, dict):
        return None
    task = value.get("task")
    if isinstance(task, dict) and isinstance(task.get("data"), dict) and isinstance(value.get("result"), list):
        return "annotation"
    if isinstance(value.get("data"), dict) and isinstance(value.get("annotations"), list):
        return "task"
    return "flat" if value.keys() >= _FLAT else None


def is_table_of_answers(header: Iterable[str]) -> bool:
    """Whether a table with these columns is Label Studio's CSV or TSV export."""
    return set(header) >= _FLAT


def project_of(value: Mapping[str, Any]) -> int | None:
    """The number of the project that a task or an annotation says it is of; None if it does not."""
    task = value.get("task")
    numbers = (value.get("project"), task.get("project") if isinstance(task, dict) else None)
    return next((n for n in numbers if isinstance(n, int) and not isinstance(n, bool)), None)


def object_index(task: Mapping[str, Any]) -> int | None:
    """The index of the object that a task shows: the task's own number, unless a labeling job gave it one."""
    data = task.get("data")
    return _index(data.get(OBJECT_INDEX) if isinstance(data, Mapping) else None, task.get("id"))


def _index(*known: Any) -> int | None:
    return next((n for n in known if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < _MOST), None)


class _Data(msgspec.Struct):
    object_index: Any = None


class TaskHead(msgspec.Struct):
    """What is looked at of a task before any is read: which object it shows, and which project it is of."""

    data: _Data
    annotations: list[msgspec.Raw]
    id: Any = None
    project: Any = None
    task: msgspec.UnsetType = msgspec.UNSET  # what has one may be an annotation

    @property
    def index(self) -> int | None:
        """As ``object_index`` gives it."""
        return _index(self.data.object_index, self.id)

    @property
    def of_project(self) -> int | None:
        """As ``project_of`` gives it."""
        return project_of({"project": self.project})


def head_of(task: Mapping[str, Any]) -> TaskHead:
    """The head of a task that was read."""
    return TaskHead(_Data(object_index(task)), [], None, project_of(task))


def glance_at_task(spelling: bytes) -> Any:
    """The head of the task of the JSON export that is spelled so; DECLINED if it is none, or perhaps no JSON at all."""
    try:
        return _glance(spelling)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return DECLINED


_glance = msgspec.json.Decoder(TaskHead).decode


def project_name(number: int) -> str:
    """What a project that is no labeling job is called as a job output.

    Not by its title, which may be another's as well, and changes: the ids of a dataset's rows depend on the name.
    """
    return f"project-{number}"


def task_part(value: Mapping[str, Any], kind: ExportKind) -> dict[str, Any]:
    """The task, as the JSON export has it, with what the record holds of its annotations."""
    if kind == "task":
        return dict(value)
    annotation = {**value, "task": value["task"].get("id")}
    return {**value["task"], "project": project_of(value), "annotations": [annotation]}


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One task of its ``parts``: the latest as it is, with all annotations, each once and as it was last.

    Not as it is in the latest part: Label Studio does not date a task anew on every road to its annotations.
    """
    in_order = sorted(parts, key=_updated)
    annotations = [annotation for part in in_order for annotation in part.get("annotations") or ()]
    annotations = [annotation for annotation in annotations if isinstance(annotation, dict)]
    kept: dict[Any, Mapping[str, Any]] = {}
    for position, annotation in enumerate(sorted(annotations, key=_updated)):
        number = annotation.get("id")
        kept[number if isinstance(number, int) else ("none", position)] = annotation
    return {**in_order[-1], "annotations": list(kept.values())}


def _updated(value: Mapping[str, Any]) -> str:
    return str(value.get("updated_at") or "")
