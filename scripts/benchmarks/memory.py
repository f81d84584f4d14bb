"""How much memory commands take as jobs grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from .comparison import Comparison, Goal, at_most, ratios
from .made_jobs import made_job
from .measuring import Contender, take_turns
from .setting import Setting, gtbridge

__all__ = ["compare_memory"]

_BUILD = "dataset build --config preference"
_OTHERS = ("dataset build", "audit", "verify", "manifest check", "migrate --dry-run")
_GROWTH, _MOST_MIB = 1.15, 400
_ABOUT = (
    "From folders on a local disk: what counts here is the peak of resident memory, which hardly varies. `verify` "
    "compares a job with itself."
)


def compare_memory(setting: Setting) -> Iterator[Comparison]:
    """One round."""
    contenders = [_build(setting, items) for items in setting.size.memory_items]
    for items in setting.size.other_items:
        contenders += _others(setting, items)
    figures = take_turns(contenders, 1)
    found = Comparison("memory", "Memory as jobs grow", "items", _ABOUT, contenders, figures)
    most = setting.size.memory_items[-1]
    at_the_end = found.memory(_name(_BUILD, most))
    found.goals = [at_most(f"MiB at {most:,} items, at most {_MOST_MIB}", at_the_end, _MOST_MIB, 0)]
    found.goals.append(_growth(found, _BUILD, setting.size.memory_items))
    found.goals += [_growth(found, what, setting.size.other_items) for what in _OTHERS]
    yield found


def _growth(found: Comparison, what: str, sizes: Sequence[int]) -> Goal:
    less, most = sizes[-2:][0], sizes[-1]
    grown = ratios(found.memory(_name(what, most)), found.memory(_name(what, less)))
    return at_most(f"{what}: times the memory at {less:,} items for {most:,}, at most {_GROWTH}", grown, _GROWTH)


def _name(what: str, items: int) -> str:
    return f"{what}, {items:,}"


def _contender(setting: Setting, what: str, items: int, command: list[str], out: Path) -> Contender:
    return Contender(_name(what, items), [command], items, out, setting.environment())


def _build(setting: Setting, items: int) -> Contender:
    out = setting.work / "memory"
    return _contender(setting, _BUILD, items, setting.build(str(made_job(setting.cache, items)), out), out)


def _others(setting: Setting, items: int) -> Iterator[Contender]:
    job = str(made_job(setting.cache, items))
    out, report = setting.work / "memory", setting.work / "report.html"
    manifest = f"{job}/manifests/output/output.manifest"
    commands = [
        gtbridge("dataset", "build", job, "-o", str(out)),
        gtbridge("audit", job, "-o", str(report)),
        gtbridge("verify", job, job),
        gtbridge("manifest", "check", manifest),
        gtbridge("migrate", job, "--dry-run"),
    ]
    for what, command in zip(_OTHERS, commands, strict=True):
        yield _contender(setting, what, items, command, out if what == "dataset build" else report)
