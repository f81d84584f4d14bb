"""Which Label Studio user a Ground Truth worker is: read from a file, found among the accounts. Makes no accounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...label_configs.errors import InputError, MissingError
from ..storage import read_text

__all__ = ["read_worker_users"]

_COLUMNS = ["worker", "email"]


@dataclass(frozen=True)
class _Row:
    worker: str
    email: str
    line: int


def read_worker_users(path: str, emails: Mapping[int, str]) -> dict[str, int]:
    """The user's id of each worker in the .csv file at ``path``, whose columns are ``worker`` and ``email``.

    ``emails`` are those of all users, by id. InputError, with the line, for a worker or an address that is given twice,
    as two workers who become one person would have answered items twice; MissingError for an address of nobody.
    """
    users = {email.casefold(): number for number, email in emails.items()}
    workers: dict[str, _Row] = {}
    people: dict[int, _Row] = {}
    for row in _rows(read_text(path), path):
        user = users.get(row.email.casefold())
        if user is None:
            raise MissingError(f"no account has the address {row.email}", source=path, line=row.line)
        if row.worker in workers:
            message = f"the worker {row.worker} is given twice (line {workers[row.worker].line})"
            raise InputError(message, source=path, line=row.line)
        if user in people:
            other = people[user]
            message = f"{row.email} is the worker {other.worker} already (line {other.line}): one person is one worker"
            raise InputError(message, source=path, line=row.line)
        workers[row.worker] = people[user] = row
    if not workers:
        raise InputError("names nobody", source=path)
    return {row.worker: user for user, row in people.items()}


def _rows(text: str, source: str) -> Iterator[_Row]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if sorted(header) != sorted(_COLUMNS):
            raise InputError("the first line must name the columns: worker, email", source=source, line=1)
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(header) or not all(cells):
                raise InputError("expected a worker and an e-mail address", source=source, line=rows.line_num)
            named = dict(zip(header, cells, strict=True))
            yield _Row(named["worker"], named["email"], rows.line_num)
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", source=source, line=rows.line_num) from None
