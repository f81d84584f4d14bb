"""A stand-in for SageMaker's labeling jobs: an HTTP server that holds boto3 and itself to botocore's service model.

moto has no labeling jobs. What this one knows of them is the model (every request and every answer is checked against
it) and what the API reference says in words; nothing here was seen on AWS.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.session import Session
from botocore.validate import ParamValidator

__all__ = ["REGION", "SageMaker", "counters", "for_sagemaker", "sagemaker_server"]

REGION = "us-east-1"
ACCOUNT = "111122223333"
_BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
_PAGE = 2
_MODEL = Session().get_service_model("sagemaker")


def counters(labeled: int, to_do: int, failed: int = 0) -> dict[str, int]:
    """LabelCounters."""
    return {
        "TotalLabeled": labeled,
        "HumanLabeled": labeled,
        "MachineLabeled": 0,
        "FailedNonRetryableError": failed,
        "Unlabeled": to_do,
    }


class Refusal(Exception):
    """An error that the service answers with: HTTP status, code, message."""


@dataclass
class SageMaker:
    """The service's state. Tests put ``refusals`` there, which are answered first, each (status, code, message).

    ``to_come`` are what a job looks like at each next look, by its name: members of DescribeLabelingJob's answer.
    """

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    to_come: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refusals: list[tuple[int, str, str]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def environment(self) -> dict[str, str]:
        """What points boto3 here; S3 may be elsewhere."""
        keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a-secret-of-no-use"}
        return {"AWS_ENDPOINT_URL_SAGEMAKER": self.url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, **keys}

    def add(self, name: str, status: str = "InProgress", labeled: int = 0, to_do: int = 3, **more: Any) -> None:
        """A job that somebody made."""
        fields = for_sagemaker("s3://bucket/in.manifest", "s3://bucket/task.html", name)
        self._make(fields)
        self.jobs[name] |= {"LabelingJobStatus": status, "LabelCounters": counters(labeled, to_do), **more}

    def named(self, operation: str) -> list[dict[str, Any]]:
        """The inputs of all calls of this operation."""
        return [given for called, given in self.calls if called == operation]

    def answer(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        """The output for a call's input. Raises Refusal."""
        self.calls.append((operation, given))
        if self.refusals:
            raise Refusal(*self.refusals.pop(0))
        report = ParamValidator().validate(given, _MODEL.operation_model(operation).input_shape)
        if report.has_errors():
            raise Refusal(400, "ValidationException", report.generate_report())
        made: dict[str, Any] = getattr(self, re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower())(given)
        shape = _MODEL.operation_model(operation).output_shape
        if shape is not None:
            unsound = ParamValidator().validate(made, shape)
            assert not unsound.has_errors(), unsound.generate_report()
        return made

    def create_labeling_job(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["LabelingJobName"] in self.jobs:
            raise Refusal(400, "ResourceInUse", "Labeling job name must be unique")
        return self._make(given)

    def _make(self, given: dict[str, Any]) -> dict[str, Any]:
        name = given["LabelingJobName"]
        made = _BEGIN + timedelta(minutes=len(self.jobs))
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:labeling-job/{name}"
        self.jobs[name] = {
            **{key: value for key, value in given.items() if key != "Tags"},
            "LabelingJobArn": arn,
            "LabelingJobStatus": "InProgress",
            "LabelCounters": counters(0, 0),
            "CreationTime": made,
            "LastModifiedTime": made,
            "JobReferenceCode": f"{ACCOUNT}x{len(self.jobs)}",
        }
        return {"LabelingJobArn": arn}

    def describe_labeling_job(self, given: dict[str, Any]) -> dict[str, Any]:
        name = given["LabelingJobName"]
        if name not in self.jobs:
            raise Refusal(400, "ResourceNotFound", f"Requested resource not found: {name}")
        if self.to_come.get(name):
            self.jobs[name] |= self.to_come[name].pop(0)
        return dict(self.jobs[name])

    def stop_labeling_job(self, given: dict[str, Any]) -> dict[str, Any]:
        self.jobs[given["LabelingJobName"]]["LabelingJobStatus"] = "Stopping"
        return {}

    def list_labeling_jobs(self, given: dict[str, Any]) -> dict[str, Any]:
        found = [
            job
            for name, job in self.jobs.items()
            if given.get("NameContains", "") in name and given.get("StatusEquals") in (None, job["LabelingJobStatus"])
        ]
        begin = int(given.get("NextToken", 0))
        shape = _MODEL.shape_for("LabelingJobSummary")
        page = [
            {key: value for key, value in job.items() if key in shape.members}
            | {"WorkteamArn": job["HumanTaskConfig"]["WorkteamArn"]}
            for job in found[begin : begin + _PAGE]
        ]
        more = {"NextToken": str(begin + _PAGE)} if begin + _PAGE < len(found) else {}
        return {"LabelingJobSummaryList": page, **more}


@contextmanager
def sagemaker_server() -> Iterator[SageMaker]:
    """A service without jobs, on a port of its own."""
    service = SageMaker()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            _, _, operation = self.headers["X-Amz-Target"].partition(".")
            assert f"/{REGION}/sagemaker/aws4_request" in self.headers["Authorization"]
            try:
                self._send(200, service.answer(operation, given))
            except Refusal as refusal:
                status, code, message = refusal.args
                self._send(status, {"__type": code, "message": message})

        def _send(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body, default=lambda time: time.timestamp()).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def for_sagemaker(manifest: str, template: str, name: str = "a-job", **more: Any) -> dict[str, Any]:
    """A request that SageMaker takes, without Lambda functions."""
    return {
        "LabelingJobName": name,
        "LabelAttributeName": "label",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": manifest}}},
        "OutputConfig": {"S3OutputPath": "s3://example-bucket/output/"},
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/service-role/LabelingRole",
        "HumanTaskConfig": {
            "WorkteamArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:workteam/private-crowd/team",
            "UiConfig": {"UiTemplateS3Uri": template},
            "TaskTitle": "Which answer helps more?",
            "TaskDescription": "Rank the responses to each prompt",
            "NumberOfHumanWorkersPerDataObject": 2,
            "TaskTimeLimitInSeconds": 1800,
        },
        **more,
    }
