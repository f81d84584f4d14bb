"""Guarded servers whose database a test may look into, among them one as teams run it.

That one: gunicorn, two processes, Postgres, a reverse proxy before them.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import pytest
from commands import wait_until
from postgres import postgres
from reverse_proxy import reverse_proxy
from stored import Place

from gtbridge.plugin.local_server import embedded_child
from gtbridge.plugin.local_server.embedded import OWNER, ChildSettings, Embedded, embedded_label_studio

__all__ = ["Installation", "on_postgres", "on_sqlite", "with_settings"]

_HERE = str(Path(__file__).parent)
_GUARDED = "quick_guard_settings"
_CONFIG = Path(__file__).with_name("installation_config.py")
_START_SECONDS = 300  # on a machine that has much else to do
# Whoever started it ends it by closing its standard input, or by ending in whatever way.
_UNTIL_INPUT_ENDS = '"$@" & read -r _; kill -QUIT $!; wait $!'


@dataclass(frozen=True)
class Installation:
    """A server that answers. ``processes`` are the addresses behind its own."""

    server: Embedded
    processes: tuple[str, ...]
    data_dir: Path
    database: Place


@contextmanager
def with_settings(module: str, data_dir: Path | None = None) -> Iterator[Embedded]:
    """The embedded server with one of the settings that stand beside this file."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PYTHONPATH", _HERE)
            server = stack.enter_context(embedded_label_studio(data_dir=data_dir, settings_module=module))
        yield server


@contextmanager
def on_sqlite(data_dir: Path) -> Iterator[Installation]:
    """The embedded server, which is one process."""
    with with_settings(_GUARDED, data_dir) as server:
        yield Installation(server, (server.url,), data_dir, data_dir / "label_studio.sqlite3")


@contextmanager
def on_postgres(path: str = "", **environment: str) -> Iterator[Installation]:
    """Label Studio in two processes: each request goes to the other one in turn.

    The proxy serves below ``path``. ``environment`` are settings of Label Studio's, as in its documentation.
    """
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gtbridge-installation-")))
        listening = [stack.enter_context(_listener()) for _ in range(2)]
        first, second = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in listening)
        url = stack.enter_context(reverse_proxy([first, second], path))
        settings = ChildSettings(
            data_dir=str(data_dir),
            cache_dir=str(data_dir),
            temporary=True,
            port=0,
            version=importlib.metadata.version("label-studio"),
            email=OWNER,
            password=secrets.token_urlsafe(18),
            token=secrets.token_hex(20),
        )
        told = {
            **{f"LABEL_STUDIO_{name}": value for name, value in embedded_child._FIXED.items()},
            **database.environment(),
            "LABEL_STUDIO_BASE_DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": _GUARDED,
            "PYTHONPATH": _HERE,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "INSTALLATION": json.dumps(asdict(settings)),
            **({"LABEL_STUDIO_HOST": url} if path else {}),
            **environment,
        }
        told.pop("LABEL_STUDIO_DJANGO_DB")
        stack.enter_context(_gunicorn(listening, data_dir, told))
        server = Embedded(url, OWNER, settings.password, settings.token, settings.version)
        yield Installation(server, (first, second), data_dir, database.conninfo)


@contextmanager
def _listener() -> Iterator[socket.socket]:
    """A socket on a free port, which gunicorn inherits: nobody else can take the port meanwhile."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        listener.set_inheritable(True)
        yield listener


@contextmanager
def _gunicorn(listening: list[socket.socket], data_dir: Path, environment: dict[str, str]) -> Iterator[None]:
    label_studio = Path(str(importlib.metadata.distribution("label-studio").locate_file("label_studio")))
    numbers = [one.fileno() for one in listening]
    command = [sys.executable, "-P", "-m", "gunicorn", "--config", f"file:{_CONFIG}", "--chdir", str(label_studio)]
    command += ["--workers", str(len(numbers)), *(part for number in numbers for part in ("--bind", f"fd://{number}"))]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    log = data_dir / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            env={**kept, **environment},
            pass_fds=numbers,
            start_new_session=True,
        )

    def answers() -> bool:
        text = log.read_text("utf-8", "replace")
        assert "Traceback" not in text and process.poll() is None, text[-3000:]
        return text.count("Booting worker") == len(numbers)

    with process:
        wait_until(answers, _START_SECONDS)
        for one in listening:
            httpx.get(f"http://127.0.0.1:{one.getsockname()[1]}/health", timeout=120).raise_for_status()
        yield
