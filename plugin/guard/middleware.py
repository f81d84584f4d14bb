"""The guard's place in each request: who may call what, answers stored in one piece, the script on the pages."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse

from . import access
from .about import VERSIONS, without_settings
from .access import READER, STRANGER
from .busy import STORED_IN_ONE_PIECE, notice, wait_briefly_in_transaction
from .forgery import is_forged
from .gallery import GALLERY, with_both_tasks
from .people import caller, is_confined, is_reviewer
from .reading import CONFINED_LISTS, LISTS, READ, tabs_of_reviewers
from .views import script_version

__all__ = ["Guard"]

_TABS = ("GET", "data_manager:api:view-list")
# On SQLite, Label Studio looks for a free item and takes it in two steps: who asks in between gets the same item.
_ONE_AT_A_TIME = Lock()


class Guard:
    """Django middleware; the last of the list, so that it sees what Label Studio sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match is not None and request.resolver_match.view_name in VERSIONS:
            return without_settings(response)
        kind = response.get("Content-Type", "")
        if not response.streaming and kind.startswith("text/html") and b"APP_SETTINGS" in response.content:
            address = f"{reverse('gtbridge:script')}?{script_version()}"
            tag = f'<script src="{address}" data-csrf="{get_token(request)}" defer></script></body>'
            response.content = response.content.replace(b"</body>", tag.encode())
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], positional: Any, arguments: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what is not the caller's; store answers in one piece."""
        if is_forged(request):
            return JsonResponse({"status_code": 403, "detail": "CSRF: a page elsewhere makes this call"}, status=403)
        name, method = request.resolver_match.view_name or "", _method(request)
        user = caller(request)
        if user is not None and not is_reviewer(user):
            refusal = access.refusal(request, name, method, user, arguments)
            if refusal is not None:
                return refusal
        if name in STORED_IN_ONE_PIECE and method != "GET":
            return _in_one_piece(request, view, positional, arguments)
        if _asks_for_an_item(request, name, method) and connection.vendor == "sqlite":
            with _ONE_AT_A_TIME:
                response: HttpResponse = view(request, *positional, **arguments)
                return response
        return None

    def process_template_response(self, request: Any, response: Any) -> Any:
        """Cut down what an annotator receives, before it is rendered."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if response.status_code < 400 and hasattr(response, "data"):
            reader, stranger = getattr(request, READER, None), getattr(request, STRANGER, None)
            call = _method(request), name
            if reader is not None and call in READ:
                response.data = READ[call](reader, response.data)
            elif call == _TABS:
                response.data = tabs_of_reviewers(response.data)
            elif call == GALLERY:
                response.data = with_both_tasks(response.data)
            if stranger is not None and call in LISTS:
                response.data = LISTS[call](stranger, response.data)
            if stranger is not None and call in CONFINED_LISTS and is_confined(stranger):
                response.data = CONFINED_LISTS[call](stranger, response.data)
        return response


def _method(request: Any) -> str:
    """HEAD and OPTIONS show no more than GET does."""
    return "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)


def _asks_for_an_item(request: Any, name: str, method: str) -> bool:
    stream = name == "data_manager:dm-actions" and method == "POST" and request.GET.get("id") == "next_task"
    return stream or (name == "projects:api:project-next" and method == "GET")


def _in_one_piece(request: Any, view: Callable[..., Any], positional: Any, arguments: dict[str, Any]) -> HttpResponse:
    """Run the view; whatever it refuses leaves nothing behind. Two answers to one item wait for each other."""
    try:
        with transaction.atomic():
            wait_briefly_in_transaction()
            response: HttpResponse = view(request, *positional, **arguments)
            if response.status_code >= 400:
                transaction.set_rollback(True)
    except OperationalError as error:  # the end of a transaction may meet a lock as well
        notice(request, error)
        raise
    return response
