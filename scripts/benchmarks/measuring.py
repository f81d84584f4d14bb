"""Runs contenders in processes of their own, in turns, and says what each run cost. Compares nothing.

This process stays small and imports the standard library only: what it has in memory counts for its children as well,
since Linux carries the peak over when a process becomes another program.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

__all__ = ["Contender", "Failure", "Figures", "cpu_of", "say", "take_turns"]

_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """A contender did not do its work."""


@dataclass(frozen=True)
class Figures:
    """One run: seconds by the clock, CPU seconds (user and system, all processes), and the peak of resident memory of
    the largest process in bytes. ``server`` is the CPU seconds of the server that it talked to.
    """

    wall: float
    cpu: float
    memory: int
    server: float | None = None


@dataclass(frozen=True)
class Contender:
    """What does a piece of work: ``commands``, one after another. ``units`` is how much of it they do.

    ``out`` is what they make; it is removed before each run. A contender that ``tells`` prints its figures as the last
    line of its output: what is measured then is a part of its work, without the start of Python. One that may
    ``fail`` is measured all the same, and its exit codes are kept in ``failed``.
    """

    name: str
    commands: Sequence[Sequence[str]]
    units: int
    out: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    tells: bool = False
    server: int | None = None
    may_fail: bool = False
    rounds: int | None = None
    failed: list[int] = field(default_factory=list, compare=False)


def say(text: str) -> None:
    """Progress, which is no result."""
    print(text, file=sys.stderr, flush=True)


def take_turns(
    contenders: Sequence[Contender],
    rounds: int,
    after_first: Callable[[], None] = lambda: None,
) -> dict[str, list[Figures]]:
    """Run them all, then all again, and so on, so that whatever else the machine does meets each of them alike.

    ``after_first`` is called after the first round: to check what they made. Raises Failure.
    """
    found: dict[str, list[Figures]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders:
            if number < (contender.rounds or rounds):
                figures = _run(contender)
                found[contender.name].append(figures)
                say(
                    f"  {number + 1}/{rounds} {contender.name}: {figures.wall:.2f} s, {figures.cpu:.2f} CPU s, "
                    f"{figures.memory / 2**20:.0f} MB"
                )
        if number == 0:
            after_first()
    return found


def _run(contender: Contender) -> Figures:
    if contender.out is not None and contender.out.is_dir():
        shutil.rmtree(contender.out)
    elif contender.out is not None:
        contender.out.unlink(missing_ok=True)
    before = cpu_of(contender.server) if contender.server else 0.0
    parts = [_process(contender, command) for command in contender.commands]
    server = cpu_of(contender.server) - before if contender.server else None
    return Figures(
        sum(part.wall for part in parts), sum(part.cpu for part in parts), max(part.memory for part in parts), server
    )


def _process(contender: Contender, command: Sequence[str]) -> Figures:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=dict(contender.environment)
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            if not contender.may_fail:
                raise Failure(f"{contender.name}: exit code {process.returncode}\n{_end_of(errors)}{_end_of(output)}")
            contender.failed.append(process.returncode)
        elif contender.tells:
            return Figures(**json.loads(_end_of(output).splitlines()[-1]))
        return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _end_of(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - 3000))
    return file.read().decode("utf-8", "replace")


def cpu_of(process: int) -> float:
    """CPU seconds, so far, of a running process and of all that descend from it and run still."""
    used: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            number, _, rest = place.read_text().rpartition(")")
            fields = rest.split()
            one = int(number.split()[0])
            children.setdefault(int(fields[1]), []).append(one)
            used[one] = sum(map(int, fields[11:15])) / _CLOCK_TICKS
    waiting, total = [process], 0.0
    while waiting:
        one = waiting.pop()
        total += used.get(one, 0.0)
        waiting += children.get(one, ())
    return total
