"""A CreateLabelingJob request as SageMaker is to get it: what only SageMaker asks of it, and the Lambdas filled in.

Asks no server. What both backends ask of a request, ``labeling_job`` has checked.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from ...label_configs.errors import InputError
from ..labeling_job import LabelingJobRequest, request_shape
from .passthrough_lambdas import REGIONS, passthrough_lambdas

__all__ = ["request_for_sagemaker"]

_TASK = "HumanTaskConfig"
_TEMPLATE = f"{_TASK}.UiConfig.UiTemplateS3Uri"
_BEFORE = f"{_TASK}.PreHumanTaskLambdaArn"
_AFTER = f"{_TASK}.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn"
# Places in S3 that are read or written here, too; SageMaker itself would take https:// addresses.
_PLACES = ("InputConfig.DataSource.S3DataSource.ManifestS3Uri", _TEMPLATE, "OutputConfig.S3OutputPath")
# Where AWS runs a job is said by whom it names: all of them are in the job's own region.
_IN_THE_REGION = (f"{_TASK}.WorkteamArn", _BEFORE, _AFTER)
# In the documentation of HumanTaskConfig (custom and text labeling jobs, private workforce), not in the service model.
_MOST_SECONDS = {
    f"{_TASK}.TaskTimeLimitInSeconds": 28_800,
    f"{_TASK}.TaskAvailabilityLifetimeInSeconds": 2_592_000,
}


def request_for_sagemaker(request: LabelingJobRequest, source: str, region: str) -> tuple[dict[str, Any], list[str]]:
    """The fields to send, and the paths of those that were filled in: the passthrough Lambdas of the ``region``.

    InputError, with the path of the field, for what SageMaker would refuse: patterns, limits, regions that differ.
    """
    for path, message in _problems(request, region):
        raise InputError(message, source=source, path=f"$.{path}")
    fields = copy.deepcopy(dict(request.fields))
    missing = [path for path in (_BEFORE, _AFTER) if request.get(path) is None]
    if missing and region not in REGIONS:
        message = f"is missing, and no passthrough Lambda is known in {region}; give the ARN of one (known: {_known()})"
        raise InputError(message, source=source, path=f"$.{missing[0]}")
    for path in missing:
        _put(fields, path, passthrough_lambdas(region)[path == _AFTER])
    return fields, missing


def _known() -> str:
    return ", ".join(REGIONS)


def _put(fields: dict[str, Any], path: str, value: str) -> None:
    *way, last = path.split(".")
    for key in way:
        fields = fields.setdefault(key, {})
    fields[last] = value


def _problems(request: LabelingJobRequest, region: str) -> Iterator[tuple[str, str]]:
    yield from _misspelt(request.fields, request_shape(), "")
    if request.template is None:
        yield _TEMPLATE, "is missing: the job needs a worker template"
    for path in _PLACES:
        place = str(request.get(path))
        bucket, _, key = place.removeprefix("s3://").partition("/")
        if not place.startswith("s3://") or not bucket or not (key or path == _PLACES[-1]):
            yield path, f"{request.get(path)!r} is no address in S3 (s3://bucket/key)"
    for path, most in _MOST_SECONDS.items():
        if (request.get(path) or 0) > most:
            yield path, f"{request.get(path)} is more than the {most} that SageMaker takes"
    for path in request.given(_IN_THE_REGION):
        there = str(request.get(path)).split(":")[3]
        if there != region:
            yield path, f"is in {there}, but the job would be made in {region}; say where with --region"


def _misspelt(value: Any, shape: Any, path: str) -> Iterator[tuple[str, str]]:
    """What does not match the patterns of the service model, which botocore leaves to the server."""
    import regex  # they are Java's, with \p{L}

    if shape.type_name == "structure" and isinstance(value, Mapping):
        for key, member in shape.members.items():
            if key in value:
                yield from _misspelt(value[key], member, f"{path}.{key}".lstrip("."))
    elif shape.type_name == "list":
        for number, entry in enumerate(value):
            yield from _misspelt(entry, shape.member, f"{path}[{number}]")
    elif shape.type_name == "string":
        pattern, choices = shape.metadata.get("pattern"), shape.metadata.get("enum")
        if choices and value not in choices:
            yield path, f"{value!r} is none of {', '.join(choices)}"
        if pattern and not regex.fullmatch(pattern, value):
            yield path, f"{value!r} does not match what SageMaker takes: {pattern}"
