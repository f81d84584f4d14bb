"""The guard under load: twenty annotators submit at once, on SQLite and on Postgres, and every answer is looked for.

Beside it the same annotators on an unguarded server, in turn with the guarded one, for what the guard costs them.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from installation import Installation, on_postgres, on_sqlite, with_settings
from roads import done
from stored import opened

from gtbridge.plugin.local_server.embedded import Embedded

from .load_annotator import Record
from .load_crew import ANNOTATORS, OVERLAP, Crew, said
from .part import Stress

__all__ = ["flood", "run"]

_UNGUARDED = "quick_settings"
_TURN = 4.0  # seconds until it is the other server's turn
_ENDING = 6.0  # seconds that looking at what is stored takes
_ITEMS = 600


def run(stress: Stress) -> None:
    """SQLite with one process, then Postgres with two, each for half of the time."""
    half = stress.seconds / 2
    with TemporaryDirectory(prefix="gtbridge-load-") as folder:
        for name, start, share in (("SQLite", _two_on_sqlite, 1), ("Postgres", _two_on_postgres, 2)):
            if not stress.time_left():
                stress.note(f"{name}: no time was left for it")
                continue
            with ExitStack() as stack:
                place, bare = start(stack, Path(folder))
                until = stress.began + half * share - _ENDING
                flood(stress, name, place, bare, Path(folder), max(until - time.monotonic(), 2 * _TURN))


def _two_on_sqlite(stack: ExitStack, folder: Path) -> tuple[Installation, Embedded]:
    return stack.enter_context(on_sqlite(folder / "data")), stack.enter_context(with_settings(_UNGUARDED))


def _two_on_postgres(stack: ExitStack, folder: Path) -> tuple[Installation, Embedded]:
    place = stack.enter_context(on_postgres())
    return place, stack.enter_context(on_postgres(DJANGO_SETTINGS_MODULE=_UNGUARDED)).server


def flood(
    stress: Stress,
    name: str,
    place: Installation,
    bare: Embedded | None,
    folder: Path,
    seconds: float,
    items: int = _ITEMS,
    least: int = 1,
) -> None:
    """Have twenty annotators work at ``place``, each on ``least`` items and then for so many seconds, shared with the
    unguarded server ``bare`` if there is one. Then look for every answer: in the database, in the job's output.
    """
    with ExitStack() as stack:
        label = name.lower()
        crews = [
            stack.enter_context(
                Crew(server, f"load-{label}-{number}", _new(folder / f"{label}-{number}"), items, Record(not number))
            )
            for number, server in enumerate([place.server, bare])
            if server is not None
        ]
        randoms = [[stress.random(label, crew.record.guarded, one) for one in range(ANNOTATORS)] for crew in crews]
        until = time.monotonic() + seconds
        for crew, its_own in zip(crews, randoms, strict=True):
            crew.work(_for(0), its_own, least)
            crew.record.seconds.clear()  # what a server does for the first time takes longer
        while time.monotonic() < until:
            for crew, its_own in zip(crews, randoms, strict=True):
                crew.work(_for(min(_TURN, seconds / len(crews))), its_own)
        guarded = crews[0]
        for surprise in guarded.record.surprises:
            stress.is_wrong(f"{name}: {surprise}")
        _look_for_all(stress, name, place, guarded)
        _look_at_the_output(stress, name, guarded)
        for what, count in sorted(guarded.record.counts.items()):
            stress.count(f"{what} ({name})", count)
        for what in ("submit", "next", "update"):
            stress.note(f"{name}: {what}: " + "; ".join(_latency(crew, what) for crew in crews))


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _latency(crew: Crew, what: str) -> str:
    who, took = "guarded" if crew.record.guarded else "unguarded", sorted(crew.record.seconds[what])
    if not took:
        return f"{who} none"
    p50, p95, p99 = (1000 * took[min(int(len(took) * share), len(took) - 1)] for share in (0.5, 0.95, 0.99))
    return f"{who} p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms of {len(took)}"


_ANNOTATIONS = "SELECT id, task_id, completed_by_id, was_cancelled, result FROM task_completion WHERE project_id = ?"
_TASKS = "SELECT id, is_labeled, total_annotations FROM task WHERE project_id = ?"


def _look_for_all(stress: Stress, name: str, place: Installation, crew: Crew) -> None:
    """Past the server, in its database."""
    with opened(place.database) as connection:
        stored = {row[0]: row[1:] for row in connection.execute(_ANNOTATIONS, (crew.project,)).fetchall()}
        tasks = {row[0]: row[1:] for row in connection.execute(_TASKS, (crew.project,)).fetchall()}
    for number in crew.record.given.keys() - stored.keys():
        stress.is_wrong(f"{name}: annotation {number} was acknowledged, and is not stored")
    for number in stored.keys() - crew.record.given.keys():
        stress.is_wrong(f"{name}: annotation {number} is stored, and nobody was told so")
    people: dict[int, Counter[int]] = defaultdict(Counter)
    for number, (task, who, skipped, result) in stored.items():
        told = crew.record.given.get(number)
        content = json.loads(result) if isinstance(result, str) else result
        if told and (task, bool(skipped), said(content)) != (told.task, told.skipped, said(told.result)):
            stress.is_wrong(f"{name}: annotation {number} is stored as something else than was acknowledged")
        if not skipped:
            people[task][who] += 1
    unsettled = 0
    for task, (finished, count) in tasks.items():
        given = people[task]
        if given and max(given.values()) > 1:
            stress.is_wrong(f"{name}: task {task} has two answers of one person")
        if given.total() > OVERLAP:
            stress.is_wrong(f"{name}: task {task} has {given.total()} answers, and {OVERLAP} were asked for")
        if bool(finished) != (given.total() >= OVERLAP):
            stress.is_wrong(f"{name}: task {task} is finished: {finished}; it has {given.total()} answers")
        unsettled += count != given.total()
    if unsettled:
        # Label Studio keeps them beside the answers, and not in one step with them; gtbridge goes by none of them.
        stress.note(f"{name}: Label Studio's own count of answers is wrong for {unsettled} of {len(tasks)} tasks")
    stress.count(f"answers submitted ({name})", len(crew.record.given))
    stress.count(f"answers found ({name})", len(crew.record.given.keys() & stored.keys()))
    stress.count(f"items finished ({name})", sum(1 for given in people.values() if given.total() >= OVERLAP))


def _look_at_the_output(stress: Stress, name: str, crew: Crew) -> None:
    """The balance of the export closes, with what the annotators know; and the output says what the server says."""
    out, server = crew.folder / "out", crew.server
    report = json.loads(done("job", "export", crew.name, "--to", str(out), "--json", server=server))
    skipped = sum(given.skipped for given in crew.record.given.values())
    given = len(crew.record.given) - skipped
    expected = {
        "items": (crew.items, crew.items, 0),
        "answers": (len(crew.record.given), given, skipped),
        "dimensions": (2 * given, 2 * given, 0),
    }
    for kind, counts in expected.items():
        if (found := _balance(report["ledger"].get(kind, {}))) != counts:
            stress.is_wrong(f"{name}: {kind} in the export (in, out, dropped): {found}, and not {counts}")
    compared = json.loads(done("verify", f"label-studio:{crew.name}", str(out / crew.name), "--json", server=server))
    if not compared["same"] or compared["answers"]["compared"] != len(crew.record.given):
        stress.is_wrong(f"{name}: the export says something else than the server: {compared['differences']}")


def _balance(entry: dict[str, Any]) -> tuple[int, int, int]:
    return entry.get("in", 0), entry.get("out", 0), sum(drop["count"] for drop in entry.get("dropped", ()))
