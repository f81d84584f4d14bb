"""gtbridge migrate: a Ground Truth job becomes a labeling job on Label Studio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import click

from .common import as_json, connect, progress, report, say
from .job_output_options import job_output_options

if TYPE_CHECKING:
    from ..migration.plan import MigrationPlan
    from ..outputs.options import JobOutputOptions

__all__ = ["migrate"]

_OUTCOMES = {
    "created": "made",
    "resumed": "gone on with where it stopped",
    "present": "there already; nothing was changed",
}


@click.command()
@click.argument("output", metavar="JOB_OUTPUT")
@click.option("--project", "name", metavar="NAME", help="The labeling job's name there. [default: the job's own]")
@click.option(
    "--request", "request_file", metavar="FILE", help="The job's CreateLabelingJob request, if it is at hand."
)
@click.option("--workers", "workers_file", metavar="FILE", help="Who is who: a .csv with the columns worker and email.")
@click.option(
    "--workers-per-object",
    type=click.IntRange(1, 9),
    help="How many answers each object is to have. [default: as many as the object with the most has]",
)
@click.option(
    "--manifest",
    metavar="FILE",
    help="Of a dataset or a project: where to write its items as an input manifest, which `job export` will read.",
)
@click.option("--allow-loss", is_flag=True, help="Go on without the items that no task can be made of.")
@click.option("--dry-run", is_flag=True, help="Read everything, say what would be made and lost, make nothing.")
@job_output_options
@as_json
def migrate(
    output: str,
    name: str | None,
    request_file: str | None,
    workers_file: str | None,
    workers_per_object: int | None,
    manifest: str | None,
    allow_loss: bool,
    dry_run: bool,
    opening: JobOutputOptions,
    json_output: bool,
) -> None:
    """Make a labeling job on Label Studio from a Ground Truth job's output: a folder, s3://..., or a manifest; from a
    dataset of judgements: hf://ORG/NAME, a folder or a file; or from a Label Studio project that gtbridge did not make:
    label-studio:NUMBER, a JSON export or target storage.

    Every object becomes a task. Its finished answers become annotations, each with its own worker, times and document;
    what is missing is given to annotators, and nothing else is. Answers that break a rule or that were declined stay
    with their task, out of the way. `gtbridge job export` brings all of it back.

    Annotations belong to the Label Studio user whom --workers names, who then is never given that object, or else to
    you. Run it again after an interruption and it goes on; run it once more and it changes nothing.
    """
    from ..labeling_job import read_request
    from ..migration.migrate import migrate as migrate_to
    from ..migration.plan import MigrationOptions, plan_migration
    from ..migration.worker_users import read_worker_users
    from ..outputs.job_reader import open_job_output
    from ..storage import read_text

    if request_file and opening.task is None:
        opening = replace(opening, task=read_request(read_text(request_file), request_file).template)
    server = None if dry_run and not workers_file else connect(*opening.label_studio)
    options = MigrationOptions(
        name=name,
        request=request_file,
        workers_per_object=workers_per_object,
        users=read_worker_users(workers_file, server.emails()) if workers_file and server else {},
        owner=server.user() if server else 0,
        moves=opening.moves,
        manifest=manifest,
    )
    with TemporaryFile() as tasks:
        plan = plan_migration(open_job_output(output, opening), options, tasks)
        if plan.unknown:
            say(f"note: {workers_file} names workers of whom there is no answer: {', '.join(plan.unknown)}")
        if plan.shared:
            say(f"note: {plan.shared} of the items to do have several answers that one user owns; all but one of these")
            say("      are marked as ground truth on Label Studio, which would otherwise count them in the wrong way")
        data: dict[str, Any] = {**plan.to_dict(), "dry_run": dry_run}
        if dry_run or server is None:
            report([*_lines(plan), "nothing was made"], data, json_output=json_output)
            return
        with progress("tasks", plan.finished + plan.to_do) as advance:
            done = migrate_to(server, plan, allow_loss=allow_loss, on_progress=advance)
    url = f"{server.url}/projects/{done.project}/data"
    data |= {"outcome": done.outcome, "ProjectId": done.project, "Url": url}
    report([f"{plan.request.name}: {_OUTCOMES[done.outcome]}", *_lines(plan), url], data, json_output=json_output)


def _lines(plan: MigrationPlan) -> Iterator[str]:
    name, workers = plan.request.name, plan.request.workers_per_object
    each = "1 answer" if workers == 1 else f"{workers} answers"
    yield f"{name}: {plan.manifest.objects} objects of {each} each, {plan.finished} finished, {plan.to_do} to do"
    for loss in plan.lost:
        yield f"lost: {loss}"
    yield from plan.ledger.lines()
