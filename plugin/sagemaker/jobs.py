"""Labeling jobs on SageMaker Ground Truth: made, described, listed, stopped. The second of the two backends."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...label_configs.errors import GtbridgeError, InputError, MissingError
from ..files.interrupts import tidy_when_interrupted
from ..labeling_job import ENDED, check_job_name
from .client import speaking_to_sagemaker

if TYPE_CHECKING:
    from .plan import Plan
    from .uploads import Upload

__all__ = ["SageMakerJobs"]

_CHANGING = ("LabelingJobName", "LabelingJobStatus", "LabelCounters", "FailureReason")
_PAGE = 100


class SageMakerJobs:
    """The labeling jobs of the account and region that the boto3 ``client`` speaks for. A ``Backend``."""

    def __init__(self, client: Any):
        self._client = client

    @property
    def region(self) -> str:
        """The AWS region."""
        return str(self._client.meta.region_name)

    def refuse_second(self, name: str) -> None:
        """InputError if there is a labeling job of this name."""
        try:
            self.describe(name)
        except MissingError:
            return
        raise InputError(f"there is a labeling job {name} in {self.region} already", source="SageMaker")

    def create(self, plan: Plan, *, on_upload: Callable[[Upload], None] | None = None) -> str:
        """Upload what the plan has, then make the job; returns its ARN.

        If SageMaker refuses the job, what was uploaded stays; the error says so.
        """
        uploaded: list[str] = []
        tidy_when_interrupted()
        try:
            for upload in plan.uploads:
                if upload.needed:
                    upload.put()
                    uploaded.append(upload.target)
                if on_upload:
                    on_upload(upload)
            with speaking_to_sagemaker():
                return str(self._client.create_labeling_job(**plan.fields)["LabelingJobArn"])
        except GtbridgeError as error:
            if uploaded:
                error.message += f"; uploaded before, and still there: {', '.join(uploaded)}"
            raise

    def describe(self, name: str) -> dict[str, Any]:
        """All of DescribeLabelingJob."""
        check_job_name(name)
        with speaking_to_sagemaker():
            found = self._client.describe_labeling_job(LabelingJobName=name)
        return {key: _plain(value) for key, value in found.items() if key != "ResponseMetadata"}

    def jobs(self, name_contains: str | None = None, status: str | None = None) -> Iterator[dict[str, Any]]:
        """All pages of ListLabelingJobs, in SageMaker's order."""
        asked = {"NameContains": name_contains, "StatusEquals": status, "MaxResults": _PAGE}
        pages = self._client.get_paginator("list_labeling_jobs")
        with speaking_to_sagemaker():
            for page in pages.paginate(**{key: value for key, value in asked.items() if value}):
                yield from map(_plain, page["LabelingJobSummaryList"])

    def watch(self, name: str) -> Callable[[], dict[str, Any]]:
        """What of DescribeLabelingJob changes."""

        def ask() -> dict[str, Any]:
            found = self.describe(name)
            return {key: found[key] for key in _CHANGING if key in found}

        return ask

    def stop(self, name: str, *, dry_run: bool = False) -> dict[str, Any]:
        """StopLabelingJob, unless the job has ended or is about to. It cannot be begun again."""
        status = self.describe(name)["LabelingJobStatus"]
        running = status not in (*ENDED, "Stopping")
        if running and not dry_run:
            with speaking_to_sagemaker():
                self._client.stop_labeling_job(LabelingJobName=name)
            status = self.describe(name)["LabelingJobStatus"]
        return {"LabelingJobName": name, "LabelingJobStatus": status, "stopped": running, "notes": []}


def _plain(value: Any) -> Any:
    """JSON values: botocore makes times of what the service sends."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else value
