"""Protection against cross-site request forgery for the guard's own views: Label Studio switches it off everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware

from .people import by_token

__all__ = ["forgery_checked"]


class _Check(CsrfViewMiddleware):  # type: ignore[misc]  # Django has no types
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def forgery_checked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask everybody for the CSRF token who is not known by a token of Label Studio's."""

    @wraps(view)
    def checked(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
        if not by_token(request):
            # Label Studio's middleware has waved the request through already.
            request._dont_enforce_csrf_checks = request.csrf_processing_done = False
            check = _Check(lambda _: HttpResponse())
            check.process_request(request)
            if reason := check.process_view(request, None, (), {}):
                return JsonResponse({"status_code": 403, "detail": f"CSRF: {reason}"}, status=403)
        return view(request, *arguments, **named)

    return checked
