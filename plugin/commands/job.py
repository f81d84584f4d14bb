"""gtbridge job: labeling jobs on a backend."""

from __future__ import annotations

from typing import Any

import click

from ...label_configs.errors import InputError
from .common import as_json, connect, label_studio_options, progress, report, say
from .job_export import export

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


job.add_command(export)


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
