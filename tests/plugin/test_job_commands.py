"""`gtbridge job describe|list|watch|stop --backend sagemaker`, through boto3 and HTTP to a stand-in for the service."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from commands import ends_as_interrupted, own_environment, press_ctrl_c, started
from roads import done, run
from sagemaker import SageMaker, counters, sagemaker_server

pytestmark = pytest.mark.server

ON_SAGEMAKER = ("--backend", "sagemaker")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SageMaker]:
    with sagemaker_server() as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        yield made


def job(*arguments: str) -> Result:
    return run("job", *arguments, *ON_SAGEMAKER)


def watch(service: SageMaker, *options: str, states: list[tuple[str, int, int]], **last: Any) -> Result:
    """What the command does while the job goes through these states: status, labeled, to do."""
    service.add("a-job", "Initializing", 0, 0)
    coming = [{"LabelingJobStatus": status, "LabelCounters": counters(*numbers)} for status, *numbers in states]
    service.to_come["a-job"] = [*coming[:-1], {**coming[-1], **last}]
    return job("watch", "a-job", "--interval", "0.1", *options)


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """All that ``gtbridge``, which must succeed, writes on a terminal."""
    environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "gtbridge.plugin", *arguments]
    with subprocess.Popen(command, stdout=writer, env={**own_environment(folder), **environment}) as process:
        os.close(writer)
        shown = b""
        with suppress(OSError):  # Linux's way to say that nobody is left to write
            while part := os.read(reader, 4096):
                shown += part
        os.close(reader)
    assert process.returncode == 0
    return shown.decode()


def test_a_job_is_described_in_words_and_in_json(service: SageMaker) -> None:
    output = {"OutputDatasetS3Uri": "s3://bucket/out/a-job/manifests/output/output.manifest"}
    service.add("a-job", "Failed", 2, 0, FailureReason="ClientError: no workers", LabelingJobOutput=output)
    service.jobs["a-job"]["LabelCounters"] = counters(2, 0, failed=1)
    assert job("describe", "a-job").stdout.splitlines() == [
        "a-job: Failed",
        "  ClientError: no workers",
        "  2 objects labeled, 0 to do, 1 failed",
        f"  {output['OutputDatasetS3Uri']}",
    ]
    told = json.loads(job("describe", "a-job", "--json").stdout)
    assert told["HumanTaskConfig"] == service.jobs["a-job"]["HumanTaskConfig"]
    assert told["CreationTime"] == "2026-03-01T12:00:00+00:00"
    assert "ResponseMetadata" not in told


def test_the_backend_may_be_named_once_for_all_commands(service: SageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    service.add("a-job")
    monkeypatch.setenv("GTBRIDGE_BACKEND", "sagemaker")
    assert done("job", "describe", "a-job").startswith("a-job: InProgress")


def test_all_pages_of_jobs_are_listed_and_filtered_by_the_service(service: SageMaker) -> None:
    for number in range(5):
        service.add(f"job-{number}", "Completed" if number % 2 else "InProgress", labeled=number)
    listed = job("list").stdout.splitlines()
    assert listed[1] == "job-1  Completed   1 objects labeled, 3 to do  2026-03-01T12:01:00"
    assert len(listed) == 5
    found = json.loads(job("list", "--status", "Completed", "--name-contains", "3", "--json").stdout)["jobs"]
    assert [entry["LabelingJobName"] for entry in found] == ["job-3"]
    assert service.named("ListLabelingJobs")[-1] == {
        "NameContains": "3", "StatusEquals": "Completed", "MaxResults": 100,
    }  # fmt: skip


def test_without_jobs_the_list_says_so(service: SageMaker) -> None:
    assert job("list").stdout == "no labeling jobs\n"
    assert json.loads(job("list", "--json").stdout) == {"jobs": []}


def test_a_job_is_watched_until_it_is_completed_with_a_line_for_each_change(service: SageMaker) -> None:
    states = [("Initializing", 0, 0), ("InProgress", 0, 3), ("InProgress", 0, 3), ("InProgress", 2, 1)]
    result = watch(service, states=[*states, ("Completed", 3, 0)])
    assert result.exit_code == 0, result.output
    assert [line[20:] for line in result.stdout.splitlines()] == [
        "a-job: Initializing, 0 objects labeled, 0 to do",
        "a-job: InProgress, 0 objects labeled, 3 to do",
        "a-job: InProgress, 2 objects labeled, 1 to do",
        "a-job: Completed, 3 objects labeled, 0 to do",
    ]
    assert len(service.named("DescribeLabelingJob")) == 5


def test_a_stopped_job_is_no_failure_and_a_failed_one_is(service: SageMaker) -> None:
    assert watch(service, states=[("Stopping", 1, 2), ("Stopped", 1, 2)]).exit_code == 0
    service.jobs.clear()
    failed = watch(service, states=[("Failed", 0, 0)], FailureReason="ClientError: the role may not read the bucket")
    assert failed.exit_code == 1
    assert failed.stderr == "error: a-job failed: ClientError: the role may not read the bucket\n"


def test_each_change_is_a_line_of_json(service: SageMaker) -> None:
    result = watch(service, "--json", states=[("InProgress", 0, 3), ("Completed", 3, 0)])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [now["LabelingJobStatus"] for now in told] == ["InProgress", "Completed"]
    assert told[1]["LabelCounters"] == counters(3, 0)


def test_a_service_that_fails_for_a_while_is_asked_again(service: SageMaker) -> None:
    service.add("a-job")
    service.to_come["a-job"] = [{}, {"LabelingJobStatus": "Completed"}]
    answer, looks = service.answer, []

    def now_and_then(operation: str, given: dict[str, Any]) -> dict[str, Any]:
        looks.append(operation)
        if len(looks) == 2:
            service.refusals.append((400, "AccessDeniedException", "for now"))
        return answer(operation, given)

    service.answer = now_and_then  # type: ignore[method-assign]
    result = job("watch", "a-job", "--interval", "0.1")
    assert result.exit_code == 0, result.output
    assert "note: SageMaker: denies access (AccessDeniedException): for now; asking again in 0.1 s" in result.stderr


def test_throttling_is_waited_out(service: SageMaker) -> None:
    service.add("a-job")
    service.refusals = [(400, "ThrottlingException", "Rate exceeded")] * 2
    assert job("describe", "a-job").exit_code == 0
    assert len(service.named("DescribeLabelingJob")) == 3


def test_ctrl_c_leaves_the_watch_and_the_job_goes_on(service: SageMaker, tmp_path: Path) -> None:
    service.add("a-job")
    arguments = ("job", "watch", "a-job", "--interval", "60", *ON_SAGEMAKER)
    environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    with started(tmp_path, *arguments, **environment) as process:
        assert process.stdout is not None
        assert "a-job: InProgress" in process.stdout.readline()
        press_ctrl_c(process)
        ends_as_interrupted(process, 2, tmp_path)
    assert service.jobs["a-job"]["LabelingJobStatus"] == "InProgress"


def test_a_terminal_shows_a_bar(service: SageMaker, tmp_path: Path) -> None:
    service.add("a-job")
    service.to_come["a-job"] = [
        {"LabelCounters": counters(1, 2)},
        {"LabelCounters": counters(3, 0), "LabelingJobStatus": "Completed"},
    ]
    shown = on_a_terminal(tmp_path, "job", "watch", "a-job", "--interval", "0.1", *ON_SAGEMAKER)
    assert "a-job: InProgress" in shown
    assert "1/3" in shown
    assert "a-job: Completed" in shown.splitlines()[-1]
    assert "3/3" in shown.splitlines()[-1]


def test_a_job_is_stopped_once(service: SageMaker) -> None:
    service.add("a-job")
    assert job("stop", "a-job", "--dry-run").stdout == "a-job: InProgress; it would be stopped, nothing was changed\n"
    assert service.named("StopLabelingJob") == []
    assert job("stop", "a-job").stdout == "a-job: Stopping\n"
    assert job("stop", "a-job").stdout == "a-job: Stopping; there is nothing to stop\n"
    assert service.named("StopLabelingJob") == [{"LabelingJobName": "a-job"}]
    told = json.loads(job("stop", "a-job", "--json").stdout)
    assert (told["LabelingJobStatus"], told["stopped"], told["dry_run"]) == ("Stopping", False, False)


@pytest.mark.parametrize("command", ["describe", "watch", "stop"])
def test_a_job_that_is_not_there_is_one_sentence(service: SageMaker, command: str) -> None:
    result = job(command, "no-such-job")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: SageMaker: Requested resource not found: no-such-job\n"


@pytest.mark.parametrize("command", [["describe", "a-job"], ["list"], ["watch", "a-job"], ["stop", "a-job"]])
def test_without_credentials_or_region_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    nowhere = job(*command)
    assert (nowhere.exit_code, nowhere.stdout) == (1, "")
    assert nowhere.stderr == "error: which AWS region? Give --region or set AWS_DEFAULT_REGION\n"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    nobody = job(*command)
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert nobody.stderr.startswith("error: SageMaker: no AWS credentials were found: set AWS_ACCESS_KEY_ID and")
