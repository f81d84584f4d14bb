"""A request for SageMaker: what only SageMaker asks of it, and the passthrough Lambdas. No server is asked."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from sagemaker import REGION, for_sagemaker

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.labeling_job import read_request
from gtbridge.plugin.sagemaker.passthrough_lambdas import REGIONS, passthrough_lambdas
from gtbridge.plugin.sagemaker.request import request_for_sagemaker

SOUND = for_sagemaker("s3://bucket/in.manifest", "s3://bucket/task.liquid")
GONE = object()
HUMAN = "HumanTaskConfig"
BEFORE = "arn:aws:lambda:us-east-1:432418664414:function:PRE-PassThrough"
AFTER = "arn:aws:lambda:us-east-1:432418664414:function:ACS-PassThrough"


def changed(path: str, value: Any, fields: dict[str, Any] = SOUND) -> dict[str, Any]:
    """The sound request with another value at a dotted path, or without it."""
    fields = copy.deepcopy(fields)
    holder = fields
    *way, last = path.split(".")
    for key in way:
        holder = holder.setdefault(key, {})
    holder[last] = value
    if value is GONE:
        del holder[last]
    return fields


def sent(fields: dict[str, Any], region: str = REGION) -> tuple[dict[str, Any], list[str]]:
    return request_for_sagemaker(read_request(json.dumps(fields), "r.json"), "r.json", region)


def test_a_request_without_lambdas_gets_the_passthrough_pair_of_its_region_and_nothing_else() -> None:
    fields, filled = sent(SOUND)
    assert filled == [
        "HumanTaskConfig.PreHumanTaskLambdaArn",
        "HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn",
    ]
    assert fields[HUMAN].pop("PreHumanTaskLambdaArn") == BEFORE
    assert fields[HUMAN].pop("AnnotationConsolidationConfig") == {"AnnotationConsolidationLambdaArn": AFTER}
    assert fields == SOUND


def test_lambdas_that_the_request_names_are_left_alone() -> None:
    own = "arn:aws:lambda:us-east-1:111122223333:function:mine"
    fields, filled = sent(changed(f"{HUMAN}.PreHumanTaskLambdaArn", own))
    assert fields[HUMAN]["PreHumanTaskLambdaArn"] == own
    assert filled == ["HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn"]
    both = changed(
        f"{HUMAN}.AnnotationConsolidationConfig",
        {"AnnotationConsolidationLambdaArn": own},
        changed(f"{HUMAN}.PreHumanTaskLambdaArn", own),
    )
    assert sent(both) == (both, [])


def test_the_lambdas_are_those_of_the_documentation_in_every_region_that_has_them() -> None:
    from botocore.session import Session

    model = Session().get_service_model("sagemaker")
    said = model.shape_for("HumanTaskConfig").members["PreHumanTaskLambdaArn"].documentation
    assert len(REGIONS) == 12
    for region in REGIONS:
        before, after = passthrough_lambdas(region)
        beginning = before.removesuffix("PRE-PassThrough")
        assert f"{beginning}PRE-BoundingBox" in said, "Ground Truth's functions share an account in each region"
        assert after == f"{beginning}ACS-PassThrough"


def test_where_aws_has_no_passthrough_lambda_the_request_must_name_one() -> None:
    elsewhere = changed(f"{HUMAN}.WorkteamArn", SOUND[HUMAN]["WorkteamArn"].replace(REGION, "sa-east-1"))
    with pytest.raises(InputError, match=r"^r.json: \$.HumanTaskConfig.PreHumanTaskLambdaArn: .* known in sa-east-1"):
        sent(elsewhere, "sa-east-1")


REFUSED = {
    "$.RoleArn: 'LabelingRoleOfTheTeam' does not match": changed("RoleArn", "LabelingRoleOfTheTeam"),
    "$.HumanTaskConfig.WorkteamArn: '' does not match": changed(f"{HUMAN}.WorkteamArn", ""),
    "$.HumanTaskConfig.TaskKeywords[1]: 'q&a' does not match": changed(f"{HUMAN}.TaskKeywords", ["qa", "q&a"]),
    "$.HumanTaskConfig.TaskTitle: 'Rank \U0001f600' does not match": changed(f"{HUMAN}.TaskTitle", "Rank \U0001f600"),
    "$.HumanTaskConfig.TaskDescription: 'a\\nb' does not match": changed(f"{HUMAN}.TaskDescription", "a\nb"),
    "$.Tags[0].Key: 'a*' does not match": changed("Tags", [{"Key": "a*", "Value": "é 1"}]),
    "$.InputConfig.DataAttributes.ContentClassifiers[0]: 'None' is none of FreeOf": changed(
        "InputConfig.DataAttributes.ContentClassifiers", ["None"]
    ),
    "$.InputConfig.DataSource.S3DataSource.ManifestS3Uri: 'in.manifest' does not match": changed(
        "InputConfig.DataSource.S3DataSource.ManifestS3Uri", "in.manifest"
    ),
    "$.InputConfig.DataSource.S3DataSource.ManifestS3Uri: 's3://bucket/' is no address": changed(
        "InputConfig.DataSource.S3DataSource.ManifestS3Uri", "s3://bucket/"
    ),
    "$.OutputConfig.S3OutputPath: 'https://bucket/out' is no address in S3": changed(
        "OutputConfig.S3OutputPath", "https://bucket/out"
    ),
    "$.HumanTaskConfig.UiConfig.UiTemplateS3Uri: is missing": changed(f"{HUMAN}.UiConfig", {}),
    "$.HumanTaskConfig.TaskTimeLimitInSeconds: 28801 is more than the 28800": changed(
        f"{HUMAN}.TaskTimeLimitInSeconds", 28_801
    ),
    "$.HumanTaskConfig.TaskAvailabilityLifetimeInSeconds: 2592001 is more": changed(
        f"{HUMAN}.TaskAvailabilityLifetimeInSeconds", 2_592_001
    ),
    "$.HumanTaskConfig.WorkteamArn: is in eu-west-1, but the job would be made in us-east-1": changed(
        f"{HUMAN}.WorkteamArn", SOUND[HUMAN]["WorkteamArn"].replace(REGION, "eu-west-1")
    ),
    "$.HumanTaskConfig.PreHumanTaskLambdaArn: is in us-west-2, but": changed(
        f"{HUMAN}.PreHumanTaskLambdaArn", passthrough_lambdas("us-west-2")[0]
    ),
}


@pytest.mark.parametrize(("sentence", "fields"), REFUSED.items(), ids=REFUSED)
def test_what_only_sagemaker_refuses_is_named_with_its_path(sentence: str, fields: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        sent(fields)
    assert str(caught.value).startswith(f"r.json: {sentence}")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("OutputConfig.S3OutputPath", "s3://bucket"),
        (f"{HUMAN}.TaskTimeLimitInSeconds", 28_800),
        (f"{HUMAN}.TaskAvailabilityLifetimeInSeconds", 2_592_000),
        (f"{HUMAN}.TaskTitle", "Ünïcode, tabs\tand\nlines"),
        ("RoleArn", "arn:aws-us-gov:iam::111122223333:role/a+b=c,d.e@f-g_h/i"),
        ("Tags", [{"Key": "équipe", "Value": ""}]),
        ("OutputConfig.KmsKeyId", "alias/a-key"),
    ],
)
def test_what_is_just_within_sagemakers_bounds_goes_as_it_is(path: str, value: Any) -> None:
    fields = changed(path, value)
    for key in ("PreHumanTaskLambdaArn", "AnnotationConsolidationConfig"):
        fields[HUMAN].pop(key, None)
    made, _ = sent(fields)
    assert {**made, HUMAN: {**made[HUMAN], **fields[HUMAN]}} == made
    for key in fields.keys() - {HUMAN}:
        assert made[key] == fields[key]
