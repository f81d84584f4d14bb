"""gtbridge job create: a labeling job from a CreateLabelingJob request, on either backend."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ...label_configs.errors import InputError, ServerError
from .common import as_json, progress, report, say
from .job_backend import ChosenBackend, backend_and_storage_options
from .job_output_options import refs_option

if TYPE_CHECKING:
    from ..labeling_job import LabelingJobRequest
    from ..sagemaker.plan import Plan

__all__ = ["create"]


@click.command()
@click.option("--request", "request_file", required=True, metavar="FILE", help="The CreateLabelingJob request (JSON).")
@click.option(
    "--task",
    "task_file",
    metavar="FILE",
    help="The task definition. On SageMaker its worker template is uploaded to UiTemplateS3Uri. "
    "[default: what UiTemplateS3Uri names]",
)
@click.option("--manifest", metavar="FILE", help="SageMaker: upload this input manifest to ManifestS3Uri.")
@click.option("--overwrite", is_flag=True, help="SageMaker: upload even where something else is there already.")
@refs_option
@click.option("--dry-run", is_flag=True, help="Check everything, make nothing.")
@backend_and_storage_options
@as_json
def create(
    request_file: str,
    task_file: str | None,
    manifest: str | None,
    overwrite: bool,
    moves: tuple[tuple[str, str], ...],
    dry_run: bool,
    backend: ChosenBackend,
    json_output: bool,
) -> None:
    """Make a labeling job from the request that `aws sagemaker create-labeling-job --cli-input-json` takes.

    The same file does for both backends. On Label Studio, ManifestS3Uri and UiTemplateS3Uri may be local paths, and
    the job's name is unique on a server. On SageMaker, Lambda functions that the request does not name are filled in
    with those that hand data through unchanged.
    """
    from ..labeling_job import read_request
    from ..storage import read_text

    request = read_request(read_text(request_file), request_file)
    if backend.is_sagemaker:
        if "-" in (manifest, task_file):
            raise click.UsageError("what is uploaded must be a file: it is read more than once")
        _on_sagemaker(request, request_file, task_file, manifest, overwrite, dry_run, backend, json_output)
        return
    if manifest or overwrite:
        raise click.UsageError("--manifest and --overwrite go with --backend sagemaker")
    _on_label_studio(request, request_file, task_file, moves, dry_run, backend, json_output)


def _on_label_studio(
    request: LabelingJobRequest,
    source: str,
    task_file: str | None,
    moves: tuple[tuple[str, str], ...],
    dry_run: bool,
    backend: ChosenBackend,
    json_output: bool,
) -> None:
    from ...label_configs.describe import definition_to_remarks
    from ..definitions import read_definition
    from ..label_studio.jobs import check_manifest, create_job
    from ..labeling_job import IGNORED_BY_LABEL_STUDIO

    place = task_file or request.template
    if place is None:
        raise InputError("names no template; give the task definition with --task", source=source)
    definition = read_definition(place, lambda remark: say(f"note: {remark}"))
    manifest = check_manifest(request, definition, request.manifest, moves)
    objects = manifest.objects
    _note(definition_to_remarks(definition))
    ignored = request.given(IGNORED_BY_LABEL_STUDIO)
    if ignored:
        _note([f"Label Studio has no counterpart of {', '.join(ignored)}: ignored"])
    if dry_run:
        data: dict[str, Any] = {"LabelingJobName": request.name, "objects": objects, "ignored": ignored}
        report([f"{request.name}: {objects} objects; nothing was made"], data, json_output=json_output)
        return
    server = backend.label_studio()
    with progress("tasks", objects) as advance:
        made = create_job(server, request, definition, manifest, on_progress=advance)
    url = f"{server.url}/projects/{made.project}/data"
    data = {"LabelingJobName": made.name, "ProjectId": made.project, "Url": url, "objects": objects, "ignored": ignored}
    report(
        [f"{made.name}: {objects} tasks, each for {request.workers_per_object} annotators", url],
        data,
        json_output=json_output,
    )


def _on_sagemaker(
    request: LabelingJobRequest,
    source: str,
    task_file: str | None,
    manifest: str | None,
    overwrite: bool,
    dry_run: bool,
    backend: ChosenBackend,
    json_output: bool,
) -> None:
    from ..sagemaker.plan import plan_job
    from ..sagemaker.request import request_for_sagemaker

    jobs = backend.sagemaker()
    request_for_sagemaker(request, source, jobs.region)  # what needs no server goes first
    try:
        jobs.refuse_second(request.name)
    except ServerError as error:
        if not dry_run:
            raise
        _note([f"whether there is a labeling job of this name already cannot be told: {error}"])
    plan = plan_job(request, source, jobs.region, manifest=manifest, task=task_file, overwrite=overwrite)
    _note(plan.notes)
    if plan.filled:
        _note([f"filled in with the passthrough Lambda functions of {jobs.region}: {', '.join(plan.filled)}"])
    data: dict[str, Any] = {
        "LabelingJobName": request.name,
        "Region": jobs.region,
        "objects": plan.objects,
        "filled": list(plan.filled),
        "uploads": [upload.to_dict() for upload in plan.uploads],
    }
    if dry_run:
        report(_dry_lines(plan), {**data, "request": plan.fields}, json_output=json_output)
        return
    arn = jobs.create(plan, on_upload=lambda upload: say(f"uploaded {upload}") if upload.needed else None)
    lines = [f"{request.name}: {plan.objects} objects, each for {request.workers_per_object} annotators", arn]
    report(lines, {**data, "LabelingJobArn": arn}, json_output=json_output)


def _dry_lines(plan: Plan) -> Iterable[str]:
    yield json.dumps(plan.fields, ensure_ascii=False, indent=1)
    for upload in plan.uploads:
        yield f"to be uploaded: {upload}" if upload.needed else f"not to be uploaded: {upload}"
    yield f"{plan.objects} objects; nothing was uploaded or made"


def _note(remarks: Iterable[str]) -> None:
    for remark in remarks:
        say(f"note: {remark}")
