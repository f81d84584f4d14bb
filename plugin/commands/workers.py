"""gtbridge workers: the annotators of a labeling job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click

from .common import as_json, connect, label_studio_options, report, say, storage_options

__all__ = ["workers"]

_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
_OUTCOMES = {"present": "already there", "absent": "was not there"}
_OPEN = "nobody is added to the job: every account that is not for annotating only may answer it"


def _job(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--job", "name", required=True, metavar="NAME", help="The labeling job.")(command)


@click.group()
def workers() -> None:
    """A labeling job's annotators, on a Label Studio that runs with the guard.

    From the first one who is added to a job on, only those who are added see it. Accounts made here see nothing else.
    """


@workers.command()
@_job
@click.argument("file", required=False)
@click.option("--email", "emails", multiple=True, metavar="ADDRESS", help="Somebody to add. Repeatable.")
@_dry_run
@label_studio_options
@as_json
@storage_options
def add(
    name: str,
    file: str | None,
    emails: tuple[str, ...],
    dry_run: bool,
    label_studio_url: str | None,
    api_key: str | None,
    json_output: bool,
) -> None:
    """Add people to a job: all of FILE and every --email, or nobody.

    FILE is a .csv with the columns email, first_name and last_name (of which only the first is needed), or a .txt or
    - with an address per line. Whoever has no account gets one, and a link with which to choose a password, once: send
    it to that person and to nobody else. Accounts that are there already are added as they are.
    """
    from ..label_studio.workers import add_workers, read_invitees

    if file is None and not emails:
        raise click.UsageError("whom? Give a FILE or --email")
    people = read_invitees(file, emails)
    server = connect(label_studio_url, api_key)
    done = add_workers(server, _project(server, name), people, dry_run=dry_run)
    if any("link" in person for person in done["workers"]):
        say(f"note: each link is good for one person, once, until {_day(done['links_expire'])}")
    report(_outcomes(done), {"job": name, **done}, json_output=json_output)


@workers.command()
@_job
@click.argument("emails", nargs=-1, required=True, metavar="ADDRESS...")
@_dry_run
@label_studio_options
@as_json
def remove(
    name: str,
    emails: tuple[str, ...],
    dry_run: bool,
    label_studio_url: str | None,
    api_key: str | None,
    json_output: bool,
) -> None:
    """Take people off a job. Their accounts and answers stay; the job stays closed to everybody else."""
    from ..label_studio.workers import remove_workers

    server = connect(label_studio_url, api_key)
    done = remove_workers(server, _project(server, name), emails, dry_run=dry_run)
    report(_outcomes(done), {"job": name, **done}, json_output=json_output)


@workers.command(name="list")
@_job
@label_studio_options
@as_json
def list_(name: str, label_studio_url: str | None, api_key: str | None, json_output: bool) -> None:
    """Say who annotates a job, and how far everybody is.

    For each: e-mail address, name, state (invited: has not chosen a password yet), answers given, items declined, last
    activity.
    """
    from ..label_studio.workers import list_workers

    server = connect(label_studio_url, api_key)
    found = list_workers(server, _project(server, name))
    if found["open"]:
        say(f"note: {_OPEN}")
    report(_table(found["workers"]), {"job": name, **found}, json_output=json_output)


def _project(server: Any, name: str) -> int:
    from ..label_studio.jobs import find_job

    return find_job(server, name).project


def _outcomes(done: dict[str, Any]) -> Iterator[str]:
    for person in done["workers"]:
        outcome = _OUTCOMES.get(person["outcome"], person["outcome"])
        yield f"{person['email']}: {outcome}"
        if "link" in person:
            yield f"  {person['link']}"
    if done["dry_run"]:
        yield "nothing was changed"


def _table(people: list[dict[str, Any]]) -> Iterator[str]:
    head = ("E-MAIL", "NAME", "STATE", "ANSWERS", "DECLINED", "LAST ACTIVITY")
    rows = [head, *(_row(person) for person in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows if people else ():
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(person: dict[str, Any]) -> tuple[str, ...]:
    name = f"{person['first_name']} {person['last_name']}".strip()
    counts = str(person["answers"]), str(person["declined"])
    return person["email"], name, person["state"], *counts, _day(person["last_activity"] or "")


def _day(time: str) -> str:
    """A moment, to the minute: 2026-11-22 18:40 UTC."""
    return f"{time[:16].replace('T', ' ')} UTC" if time else ""
