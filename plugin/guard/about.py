"""The address at which the guard says that it is there; and what Label Studio says of itself, cut down."""

from __future__ import annotations

import importlib.metadata
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from ..versions import is_tested
from .people import caller, is_reviewer

__all__ = ["VERSIONS", "about", "without_settings"]

# The views that name the versions of all parts.
VERSIONS = {"version", "api-version"}


@require_GET  # type: ignore[untyped-decorator]  # Django has no types
def about(request: HttpRequest) -> HttpResponse:
    """``{"guard", "label_studio", "tested", "reviewer"}``: two versions, whether they go together, who is asking.

    ``reviewer`` is whether the caller sees the answers of every project. 401 for people who are not logged in.
    """
    user = caller(request)
    if user is None:
        return JsonResponse({"detail": "log in first"}, status=401)
    label_studio = importlib.metadata.version("label-studio")
    return JsonResponse(
        {
            "guard": importlib.metadata.version("gtbridge"),
            "label_studio": label_studio,
            "tested": is_tested(label_studio),
            "reviewer": is_reviewer(user),
        }
    )


def without_settings(response: HttpResponse) -> HttpResponse:
    """Label Studio's versions without its settings, the key that signs sessions and the database's password among them.

    Once an administrator has opened the page of versions, which shows both, Label Studio goes on giving both to whoever
    asks for the versions alone, logged in or not.
    """
    if response.get("Content-Type", "").startswith("application/json"):
        told = json.loads(response.content)
        if isinstance(told, dict) and told.pop("settings", None) is not None:
            response.content = json.dumps(told)
    return response
