"""A real Postgres for the tests, each with Label Studio's tables and nothing in them. Reached by a Unix socket only."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from commands import wait_until

from gtbridge.plugin.files.folders import cache_folder

__all__ = ["Postgres", "postgres"]

# What brings migrations; Label Studio pins the others' versions, but not everybody installs what it pins.
_MIGRATED_BY = ("label-studio", "Django", "djangorestframework", "djangorestframework_simplejwt")
# What is lost when the power fails is made again by the next run.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "timezone=UTC")
# Whoever started it ends it by closing its standard input, or by ending in whatever way; SIGINT waits for no client.
_UNTIL_INPUT_ENDS = '"$@" & read -r _; kill -INT $!; wait $!'
_SUPERUSER = "postgres"
# Read now: a test's environment has no such names.
_NAMED = os.environ.get("GTBRIDGE_POSTGRES")


@dataclass(frozen=True)
class Postgres:
    """A server that answers. ``folder`` is where its socket lies; the database is called as its superuser."""

    folder: Path

    @property
    def conninfo(self) -> str:
        """What psycopg connects to."""
        return f"host={self.folder} user={_SUPERUSER} dbname={_SUPERUSER}"

    def environment(self) -> dict[str, str]:
        """How Label Studio is told of it."""
        return {
            "DJANGO_DB": "default",
            "POSTGRE_HOST": str(self.folder),
            "POSTGRE_USER": _SUPERUSER,
            "POSTGRE_NAME": _SUPERUSER,
            "POSTGRE_PASSWORD": "",
        }


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server of one's own while the context is open. Without Postgres, a developer's test is skipped."""
    programs = _programs()
    template = _template(programs)
    with _folder() as folder:
        shutil.copytree(template, folder / "data")
        _hand_over(folder)
        with _running(programs, folder) as server:
            yield server


def _programs() -> Path:
    """Where ``initdb`` and ``postgres`` are."""
    found = [Path(_NAMED)] if _NAMED else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major)
    on_path = shutil.which("initdb")
    found = found or ([Path(on_path).resolve().parent] if on_path else [])
    if not found and not os.environ.get("CI"):
        pytest.skip(
            "no Postgres: install one (Debian: postgresql), or name its folder of programs in GTBRIDGE_POSTGRES"
        )
    assert found, "no Postgres: scripts/setup-postgres installs it"
    return found[-1]


def _major(programs: Path) -> int:
    return int(programs.parent.name)


def _template(programs: Path) -> Path:
    """The data of a server whose database is migrated, which takes most of a minute: made once, kept in the cache."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _MIGRATED_BY]
    version = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    digest = hashlib.sha256(repr([version, *versions]).encode()).hexdigest()[:12]
    template = cache_folder() / f"tests-postgres-{digest}"
    template.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Path(f"{template}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests that start at once migrate once
        if not template.exists():
            _make_template(programs, template)
    return template


def _make_template(programs: Path, template: Path) -> None:
    """Write beside, then rename: what is there is whole."""
    with _folder() as folder:
        initdb = [programs / "initdb", "-D", folder / "data", "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8"]
        _run([*initdb, "--locale=C.UTF-8", "--no-sync", "--no-instructions"], folder, as_owner=True)
        with _running(programs, folder) as server:
            label_studio = Path(str(importlib.metadata.distribution("label-studio").locate_file("label_studio")))
            settings = {"DJANGO_SETTINGS_MODULE": "core.settings.label_studio", "SECRET_KEY": "none", "SENTRY_DSN": ""}
            home = {"LABEL_STUDIO_BASE_DATA_DIR": str(folder / "home"), "PATH": os.environ["PATH"]}
            migrate = [sys.executable, label_studio / "manage.py", "migrate", "--verbosity", "0"]
            _run(migrate, folder, env={**settings, **home, **server.environment()})
        beside = template.with_name(f"{template.name}.new")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(folder / "data", beside)
        beside.rename(template)


def _run(command: list[object], folder: Path, as_owner: bool = False, env: dict[str, str] | None = None) -> None:
    arguments = [str(part) for part in command]
    owner = _owner() if as_owner else {}
    done = subprocess.run(arguments, cwd=folder, env=env, text=True, capture_output=True, **owner)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{arguments[0]}: {done.stdout[-1000:]}{done.stderr[-2000:]}"


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[Postgres]:
    """The server on the data in ``folder``."""
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    for setting in (*_SETTINGS, f"unix_socket_directories={folder}"):
        command += ["-c", setting]
    server, log = Postgres(folder), folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            cwd=folder,
            env={"PATH": os.defpath},
            start_new_session=True,
            **_owner(),  # type: ignore[call-overload]
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        with suppress(psycopg.OperationalError), psycopg.connect(server.conninfo) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
        return False

    with process:
        wait_until(answers)
        yield server


def _owner() -> dict[str, object]:
    """Postgres refuses to run as root; everybody else runs it as themselves."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the server's user may enter, with a short name: a socket's path is limited."""
    with tempfile.TemporaryDirectory(prefix="gtbridge-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        _hand_over(Path(name))
        yield Path(name)


def _hand_over(folder: Path) -> None:
    if owner := _owner():
        for path in (folder, *folder.rglob("*")):
            os.chown(path, int(str(owner["user"])), int(str(owner["group"])))
