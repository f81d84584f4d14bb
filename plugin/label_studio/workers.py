"""A labeling job's annotators on a Label Studio with the guard: read from files, added, listed, taken off the job."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any

from ...label_configs.errors import InputError, MissingError, ServerError
from ..storage import read_text
from .server import Server, speaking_to

__all__ = ["Invitee", "add_workers", "list_workers", "read_invitees", "remove_workers"]

_COLUMNS = ("email", "first_name", "last_name")
_EMAIL = re.compile(r"[^@\s\0-\x1f\x7f]+@[^@\s\0-\x1f\x7f]+")  # what is no address at all; the server knows the rest


@dataclass(frozen=True)
class Invitee:
    """Somebody to add, and the ``source`` and ``line`` that name them."""

    email: str
    first_name: str = ""
    last_name: str = ""
    source: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)

    def wrong(self, message: str) -> InputError:
        """The error that this person cannot be added."""
        return InputError(f"{self.email} {message}", source=self.source, line=self.line)


def read_invitees(path: str | None, emails: Sequence[str] = ()) -> list[Invitee]:
    """The people in the file at ``path``, then ``emails``.

    A .csv has a header with ``email`` and perhaps ``first_name`` and ``last_name``; a .txt, and standard input
    (``-``), an address per line. InputError names the first line that holds no address, or one that was there before.
    """
    people = [Invitee(email.strip(), source="--email") for email in emails]
    if path is not None:
        people = [*_from_file(path), *people]
    seen: dict[str, Invitee] = {}
    for person in people:
        if not _EMAIL.fullmatch(person.email):
            raise InputError(f"{person.email!r} is no e-mail address", source=person.source, line=person.line)
        first = seen.setdefault(person.email.lower(), person)
        if first is not person:
            where = f" (line {first.line})" if first.line is not None else ""
            raise person.wrong(f"is given twice{where}")
    if not people:
        raise InputError("names nobody", source=path)
    return people


def _from_file(path: str) -> Iterator[Invitee]:
    suffix = PurePath(path).suffix.lower()
    if suffix == ".csv":
        return _from_csv(read_text(path), path)
    if suffix == ".txt" or path == "-":
        return _from_lines(read_text(path), "standard input" if path == "-" else path)
    raise InputError("is neither .csv nor .txt", source=path)


def _from_lines(text: str, source: str) -> Iterator[Invitee]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield Invitee(line.strip(), source=source, line=number)


def _from_csv(text: str, source: str) -> Iterator[Invitee]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        unknown = [name for name in header if name not in _COLUMNS or header.count(name) > 1]
        if "email" not in header or unknown:
            wanted = "email, and perhaps first_name and last_name"
            raise InputError(f"the first line must name the columns: {wanted}", source=source, line=1)
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                message = f"has {len(row)} fields, where the first line has {len(header)}"
                raise InputError(message, source=source, line=rows.line_num)
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
            yield Invitee(**cells, source=source, line=rows.line_num)
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", source=source, line=rows.line_num) from None


def add_workers(server: Server, project: int, people: Sequence[Invitee], *, dry_run: bool = False) -> dict[str, Any]:
    """Add all of the people to the job, or none: ``{"workers", "open", "links_expire", "dry_run"}``.

    ``workers`` are in the order of ``people``: ``{"email", "outcome", "link"?}``, where the outcome is ``added`` (a new
    account), ``linked`` (an account that was there already) or ``present``. Who has a ``link`` chooses that account's
    password: it is a secret until then. InputError, with file and line, for people whom the server refuses.
    """
    entries = [{key: asdict(person)[key] for key in _COLUMNS} for person in people]
    answer = _call(server, "POST", {"project": project, "workers": entries, "dry_run": dry_run})
    for problem in answer.get("problems", ()):
        for person in people:
            if problem["email"] in (person.email, person.email.lower()):
                raise person.wrong(problem["message"])
    return _good(server, answer)


def remove_workers(server: Server, project: int, emails: Sequence[str], *, dry_run: bool = False) -> dict[str, Any]:
    """Take people off the job; their answers stay. As ``add_workers``, with the outcomes ``removed`` and ``absent``."""
    return _good(server, _call(server, "POST", {"project": project, "remove": list(emails), "dry_run": dry_run}))


def list_workers(server: Server, project: int) -> dict[str, Any]:
    """``{"open", "workers"}``: whoever was added to the job or has answered, in the order of their addresses.

    Each is ``{"email", "first_name", "last_name", "state", "answers", "declined", "last_activity"}``; the state is
    ``invited`` (has chosen no password yet), ``active``, ``removed`` or ``switched off``, the time ISO 8601 or None. An
    ``open`` job is one to which nobody was ever added: whoever is not confined to other jobs may answer.
    """
    return _good(server, _call(server, "GET", {"project": str(project)}))


def _call(server: Server, method: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the guard answers, also where it complains; the SDK knows nothing of it, but has the credentials."""
    how = {"params": asked} if method == "GET" else {"json": asked}
    with speaking_to(server.url):
        response = server.sdk._client_wrapper.httpx_client.request("gtbridge/workers", method=method, **how)
    answer = _json(response)
    if answer is None and response.status_code == 404:
        raise ServerError(
            "this Label Studio runs without the guard, so that every account sees everything and cannot be tied to a "
            "job; start it with DJANGO_SETTINGS_MODULE=gtbridge.plugin.guard.settings",
            source=server.url,
        )
    if answer is None:
        raise ServerError(f"answers, but not as the guard does (status {response.status_code})", source=server.url)
    if response.status_code == 404:
        raise MissingError(str(answer.get("detail")), source=server.url)
    if response.status_code != 200 and "problems" not in answer:
        raise ServerError(f"refused ({response.status_code}): {answer.get('detail')}", source=server.url)
    return answer


def _json(response: Any) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _good(server: Server, answer: dict[str, Any]) -> dict[str, Any]:
    problems: Iterable[Mapping[str, Any]] = answer.get("problems", ())
    for problem in problems:
        raise InputError(f"{problem['email'] or 'the request'}: {problem['message']}", source=server.url)
    return answer
