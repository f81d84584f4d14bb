"""The template database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gtbridge.plugin.files.folders import cache_folder
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.local_server.embedded_database import _copy_template, _is_empty, _is_migrated, _keep_template

SHIPPED = frozenset({("users", "0001_initial"), ("users", "0002_more")})


def make(path: Path, *names: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        connection.executemany("INSERT INTO django_migrations VALUES ('users', ?)", [(name,) for name in names])
    return path


def test_a_sound_template_is_copied(tmp_path: Path) -> None:
    template = make(tmp_path / "template", "0001_initial", "0002_more")
    _copy_template(template, tmp_path / "database", SHIPPED)
    assert _is_migrated(tmp_path / "database", SHIPPED)
    assert template.exists()


def test_a_corrupt_template_is_thrown_away_and_leaves_no_database(tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.write_bytes(b"SQLite format 3\0" + b"garbage" * 1000)
    _copy_template(template, tmp_path / "database", SHIPPED)
    assert not list(tmp_path.iterdir())


def test_a_template_that_lacks_a_migration_is_thrown_away(tmp_path: Path) -> None:
    _copy_template(make(tmp_path / "template", "0001_initial"), tmp_path / "database", SHIPPED)
    assert not list(tmp_path.iterdir())


def test_a_template_in_the_making_is_never_seen_under_its_name(tmp_path: Path) -> None:
    template = tmp_path / "cache" / "template"
    _keep_template(make(tmp_path / "database", "0001_initial", "0002_more"), template)
    assert _is_migrated(template, SHIPPED)
    assert list(template.parent.iterdir()) == [template]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    _keep_template(make(tmp_path / "database"), tmp_path / "cache" / "template")
    assert (tmp_path / "cache").read_bytes() == b""


def test_a_database_with_any_table_is_not_empty(tmp_path: Path) -> None:
    assert _is_empty(tmp_path / "new")
    assert not _is_empty(make(tmp_path / "database"))


@pytest.mark.server
def test_the_template_holds_no_account_and_no_token(label_studio: Embedded) -> None:
    [template, *_] = cache_folder().glob(f"label-studio-{label_studio.version}-*.sqlite3")
    with closing(sqlite3.connect(template)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = {name for name in tables if connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()}
    assert "htx_user" in tables
    assert filled <= {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "sqlite_sequence",
        "core_asyncmigrationstatus",
    }
