"""A database that is locked when an answer arrives: waited for, tried again, and in the end 503 with nothing stored.

SQLite is locked by whoever writes, Postgres refuses one of two that wait for each other. Both pass within moments, so
the whole call is made again; never a part of it, which would leave half of an answer. The page keeps the work.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

__all__ = ["STORED_IN_ONE_PIECE", "KeepTrying", "notice", "wait_briefly_in_transaction"]

logger = logging.getLogger(__name__)

# The calls that are made again, each of them in one transaction: either all that it stores is good, or none is kept.
STORED_IN_ONE_PIECE = {
    # answers, and drafts of them
    "tasks:api:task-annotations",
    "tasks:api-annotations:annotation-detail",
    "tasks:api:task-drafts",
    "tasks:api:task-annotations-drafts",
    "tasks:api-drafts:draft-detail",
    # tasks and answers in several steps
    "data_import:api-projects:project-import",
    "data_import:api-projects:project-tasks-bulk-upload",
    "data_import:api-projects:project-reimport",
    "gtbridge:workers",
}

_FIRST_PAUSE = 0.1  # seconds; each pause is twice as long
_RETRY_AFTER = 5  # seconds

# serialization_failure, deadlock_detected, lock_not_available
_POSTGRES_LOCKS = {"40001", "40P01", "55P03"}
_SQLITE_LOCKS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_LOCKED = "_gtbridge_locked"


class KeepTrying:
    """Django middleware that stands around all others that write, so that what is tried again is a whole call.

    Takes ``GTBRIDGE_LOCK_PATIENCE`` seconds at most, and then as long as one look at the lock takes: a quarter of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS") or _view_name(request) not in STORED_IN_ONE_PIECE:
            return self.get_response(request)
        end, pause = time.monotonic() + settings.GTBRIDGE_LOCK_PATIENCE, _FIRST_PAUSE
        while True:
            response, locked = self._attempt(request)
            if not locked:
                return response
            if time.monotonic() + pause > end:
                return _busy()
            logger.warning("the database is locked: %s %s is tried again", request.method, request.path)
            time.sleep(pause * random.uniform(0.5, 1))  # who collided once should not meet again
            pause *= 2

    def _attempt(self, request: HttpRequest) -> tuple[HttpResponse, bool]:
        """The answer, and whether it is a failure because of a lock."""
        setattr(request, _LOCKED, False)

        def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
            # Label Studio makes an answer of every error, so this is the place where what it was can be seen.
            try:
                return execute(*arguments)
            except OperationalError as error:
                notice(request, error)
                raise

        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(watch))
            if connection.vendor == "sqlite":
                _wait_briefly(stack)
            response = self.get_response(request)
        return response, response.status_code >= 500 and getattr(request, _LOCKED)


def notice(request: HttpRequest, error: OperationalError) -> None:
    """Remember that the request met a lock, if it was one."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if getattr(cause, "sqlstate", None) in _POSTGRES_LOCKS or (code is not None and code & 0xFF in _SQLITE_LOCKS):
        setattr(request, _LOCKED, True)


def wait_briefly_in_transaction() -> None:
    """Have Postgres, which would wait for ever, give up on a lock in time; until the present transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_milliseconds()}ms"])


def _wait_briefly(stack: ExitStack) -> None:
    """The same for SQLite, until the stack is left."""
    connection.ensure_connection()
    handle = connection.connection
    (usual,) = handle.execute("PRAGMA busy_timeout").fetchone()
    handle.execute(f"PRAGMA busy_timeout = {_milliseconds()}")
    stack.callback(handle.execute, f"PRAGMA busy_timeout = {usual}")


def _milliseconds() -> int:
    return int(settings.GTBRIDGE_LOCK_PATIENCE * 1000 / 4)


def _view_name(request: HttpRequest) -> str | None:
    try:
        return str(resolve(request.path_info).view_name)
    except Resolver404:
        return None


def _busy() -> HttpResponse:
    detail = "the database is busy and nothing was stored: please try again in a few seconds"
    return JsonResponse({"status_code": 503, "detail": detail}, status=503, headers={"Retry-After": str(_RETRY_AFTER)})
