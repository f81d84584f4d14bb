"""The CreateLabelingJob request for a job that was made without one. Asks no server."""

from __future__ import annotations

import json
from typing import Any

from .labeling_job import LabelingJobRequest, read_request
from .storage import parent

__all__ = ["MOST_WORKERS", "bare_request"]

# What SageMaker takes for NumberOfHumanWorkersPerDataObject.
MOST_WORKERS = 9
_MOST_TITLE = 128


def bare_request(
    name: str, attribute: str, *, workers: int, manifest: str, title: str, description: str, source: str
) -> LabelingJobRequest:
    """A request that would have made the job ``name`` from ``manifest``; role and work team are written as unknown.

    InputError, which names ``source``, if no labeling job can be called so, or have this label ``attribute``.
    """
    fields: dict[str, Any] = {
        "LabelingJobName": name,
        "LabelAttributeName": attribute,
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": manifest}}},
        "OutputConfig": {"S3OutputPath": parent(manifest)},
        "RoleArn": "arn:aws:iam::000000000000:role/unknown",
        "HumanTaskConfig": {
            "WorkteamArn": "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/unknown",
            "UiConfig": {},
            "TaskTitle": title[:_MOST_TITLE],
            "TaskDescription": description,
            "NumberOfHumanWorkersPerDataObject": workers,
            "TaskTimeLimitInSeconds": 3600,
        },
    }
    return read_request(json.dumps(fields, indent=2, ensure_ascii=False), source)
