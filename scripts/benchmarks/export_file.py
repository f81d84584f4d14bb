"""A big JSON export of Label Studio's, read by gtbridge and by what else reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

from .comparison import Comparison, at_least, at_most, ratios
from .made_jobs import made_job
from .measuring import Contender, Failure, say, take_turns
from .setting import Setting, gtbridge, program

__all__ = ["compare_export_file"]

BUILD = "gtbridge dataset build --config annotations"
READING = "gtbridge, reading alone"
CONVERTERS = {form: f"label-studio-sdk's converter to {form}" for form in ("JSON_MIN", "CSV")}
IN_MEMORY = "json.load, Dataset.from_list"
_FORM = 1  # of what is made here
_ITEMS = 2_000
_ABOUT = (
    "Tasks with three answers each. `dataset build` judges the answers and writes Parquet and a card, reading alone "
    "understands every answer; the converter makes a flat list and judges nothing. All with the start of Python."
)


def compare_export_file(setting: Setting) -> Iterator[Comparison]:
    """A unit is a megabyte (10**6 bytes) of the file. All read the small one; the large one, those that stream."""
    size = setting.size
    yield _compare(setting, size.sample_bytes, size.few_rounds, CONVERTERS)
    if size.export_bytes > size.sample_bytes:
        yield _compare(setting, size.export_bytes, 1, ("JSON_MIN",))


def _compare(setting: Setting, size: int, rounds: int, forms: Collection[str]) -> Comparison:
    folder = _made(setting, size)
    megabytes = _megabytes(folder)
    contenders = list(_contenders(setting, folder, forms))
    found = Comparison(
        f"export-file-{megabytes}",
        f"A JSON export file of Label Studio's, {megabytes:,} MB",
        "MB",
        _ABOUT,
        contenders,
        take_turns(contenders, rounds),
    )
    for own in (READING, BUILD):
        for form in forms:
            faster = ratios(found.rate(own), found.rate(CONVERTERS[form]))
            found.goals.append(
                at_least(f"{own}: times the throughput of the converter to {form}, at least 2", faster, 2)
            )
        less = ratios(found.memory(own), found.memory(CONVERTERS["JSON_MIN"]))
        found.goals.append(at_most(f"{own}: of the memory of the converter to JSON_MIN, at most 0.1", less, 0.1))
    return found


def _contenders(setting: Setting, folder: Path, forms: Collection[str]) -> Iterator[Contender]:
    megabytes, environment = _megabytes(folder), setting.environment()
    out = setting.work / "from-export"
    asked = (str(folder / "export.json"), "--task", str(folder / "definition.yaml"), "--config", "annotations")
    build = gtbridge("dataset", "build", *asked, "-o", str(out))
    yield Contender(BUILD, [build], megabytes, out, environment)
    ways = {"gtbridge": READING, **{form: CONVERTERS[form] for form in forms}}
    if len(forms) > 1:
        ways["json"] = IN_MEMORY
    for way, name in ways.items():
        out = setting.work / f"read-{way}"
        yield Contender(name, [program("reading", way, folder, out)], megabytes, out, environment)


def _megabytes(folder: Path) -> int:
    return max(1, round((folder / "export.json").stat().st_size / 10**6))


def _made(setting: Setting, size: int) -> Path:
    place = setting.cache / f"export-{_FORM}-{size}"
    if not place.exists():
        say(f"making an export of {size / 10**6:,.1f} MB")
        half = setting.cache / f"making-export-{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        job = made_job(setting.cache, min(_ITEMS, setting.size.responses))
        made = subprocess.run(
            program("made_export", job, size, half),
            env=setting.environment(),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if made.returncode:
            raise Failure(f"no export could be made: {made.stderr[-2000:]}")
        half.rename(place)
    return place
