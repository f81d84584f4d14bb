"""gtbridge job: labeling jobs on a backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...label_configs.errors import InputError
from .common import as_json, connect, label_studio_options, progress, report, say

if TYPE_CHECKING:
    from ..label_studio_requeue import Requeue

__all__ = ["job"]

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


@job.command()
@click.option("--request", "request_file", required=True, metavar="FILE", help="The CreateLabelingJob request (JSON).")
@click.option("--task", "task_file", metavar="FILE", help="The task definition. [default: what UiTemplateS3Uri names]")
@click.option("--dry-run", is_flag=True, help="Check everything, make nothing.")
@label_studio_options
@as_json
def create(
    request_file: str,
    task_file: str | None,
    dry_run: bool,
    label_studio_url: str | None,
    api_key: str | None,
    json_output: bool,
) -> None:
    """Make a labeling job from the request that `aws sagemaker create-labeling-job --cli-input-json` takes.

    On Label Studio, ManifestS3Uri and UiTemplateS3Uri may be local paths. The job's name is unique on a server.
    """
    from ...label_configs.describe import definition_to_remarks
    from ..definitions import read_definition
    from ..label_studio_jobs import check_manifest, create_job
    from ..labeling_job import IGNORED_BY_LABEL_STUDIO, read_request
    from ..storage import read_text

    request = read_request(read_text(request_file), request_file)
    place = task_file or request.template
    if place is None:
        raise InputError("names no template; give the task definition with --task", source=request_file)
    definition = read_definition(place)
    manifest = check_manifest(request, definition, request.manifest)
    objects = manifest.objects
    for remark in definition_to_remarks(definition):
        say(f"note: {remark}")
    ignored = request.given(IGNORED_BY_LABEL_STUDIO)
    if ignored:
        say(f"note: Label Studio has no counterpart of {', '.join(ignored)}: ignored")
    if dry_run:
        data: dict[str, Any] = {"LabelingJobName": request.name, "objects": objects, "ignored": ignored}
        report([f"{request.name}: {objects} objects; nothing was made"], data, json_output=json_output)
        return
    server = connect(label_studio_url, api_key)
    with progress("tasks", objects) as advance:
        made = create_job(server, request, definition, manifest, on_progress=advance)
    url = f"{server.url}/projects/{made.project}/data"
    data = {"LabelingJobName": made.name, "ProjectId": made.project, "Url": url, "objects": objects, "ignored": ignored}
    report(
        [f"{made.name}: {objects} tasks, each for {request.workers_per_object} annotators", url],
        data,
        json_output=json_output,
    )


@job.command()
@click.argument("name")
@label_studio_options
@as_json
def describe(name: str, label_studio_url: str | None, api_key: str | None, json_output: bool) -> None:
    """Say how far the labeling job NAME is."""
    from ..label_studio_describe import describe_job
    from ..label_studio_jobs import find_job

    server = connect(label_studio_url, api_key)
    found = describe_job(server, find_job(server, name))
    counters, answers = found["LabelCounters"], found["LabelStudio"]
    counts = [f"{answers[kind]} {words}" for kind, words in _KINDS.items() if answers[kind] or kind == "Valid"]
    lines = [
        f"{name}: {found['LabelingJobStatus']}",
        f"  {counters['TotalLabeled']} objects labeled, {counters['Unlabeled']} to do",
        f"  {answers['Answers']} answers: {', '.join(counts)}",
        f"  {answers['Url']}",
    ]
    report(lines, found, json_output=json_output)


@job.command()
@click.argument("name")
@click.option("--to", "folder", required=True, metavar="DIR", help="The output goes to DIR/NAME.")
@click.option("--manifest", metavar="FILE", help="Where the job's input manifest lies, if it was moved.")
@click.option("--s3-prefix", metavar="S3_URI", help="Write references as S3_URI/NAME/... instead of relative ones.")
@click.option("--requeue", "send_back", is_flag=True, help="Then send invalid answers back to whoever gave them.")
@click.option("--dry-run", is_flag=True, help="With --requeue: say what would be sent back, change and write nothing.")
@label_studio_options
@as_json
def export(
    name: str,
    folder: str,
    manifest: str | None,
    s3_prefix: str | None,
    send_back: bool,
    dry_run: bool,
    label_studio_url: str | None,
    api_key: str | None,
    json_output: bool,
) -> None:
    """Write the answers of the labeling job NAME as a Ground Truth job output.

    Run again, it adds what is new: items without new answers keep their files.

    With --requeue, the label stream gives an item whose answer breaks a rule to the same annotator again, and to nobody
    else in that person's place. Run it again from time to time: an answer that was sent back, and given anew since, is
    set aside then, which lets the item's other annotators have it.
    """
    from ..label_studio_export import export_and_requeue, export_job
    from ..label_studio_jobs import find_job
    from ..label_studio_requeue import plan_requeue
    from ..storage import local_path

    if s3_prefix is not None and not s3_prefix.startswith("s3://"):
        raise click.BadParameter("begins with s3://", param_hint="--s3-prefix")
    if dry_run and not send_back:
        raise click.UsageError("--dry-run goes with --requeue")
    to = local_path(folder)
    server = connect(label_studio_url, api_key)
    found = find_job(server, name)
    if dry_run:
        plan, ledger = plan_requeue(server, found, manifest)
        lines = [*_requeue_lines(plan, "to send back"), "nothing was changed or written", *ledger.lines()]
        report(lines, {"requeue": plan.to_dict(), "dry_run": True, "ledger": ledger.to_dict()}, json_output=json_output)
        return
    done: Requeue | None = None
    with progress("items", found.manifest.objects) as advance:
        if send_back:
            out, ledger, done = export_and_requeue(
                server, found, to, manifest=manifest, s3_prefix=s3_prefix, on_progress=advance
            )
        else:
            out, ledger = export_job(server, found, to, manifest=manifest, s3_prefix=s3_prefix, on_progress=advance)
    data: dict[str, Any] = {"output": str(out), "ledger": ledger.to_dict()}
    lines = [str(out), *ledger.lines()]
    if done is not None:
        for remark in done.remarks:
            say(f"note: {remark}")
        data["requeue"] = done.to_dict()
        lines += _requeue_lines(done, "sent back")
    report(lines, data, json_output=json_output)


def _requeue_lines(requeue: Requeue, how: str) -> list[str]:
    """A line for each answer to go back, and their number."""
    lines = [f"{how}: line {back.line}, {back.worker}: {'; '.join(back.problems)}" for back in requeue.returned]
    return [*lines, f"answers {how}: {len(requeue.returned)}", f"earlier answers set aside: {len(requeue.answered)}"]
