"""A job's annotators, for its reviewers: who they are, how far they are, and how somebody becomes one.

Who may ask, and what they may ask for; `membership` does it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from jwt_auth.auth import TokenAuthenticationPhaseout
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from . import membership
from .people import is_open, is_reviewer
from .projects import watched

__all__ = ["Workers"]

_MOST = 1000


class _AccessToken(BaseAuthentication):  # type: ignore[misc]  # REST framework has no types
    """A JSON web token, which Label Studio's own middleware has checked by now."""

    def authenticate(self, request: Any) -> tuple[Any, None] | None:
        """The token's user."""
        return (request._request.user, None) if getattr(request._request, "is_jwt", False) else None


class _Person(serializers.Serializer):  # type: ignore[misc]
    email = serializers.EmailField(max_length=254, error_messages={"invalid": "is no e-mail address"})
    first_name = serializers.CharField(max_length=256, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=256, allow_blank=True, default="")

    def validate_email(self, value: str) -> str:
        """As Label Studio's login form looks for it."""
        return value.lower()


class Workers(APIView):  # type: ignore[misc]
    """``GET ?project=ID`` lists, ``POST {"project", "workers": [...]}`` adds, ``POST {"project", "remove": [...]}``
    takes people off the job; with ``"dry_run": true`` nothing is kept. All of a call is done, or nothing.

    401 for strangers, 403 for everybody but the project's reviewers, 404 for projects that the guard does not watch,
    400 with ``{"detail", "problems": [{"email", "message"}]}`` for people who cannot be added.

    What a browser sends by itself (the session) must come with the CSRF token. What it never does (a token in the
    Authorization header) needs none. Each caller is held to the one by which they were recognised, not to the headers
    that are there: the session's authentication is last, and checks.
    """

    authentication_classes = (TokenAuthenticationPhaseout, _AccessToken, SessionAuthentication)
    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser,)
    schema = None  # Label Studio's page about its API describes its own

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        """The view, marked as one of the few whose CSRF token Label Studio leaves for others to check."""
        view = super().as_view(**options)
        view._dont_enforce_csrf_checks = False
        return view

    def get(self, request: Any) -> Response:
        """``{"open", "workers"}``; an open job is one to which nobody was added."""
        return Response(membership.listing(_project(request.user, request.query_params.get("project"))))

    def post(self, request: Any) -> Response:
        """``{"workers": [{"email", "outcome", "link"?}], "open", "links_expire", "dry_run"}``, in the order asked for.

        Outcomes: ``added`` (a new account, with its link), ``linked`` (an account that was there), ``present``;
        ``removed``, ``absent``. Somebody who never used their link gets another.
        """
        asked = request.data if isinstance(request.data, Mapping) else {}
        project = _project(request.user, asked.get("project"))
        people, problems = _read(asked)
        with transaction.atomic():
            if not problems:
                # Two calls at once wait for each other here, so that neither finds half of the other's accounts.
                type(project.organization).objects.select_for_update().get(pk=project.organization_id)
                found = [] if "remove" in asked else membership.in_the_way(project, people)
                problems = [_problem(email, message) for email, message in found]
            if problems:
                return Response({"detail": problems[0]["message"], "problems": problems}, status=400)
            dry_run = asked.get("dry_run") is True
            if "remove" in asked:
                done = [membership.remove(project, person["email"]) for person in people]
            else:
                done = [membership.add(request, project, person, dry_run) for person in people]
            open_to_all = is_open(project)
            transaction.set_rollback(dry_run)
        expire = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        return Response({"workers": done, "open": open_to_all, "links_expire": expire.isoformat(), "dry_run": dry_run})


def _project(user: Any, number: Any) -> Any:
    from projects.models import Project

    known = isinstance(number, int | str) and str(number).isdecimal() and len(str(number)) < 18
    project = Project.objects.select_related("organization").filter(pk=int(number)).first() if known else None
    if project is None or not project.has_permission(user) or watched(project) is None:
        raise NotFound("there is no such labeling job")
    if not is_reviewer(user, project):
        raise PermissionDenied("only the job's reviewers may do this")
    return project


def _problem(email: Any, message: str) -> dict[str, Any]:
    return {"email": email, "message": message}


def _read(asked: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The people that the request names, and what is wrong with how it names them."""
    remove = asked.get("remove")
    given = [{"email": email} for email in remove] if isinstance(remove, list) else asked.get("workers")
    if not isinstance(given, list) or not given or len(given) > _MOST or ("workers" in asked and "remove" in asked):
        return [], [_problem(None, f'wanted: "workers" or "remove", a list of 1 to {_MOST} entries')]
    form = _Person(data=given, many=True)
    if not form.is_valid():
        return [], list(_complaints(given, form.errors))
    people: list[dict[str, str]] = form.validated_data
    times = Counter(person["email"] for person in people)
    return people, [_problem(email, "is given twice") for email, count in times.items() if count > 1]


def _complaints(given: Sequence[Any], errors: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for entry, fields in zip(given, errors, strict=False):
        email = entry.get("email") if isinstance(entry, Mapping) else None
        for field, sentences in fields.items():
            place = "" if field == "email" else f"{field}: "
            yield _problem(email, place + " ".join(map(str, sentences)))
