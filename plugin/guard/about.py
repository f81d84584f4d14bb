"""The address at which the guard says that it is there."""

from __future__ import annotations

import importlib.metadata

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from ..versions import is_tested
from .people import caller, is_reviewer

__all__ = ["about"]


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
