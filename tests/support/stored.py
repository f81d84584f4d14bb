"""What a server has stored, looked at past it: the same questions to SQLite and to Postgres."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import psycopg

__all__ = ["Connection", "Place", "Stored", "opened"]

# SQLite's file, or what psycopg connects to.
Place = Path | str


class Connection(Protocol):
    """A transaction. Values stand for question marks, on Postgres as well."""

    def execute(self, query: str, values: Sequence[Any] = ()) -> Any:
        """A cursor over the rows."""


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]):
        self._connection = connection

    def execute(self, query: str, values: Sequence[Any] = ()) -> Any:
        return self._connection.execute(cast("Any", query.replace("?", "%s")), values or None)


@contextmanager
def opened(place: Place) -> Iterator[Connection]:
    """A transaction that is kept unless the block fails."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place, timeout=30)) as connection, connection:
            yield connection
    else:
        with psycopg.connect(place) as connected:
            yield _Postgres(connected)


class Stored:
    """All tables and uploaded files, except for when people were last seen."""

    _PASSING = frozenset({"last_activity", "activity_at", "last_login"})

    def __init__(self, place: Place, data_dir: Path):
        self._media = data_dir / "media"
        self._tables: _Tables = _SqliteTables(place) if isinstance(place, Path) else _PostgresTables(place)
        self._version, self._before = self._tables.version(), dict(self._content())

    def close(self) -> None:
        """Let go of the database."""
        self._tables.close()

    def changes(self) -> list[str]:
        """What is there and was not at the last look, and the other way round."""
        version = self._tables.version()
        if version == self._version:
            return []
        after = dict(self._content())
        found = [
            f"{table}: {sign} {row}"
            for table in sorted(after.keys() | self._before.keys())
            for sign, some in (
                ("gone", self._before.get(table, set()) - after.get(table, set())),
                ("new", after.get(table, set()) - self._before.get(table, set())),
            )
            for row in sorted(some)
        ]
        self._version, self._before = version, after
        return found

    def _content(self) -> Iterator[tuple[str, set[str]]]:
        yield "files", {f"{file} {file.stat().st_size}" for file in self._media.rglob("*") if file.is_file()}
        yield from self._tables.rows(self._PASSING)


class _Tables(Protocol):
    def version(self) -> Any:
        """Something that differs once anybody else has written."""

    def rows(self, without: Iterable[str]) -> Iterable[tuple[str, set[str]]]:
        """(table, rows as text) of each table, without these columns."""

    def close(self) -> None: ...


class _SqliteTables:
    def __init__(self, file: Path):
        self._connection = sqlite3.connect(file, timeout=30)
        self.close = self._connection.close

    def version(self) -> Any:
        return self._connection.execute("PRAGMA data_version").fetchone()

    def rows(self, without: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in self._connection.execute(names).fetchall():
            cursor = self._connection.execute(f'SELECT * FROM "{table}"')
            kept = [at for at, column in enumerate(cursor.description) if column[0] not in without]
            yield table, {repr([row[at] for at in kept]) for row in cursor}


class _PostgresTables:
    def __init__(self, conninfo: str):
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self.close = self._connection.close
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        self._names = [str(name) for (name,) in self._connection.execute(names)]

    def version(self) -> Any:
        return self._connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()

    def rows(self, without: Iterable[str]) -> Iterable[tuple[str, set[str]]]:
        """In one query: a hundred tables, looked at hundreds of times."""
        row = "to_jsonb(held)" + "".join(f" - '{column}'" for column in without)
        parts = (f"SELECT '{name}', ({row})::text FROM \"{name}\" AS held" for name in self._names)
        found: dict[str, set[str]] = {}
        for table, text in self._connection.execute(cast("Any", " UNION ALL ".join(parts))):
            found.setdefault(table, set()).add(text)
        return found.items()
