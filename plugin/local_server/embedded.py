"""An unmodified Label Studio on loopback, for ``serve``, ``demo`` and the tests: the parent's side.

Starts, watches and ends the child process (``embedded_child``); imports neither Django nor Label Studio.
"""

from __future__ import annotations

import http.client
import importlib.metadata
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from ...label_configs.errors import InputError, ServerError
from ..files.folders import cache_folder
from ..files.interrupts import tidy_when_interrupted

__all__ = ["GUARDED", "ChildSettings", "Embedded", "embedded_label_studio", "temporary_directory"]

# The settings module of a Label Studio that runs with the guard.
GUARDED = "gtbridge.plugin.guard.settings"
OWNER = "owner@localhost"
LOG_NAME = "server.log"
LOCK_NAME = ".gtbridge.lock"

# What the child may inherit. Label Studio reads some two hundred names, many of them bare (HOST, PORT, DEBUG,
# USERNAME), so whatever is not listed here stays outside; credentials of AWS and others do as well.
_INHERITED = {
    *("PATH", "HOME", "TMPDIR", "LANG", "LANGUAGE", "TZ", "GTBRIDGE_REVIEWERS", "GTBRIDGE_LOCK_PATIENCE"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONUTF8", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
}
_STOP_SECONDS = 10
_FIRST_ANSWER_SECONDS = 120


@dataclass(frozen=True)
class Embedded:
    """A server that answers. ``api_key`` is the owner's legacy token; ``version`` is Label Studio's."""

    url: str
    email: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)
    version: str


@dataclass(frozen=True)
class ChildSettings:
    """What the child is told, as one line of JSON on its standard input. ``port`` 0 means any free one."""

    data_dir: str
    cache_dir: str
    temporary: bool
    port: int
    version: str
    email: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    settings_module: str | None = None


@contextmanager
def embedded_label_studio(
    *,
    data_dir: Path | None = None,
    port: int = 0,
    settings_module: str | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Iterator[Embedded]:
    """Run Label Studio on 127.0.0.1 while the context is open; it answers when the context is entered.

    ``data_dir`` is a Label Studio data directory (SQLite in WAL mode, so on a local disk); None is a temporary one.
    Each start gives the owner's account a new password and a new token: nothing of ours is stored beside Label
    Studio's own database, and what an earlier start printed no longer works. Personal access tokens stay valid.
    ``settings_module`` names a Django settings module to run in place of Label Studio's own: ``GUARDED``, for one.

    The server ends with the context, and with this process however it ends. Raises ServerError if Label Studio is not
    installed, the data directory or the port is in use, or the start fails (the log is kept then, and named), and
    InputError if the data directory cannot be made.
    """
    version = _installed_version()
    tidy_when_interrupted()
    with _directory(data_dir) as directory, _locked(directory) as lock:
        settings = ChildSettings(
            data_dir=str(directory),
            cache_dir=str(cache_folder()),
            temporary=data_dir is None,
            port=port,
            version=version,
            email=OWNER,
            password=secrets.token_urlsafe(18),
            token=secrets.token_hex(20),
            settings_module=settings_module,
        )
        with _child(settings, lock, on_progress or (lambda _: None)) as address:
            yield Embedded(address, OWNER, settings.password, settings.token, version)


def _installed_version() -> str:
    if sys.platform == "win32":
        raise ServerError("the embedded Label Studio needs Linux or macOS; on Windows, run it inside WSL")
    try:
        return importlib.metadata.version("label-studio")
    except importlib.metadata.PackageNotFoundError:
        raise ServerError('Label Studio is not installed: pip install "gtbridge[server]"') from None


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """A folder of one's own while the context is open. InputError if there is no place for one."""
    # Named before it is made, so that an interruption in between leaves nothing behind.
    directory = Path(tempfile.gettempdir(), f"gtbridge-{secrets.token_hex(8)}")
    try:
        _make(directory, exist_ok=False)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _directory(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is None:
        with temporary_directory() as directory:
            yield directory
        return
    directory = data_dir.expanduser().resolve()
    _make(directory, exist_ok=True)
    yield directory


def _make(directory: Path, *, exist_ok: bool) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=exist_ok)
    except OSError as error:
        raise InputError(f"cannot be used as a data directory: {error.strerror}", source=str(directory)) from None


@contextmanager
def _locked(directory: Path) -> Iterator[IO[bytes]]:
    """Hold the directory for one server. The child inherits the lock, so that it outlives a parent that was killed."""
    import fcntl  # absent on Windows, where this is not reached

    try:
        lock = (directory / LOCK_NAME).open("ab")
    except OSError as error:
        raise InputError(f"cannot be used as a data directory: {error.strerror}", source=str(directory)) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerError("another embedded Label Studio runs on this directory", source=str(directory)) from None
        yield lock


@contextmanager
def _child(settings: ChildSettings, lock: IO[bytes], on_progress: Callable[[str], None]) -> Iterator[str]:
    log = Path(settings.data_dir, LOG_NAME)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            # -P: the data directory is the working directory, and must not be a place to import from.
            [sys.executable, "-P", "-m", f"{__package__}.embedded_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stream,
            cwd=settings.data_dir,
            env=_environment(),
            pass_fds=(lock.fileno(),),
            start_new_session=True,  # Ctrl-C reaches the foreground group; when the server ends is decided here
            text=True,
            encoding="utf-8",
        )
    try:
        yield _started(process, settings, log, on_progress)
    finally:
        _stop(process)
        log.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("LC_")}


def _started(
    process: subprocess.Popen[str], settings: ChildSettings, log: Path, on_progress: Callable[[str], None]
) -> str:
    """Hand over the settings, pass on what the child reports, and return the address once it answers."""
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError):  # a child that is gone already is reported below, with its log
        process.stdin.write(json.dumps(asdict(settings)) + "\n")
        process.stdin.flush()
    for line in process.stdout:
        report = json.loads(line)
        if "progress" in report:
            on_progress(report["progress"])
        elif "refused" in report:
            raise ServerError(report["refused"], source="embedded Label Studio")
        elif _answers(report["port"]):
            return f"http://127.0.0.1:{report['port']}"
        else:
            break
    raise _start_failed(log)


def _answers(port: int) -> bool:
    # The child listens before it reports, so one request is enough: it waits in the queue until it is served.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_FIRST_ANSWER_SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _start_failed(log: Path) -> ServerError:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    reason = next((line for line in reversed(lines) if line), "it left no message")
    handle, kept = tempfile.mkstemp(prefix="gtbridge-label-studio-", suffix=".log")
    os.close(handle)
    shutil.copyfile(log, kept)
    return ServerError(f"Label Studio ended while it was starting: {reason} (log: {kept})")


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError):
        process.stdin.close()  # what the child waits for
    for insist in (process.terminate, process.kill):
        try:
            process.wait(_STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            insist()
    process.wait()
    process.stdout.close()
