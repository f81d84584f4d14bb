"""The Lambda functions that hand data through unchanged, which AWS keeps for labeling jobs in some of its regions.

Source: the Amazon SageMaker API reference: the accounts are those of all of Ground Truth's own functions
(HumanTaskConfig, AnnotationConsolidationConfig), the names those of the passthrough pair.
"""

from __future__ import annotations

__all__ = ["REGIONS", "passthrough_lambdas"]

_ACCOUNTS = {
    "ap-northeast-1": "477331159723",
    "ap-northeast-2": "845288260483",
    "ap-south-1": "565803892007",
    "ap-southeast-1": "377565633583",
    "ap-southeast-2": "454466003867",
    "ca-central-1": "918755190332",
    "eu-central-1": "203001061592",
    "eu-west-1": "568282634449",
    "eu-west-2": "487402164563",
    "us-east-1": "432418664414",
    "us-east-2": "266458841044",
    "us-west-2": "081040173940",
}
REGIONS = tuple(_ACCOUNTS)


def passthrough_lambdas(region: str) -> tuple[str, str]:
    """The ARNs of the functions before and after the annotators (PRE-, ACS-); KeyError for a region without them."""
    beginning = f"arn:aws:lambda:{region}:{_ACCOUNTS[region]}:function"
    return f"{beginning}:PRE-PassThrough", f"{beginning}:ACS-PassThrough"
