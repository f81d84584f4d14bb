"""A real Label Studio on loopback with a labeling job in it, whose data directory is filled once and kept."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import urlsplit

from .made_jobs import JOB, made_job
from .measuring import Failure, say
from .setting import Setting, gtbridge

__all__ = ["LabelStudio", "label_studio"]

_FORM = 1  # of what is in it


@dataclass(frozen=True)
class LabelStudio:
    """``process`` is the one whose descendants are the server; the labeling job JOB is its ``project``."""

    url: str
    api_key: str
    process: int
    project: int

    @property
    def port(self) -> int:
        """Where it listens."""
        port = urlsplit(self.url).port
        assert port
        return port

    def environment(self, url: str) -> dict[str, str]:
        """What clients need to know to reach it at ``url``."""
        return {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": self.api_key}


@contextmanager
def label_studio(setting: Setting) -> Iterator[LabelStudio]:
    """Run it, with the tasks and answers of a Ground Truth job, while the context is open."""
    folder = setting.cache / f"label-studio-{version('label-studio')}-{_FORM}-{setting.size.tasks}"
    filled = folder / "project"
    if not filled.exists():
        shutil.rmtree(folder, ignore_errors=True)
    errors = setting.work / "label-studio.log"
    with (
        errors.open("wb") as log,
        subprocess.Popen(
            gtbridge("serve", "--port", "0", "--data-dir", str(folder), "--json"),
            stdout=subprocess.PIPE,
            stderr=log,
            env=setting.environment(),
        ) as process,
    ):
        assert process.stdout
        try:
            told = process.stdout.readline()
            if not told:
                raise Failure(f"Label Studio does not start: {errors.read_text()[-2000:]}")
            found: Mapping[str, str] = json.loads(told)
            url, key = found["url"], found["api_key"]
            if not filled.exists():
                say(f"filling a Label Studio with {setting.size.tasks:,} tasks")
                project = _fill(setting, {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": key})
                filled.write_text(str(project))
            yield LabelStudio(url, key, process.pid, int(filled.read_text()))
        finally:
            process.send_signal(signal.SIGTERM)


def _fill(setting: Setting, server: Mapping[str, str]) -> int:
    job = made_job(setting.cache, setting.size.tasks)
    command = gtbridge("migrate", str(job), "--project", JOB, "--json")
    done = subprocess.run(command, env=setting.environment(**server), capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"Label Studio could not be filled: {done.stderr[-2000:]}")
    return int(json.loads(done.stdout)["ProjectId"])
