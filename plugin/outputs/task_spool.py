"""Tasks that come in pieces and in any order -> each once, in the order of their numbers. Memory does not grow with
them: what is too much for it goes to a file without a name, which ends with the program however it ends.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import groupby
from typing import Any

from ...converters.formats.exported_tasks import merged
from ...label_configs.errors import InputError

__all__ = ["TaskSpool", "task_spool"]


class TaskSpool:
    """Parts of tasks as they come, in a table of a temporary database."""

    def __init__(self, database: sqlite3.Connection):
        self._database = database
        self._database.execute("CREATE TABLE parts (number INTEGER, part TEXT)")

    def add(self, number: int, part: Mapping[str, Any]) -> None:
        """A part of the task ``number``, as ``merged`` takes it. InputError if there is no room for it."""
        try:
            self._database.execute("INSERT INTO parts VALUES (?, ?)", (number, json.dumps(part)))
        except sqlite3.OperationalError as error:
            raise InputError(f"no room for temporary files (TMPDIR): {error}") from None

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Each task, by ascending numbers, once all parts are there."""
        self._database.execute("CREATE INDEX by_number ON parts (number)")
        rows = self._database.execute("SELECT number, part FROM parts ORDER BY number, rowid")
        for _, parts in groupby(rows, key=lambda row: int(row[0])):
            yield merged(json.loads(part) for _, part in parts)


@contextmanager
def task_spool() -> Iterator[TaskSpool]:
    """A spool that is gone when the context is left."""
    # SQLite makes a database without a name, holds as much of it in memory as its cache takes, and never joins it.
    with closing(sqlite3.connect("")) as database:
        yield TaskSpool(database)
