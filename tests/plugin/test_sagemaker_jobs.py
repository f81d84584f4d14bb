"""SageMaker as a backend: what boto3 answers and raises, in our words. botocore's Stubber is the other side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.stub import Stubber
from sagemaker import REGION, counters, for_sagemaker

from gtbridge.label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from gtbridge.plugin.labeling_job import Backend
from gtbridge.plugin.sagemaker.client import sagemaker_client
from gtbridge.plugin.sagemaker.jobs import SageMakerJobs

TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARN = "arn:aws:sagemaker:us-east-1:111122223333:labeling-job/a-job"
FOUND = {
    **for_sagemaker("s3://bucket/in.manifest", "s3://bucket/task.html"),
    "LabelingJobArn": ARN,
    "LabelingJobStatus": "InProgress",
    "LabelCounters": counters(2, 5),
    "CreationTime": TIME,
    "LastModifiedTime": TIME,
    "JobReferenceCode": "code",
}
BY_NAME = {"LabelingJobName": "a-job"}
SECRET = "the-session-token"


def client() -> Any:
    return boto3.client("sagemaker", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def stub() -> Iterator[Stubber]:
    with Stubber(client()) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def jobs(stub: Stubber) -> SageMakerJobs:
    return SageMakerJobs(stub.client)


def test_a_description_is_that_of_sagemaker_in_json(stub: Stubber, jobs: SageMakerJobs) -> None:
    stub.add_response("describe_labeling_job", FOUND, BY_NAME)
    backend: Backend = jobs
    found = backend.describe("a-job")
    assert found == {**FOUND, "CreationTime": TIME.isoformat(), "LastModifiedTime": TIME.isoformat()}
    json.dumps(found)


@pytest.mark.parametrize("name", ["a_job", "", "a" * 64, "-a", "a\n", "../x"])
def test_what_is_no_name_of_a_job_is_not_asked_for(jobs: SageMakerJobs, name: str) -> None:
    with pytest.raises(InputError, match="is no name of a labeling job"):
        jobs.describe(name)


def test_all_pages_of_the_list_are_read_with_the_filters(stub: Stubber, jobs: SageMakerJobs) -> None:
    summary = {key: FOUND[key] for key in ("LabelingJobArn", "LabelingJobStatus", "LabelCounters", "CreationTime")}
    summary |= {"LastModifiedTime": TIME, "WorkteamArn": FOUND["HumanTaskConfig"]["WorkteamArn"]}
    asked = {"NameContains": "job", "StatusEquals": "InProgress", "MaxResults": 100}
    pages = [["one", "two"], ["three"], []]
    for number, names in enumerate(pages):
        token = {"NextToken": f"t{number}"} if number else {}
        more = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
        page = {"LabelingJobSummaryList": [{**summary, "LabelingJobName": name} for name in names]}
        stub.add_response("list_labeling_jobs", {**page, **more}, {**asked, **token})
    found = list(jobs.jobs("job", "InProgress"))
    assert [job["LabelingJobName"] for job in found] == ["one", "two", "three"]
    assert found[0]["CreationTime"] == TIME.isoformat()


def test_a_running_job_is_stopped_and_its_new_state_told(stub: Stubber, jobs: SageMakerJobs) -> None:
    stub.add_response("describe_labeling_job", FOUND, BY_NAME)
    stub.add_response("stop_labeling_job", {}, BY_NAME)
    stub.add_response("describe_labeling_job", {**FOUND, "LabelingJobStatus": "Stopping"}, BY_NAME)
    assert jobs.stop("a-job") == {**BY_NAME, "LabelingJobStatus": "Stopping", "stopped": True, "notes": []}


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped", "Stopping"])
def test_a_job_that_has_ended_is_left_alone(stub: Stubber, jobs: SageMakerJobs, status: str) -> None:
    stub.add_response("describe_labeling_job", {**FOUND, "LabelingJobStatus": status}, BY_NAME)
    assert jobs.stop("a-job") == {**BY_NAME, "LabelingJobStatus": status, "stopped": False, "notes": []}


def test_a_dry_run_stops_nothing(stub: Stubber, jobs: SageMakerJobs) -> None:
    stub.add_response("describe_labeling_job", FOUND, BY_NAME)
    assert jobs.stop("a-job", dry_run=True)["stopped"] is True


REFUSALS: dict[str, tuple[str, str, type[GtbridgeError], str]] = {
    "gone": ("ResourceNotFound", "not here", MissingError, "SageMaker: not here"),
    "gone, said otherwise": (
        "ValidationException",
        "Could not find labeling job.",
        MissingError,
        "SageMaker: Could not find labeling job.",
    ),
    "denied": (
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:user/x is not\n authorized",
        ServerError,
        "SageMaker: denies access (AccessDeniedException): User: arn:aws:iam::111122223333:user/x is not authorized",
    ),
    "not valid": ("ValidationException", "bad ARN", ServerError, "SageMaker: refused (ValidationException): bad ARN"),
    "no message": ("InternalFailure", "", ServerError, "SageMaker: refused (InternalFailure)"),
    "expired": (
        "ExpiredTokenException",
        SECRET,
        ServerError,
        "SageMaker: the AWS credentials have expired (ExpiredTokenException)",
    ),
    "signed wrongly": (
        "InvalidSignatureException",
        f"The Canonical String should have been\nx-amz-security-token:{SECRET}",
        ServerError,
        "SageMaker: AWS refuses the credentials (InvalidSignatureException)",
    ),
    "too many calls": (
        "ThrottlingException",
        "Rate exceeded",
        ServerError,
        "SageMaker: AWS takes no more calls for now, after 6 attempts (ThrottlingException)",
    ),
}


@pytest.mark.parametrize(("code", "message", "kind", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_what_the_service_refuses_is_one_sentence_without_secrets(
    stub: Stubber, jobs: SageMakerJobs, code: str, message: str, kind: type[GtbridgeError], sentence: str
) -> None:
    stub.add_client_error("describe_labeling_job", code, message)
    with pytest.raises(kind) as caught:
        jobs.describe("a-job")
    assert str(caught.value) == sentence
    assert SECRET not in sentence
    assert caught.value.__suppress_context__, "a traceback would quote the request"


TROUBLES: dict[str, tuple[Exception, str]] = {
    "no credentials": (NoCredentialsError(), "SageMaker: no AWS credentials were found: set AWS_ACCESS_KEY_ID and"),
    "no way there": (
        EndpointConnectionError(endpoint_url="https://u:secret@example.com/"),
        "SageMaker: example.com cannot be reached",
    ),
    "no answer": (ReadTimeoutError(endpoint_url="x"), "SageMaker: the connection broke, or nothing came in time"),
}


@pytest.mark.parametrize(("trouble", "sentence"), TROUBLES.values(), ids=TROUBLES)
def test_what_breaks_on_the_way_is_one_sentence(trouble: Exception, sentence: str) -> None:
    def fail(**_: Any) -> None:
        raise trouble

    broken = client()
    broken.meta.events.register("before-call.sagemaker.DescribeLabelingJob", fail)
    with pytest.raises(ServerError) as caught:
        SageMakerJobs(broken).describe("a-job")
    assert str(caught.value).startswith(sentence)
    assert "secret" not in str(caught.value).replace("AWS_SECRET", "")


def test_without_a_region_the_remedy_is_named() -> None:
    with pytest.raises(InputError, match="which AWS region\\? Give --region"):
        sagemaker_client()


def test_only_a_job_that_is_there_is_in_the_way(stub: Stubber, jobs: SageMakerJobs) -> None:
    stub.add_client_error("describe_labeling_job", "ResourceNotFound", "gone")
    jobs.refuse_second("a-job")
    stub.add_response("describe_labeling_job", FOUND, BY_NAME)
    with pytest.raises(InputError, match="there is a labeling job a-job in us-east-1 already"):
        jobs.refuse_second("a-job")
    stub.add_client_error("describe_labeling_job", "AccessDeniedException", "no")
    with pytest.raises(ServerError):
        jobs.refuse_second("a-job")
