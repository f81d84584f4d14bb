"""A labeling job for SageMaker, checked and ready to be made: request, worker template, manifest. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...converters.formats.json_text import read_json_lines
from ...converters.formats.manifest import check_label_is_free
from ...label_configs.crowd import definition_to_template, is_template
from ...label_configs.describe import definition_to_template_remarks
from ...label_configs.tasks import TaskDefinition
from ..definitions import read_definition
from ..labeling_job import LabelingJobRequest
from ..manifests.manifests import inspect_manifest
from ..storage import open_input, read_text
from .request import request_for_sagemaker
from .uploads import Upload, planned_upload

__all__ = ["Plan", "plan_job"]


@dataclass(frozen=True)
class Plan:
    """A job that can be made: ``fields`` are the request as it is sent, to which ``filled`` (paths) were added.

    ``uploads`` come first. ``objects`` is how many the manifest has, ``notes`` what is odd in them.
    """

    fields: Mapping[str, Any]
    filled: tuple[str, ...]
    definition: TaskDefinition
    uploads: tuple[Upload, ...]
    objects: int
    notes: tuple[str, ...]


def plan_job(
    request: LabelingJobRequest,
    source: str,
    region: str,
    *,
    manifest: str | None = None,
    task: str | None = None,
    overwrite: bool = False,
) -> Plan:
    """Check everything that the job needs before it is sent to SageMaker in ``region``.

    ``manifest`` and ``task`` are files to upload to where the request (read from ``source``) has its manifest and its
    worker template: a template goes as it is, any other task definition is rendered. Without them both must be there
    already. InputError, DefinitionError or MissingError for the first thing that is wrong.
    """
    fields, filled = request_for_sagemaker(request, source, region)
    definition = read_definition(task or str(request.template))
    lines = manifest or request.manifest
    report = inspect_manifest(lines, definition, "sagemaker")
    _refuse_taken_attribute(request.label_attribute, lines)
    uploads, notes = [], list(report.notes)
    if manifest is not None:
        what = f"the manifest {manifest}"
        uploads.append(planned_upload(what, manifest, request.manifest, None, overwrite=overwrite))
    if task is not None:
        what, rendered = f"the worker template {task}", None
        if not is_template(read_text(task)):
            what, rendered = f"the worker template of {task}", definition_to_template(definition).encode()
            notes += definition_to_template_remarks(definition)
        uploads.append(planned_upload(what, task, str(request.template), rendered, overwrite=overwrite))
    return Plan(fields, tuple(filled), definition, tuple(uploads), report.objects, tuple(notes))


def _refuse_taken_attribute(attribute: str, manifest: str) -> None:
    with open_input(manifest) as file:
        for number, _, value in read_json_lines(file, manifest):
            check_label_is_free(value, attribute, manifest, number)
