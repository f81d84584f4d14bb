"""`gtbridge job create --backend sagemaker`: files in a real S3, the API a stand-in that knows botocore's model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from commands import snapshot
from job_files import ITEM
from roads import RANKING_TASK, run, write_lines
from sagemaker import SageMaker, for_sagemaker, sagemaker_server

from gtbridge.label_configs.crowd import definition_to_template
from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.labeling_job import read_request
from gtbridge.plugin.sagemaker.client import sagemaker_client
from gtbridge.plugin.sagemaker.jobs import SageMakerJobs
from gtbridge.plugin.sagemaker.plan import plan_job
from gtbridge.plugin.storage import exists, read_bytes, write_bytes

TEMPLATE = definition_to_template(definition_from_text(RANKING_TASK, "task"))
PAIR = ("PreHumanTaskLambdaArn", "AnnotationConsolidationConfig")
UPLOADS = ("--manifest", "in.manifest", "--task", "task.yaml")


@pytest.fixture(scope="module")
def shared() -> Iterator[SageMaker]:
    with sagemaker_server() as service:
        yield service


@pytest.fixture
def service(shared: SageMaker, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SageMaker]:
    """A service without jobs; the working directory has a manifest, a task definition and a request."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", shared.url)
    monkeypatch.chdir(tmp_path)
    write_lines(Path("in.manifest"), [ITEM, {**ITEM, "id": 7}])
    Path("task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    write_request(for_sagemaker(f"{bucket}/in.manifest", f"{bucket}/task.liquid"))
    yield shared
    shared.jobs.clear()
    shared.calls.clear()
    shared.refusals.clear()


def write_request(fields: dict[str, Any]) -> None:
    Path("request.json").write_text(json.dumps(fields, indent=2), encoding="utf-8")


def create(*options: str) -> Result:
    return run("job", "create", "--backend", "sagemaker", "--request", "request.json", *options)


def refused(bucket: str, service: SageMaker, *options: str) -> str:
    """The error, after which nothing is in S3 that was not there, and no job was asked for."""
    before = contents(bucket)
    result = create(*options)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert contents(bucket) == before
    assert service.named("CreateLabelingJob") == []
    return result.stderr.splitlines()[-1].removeprefix("error: ")


def contents(bucket: str) -> dict[str, bytes]:
    paths = [f"{bucket}/{name}" for name in ("in.manifest", "task.liquid")]
    return {path: read_bytes(path) for path in paths if exists(path)}


def test_manifest_and_rendered_template_are_uploaded_and_then_the_job_is_made(service: SageMaker, bucket: str) -> None:
    result = create(*UPLOADS)
    assert result.exit_code == 0, result.output
    assert contents(bucket) == {
        f"{bucket}/in.manifest": Path("in.manifest").read_bytes(),
        f"{bucket}/task.liquid": TEMPLATE.encode(),
    }
    assert result.stdout.splitlines() == [
        "a-job: 2 objects, each for 2 annotators",
        "arn:aws:sagemaker:us-east-1:111122223333:labeling-job/a-job",
    ]
    (sent,) = service.named("CreateLabelingJob")
    added = {key: sent["HumanTaskConfig"].pop(key) for key in PAIR}
    assert added["PreHumanTaskLambdaArn"].endswith(":432418664414:function:PRE-PassThrough")
    assert sent == json.loads(Path("request.json").read_text())
    said = result.stderr
    assert "note: filled in with the passthrough Lambda functions of us-east-1: HumanTaskConfig.PreHuman" in said
    assert f"uploaded the manifest in.manifest (97 bytes) to {bucket}/in.manifest" in said
    assert "note: Ground Truth does not shuffle the responses" in said


def test_a_dry_run_prints_the_request_that_would_be_sent_and_what_would_be_uploaded(
    service: SageMaker, bucket: str, tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    result = create(*UPLOADS, "--dry-run")
    assert result.exit_code == 0, result.output
    assert (contents(bucket), service.named("CreateLabelingJob"), snapshot(tmp_path)) == ({}, [], before)
    text, _, rest = result.stdout.partition("\n}\n")
    printed = json.loads(text + "}")
    assert rest.splitlines() == [
        f"to be uploaded: the manifest in.manifest (97 bytes) to {bucket}/in.manifest",
        f"to be uploaded: the worker template of task.yaml ({len(TEMPLATE.encode()):,} bytes) to {bucket}/task.liquid",
        "2 objects; nothing was uploaded or made",
    ]
    told = json.loads(create(*UPLOADS, "--dry-run", "--json").stdout)
    assert told["request"] == printed
    assert [(upload["to"], upload["state"]) for upload in told["uploads"]] == [
        (f"{bucket}/in.manifest", "new"),
        (f"{bucket}/task.liquid", "new"),
    ]
    create(*UPLOADS)
    assert service.named("CreateLabelingJob") == [printed]


def test_what_lies_there_already_needs_no_options(service: SageMaker, bucket: str) -> None:
    write_bytes(f"{bucket}/in.manifest", Path("in.manifest").read_bytes())
    write_bytes(f"{bucket}/task.liquid", TEMPLATE.encode())
    result = create("--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["objects"], told["uploads"]) == (2, [])
    assert told["LabelingJobArn"].endswith("labeling-job/a-job")


def test_what_is_missing_in_s3_is_named(service: SageMaker, bucket: str) -> None:
    assert refused(bucket, service) == f"{bucket}/task.liquid: no such file"
    assert refused(bucket, service, "--task", "task.yaml") == f"{bucket}/in.manifest: no such file"


def test_equal_bytes_are_not_uploaded_again_and_others_only_when_told(service: SageMaker, bucket: str) -> None:
    for target in ("in.manifest", "task.liquid"):
        write_bytes(f"{bucket}/{target}", b"something else")
    sentence = "holds something else than in.manifest; replace it with --overwrite"
    assert refused(bucket, service, *UPLOADS) == f"{bucket}/in.manifest: {sentence}"
    write_bytes(f"{bucket}/in.manifest", Path("in.manifest").read_bytes())
    assert refused(bucket, service, *UPLOADS).startswith(f"{bucket}/task.liquid: holds something else than task.yaml")
    told = json.loads(create(*UPLOADS, "--overwrite", "--json").stdout)
    assert [upload["state"] for upload in told["uploads"]] == ["same", "replaces another"]
    assert contents(bucket)[f"{bucket}/task.liquid"] == TEMPLATE.encode()


def test_a_worker_template_goes_as_it_is(service: SageMaker, bucket: str) -> None:
    own = "\ufeff<!-- ours -->\r\n" + TEMPLATE
    Path("own.template").write_text(own, encoding="utf-8", newline="")
    result = create("--manifest", "in.manifest", "--task", "own.template")
    assert result.exit_code == 0, result.output
    assert contents(bucket)[f"{bucket}/task.liquid"] == own.encode()


def test_a_job_of_the_name_is_in_the_way_before_anything_is_uploaded(service: SageMaker, bucket: str) -> None:
    service.add("a-job")
    assert refused(bucket, service, *UPLOADS) == "SageMaker: there is a labeling job a-job in us-east-1 already"


def test_what_was_uploaded_before_a_refusal_stays_and_is_named(service: SageMaker, bucket: str) -> None:
    answer = service.answer

    def unwilling(operation: str, given: dict[str, Any]) -> dict[str, Any]:
        if operation == "CreateLabelingJob":
            service.refusals.append((400, "ResourceLimitExceeded", "too many jobs"))
        return answer(operation, given)

    write_bytes(f"{bucket}/task.liquid", TEMPLATE.encode())
    service.answer = unwilling  # type: ignore[method-assign]
    try:
        result = create(*UPLOADS)
    finally:
        service.answer = answer  # type: ignore[method-assign]
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1] == (
        "error: SageMaker: refused (ResourceLimitExceeded): too many jobs; "
        f"uploaded before, and still there: {bucket}/in.manifest"
    )
    assert exists(f"{bucket}/in.manifest")


def test_wrong_requests_manifests_and_templates_are_refused_before_anything_is_uploaded(
    service: SageMaker, bucket: str
) -> None:
    sound = for_sagemaker(f"{bucket}/in.manifest", f"{bucket}/task.liquid")
    write_request({**sound, "RoleArn": "nobody-at-all-has-this-role"})
    assert refused(bucket, service, *UPLOADS).startswith("request.json: $.RoleArn: 'nobody")
    write_request({**sound, "LabelAttributeName": "id"})
    assert refused(bucket, service, *UPLOADS).startswith("in.manifest:2: $.id: is there already")
    write_request(sound)
    write_lines(Path("in.manifest"), [ITEM, {**ITEM, "source": "x" * 20_001}])
    assert refused(bucket, service, *UPLOADS).startswith("in.manifest:2: $.source: ")
    write_lines(Path("in.manifest"), [ITEM, {"source": "x"}])
    assert refused(bucket, service, *UPLOADS).startswith("in.manifest:2: $.responses: is missing")
    Path("task.yaml").write_text("<html><crowd-form><crowd-classifier></crowd-classifier></crowd-form></html>")
    assert refused(bucket, service, *UPLOADS).startswith("task.yaml: is not a worker template of these tasks")


def test_options_that_only_sagemaker_has_are_wrong_usage_elsewhere(service: SageMaker) -> None:
    for option in (["--overwrite"], ["--manifest", "in.manifest"]):
        result = run("job", "create", "--request", "request.json", *option)
        assert (result.exit_code, "go with --backend sagemaker" in result.stderr) == (2, True)
    assert create("--manifest", "-").exit_code == 2


def test_what_somebody_else_puts_there_meanwhile_is_not_replaced(service: SageMaker, bucket: str) -> None:
    request = read_request(Path("request.json").read_text(), "request.json")
    jobs = SageMakerJobs(sagemaker_client())
    plan = plan_job(request, "request.json", jobs.region, manifest="in.manifest", task="task.yaml")
    write_bytes(f"{bucket}/task.liquid", b"theirs")
    with pytest.raises(InputError, match=f"uploaded before, and still there: {bucket}/in.manifest$") as caught:
        jobs.create(plan)
    assert caught.value.source == f"{bucket}/task.liquid"
    assert read_bytes(f"{bucket}/task.liquid") == b"theirs"
    assert service.named("CreateLabelingJob") == []


def test_the_region_of_the_option_counts(service: SageMaker, bucket: str) -> None:
    assert refused(bucket, service, *UPLOADS, "--region", "eu-west-1") == (
        "request.json: $.HumanTaskConfig.WorkteamArn: is in us-east-1, but the job would be made in eu-west-1; "
        "say where with --region"
    )
