"""The guard's own addresses: the question "what is wrong with this answer?", and the script that asks it."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from .forgery import forgery_checked
from .people import caller, is_reviewer, may_annotate
from .projects import watched
from .reading import Reader

__all__ = ["check", "script", "script_version"]

# In this order: what a file needs at once stands before it.
_SCRIPTS = ("guard_server.js", "guard_texts.js", "guard_marks.js", "guard_editor.js", "guard.js")


@forgery_checked
@require_POST  # type: ignore[untyped-decorator]  # Django has no types
def check(request: HttpRequest) -> HttpResponse:
    """``{"task": id, "result": [...]}`` -> ``{"guarded", "user", "problems": [...], "counts": [...]}``; stores nothing.

    ``user`` is the id of the caller, ``problems`` are ``{"message", "control"}``, ``counts`` are ``{"control", "count",
    "minimum", "maximum", "unit"}``; controls are named as on the caller's screen.
    """
    user = caller(request)
    if user is None:
        return JsonResponse({"detail": "log in first"}, status=401)
    try:
        asked = json.loads(request.body)
        task, result = _task(int(asked["task"])), asked["result"]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return JsonResponse({"detail": "wanted: {task: id, result: [...]}"}, status=400)
    found = None if task is None else watched(task.project)
    if task is None or not task.has_permission(user):
        return JsonResponse({"detail": "there is no such task"}, status=404)
    if found is None:
        return JsonResponse({"guarded": False, "user": user.pk, "problems": [], "counts": []})
    reviewer = is_reviewer(user, task.project)
    if not reviewer and not may_annotate(user, task.project):
        return JsonResponse({"detail": "there is no such task"}, status=404)
    _still_at_work(task, user)
    order = None if reviewer else Reader(user, found).order(task.pk, task.data)
    judged = found.judge(task.data, result, order)
    return JsonResponse({"guarded": True, "user": user.pk, **asdict(judged)})


def _task(number: int) -> Any:
    from tasks.models import Task

    return Task.objects.select_related("project").filter(pk=number).first()


def _still_at_work(task: Any, user: Any) -> None:
    """Whoever changes an answer keeps the item for another while."""
    until = timezone.now() + datetime.timedelta(seconds=settings.TASK_LOCK_TTL)
    nearly = until - datetime.timedelta(seconds=60)  # not at every key stroke
    task.locks.filter(user=user, expire_at__lt=nearly).update(expire_at=until)


@require_GET  # type: ignore[untyped-decorator]
def script(request: HttpRequest) -> HttpResponse:
    """The browser's part of the guard. Its address changes with it, so that browsers may keep it."""
    kept = "max-age=31536000, immutable" if script_version() in request.GET else "no-cache"
    return HttpResponse(
        _script(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": f"public, {kept}"}
    )


@cache
def script_version() -> str:
    """A digest of the script."""
    return hashlib.sha256(_script().encode()).hexdigest()[:16]


@cache
def _script() -> str:
    """All files, joined into one function so that the page gains no global names."""
    folder = files(__package__)
    parts = "\n".join(folder.joinpath(name).read_text("utf-8") for name in _SCRIPTS)
    return f"(() => {{\n'use strict';\n\n{parts}}})();\n"
