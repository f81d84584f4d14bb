"""Hostile input: every reader is given damaged documents, in a process of its own, and gives records or a sentence.

Never another exception, never longer than some seconds, never more than a gigabyte, never a rank that was not there.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from .part import Stress

__all__ = ["run"]

ENOUGH = 100_000  # documents for each reader, after which it has its turn only once all have had as many
_SLICE = 0.5  # seconds for each reader at a time


class _Child:
    """The process that reads; started anew when it ended."""

    def __init__(self, progress: Path):
        self._progress = progress
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stresses.fuzz_child", str(progress)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd=Path(__file__).parents[2],
            text=True,
        )
        self.readers: list[str] = self._answer() or []
        if not self.readers:
            raise RuntimeError(f"the fuzzing process does not start: {self.last_words()}")

    def ask(self, *what: Any) -> Any:
        """The answer; None if the process ended instead."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps(what)}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def at(self) -> int:
        """The document that it read last."""
        with self._progress.open("r+b") as file, mmap.mmap(file.fileno(), 8) as progress:
            number: int = struct.unpack("q", progress[:8])[0]
        return number

    def last_words(self) -> str:
        self.process.wait()
        self._errors.seek(0)
        return f"{self._errors.read().decode(errors='replace')[-1500:]} (exit code {self.process.returncode})"

    def end(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.wait()
        self._errors.close()


def run(stress: Stress) -> None:
    """Give all readers their turns, as long as there is time, and one in any case. Counts what was refused and read."""
    with tempfile.TemporaryDirectory() as folder:
        progress = Path(folder) / "progress"
        progress.write_bytes(bytes(8))
        child = _Child(progress)
        try:
            _take_turns(stress, child, progress)
        finally:
            child.end()


def _take_turns(stress: Stress, child: _Child, progress: Path) -> None:
    spent = dict.fromkeys(child.readers, 0.0)
    done: Counter[str] = Counter(dict.fromkeys(child.readers, 0))
    while stress.time_left() or not all(done.values()):
        name = min(spent, key=lambda name: (done[name] >= ENOUGH, spent[name]))
        seconds = min(_SLICE, max(0.02, stress.seconds / len(spent)))
        began = time.monotonic()
        answer = child.ask(name, stress.seed, done[name], ENOUGH, seconds)
        if answer is None:
            at = child.at()
            stress.is_wrong(f"{name}, seed {stress.seed}, document {at}: {child.last_words()}")
            done[name] = at + 1
            child.end()
            child.__init__(progress)  # type: ignore[misc]
        else:
            _count(stress, name, answer)
            done[name] = answer["next"]
        spent[name] += time.monotonic() - began


def _count(stress: Stress, name: str, answer: Any) -> None:
    stress.count(f"documents fuzzed: {name}", answer["read"] + answer["refused"] + len(answer["wrong"]))
    for kind in ("read", "refused"):
        stress.count(f"  of these {kind}: {name}", answer[kind])
    for wrong in answer["wrong"]:
        stress.is_wrong(f"{name}, seed {stress.seed}, document {wrong}")
