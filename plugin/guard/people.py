"""Who is who. Reviewers and owners use Label Studio as before; everybody else annotates in the projects watched.

An account that was made for annotating is *confined*: it has nothing to do with other projects either. Both facts are
kept in tables that Django and Label Studio have anyway (a group, a project's members), so that nothing needs to be
migrated and nothing changes when the guard is switched off.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

__all__ = ["CONFINED", "by_token", "caller", "is_confined", "is_open", "is_reviewer", "may_annotate", "members"]

CONFINED = "gtbridge annotators"


def caller(request: Any) -> Any:
    """Whom Label Studio will take the request's sender for: by token, or by session; None for nobody."""
    from rest_framework.exceptions import AuthenticationFailed

    try:
        user = _by_legacy_token(request)
    except AuthenticationFailed:
        user = None  # REST framework's views refuse such a call; Django's own go by the session
    user = user or getattr(request, "user", None)
    return user if user is not None and user.is_authenticated and user.is_active else None


def by_token(request: Any) -> bool:
    """Whether the sender is known by a token, which a browser, unlike a session's cookie, never sends by itself."""
    from rest_framework.exceptions import AuthenticationFailed

    try:
        return bool(getattr(request, "is_jwt", False) or _by_legacy_token(request))
    except AuthenticationFailed:
        return False


def _by_legacy_token(request: Any) -> Any:
    from jwt_auth.auth import TokenAuthenticationPhaseout
    from rest_framework.request import Request

    found = TokenAuthenticationPhaseout().authenticate(Request(request))
    return found[0] if found else None


def is_reviewer(user: Any, project: Any = None) -> bool:
    """Whether the user sees all answers of the project; without one, those of every project."""
    if user.is_superuser or (user.email or "").casefold() in settings.GTBRIDGE_REVIEWERS:
        return True
    organization = user.active_organization
    if organization is not None and organization.created_by_id == user.pk:
        return True
    return project is not None and project.created_by_id == user.pk and not is_confined(user)


def is_confined(user: Any) -> bool:
    """Whether the account was made for annotating, and may do nothing else."""
    return bool(user.groups.filter(name=CONFINED).exists())


def members(project: Any) -> Any:
    """The annotators who were added to the project, as a query for users."""
    from users.models import User

    return User.objects.filter(project_memberships__project=project, project_memberships__enabled=True)


def is_open(project: Any) -> bool:
    """Whether everybody who is not confined may annotate the project: until somebody is added to it, and no longer."""
    return not project.members.exists()


def may_annotate(user: Any, project: Any) -> bool:
    """Whether the project is among the user's."""
    return bool(members(project).filter(pk=user.pk).exists()) or (is_open(project) and not is_confined(user))
