"""Which project a request is about, and whether what it names is the caller's own. Changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from .allowed import Allowed

__all__ = ["begun_tasks", "body_of", "named_projects", "own", "project_of"]

# What the pk in the path of these views is, by the beginning of their names.
_PATHS = {
    "projects:": "project",
    "data_import:api-projects:": "project",
    "data_export:api-projects:": "project",
    "data_manager:project-": "project",
    "tasks:api:": "task",
    "tasks:api-annotations:": "annotation",
    "tasks:api-drafts:": "draft",
    "tasks:api-predictions:": "prediction",
    "data_manager:api:view-": "view",
    "webhooks:": "webhook",
    "ml:": "ml_backend",
    "data_import:api:file-upload-detail": "file_upload",
    "labels_manager:api-labels:label_link-": "label_link",
}
# Names under which queries and bodies speak of a project, or of something in one.
_FIELDS = {
    "project": "project",
    "project_id": "project",
    "projects": "project",
    "view": "view",
    "tabID": "view",
    "task": "task",
    "task_id": "task",
    "annotation": "annotation",
    "annotation_id": "annotation",
}


def _rows(kind: str) -> tuple[Any, str]:
    """The model that ``kind`` means, and the lookup of its project's id."""
    from data_import.models import FileUpload
    from data_manager.models import View
    from labels_manager.models import LabelLink
    from ml.models import MLBackend
    from projects.models import Project
    from tasks.models import Annotation, AnnotationDraft, Prediction, Task
    from webhooks.models import Webhook

    return {
        "project": (Project, "pk"),
        "task": (Task, "project_id"),
        "annotation": (Annotation, "task__project_id"),
        "draft": (AnnotationDraft, "task__project_id"),
        "prediction": (Prediction, "task__project_id"),
        "view": (View, "project_id"),
        "webhook": (Webhook, "project_id"),
        "ml_backend": (MLBackend, "project_id"),
        "file_upload": (FileUpload, "project_id"),
        "label_link": (LabelLink, "project_id"),
    }[kind]


def _project_id(kind: str, identifier: Any) -> int | None:
    model, lookup = _rows(kind)
    try:
        found: int | None = model.objects.filter(pk=int(identifier)).values_list(lookup, flat=True).first()
    except (TypeError, ValueError, OverflowError):
        return None
    return found


def project_of(allowed: Allowed, request: Any, arguments: dict[str, Any]) -> Any:
    """The project of a call that the allow-list knows; None if it names none that exists, or two."""
    from projects.models import Project

    if allowed.scope == "query":
        found = set(_in_fields(request))
        number = found.pop() if len(found) == 1 else None
    else:
        # A draft of an annotation stands below both its task and its annotation, which must agree.
        key = "annotation_id" if allowed.scope == "annotation" and "annotation_id" in arguments else "pk"
        number = _project_id(allowed.scope, arguments.get(key))
        if key == "annotation_id" and not _belongs(arguments):
            return None
    return None if number is None else Project.objects.filter(pk=number).first()


def _belongs(arguments: dict[str, Any]) -> bool:
    from tasks.models import Annotation

    return bool(Annotation.objects.filter(pk=arguments["annotation_id"], task_id=arguments["pk"]).exists())


def own(allowed: Allowed, user: Any, arguments: dict[str, Any]) -> bool:
    """Whether what the path names belongs to the user: made by them, or begun by them."""
    from data_manager.models import View
    from tasks.models import Annotation, AnnotationDraft

    pk = arguments.get("annotation_id", arguments.get("pk"))
    match allowed.scope:
        case "user":
            return str(pk) == str(user.pk)
        case "annotation":
            return bool(Annotation.objects.filter(pk=pk, completed_by=user).exists())
        case "draft":
            return bool(AnnotationDraft.objects.filter(pk=pk, user=user).exists())
        case "view":
            return bool(View.objects.filter(pk=pk, user=user).exists())
        case "task":
            return bool(begun_tasks(user).filter(pk=pk).exists())
    return True


def begun_tasks(user: Any) -> Any:
    """The tasks that the label stream gave the user, or that hold an answer or a draft of theirs."""
    from django.db.models import Exists, OuterRef
    from tasks.models import Annotation, AnnotationDraft, Task, TaskLock

    task = OuterRef("pk")
    return Task.objects.filter(
        Exists(Annotation.objects.filter(task=task, completed_by=user))
        | Exists(AnnotationDraft.objects.filter(task=task, user=user))
        | Exists(TaskLock.objects.filter(task=task, user=user, expire_at__gt=timezone.now()))
    )


def named_projects(name: str, request: Any, arguments: dict[str, Any]) -> set[int]:
    """The ids of all projects that a call of any view speaks of, as far as that can be told."""
    found = set(_in_fields(request))
    for beginning, kind in _PATHS.items():
        if name.startswith(beginning) and "pk" in arguments:
            found.add(_project_id(kind, arguments["pk"]) or 0)
    for key in ("project_id", "task_id"):
        if key in arguments:
            found.add(_project_id(_FIELDS[key], arguments[key]) or 0)
    # Files of an import lie in a folder that bears the project's number.
    for file in (str(arguments.get("filename", "")), request.GET.get("filepath", "")):
        found.update(_project_id("project", number) or 0 for number in re.findall(r"(?:^|/)(\d{1,18})/", file))
    model = getattr(getattr(getattr(request.resolver_match.func, "view_class", None), "queryset", None), "model", None)
    if name.startswith("storages:") and "pk" in arguments and model is not None:
        found.update(model.objects.filter(pk=arguments["pk"]).values_list("project_id", flat=True))
    return found - {0, None}


def _in_fields(request: Any) -> Iterator[int]:
    body = body_of(request)
    for field, kind in _FIELDS.items():
        values = [*request.GET.getlist(field), *request.POST.getlist(field)]
        if isinstance(body, dict):
            values += body[field] if isinstance(body.get(field), list) else [body.get(field)]
        for value in values:
            number = _project_id(kind, value)
            if number is not None:
                yield number


def body_of(request: Any) -> Any:
    """The JSON that the request carries, None if it carries none."""
    if not (request.content_type or "").startswith("application/json"):
        return None
    try:
        # Decoded as REST framework will, which believes the header: UTF-7 could hide a key from who does not.
        return json.loads((request.body or b"null").decode(request.encoding or "utf-8"))
    except (ValueError, RecursionError):
        return None
