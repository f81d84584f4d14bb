"""How much is measured, where it lies, and how gtbridge is called. Measures nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SIZES", "Setting", "Size", "default_cache", "gtbridge", "program"]


@dataclass(frozen=True)
class Size:
    """``responses`` is what gtbridge and the limits go through; the samples are what slow contenders get of it."""

    rounds: int
    few_rounds: int  # of what takes minutes
    responses: int
    one_by_one: int
    one_by_one_far: int
    threads: int
    threads_far: int
    memory_items: tuple[int, ...]
    other_items: tuple[int, ...]
    tasks: int
    paged_tasks: int
    export_bytes: int
    sample_bytes: int
    starts: int
    patience: float  # seconds that the slow gateway waits for an answer


SIZES = {
    "full": Size(
        rounds=5,
        few_rounds=2,
        responses=20_000,
        one_by_one=1_000,
        one_by_one_far=300,
        threads=2_000,
        threads_far=1_500,
        memory_items=(10_000, 30_000, 300_000),
        other_items=(10_000, 30_000),
        tasks=10_000,
        paged_tasks=1_000,
        export_bytes=10**9,
        sample_bytes=10**8,
        starts=20,
        patience=10,
    ),
    "quick": Size(
        rounds=2,
        few_rounds=2,
        responses=1_000,
        one_by_one=200,
        one_by_one_far=60,
        threads=300,
        threads_far=300,
        memory_items=(300, 1_000),
        other_items=(300, 1_000),
        tasks=100,
        paged_tasks=50,
        export_bytes=5 * 10**6,
        sample_bytes=5 * 10**6,
        starts=5,
        patience=2,
    ),
    "tiny": Size(
        rounds=1,
        few_rounds=1,
        responses=30,
        one_by_one=30,
        one_by_one_far=10,
        threads=30,
        threads_far=10,
        memory_items=(30,),
        other_items=(30,),
        tasks=10,
        paged_tasks=10,
        export_bytes=10**5,
        sample_bytes=10**5,
        starts=1,
        patience=10,
    ),
}


@dataclass(frozen=True)
class Setting:
    """One run: its ``size``, ``cache`` for data that are made once, ``work`` for what contenders write."""

    size: Size
    cache: Path
    work: Path

    def environment(self, **more: str) -> dict[str, str]:
        """A home of its own but for caches, and of this process's environment only what programs need to start."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "GTBRIDGE_POSTGRES") if name in os.environ}
        home = self.cache / "home"
        home.mkdir(parents=True, exist_ok=True)
        here = str(Path(__file__).parents[1])
        told = {"HOME": str(home), "XDG_CACHE_HOME": str(_user_cache()), "PYTHONPATH": here, "HF_HUB_OFFLINE": "1"}
        return {**kept, **told, **more}

    def build(self, job: str, out: Path, *options: str) -> list[str]:
        """``gtbridge dataset build`` of all preference pairs."""
        return gtbridge("dataset", "build", job, "-o", str(out), "--config", "preference", *options)


def gtbridge(*arguments: str) -> list[str]:
    """The command line, by its console script."""
    return [str(Path(sys.executable).with_name("gtbridge")), *arguments]


def program(module: str, *arguments: object) -> Sequence[str]:
    """A module of this package as a program."""
    return [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]


def default_cache() -> Path:
    """Where made data are kept: outside of the repository."""
    return _user_cache() / "gtbridge-bench"


def _user_cache() -> Path:
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".cache"
