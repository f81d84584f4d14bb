"""``gtbridge`` run many times over, quickly: one process has the imports ready and forks for each run.

As a program it reads lines of JSON from standard input, ``{"arguments", "environment", "folder", "output", "errors"}``,
and answers each with its exit code, -1 if it took too long.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Commands", "Done", "forked_commands"]

_SECONDS = 120
# What the commands import.
_READY = (
    *("boto3", "botocore.httpsession", "datasets", "httpx", "huggingface_hub.hf_api", "label_studio_sdk.client"),
    *("label_studio_sdk.projects.client", "label_studio_sdk.users.client", "obstore.store", "pyarrow.parquet"),
    *(f"gtbridge.plugin.{name}" for name in ("cli", "doctor", "label_studio.export", "label_studio.jobs")),
    *(f"gtbridge.plugin.{name}" for name in ("outputs.dataset_builder", "reports.report", "migration.migrate")),
)


@dataclass(frozen=True)
class Done:
    """What came of a run."""

    code: int
    output: str
    errors: str


class Commands:
    """The process that forks; ``pid`` is its own."""

    def __init__(self, process: subprocess.Popen[str], folder: Path):
        self._process, self._folder = process, folder
        self.pid = process.pid

    def run(self, arguments: Sequence[str], folder: Path, **environment: str) -> Done:
        """``gtbridge`` with these arguments, in ``folder``, with nothing but this environment."""
        output, errors = self._folder / "output", self._folder / "errors"
        asked = {"arguments": arguments, "environment": environment, "folder": str(folder)}
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({**asked, "output": str(output), "errors": str(errors)}) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Done(code, output.read_text("utf-8", "replace"), errors.read_text("utf-8", "replace"))


@contextmanager
def forked_commands(folder: Path, environment: Mapping[str, str]) -> Iterator[Commands]:
    """``environment`` is what some libraries read only once, when they are imported; ``folder`` is for what is said."""
    with subprocess.Popen(
        [sys.executable, "-P", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], **environment},
        cwd=folder,
    ) as process:
        try:
            yield Commands(process, folder)
        finally:
            assert process.stdin
            process.stdin.close()


def _serve() -> None:
    for name in _READY:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _become(**asked)
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{-1 if ended == -signal.SIGALRM else ended}\n")
        sys.stdout.flush()


def _become(arguments: Sequence[str], environment: Mapping[str, str], folder: str, output: str, errors: str) -> None:
    from gtbridge.plugin.__main__ import main

    signal.alarm(_SECONDS)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for path, descriptor in ((output, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.argv = ["gtbridge", *arguments]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
