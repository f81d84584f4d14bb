"""The CreateLabelingJob request of a job of which only the output is left. Makes it from what the output tells."""

from __future__ import annotations

import json

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..bare_request import bare_request
from ..labeling_job import LabelingJobRequest, read_request

__all__ = ["adapted_request", "made_request"]


def made_request(
    name: str, attribute: str, workers: int, manifest: str, definition: TaskDefinition
) -> LabelingJobRequest:
    """A request that would have made the job, as far as its output ``manifest`` tells.

    Role and work team, which it does not tell, are written as unknown. InputError if no labeling job can be called
    ``name``, or have this label ``attribute``.
    """
    return bare_request(
        name,
        attribute,
        workers=workers,
        manifest=manifest,
        title=definition.title or name,
        description="Migrated from Ground Truth; the request was made from the job's output",
        source="the job; give its name with --project or its request with --request",
    )


def adapted_request(
    request: LabelingJobRequest, name: str | None, attribute: str | None, workers: int | None, source: str
) -> LabelingJobRequest:
    """The job's own ``request``, under another ``name`` or for another number of ``workers`` if one is given.

    InputError if it is the request of a job with another label ``attribute`` than the output has.
    """
    if attribute is not None and request.label_attribute != attribute:
        message = f"asks for the label attribute {request.label_attribute}, but the job's output has {attribute}"
        raise InputError(message, source=source, path="$.LabelAttributeName")
    if name in (None, request.name) and workers in (None, request.workers_per_object):
        return request
    fields = json.loads(request.text)
    fields["LabelingJobName"] = name or request.name
    fields["HumanTaskConfig"]["NumberOfHumanWorkersPerDataObject"] = workers or request.workers_per_object
    return read_request(json.dumps(fields, indent=2, ensure_ascii=False), source)
