"""Helpers of the tests that meet the command line as a user does: refusals, processes and signals."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import html5lib
import pyarrow.parquet
import yaml
from roads import run

DEADLINE = 60


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """All that is in the folder, hidden things as well: the bytes of each file, None for a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.is_file() or path.is_dir()
    }


def refusal(folder: Path, *arguments: str) -> str:
    """What the command says of its input, after ``error: ``. It must be one line, and change nothing in ``folder``."""
    before = snapshot(folder)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert snapshot(folder) == before
    return line.removeprefix("error: ")


def own_environment(folder: Path) -> dict[str, str]:
    """A home and a place for temporary files of one's own; only what can be made again is shared with other tests."""
    home, temporary = folder / "home", folder / "tmp"
    for made in (home, temporary):
        made.mkdir(exist_ok=True)
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": cache, "TMPDIR": str(temporary)}


@contextmanager
def started(folder: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """``gtbridge`` as the leader of a process group, as a shell starts it; what is left of the group ends with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gtbridge.plugin", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**own_environment(folder), **environment},
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            for left in (process.pid, *processes_of(folder)):
                with suppress(FileNotFoundError, ProcessLookupError):
                    os.kill(left, signal.SIGKILL)


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """SIGINT to the whole group, as a terminal does."""
    os.killpg(process.pid, signal.SIGINT)


def ends_as_interrupted(process: subprocess.Popen[str], number: int, folder: Path) -> None:
    """It ends soon and tidily: one short line, the shell's exit code, no process and no temporary file of its own."""
    _, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 128 + number, errors
    assert errors.splitlines()[-1] == "interrupted"
    assert "Traceback" not in errors
    wait_until(lambda: not processes_of(folder))
    assert not list((folder / "tmp").iterdir())


def wait_until(condition: Callable[[], bool], seconds: float = DEADLINE) -> None:
    """For what the operating system tells nobody about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.002)


def processes_of(folder: Path) -> list[int]:
    """Whatever runs with the environment of ``started``, in whichever group or session."""
    mark = f"TMPDIR={folder / 'tmp'}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it ended, or is somebody else's
            if mark in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


def is_ready_for_signals(process: subprocess.Popen[str]) -> bool:
    """Whether the command has begun: before, Python itself is starting and ends as it likes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def has_open(process: subprocess.Popen[str], path: Path) -> bool:
    """Whether the process has this file open."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return str(path) in [os.readlink(link) for link in Path(f"/proc/{process.pid}/fd").iterdir()]  # noqa: PTH115
    return False


def all_whole(folder: Path) -> list[str]:
    """The names of all files in the folder, each of which was read to its end; none of them is a hidden one."""
    names = []
    for path in sorted(folder.rglob("*")):
        assert not path.name.startswith("."), path
        if path.is_file():
            _read(path)
            names.append(str(path.relative_to(folder)))
    return names


def _read(path: Path) -> Any:
    match path.suffix:
        case ".html":
            return html5lib.HTMLParser(strict=True).parse(path.read_bytes())
        case ".parquet":
            return pyarrow.parquet.read_table(path)  # type: ignore[no-untyped-call]
        case ".json":
            return json.loads(path.read_text("utf-8"))
        case ".jsonl" | ".manifest":
            text = path.read_text("utf-8")
            assert text.endswith("\n")
            return [json.loads(line) for line in text.splitlines()]
        case ".gz":
            return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        case ".yaml":
            return yaml.safe_load(path.read_text("utf-8"))
        case ".md":
            _, front, body = path.read_text("utf-8").split("---\n", 2)
            assert body.strip()
            return yaml.safe_load(front)
        case other:
            raise AssertionError(f"{path}: what is a {other}?")
