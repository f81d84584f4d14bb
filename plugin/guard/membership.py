"""Who belongs to a job: accounts are found or made, tied to the project, and untied. Asks nobody whether they may.

An account that somebody uses is never changed: not even a reviewer gets hold of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...converters.formats.sent_back import REJECTED
from .people import CONFINED, is_open, is_reviewer, members
from .welcome import is_invited, welcome_link

__all__ = ["add", "in_the_way", "listing", "remove"]


def _accounts(email: str) -> Any:
    from users.models import User

    return User.objects.filter(email__iexact=email)


def in_the_way(project: Any, people: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Why some of the people cannot be added."""
    problems = []
    for person in people:
        email, accounts = person["email"], list(_accounts(person["email"]))
        if len(accounts) > 1:
            problems.append((email, "has two accounts, which differ in upper and lower case only"))
        elif accounts and not accounts[0].is_active:
            problems.append((email, "has an account that was switched off"))
        elif accounts and not project.organization.has_permission(accounts[0]):
            problems.append((email, "has an account that is no member of the job's organization"))
    return problems


def add(request: Any, project: Any, person: Mapping[str, str], dry_run: bool) -> dict[str, str]:
    """Have the person annotate the project: ``{"email", "outcome", "link"?}``; a ``dry_run`` gives away no link."""
    from projects.models import ProjectMember

    user = _accounts(person["email"]).first()
    outcome = "added" if user is None else "linked"
    if user is None:
        user = _new_account(project.organization, person)
    memberships = ProjectMember.objects.filter(project=project, user=user)
    if memberships.filter(enabled=True).exists():
        outcome = "present"
    elif not memberships.update(enabled=True):
        ProjectMember.objects.create(project=project, user=user)
    done = {"email": user.email, "outcome": outcome}
    if dry_run or not is_invited(user) or not _reviews_all_of(request.user, user):
        return done
    return {**done, "link": welcome_link(request, user)}


def _reviews_all_of(reviewer: Any, annotator: Any) -> bool:
    """Whether the reviewer sees all that the annotator's account opens."""
    memberships = annotator.project_memberships.filter(enabled=True).select_related("project")
    return all(is_reviewer(reviewer, membership.project) for membership in memberships)


def _new_account(organization: Any, person: Mapping[str, str]) -> Any:
    """An account without a password, which may annotate where it was added, and nothing else."""
    from django.contrib.auth.models import Group
    from users.models import User

    names = {key: person[key] for key in ("first_name", "last_name")}
    user = User.objects.create_user(person["email"], None, active_organization=organization, **names)
    organization.add_user(user)
    user.groups.add(Group.objects.get_or_create(name=CONFINED)[0])
    return user


def remove(project: Any, email: str) -> dict[str, str]:
    """Take the person off the project: ``{"email", "outcome"}``. Account and answers stay."""
    from projects.models import ProjectMember
    from tasks.models import TaskLock

    theirs = ProjectMember.objects.filter(project=project, user__email__iexact=email, enabled=True)
    removed = theirs.update(enabled=False)
    if removed:  # what they had open goes to somebody else at once
        TaskLock.objects.filter(task__project=project, user__email__iexact=email).delete()
    return {"email": email, "outcome": "removed" if removed else "absent"}


def listing(project: Any) -> dict[str, Any]:
    """Whoever was added or has answered, by address: ``{"open", "workers": [...]}``, the latter as in ``_entry``."""
    from users.models import User

    added = set(members(project).values_list("pk", flat=True))
    work = _work(project)
    people = User.objects.filter(pk__in=added | work.keys()).order_by("email")
    everybody = is_open(project)
    workers = [_entry(user, work.get(user.pk, {}), everybody or user.pk in added) for user in people]
    return {"open": everybody, "workers": workers}


def _work(project: Any) -> dict[int, dict[str, Any]]:
    """What each person has done in the project, by their id."""
    from django.db.models import Count, Max, Q
    from tasks.models import Annotation

    counts = {
        "answers": Count("pk", filter=Q(was_cancelled=False)),
        "declined": Count("pk", filter=Q(was_cancelled=True) & ~Q(last_action=REJECTED)),
        "last": Max("updated_at"),
    }
    rows = Annotation.objects.filter(task__project=project, completed_by__isnull=False).values("completed_by")
    return {row["completed_by"]: row for row in rows.annotate(**counts).order_by()}


def _entry(user: Any, work: Mapping[str, Any], belongs: bool) -> dict[str, Any]:
    if not user.is_active:
        state = "switched off"
    elif not belongs:
        state = "removed"
    else:
        state = "invited" if is_invited(user) else "active"
    times = [time for time in (work.get("last"), user.last_login) if time is not None]
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "state": state,
        "answers": work.get("answers", 0),
        "declined": work.get("declined", 0),
        "last_activity": max(times).isoformat() if times else None,
    }
