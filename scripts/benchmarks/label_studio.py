"""Annotated tasks out of a Label Studio: gtbridge's export beside the server's own endpoints and the SDK."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from .comparison import Comparison, Goal, Range, at_most, ratios
from .label_studio_server import LabelStudio, label_studio
from .made_jobs import ANSWERS, JOB
from .measuring import Contender, Failure, take_turns
from .object_server import delayed
from .setting import Setting, gtbridge, program

__all__ = ["compare_label_studio"]

GTBRIDGE = "gtbridge job export"
_CHUNKS = (150, 900)  # Django takes at most 1000 fields in a request
WAYS = {
    "whole": "export endpoint, in one request",
    **{str(size): f"export endpoint, {size} ids a request" for size in _CHUNKS},
    "snapshot": "SDK: projects.exports.as_json",
}
SLOW_WAYS = ("whole", "150")
PAGING = "SDK: tasks.list(fields='all')"
_SLOW_MILLISECONDS = 100
_ABOUT = (
    f"A Label Studio (SQLite, one process) on the same cores, a job of which each task has {ANSWERS} answers. "
    "gtbridge fetches everything for the first time and writes a Ground Truth job output, whose answers are checked "
    "against the server's own export; the others write down what they were given. Their figures are without the start "
    "of Python and the imports."
)


def compare_label_studio(setting: Setting) -> Iterator[Comparison]:
    """One comparison with the server as it is, one with a slow one that gives up on what takes long."""
    with label_studio(setting) as server:
        yield _compare(setting, server)
        yield _slow(setting, server)


def _compare(setting: Setting, server: LabelStudio) -> Comparison:
    contenders = _contenders(setting, server, server.url, WAYS, may_fail=False)
    contenders += [_paging(setting, server)]
    figures = take_turns(contenders, setting.size.few_rounds, _same_answers(setting, contenders))
    found = Comparison("label-studio", "Tasks out of Label Studio", "tasks", _ABOUT, contenders, figures)
    endpoints = [name for way, name in WAYS.items() if way != "snapshot"]  # which is one of them, by way of the SDK
    best = max(endpoints, key=lambda name: Range.of(found.rate(name)).median)
    slower = ratios(found.rate(best), found.rate(GTBRIDGE))
    dearer = ratios(found.server(GTBRIDGE), found.server(best))
    found.goals = [
        at_most(f"times as slow as the fastest of them ({best}), at most 1.25", slower, 1.25),
        at_most("times the server's CPU of the same, at most 1.25", dearer, 1.25),
    ]
    return found


def _slow(setting: Setting, server: LabelStudio) -> Comparison:
    patience = setting.size.patience
    with delayed(server.port, _SLOW_MILLISECONDS, patience) as url:
        contenders = _contenders(setting, server, url, SLOW_WAYS, may_fail=True)
        figures = take_turns(contenders, 1)
    about = (
        f"The same server behind a gateway that hands on each request {_SLOW_MILLISECONDS} ms late and breaks the "
        f"connection where an answer has not begun after {patience:g} s."
    )
    found = Comparison("label-studio-slow", "The same from a slow server", "tasks", about, contenders, figures)
    survived = not contenders[0].failed
    found.goals = [Goal("gtbridge survives it (1 is yes)", Range.of([float(survived)]), survived, 0)]
    return found


def _contenders(
    setting: Setting, server: LabelStudio, url: str, ways: Iterable[str], *, may_fail: bool
) -> list[Contender]:
    tasks, environment = setting.size.tasks, setting.environment(**server.environment(url))
    out = setting.work / "exported"
    export = gtbridge("job", "export", JOB, "--to", str(out))
    found = [Contender(GTBRIDGE, [export], tasks, out, environment, server=server.process, may_fail=may_fail)]
    for way in ways:
        file = setting.work / f"tasks-{way}.json"
        fetch = program("label_studio_peers", way, server.project, file, tasks)
        found.append(
            Contender(
                WAYS[way],
                [fetch],
                tasks,
                file,
                environment,
                tells=True,
                server=server.process,
                may_fail=may_fail,
                rounds=1 if way == "snapshot" else None,
            )
        )
    return found


def _paging(setting: Setting, server: LabelStudio) -> Contender:
    tasks, file = setting.size.paged_tasks, setting.work / "paged.json"
    fetch = program("label_studio_peers", "paging", server.project, file, tasks)
    environment = setting.environment(**server.environment(server.url))
    return Contender(PAGING, [fetch], tasks, file, environment, tells=True, server=server.process, rounds=1)


def _same_answers(setting: Setting, contenders: Sequence[Contender]) -> Callable[[], None]:
    """Checks with ``gtbridge verify`` that the server's whole export says what gtbridge's says. Raises Failure."""

    def check() -> None:
        ours, whole, *_ = contenders
        assert ours.out and whole.out
        job = ours.out / JOB
        compared = subprocess.run(
            gtbridge("verify", str(job), str(whole.out), "--task", str(_definition(job))),
            env=setting.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if compared.returncode:
            told = compared.stderr + compared.stdout
            raise Failure(f"gtbridge exported other answers than the server: {told[-2000:]}")

    return check


def _definition(job: Path) -> Path:
    return next((job / "gtbridge").glob("*.yaml"))
