"""May this person make this call? Either a refusal, or the request cut down to what is theirs.

For everybody but the reviewers of all projects, who are as before.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import reverse

from .allowed import ALLOWED, Allowed
from .people import is_confined, is_reviewer, may_annotate
from .projects import watched, watched_projects
from .reading import Reader
from .targets import begun_tasks, body_of, named_projects, own, project_of

__all__ = ["READER", "STRANGER", "refusal"]

# Where the middleware finds, on the request, for whom to cut the response down.
READER = "_gtbridge_reader"
STRANGER = "_gtbridge_stranger"

# Calls that reach all projects at once when they name none: a webhook of the organization hears every answer.
_NEED_A_PROJECT = (
    *("webhooks:api:webhook-list", "data_manager:", "data_export:", "tasks:", "fsm:", "ml:api:ml-list"),
    *("storages:api:storage-list", "storages:api:export-storage-list", "labels_manager:api-labels-bulk"),
)


# How an annotator asks for work.
_NEXT_TASK = {("GET", "projects:api:project-next"), ("POST", "data_manager:dm-actions")}


def refusal(request: Any, name: str, method: str, user: Any, arguments: dict[str, Any]) -> HttpResponse | None:
    """The answer to a call that the user may not make; None if they may."""
    confined = is_confined(user)
    setattr(request, STRANGER, user)
    allowed = ALLOWED.get((method, name))
    if allowed is None:
        if not confined and not _reaches_others(user, name, request, arguments):
            return None
        return _closed_page() if _is_for_eyes(request) else _forbidden("only reviewers may do this")
    if allowed.scope in ("none", "user"):
        return _without_project(request, name, user, allowed, arguments, confined)
    project = project_of(allowed, request, arguments)
    found = None if project is None else watched(project)
    if found is None:
        closed = confined or (project is None and _reaches_others(user, name, request, arguments))
        return _unknown() if closed else None
    if is_reviewer(user, project):
        return None
    if not may_annotate(user, project) or (allowed.own and not own(allowed, user, arguments)):
        return _unknown()
    setattr(request, READER, Reader(user, found))
    if found.stopped and (method, name) in _NEXT_TASK:
        return _finished()
    return _bad_write(request, method) or _narrowed(request, name, method, user, project)


def _without_project(
    request: Any, name: str, user: Any, allowed: Allowed, arguments: dict[str, Any], confined: bool
) -> HttpResponse | None:
    if not confined:
        return None
    if allowed.own and not own(allowed, user, arguments):
        return _unknown()
    if name in ("projects:api:project-list", "projects:api:project-counts-list"):
        theirs = user.project_memberships.filter(enabled=True).values_list("project_id", flat=True)
        _ask(request, {**request.GET.dict(), "ids": ",".join(map(str, theirs)) or "0"})
    return None


def _reaches_others(user: Any, name: str, request: Any, arguments: dict[str, Any]) -> bool:
    """Whether the call speaks of a watched project that is not the user's, or of all projects at once."""
    from projects.models import Project

    named = named_projects(name, request, arguments)
    if not named:
        return name.startswith(_NEED_A_PROJECT) and any(
            not is_reviewer(user, project) for project in watched_projects()
        )
    projects = Project.objects.filter(pk__in=named)
    return any(watched(project) and not is_reviewer(user, project) for project in projects)


def _bad_write(request: Any, method: str) -> HttpResponse | None:
    if method not in ("POST", "PUT", "PATCH") or not request.body:
        return None
    body = body_of(request)
    if not isinstance(body, dict):
        return JsonResponse({"detail": "send a JSON object"}, status=415)
    if body.get("ground_truth"):
        return _forbidden("only reviewers may do this")
    if not _is_read(body.get("result")):
        return JsonResponse({"status_code": 400, "detail": "the result is not a list"}, status=400)
    within = body.get("data")
    filters = body.get("filters") or (within.get("filters") if isinstance(within, dict) else None)
    if filters and (not isinstance(filters, dict) or filters.get("items")):
        return _forbidden("only reviewers may filter: a filter on answers tells what they are")
    return None


def _is_read(result: Any) -> bool:
    """Whether Label Studio can make something of it: it takes JSON as text, too, and fails if that is none."""
    try:
        return not isinstance(result, str) or isinstance(json.loads(result), list)
    except (ValueError, RecursionError):
        return False


def _narrowed(request: Any, name: str, method: str, user: Any, project: Any) -> HttpResponse | None:
    """Have the lists and the label stream answer with what the annotator may see, whatever else was asked for."""
    if name == "tasks:api:task-list":
        begun = list(begun_tasks(user).filter(project=project).values_list("pk", flat=True))
        query = json.dumps({"selectedItems": {"all": False, "included": begun or [0]}})
        kept = {key: request.GET[key] for key in ("page", "page_size", "fields", "resolve_uri") if key in request.GET}
        _ask(request, {**kept, "project": str(project.pk), "query": query})
    elif name == "projects:api:project-next":
        _ask(request, {})
        _carry(request, b"{}")
    elif name == "data_manager:dm-actions" and method == "POST":
        if request.GET.get("id") != "next_task":
            return _forbidden("only reviewers may do this")
        _ask(request, {"id": "next_task", "project": str(project.pk)})
        _carry(request, b"{}")
    return None


def _ask(request: Any, parameters: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(parameters)
    request.GET = query


def _carry(request: Any, body: bytes) -> None:
    """Give the request another body, as if it had just arrived."""
    request._body = body
    request.META["CONTENT_TYPE"], request.META["CONTENT_LENGTH"] = "application/json", str(len(body))
    request._read_started = True
    for parsed in ("_post", "_files"):
        if hasattr(request, parsed):
            delattr(request, parsed)


def _is_for_eyes(request: Any) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _closed_page() -> HttpResponse:
    back = f'<a href="{reverse("projects:project-index")}">Back to your projects</a>'
    page = (
        f'<!DOCTYPE html><html lang="en"><title>For reviewers</title><p>Only reviewers may open this page. {back}.</p>'
    )
    return HttpResponse(page, status=403)


def _forbidden(sentence: str) -> HttpResponse:
    return JsonResponse({"status_code": 403, "detail": sentence}, status=403)


def _finished() -> HttpResponse:
    """As Label Studio says that there is no task left; its page then does."""
    detail = "the labeling job was stopped: there is no more to do"
    return JsonResponse({"status_code": 404, "detail": detail}, status=404)


def _unknown() -> HttpResponse:
    return JsonResponse({"status_code": 404, "detail": "there is no such thing here for you"}, status=404)
