"""What an annotator's copy of a response leaves out, and in which order it shows the responses to rank.

Works on the data of responses before they are rendered. What is not known to be harmless is emptied, not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...converters.formats.response_order import aligned, order_for, reordered
from ...converters.formats.task_completion import shown_data
from ...label_configs.tasks import TextRanking
from ..project_description import description_for_people
from .people import is_reviewer
from .projects import Watched, watched

__all__ = ["CONFINED_LISTS", "LISTS", "READ", "Reader", "tabs_of_reviewers"]

# What of a task is neither an answer nor tells anything about one.
_TASK_FACTS = {
    *("id", "inner_id", "project", "created_at", "updated_at", "is_labeled", "overlap", "unique_lock_id"),
    *("allow_skip", "allow_postpone", "queue", "lock_ttl", "file_upload", "draft_exists"),
}
_PLACES = ("tasks", "results")


class Reader:
    """An annotator at work in a project that asks what ``found`` says."""

    def __init__(self, user: Any, found: Watched):
        self.user = user
        self._found = found
        definition = found.definition
        self._shuffles = isinstance(definition, TextRanking) and definition.shuffle_responses

    def order(self, task: int, data: Any) -> tuple[int, ...] | None:
        """The order in which this annotator sees the task's responses, None for the data's own."""
        return order_for(data, task, self.user.pk) if self._shuffles and isinstance(data, Mapping) else None

    def task(self, task: Any) -> Any:
        """A task with the annotator's own answers and drafts only."""
        if not isinstance(task, Mapping):
            return task
        if "data" not in task or "id" not in task:  # ?include= and ?omit= choose what a response holds
            return {key: value for key, value in task.items() if key in _TASK_FACTS}
        order = self.order(task["id"], task["data"])
        kept = {key: value if key in _TASK_FACTS else _empty(value) for key, value in task.items()}
        data = self._shown(task["data"])
        kept["data"] = reordered(data, order) if order else data
        for answers in ("annotations", "drafts"):
            kept[answers] = [self._answer(entry, order) for entry in _list(task.get(answers)) if self._own(entry)]
        given = [not entry.get("was_cancelled") for entry in kept["annotations"]]
        kept.update(total_annotations=given.count(True), cancelled_annotations=given.count(False), total_predictions=0)
        return kept

    def _shown(self, data: Any) -> Any:
        """What the screen shows of a task's data: hand-made data may hold more, e.g. the models' names."""
        return shown_data(data, self._found.definition, self._found.shows) if isinstance(data, Mapping) else data

    def tasks(self, data: Any) -> Any:
        """A page of tasks, or a bare list of them."""
        if isinstance(data, list):
            return [self.task(task) for task in data]
        if not isinstance(data, Mapping):
            return data
        pages = {key: [self.task(task) for task in data[key]] for key in _PLACES if isinstance(data.get(key), list)}
        return {**data, **pages, "total_annotations": 0, "total_predictions": 0} if pages else self.task(data)

    def answers(self, data: Any) -> Any:
        """Annotations or drafts, of one task or one alone."""
        if isinstance(data, list):
            return [self.answers(entry) for entry in data if self._own(entry)]
        return self._answer(data, self._order_of(data)) if isinstance(data, Mapping) else data

    def project(self, data: Any) -> Any:
        """The project without what its description keeps for gtbridge: the request, and where the manifest lies."""
        return _described(data)

    def views(self, data: Any) -> Any:
        """The annotator's own tabs of the data manager."""
        return [view for view in data if view.get("user") == self.user.pk] if isinstance(data, list) else data

    def columns(self, data: Any) -> Any:
        """The data manager's columns without the values to filter by: who works here, which models predicted."""
        columns = _list(data.get("columns")) if isinstance(data, Mapping) else []
        return {
            "columns": [{**column, "schema": {"items": []}} if column.get("schema") else column for column in columns]
        }

    def nothing(self, data: Any) -> Any:
        """An empty list: actions and models are the reviewers'."""
        return [] if isinstance(data, list) else data

    def _own(self, entry: Any) -> bool:
        if not isinstance(entry, Mapping):
            return False
        by = entry.get("completed_by", entry.get("user"))
        return (by.get("id") if isinstance(by, Mapping) else by) in (self.user.pk, self.user.email)

    def _order_of(self, answer: Mapping[str, Any]) -> tuple[int, ...] | None:
        from tasks.models import Task

        task = Task.objects.filter(pk=answer.get("task")).only("pk", "data").first() if self._shuffles else None
        return None if task is None else self.order(task.pk, task.data)

    def _answer(self, entry: Mapping[str, Any], order: tuple[int, ...] | None) -> dict[str, Any]:
        return {**entry, "result": aligned(entry.get("result"), order)} if order else dict(entry)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _empty(value: Any) -> Any:
    """Nothing, of the same kind: the screens expect lists to be lists and texts to be texts."""
    for kind in (list, dict, str):
        if isinstance(value, kind):
            return kind()
    return None


# What of the reader's methods each view's response goes through, by (method, view name).
READ: dict[tuple[str, str], Callable[[Reader, Any], Any]] = {
    ("GET", "tasks:api:task-detail"): Reader.task,
    ("GET", "tasks:api:task-list"): Reader.tasks,
    ("GET", "projects:api:project-next"): Reader.task,
    ("POST", "data_manager:dm-actions"): Reader.task,
    ("GET", "data_manager:dm-actions"): Reader.nothing,
    ("GET", "data_manager:dm-columns"): Reader.columns,
    ("GET", "ml:api:ml-list"): Reader.nothing,
    ("GET", "tasks:api:task-annotations"): Reader.answers,
    ("POST", "tasks:api:task-annotations"): Reader.answers,
    ("GET", "tasks:api:task-drafts"): Reader.answers,
    ("POST", "tasks:api:task-drafts"): Reader.answers,
    ("GET", "tasks:api:task-annotations-drafts"): Reader.answers,
    ("POST", "tasks:api:task-annotations-drafts"): Reader.answers,
    ("GET", "tasks:api-annotations:annotation-detail"): Reader.answers,
    ("PATCH", "tasks:api-annotations:annotation-detail"): Reader.answers,
    ("PUT", "tasks:api-annotations:annotation-detail"): Reader.answers,
    ("GET", "tasks:api-drafts:draft-detail"): Reader.answers,
    ("PATCH", "tasks:api-drafts:draft-detail"): Reader.answers,
    ("PUT", "tasks:api-drafts:draft-detail"): Reader.answers,
    ("GET", "projects:api:project-detail"): Reader.project,
    ("GET", "data_manager:dm-project"): Reader.project,
    ("GET", "data_manager:api:view-list"): Reader.views,
}


def tabs_of_reviewers(data: Any) -> Any:
    """The data manager's tabs without those of a watched project's annotators, each of whom has one of their own."""
    from projects.models import Project
    from users.models import User

    if not isinstance(data, list):
        return data
    views = [view for view in data if isinstance(view, Mapping)]
    makers = User.objects.in_bulk({view.get("user") for view in views} - {None})
    projects = Project.objects.in_bulk({view.get("project") for view in views} - {None})
    closed = {number for number, project in projects.items() if watched(project)}

    def kept(view: Any) -> bool:
        maker, project = makers.get(view.get("user")), view.get("project")
        return maker is None or project not in closed or is_reviewer(maker, projects[project])

    return [view for view in data if kept(view)]


def _only_oneself(user: Any, data: Any) -> Any:
    return [entry for entry in data if entry.get("id") == user.pk] if isinstance(data, list) else data


def _others_projects(user: Any, data: Any) -> Any:
    """A page of projects, each described as to an annotator unless the user made it."""
    if not isinstance(data, Mapping) or not isinstance(data.get("results"), list):
        return data
    return {**data, "results": [entry if _made_by(user, entry) else _described(entry) for entry in data["results"]]}


def _made_by(user: Any, project: Mapping[str, Any]) -> bool:
    creator = project.get("created_by")
    return bool((creator.get("id") if isinstance(creator, Mapping) else creator) == user.pk)


def _described(project: Any) -> Any:
    if not isinstance(project, Mapping) or "description" not in project:
        return project
    return {**project, "description": description_for_people(project["description"])}


# The lists that are not of one project, as they are shown to people who are no reviewers everywhere.
LISTS: dict[tuple[str, str], Callable[[Any, Any], Any]] = {
    ("GET", "projects:api:project-list"): _others_projects,
}
# ... and to those who are there for annotating only.
CONFINED_LISTS: dict[tuple[str, str], Callable[[Any, Any], Any]] = {("GET", "user-list"): _only_oneself}
