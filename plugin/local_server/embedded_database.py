"""The embedded server's database: migrated once per set of migrations, then copied. Runs inside the child process."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from .embedded import ChildSettings

__all__ = ["prepare_database"]

logger = logging.getLogger(__name__)

Migrations = frozenset[tuple[str, str]]


def prepare_database(settings: ChildSettings, report: Callable[..., None]) -> None:
    """Bring the database of the data directory up to date; Django must be set up.

    Migrating an empty database takes most of a minute, so an empty data directory gets a copy of a template: a database
    after all migrations and before any account. It is kept in the cache directory, named by Label Studio's version and
    a digest of the names of all migrations. Whatever is wrong with a template, the database is migrated as usual.
    """
    from django.conf import settings as django_settings
    from django.core.management import call_command
    from django.db import connections

    database = Path(django_settings.DATABASES["default"]["NAME"])
    shipped = _shipped_migrations()
    digest = hashlib.sha256(repr(sorted(shipped)).encode()).hexdigest()[:12]
    template = Path(settings.cache_dir, f"label-studio-{settings.version}-{digest}.sqlite3")
    connections.close_all()  # some apps look into the database while they load, which makes an empty file
    fresh = _is_empty(database)
    if fresh:
        _copy_template(template, database, shipped)
    if _is_migrated(database, shipped):
        return
    report(progress="Preparing the database: about a minute, once" if fresh else "Bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()
    if fresh:
        _keep_template(database, template)


def _shipped_migrations() -> Migrations:
    """(app label, name) of each migration module of the installed apps, by file name: importing them takes seconds."""
    from django.apps import apps

    return frozenset(
        (app.label, module.stem)
        for app in apps.get_app_configs()
        for module in Path(app.path, "migrations").glob("*.py")
        if not module.stem.startswith("_")
    )


def _is_empty(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _is_migrated(database: Path, shipped: Migrations) -> bool:
    """Whether all these migrations are recorded as applied. False is not final: Django's own plan then decides."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            applied: set[tuple[str, str]] = set(connection.execute("SELECT app, name FROM django_migrations"))
        except sqlite3.OperationalError:
            return False  # no such table: a database without any migration
    return shipped <= applied


def _copy_template(template: Path, database: Path, shipped: Migrations) -> None:
    """Put a copy of the template in place if it is sound; throw the template away if it is not."""
    if not template.exists():
        return
    copy = database.with_name(database.name + ".new")
    try:
        shutil.copyfile(template, copy)
        with closing(sqlite3.connect(copy)) as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        if sound and _is_migrated(copy, shipped):
            copy.replace(database)
            return
        logger.warning("%s is not a complete database, and is made again", template)
    except (OSError, sqlite3.DatabaseError) as error:
        logger.warning("%s cannot be used, and is made again: %s", template, error)
    copy.unlink(missing_ok=True)
    template.unlink(missing_ok=True)


def _keep_template(database: Path, template: Path) -> None:
    """Write beside, then rename: another process finds a whole template or none, and two that write do no harm."""
    try:
        template.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="template-", dir=template.parent) as beside:
            copy = Path(beside, template.name)
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("VACUUM INTO ?", (os.fspath(copy),))
            copy.replace(template)
    except (OSError, sqlite3.Error) as error:
        logger.warning("%s cannot be written; the next start migrates again: %s", template, error)
