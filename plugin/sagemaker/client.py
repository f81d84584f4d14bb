"""SageMaker over boto3: the client, and what it raises as one sentence. The only place that knows botocore's errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from ..files.aws import session
from ..shown import without_secrets

__all__ = ["sagemaker_client", "speaking_to_sagemaker"]

_ATTEMPTS = 6
_CONNECT_SECONDS = 10
_READ_SECONDS = 60

# What AWS says with these quotes the request, with its headers and the session token in them.
_REFUSED_KEYS = {
    *("UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch"),
    *("IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken"),
    *("MissingAuthenticationTokenException", "InvalidAccessKeyId", "AuthFailure", "OptInRequired"),
}
_EXPIRED_KEYS = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_BUSY = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"}
# The API reference has ResourceNotFound; much of SageMaker says it with a ValidationException.
_NOT_THERE = re.compile(r"not found|could not find|does not exist", re.IGNORECASE)


def sagemaker_client() -> Any:
    """A client of the account and region that the options or AWS's own settings name.

    Its endpoint is AWS's, or AWS_ENDPOINT_URL_SAGEMAKER; the option is that of S3. InputError if no region is named.
    Throttling and broken connections are tried again, a few times.
    """
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
    )
    with speaking_to_sagemaker():
        return session().client("sagemaker", config=config)


@contextmanager
def speaking_to_sagemaker() -> Iterator[None]:
    """Turn what botocore raises into one sentence without credentials in it."""
    from botocore import exceptions

    try:
        yield
    except GtbridgeError:
        raise
    except exceptions.ClientError as error:
        raise _refusal(error) from None
    except exceptions.NoRegionError:
        raise InputError("which AWS region? Give --region or set AWS_DEFAULT_REGION") from None
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile"
        raise ServerError(f"no AWS credentials were found: {remedy}", source="SageMaker") from None
    except exceptions.ConnectionError as error:
        host = urlsplit(str(error.kwargs.get("endpoint_url"))).netloc.rpartition("@")[2]
        raise ServerError(f"{host or 'the server'} cannot be reached", source="SageMaker") from None
    except exceptions.HTTPClientError:
        raise ServerError("the connection broke, or nothing came in time", source="SageMaker") from None
    except exceptions.BotoCoreError as error:
        raise ServerError(_one_line(str(error)), source="SageMaker") from None


def _refusal(error: Any) -> GtbridgeError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), _one_line(str(told.get("Message", "")))
    if code.startswith("ResourceNotFound") or (code == "ValidationException" and _NOT_THERE.search(message)):
        return MissingError(message or "there is no such thing", source="SageMaker")
    if code == "ResourceInUse":
        return InputError(message or "there is a labeling job of this name already", source="SageMaker")
    if code in _REFUSED_KEYS:
        return ServerError(f"AWS refuses the credentials ({code})", source="SageMaker")
    if code in _EXPIRED_KEYS:
        return ServerError(f"the AWS credentials have expired ({code})", source="SageMaker")
    if code in _BUSY:
        return ServerError(f"AWS takes no more calls for now, after {_ATTEMPTS} attempts ({code})", source="SageMaker")
    how = "denies access" if code.startswith("AccessDenied") else "refused"
    return ServerError(f"{how} ({code}): {message}".rstrip(": "), source="SageMaker")


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", without_secrets(text)).strip()[:500]
