"""Protection against cross-site request forgery, which Label Studio switches off for all but its login.

The guard's own views ask for the CSRF token. Label Studio's page does not send it with most calls, so for the rest it
is the browser's word that counts: where the page comes from that makes the call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware

from .people import by_token

__all__ = ["forgery_checked", "is_forged"]


class _Check(CsrfViewMiddleware):  # type: ignore[misc]  # Django has no types
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_ELSEWHERE = ("cross-site", "same-site")  # https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header


def is_forged(request: Any) -> bool:
    """Whether a page of another site, as the browser says, would change something in the name of who is logged in.

    Cookies go along from other ports of the same host, and from sub-domains, whatever their SameSite says. Programs
    send neither of the headers; whoever knows a token needs no browser's cookies.
    """
    if request.method in _SAFE:
        return False
    if "Origin" in request.headers:
        # As Django judges the login form, with CSRF_TRUSTED_ORIGINS: who could log in is at home.
        elsewhere = not _Check(lambda _: HttpResponse())._origin_verified(request)
    else:
        elsewhere = request.headers.get("Sec-Fetch-Site") in _ELSEWHERE
    return elsewhere and not by_token(request)


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
