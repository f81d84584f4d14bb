"""A task as its annotators will see it, before there is a job: a scratch job on a Label Studio of its own."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from pathlib import Path

from ...converters.formats.manifest import check_task_fit, read_manifest
from ...converters.formats.sources import Columns, json_lines_to_manifest
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..files.interrupts import tidy_when_interrupted
from ..label_studio.jobs import check_manifest, create_job
from ..label_studio.server import connect
from ..labeling_job import LabelingJobRequest, read_request
from ..storage import open_input, write_bytes
from .accounts import add_annotator
from .embedded import GUARDED, embedded_label_studio, temporary_directory

__all__ = ["Preview", "preview_task"]

SAMPLE_ITEMS = 5
ANNOTATOR = "annotator@localhost"


@dataclass(frozen=True)
class Preview:
    """The label stream's address, and the account that may answer there."""

    url: str
    email: str
    password: str = field(repr=False)
    items: int


@contextmanager
def preview_task(
    definition: TaskDefinition,
    manifest: str | None = None,
    *,
    most: int = 20,
    port: int = 0,
    on_progress: Callable[[str], None] | None = None,
) -> Iterator[Preview]:
    """Have the task answered by one annotator while the context is open; nothing is left of it afterwards.

    ``manifest`` is an input manifest, of which the first ``most`` items are shown; without one, a few samples are.
    InputError if one of these items does not suit the task; what else is in the manifest is not looked at.
    """
    lines = _lines(definition, manifest, most)
    tidy_when_interrupted()
    with ExitStack() as stack:
        scratch = stack.enter_context(temporary_directory()) / "preview.manifest"
        write_bytes(scratch, b"".join(f"{line}\n".encode() for line in lines))
        request = _request(definition, scratch)
        checked = check_manifest(request, definition, request.manifest)
        embedded = stack.enter_context(
            embedded_label_studio(port=port, settings_module=GUARDED, on_progress=on_progress)
        )
        server = stack.enter_context(connect(embedded.url, embedded.api_key))
        job = create_job(server, request, definition, checked)
        password = secrets.token_urlsafe(12)
        add_annotator(embedded.url, embedded.api_key, ANNOTATOR, password)
        yield Preview(f"{embedded.url}/projects/{job.project}/data?labeling=1", ANNOTATOR, password, len(lines))


def _lines(definition: TaskDefinition, manifest: str | None, most: int) -> list[str]:
    if manifest is None:
        name = "prompts.jsonl" if isinstance(definition, TextRanking) else "passages.jsonl"
        sample = io.BytesIO(files("gtbridge.plugin").joinpath("sample", name).read_bytes())
        return list(islice(json_lines_to_manifest(sample, name, Columns()), min(most, SAMPLE_ITEMS)))
    lines = []
    with open_input(manifest) as file:
        for item in islice(read_manifest(file, manifest), most):
            check_task_fit(item, definition, manifest)
            lines.append(item.line)
    if not lines:
        raise InputError("holds no objects", source=manifest)
    return lines


def _request(definition: TaskDefinition, manifest: Path) -> LabelingJobRequest:
    """What `job create` would be given, with something in every field that it must have."""
    title = f"Preview: {definition.title}" if definition.title else "Preview"
    fields = {
        "LabelingJobName": "preview",
        # No field of an item is likely to be called this.
        "LabelAttributeName": "gtbridge-preview",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": str(manifest)}}},
        "OutputConfig": {"S3OutputPath": "s3://preview/"},
        "RoleArn": "arn:aws:iam::000000000000:role/preview",
        "HumanTaskConfig": {
            "WorkteamArn": "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/preview",
            "UiConfig": {"UiTemplateS3Uri": "s3://preview/task"},
            "TaskTitle": title[:128],
            "TaskDescription": "A preview; its answers are not kept.",
            "NumberOfHumanWorkersPerDataObject": 1,
            "TaskTimeLimitInSeconds": 3600,
        },
    }
    return read_request(json.dumps(fields), "the preview's request")
