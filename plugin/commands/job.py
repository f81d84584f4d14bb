"""gtbridge job: labeling jobs on a backend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from .common import as_json, report, say
from .job_backend import ChosenBackend, backend_option
from .job_create import create
from .job_export import export
from .job_watch import counts, watch

__all__ = ["job"]

_STATUSES = ("Initializing", "InProgress", "Completed", "Failed", "Stopping", "Stopped")
_KINDS = {
    "Valid": "valid",
    "Declined": "declined",
    "Invalid": "invalid",
    "SentBack": "sent back and not given again yet",
    "Superseded": "given again later",
    "ToNoObject": "to tasks that are no object of the manifest",
}


@click.group()
def job() -> None:
    """Labeling jobs, made from the CreateLabelingJob request."""


for _command in (create, watch, export):
    job.add_command(_command)


@job.command()
@click.argument("name")
@backend_option
@as_json
def describe(name: str, backend: ChosenBackend, json_output: bool) -> None:
    """Say how far the labeling job NAME is."""
    found = backend.open().describe(name)
    report(_description(found), found, json_output=json_output)


def _description(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['LabelingJobName']}: {found['LabelingJobStatus']}"
    if reason := found.get("FailureReason"):
        yield f"  {reason}"
    yield f"  {counts(found)}"
    if (here := found.get("LabelStudio")) is not None:
        kinds = [f"{here[kind]} {words}" for kind, words in _KINDS.items() if here[kind] or kind == "Valid"]
        yield f"  {here['Answers']} answers: {', '.join(kinds)}"
        for edit in here.get("Edited", ()):
            yield f"  edited since it was made: {edit}"
        if "StoppedAt" in here:
            yield f"  stopped at {here['StoppedAt']}" + ("" if here["Guarded"] else "; annotators can go on: no guard")
        yield f"  {here['Url']}"
    elif output := found.get("LabelingJobOutput"):
        yield f"  {output['OutputDatasetS3Uri']}"


@job.command("list")
@click.option("--name-contains", metavar="TEXT", help="Only jobs with this in their names.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only jobs in this state.")
@backend_option
@as_json
def list_jobs(name_contains: str | None, status: str | None, backend: ChosenBackend, json_output: bool) -> None:
    """List the labeling jobs."""
    found = list(backend.open().jobs(name_contains, status))
    report(_table(found), {"jobs": found}, json_output=json_output)


def _table(jobs: list[dict[str, Any]]) -> Iterator[str]:
    rows = [
        (job["LabelingJobName"] or "(unreadable)", job["LabelingJobStatus"], counts(job), str(job["CreationTime"])[:19])
        for job in jobs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    for row in rows:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
    if not rows:
        yield "no labeling jobs"


@job.command()
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say what would be done, stop nothing.")
@backend_option
@as_json
def stop(name: str, dry_run: bool, backend: ChosenBackend, json_output: bool) -> None:
    """Stop the labeling job NAME: annotators get no more of its items. What they answered stays.

    A job cannot be begun again once it was stopped. On a Label Studio without the guard it is only recorded.
    """
    done = backend.open().stop(name, dry_run=dry_run)
    for remark in done["notes"]:
        say(f"note: {remark}")
    status = done["LabelingJobStatus"]
    if not done["stopped"]:
        line = f"{name}: {status}; there is nothing to stop"
    elif dry_run:
        line = f"{name}: {status}; it would be stopped, nothing was changed"
    else:
        line = f"{name}: {status}"
    report([line], {**done, "dry_run": dry_run}, json_output=json_output)
