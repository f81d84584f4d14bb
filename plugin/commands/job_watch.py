"""gtbridge job watch: a labeling job's progress until it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from ..shown import shown, shown_as_json
from .common import as_json, say
from .job_backend import ChosenBackend, backend_option

__all__ = ["counts", "watch"]

_COUNTERS = ("TotalLabeled", "Unlabeled", "FailedNonRetryableError")


def counts(job: Mapping[str, Any]) -> str:
    """What LabelCounters say, in words."""
    labeled, to_do, failed = _numbers(job)
    return f"{labeled} objects labeled, {to_do} to do" + (f", {failed} failed" if failed else "")


def _numbers(job: Mapping[str, Any]) -> tuple[int, int, int]:
    counters = job.get("LabelCounters") or {}
    labeled, to_do, failed = (int(counters.get(name) or 0) for name in _COUNTERS)
    return labeled, to_do, failed


@click.command()
@click.argument("name")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait between two looks.",
)
@backend_option
@as_json
def watch(name: str, interval: float, backend: ChosenBackend, json_output: bool) -> None:
    """Follow the labeling job NAME until it is Completed, Stopped or Failed (exit code 1).

    On a terminal, a bar; elsewhere, and with --json, a line for each change.
    """
    from ..files.interrupts import tidy_when_interrupted
    from ..watching import watch_job

    ask = backend.open().watch(name)
    tidy_when_interrupted()
    now: Mapping[str, Any] = {}
    with _shown(name, json_output) as show:
        for now in watch_job(
            ask,
            wait=lambda: time.sleep(interval),
            on_failure=lambda error: say(f"note: {error}; asking again in {interval:g} seconds"),
        ):
            show(now)
    if now["LabelingJobStatus"] == "Failed":
        reason = now.get("FailureReason") or "no reason is given"
        click.echo(shown(f"error: {name} failed: {reason}"), err=True)
        click.get_current_context().exit(1)


@contextmanager
def _shown(name: str, json_output: bool) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that shows a state of the job."""
    if json_output:
        yield lambda now: click.echo(shown_as_json(now))
        return
    if not sys.stdout.isatty():
        yield lambda now: click.echo(shown(_line(now)))
        return
    bar: Any = click.progressbar(length=0, label=name, show_pos=True, show_eta=False)
    with bar:
        yield lambda now: _move(bar, now)


def _line(now: Mapping[str, Any]) -> str:
    return f"{time.strftime('%Y-%m-%d %H:%M:%S')} {now['LabelingJobName']}: {now['LabelingJobStatus']}, {counts(now)}"


def _move(bar: Any, now: Mapping[str, Any]) -> None:
    labeled, to_do, failed = _numbers(now)
    bar.length, bar.label = labeled + to_do + failed, f"{now['LabelingJobName']}: {now['LabelingJobStatus']}"
    bar.update(labeled + failed - bar.pos)
    bar.render_progress()
