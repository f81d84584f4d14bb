"""A lock in the database that somebody else holds, as a backup or another program does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from installation import Installation

__all__ = ["locked", "tried_again"]


@contextmanager
def locked(place: Installation, *tasks: int) -> Iterator[None]:
    """While it is held, nobody can store an answer to the tasks, nor make an account.

    SQLite has one lock for all; on Postgres these are the rows of the tasks and of the organization.
    """
    if isinstance(place.database, Path):
        with closing(sqlite3.connect(place.database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
    else:
        with psycopg.connect(place.database) as connected:
            connected.execute("SELECT 1 FROM task WHERE id = ANY(%s) FOR UPDATE", (list(tasks),))
            connected.execute("SELECT 1 FROM organization FOR UPDATE")
            yield
            connected.rollback()


def tried_again(place: Installation) -> int:
    """How often the server has said that it tries again."""
    log = place.data_dir / ("server.log" if isinstance(place.database, Path) else "log")
    return log.read_text("utf-8", "replace").count("is tried again")
