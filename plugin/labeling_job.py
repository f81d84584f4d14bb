"""The CreateLabelingJob request: read, checked against SageMaker's own service model, kept verbatim. Asks no server.

Source: the Amazon SageMaker API reference, CreateLabelingJob; the service model is the one that botocore carries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from ..converters.formats.json_text import read_json
from ..converters.formats.manifest import METADATA_SUFFIX
from ..label_configs.errors import InputError

__all__ = [
    "ENDED",
    "IGNORED_BY_LABEL_STUDIO",
    "Backend",
    "LabelingJobRequest",
    "check_job_name",
    "read_request",
    "request_shape",
]

_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,%d}"

# Every LabelingJobStatus after which nothing changes any more.
ENDED = ("Completed", "Failed", "Stopped")

IGNORED_BY_LABEL_STUDIO = (
    "RoleArn",
    "LabelCategoryConfigS3Uri",
    "LabelingJobAlgorithmsConfig",
    "StoppingConditions",
    "Tags",
    "InputConfig.DataAttributes",
    "OutputConfig",
    "HumanTaskConfig.WorkteamArn",
    "HumanTaskConfig.PreHumanTaskLambdaArn",
    "HumanTaskConfig.AnnotationConsolidationConfig",
    "HumanTaskConfig.TaskKeywords",
    "HumanTaskConfig.TaskTimeLimitInSeconds",
    "HumanTaskConfig.TaskAvailabilityLifetimeInSeconds",
    "HumanTaskConfig.MaxConcurrentTaskCount",
    "HumanTaskConfig.PublicWorkforceTaskPrice",
)


@dataclass(frozen=True)
class LabelingJobRequest:
    """A request as it was given: ``text`` verbatim, ``fields`` parsed. Made by ``read_request``, which checks it."""

    text: str = field(repr=False)
    fields: Mapping[str, Any] = field(repr=False)

    def get(self, path: str) -> Any:
        """The value at a dotted path, None if it is not given."""
        value: Any = self.fields
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    @property
    def name(self) -> str:
        """LabelingJobName."""
        return str(self.fields["LabelingJobName"])

    @property
    def label_attribute(self) -> str:
        """LabelAttributeName."""
        return str(self.fields["LabelAttributeName"])

    @property
    def manifest(self) -> str:
        """ManifestS3Uri; on Label Studio it may be a local path."""
        return str(self.get("InputConfig.DataSource.S3DataSource.ManifestS3Uri"))

    @property
    def template(self) -> str | None:
        """UiTemplateS3Uri; on Label Studio it may be a local path to anything that holds a task definition."""
        found = self.get("HumanTaskConfig.UiConfig.UiTemplateS3Uri")
        return None if found is None else str(found)

    @property
    def workers_per_object(self) -> int:
        """NumberOfHumanWorkersPerDataObject."""
        return int(self.get("HumanTaskConfig.NumberOfHumanWorkersPerDataObject"))

    @property
    def title(self) -> str:
        """TaskTitle."""
        return str(self.get("HumanTaskConfig.TaskTitle"))

    @property
    def description(self) -> str:
        """TaskDescription."""
        return str(self.get("HumanTaskConfig.TaskDescription"))

    def given(self, paths: tuple[str, ...]) -> list[str]:
        """Those of the dotted ``paths`` that the request gives."""
        return [path for path in paths if self.get(path) is not None]


class Backend(Protocol):
    """Where labeling jobs run. Jobs are told in the words of DescribeLabelingJob: ``LabelingJobName``,
    ``LabelingJobStatus``, ``LabelCounters``, ``FailureReason`` and what more the backend knows; times are ISO 8601.

    MissingError where there is no job of the name, ServerError where the far side does not do as it is asked.
    """

    def describe(self, name: str) -> dict[str, Any]:
        """All that is known of the job."""

    def jobs(self, name_contains: str | None = None, status: str | None = None) -> Iterator[dict[str, Any]]:
        """The jobs whose names contain a text and which are in a state, as they come."""

    def watch(self, name: str) -> Callable[[], dict[str, Any]]:
        """A function that asks anew for what changes: ``LabelingJobStatus``, ``LabelCounters``, ``FailureReason``."""

    def stop(self, name: str, *, dry_run: bool = False) -> dict[str, Any]:
        """Give out no more work: ``{"LabelingJobName", "LabelingJobStatus", "stopped", "notes"}``.

        ``stopped`` is whether there was anything to stop; a ``dry_run`` stops nothing.
        """


def check_job_name(name: str) -> None:
    """InputError unless a labeling job could have this name, which then is safe to ask for."""
    if len(name) > 63 or not re.fullmatch(_NAME % 62, name):
        raise InputError(f"{name!r} is no name of a labeling job: 1 to 63 letters, digits and hyphens between them")


def read_request(text: str, source: str) -> LabelingJobRequest:
    """The request in ``text``: the JSON that ``aws sagemaker create-labeling-job --cli-input-json`` takes.

    InputError, with the path of the field, if SageMaker would refuse it for its form. Only ManifestS3Uri and
    UiTemplateS3Uri may hold more than SageMaker takes.
    """
    fields = read_json(text, source)
    if not isinstance(fields, dict):
        raise InputError("expected the object of a CreateLabelingJob request", source=source, path="$")
    for path, message in _problems(fields):
        raise InputError(message, source=source, path=path)
    return LabelingJobRequest(text, fields)


def _problems(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _model_problems(fields)
    for key, length in (("LabelingJobName", 62), ("LabelAttributeName", 126)):
        if not re.fullmatch(_NAME % length, fields[key]):
            yield f"$.{key}", f"{fields[key]!r} is not 1 to {length + 1} letters, digits and hyphens between them"
    if fields["LabelAttributeName"].endswith(METADATA_SUFFIX):
        yield "$.LabelAttributeName", f"must not end in {METADATA_SUFFIX}"
    if "S3DataSource" not in fields["InputConfig"]["DataSource"]:
        yield "$.InputConfig.DataSource.S3DataSource", "is missing: the job needs an input manifest"


def _model_problems(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(fields, request_shape())
    kinds = {
        "missing required field": "is missing",
        "unknown field": "is not a field of the request",
    }
    for kind, path, details in report._errors:
        name = details.get("required_name") or details.get("unknown_param")
        place = ".".join(part for part in ("$" + path, name) if part).replace("$$", "$")
        if kind in kinds:
            yield place, kinds[kind]
        elif kind == "invalid type":
            wanted = " or ".join(_TYPE_NAMES.get(str(kind_), str(kind_)) for kind_ in details["valid_types"])
            yield place, f"expected {wanted}, found {details['param']!r}"
        else:
            yield place, f"{details.get('param')!r} is less than the {details.get('min_allowed')} that SageMaker takes"
    if not report.has_errors():
        yield from _bounds(fields, request_shape(), "$")


_TYPE_NAMES = {
    "<class 'str'>": "text",
    "<class 'int'>": "a whole number",
    "<class 'list'>": "a list",
    "<class 'tuple'>": "a list",
    "<class 'dict'>": "an object",
}


def _bounds(value: Any, shape: Any, path: str) -> Iterator[tuple[str, str]]:
    # botocore checks lower bounds only.
    if shape.type_name == "structure":
        for key, member in shape.members.items():
            if key in value:
                yield from _bounds(value[key], member, f"{path}.{key}")
    elif shape.type_name == "list":
        for number, entry in enumerate(value):
            yield from _bounds(entry, shape.member, f"{path}[{number}]")
    if isinstance(value, bool) and shape.type_name != "boolean":  # botocore takes it for a number, as Python does
        yield path, f"expected a whole number, found {value!r}"
    most = shape.metadata.get("max")
    size = value if isinstance(value, int) else len(value) if isinstance(value, str | list) else None
    if most is not None and size is not None and size > most:
        unit = {"string": " characters", "list": " entries"}.get(shape.type_name, "")
        yield path, f"{size}{unit} is more than the {most} that SageMaker takes"


@cache
def request_shape() -> Any:
    """The shape of CreateLabelingJob's input in botocore's service model."""
    from botocore.session import Session

    model = Session().get_service_model("sagemaker")
    return model.operation_model("CreateLabelingJob").input_shape
