"""AWS as its SDKs find it: a session with the profile, region and credentials that options and settings name.

Imports boto3 only when it is asked for a session: nothing local waits for it. Knows nothing of buckets.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from ...label_configs.errors import GtbridgeError, InputError, ServerError
from ..shown import without_secrets

__all__ = ["S3Options", "botocore_errors", "chosen_options", "s3_options", "session", "session_for"]


@dataclass(frozen=True)
class S3Options:
    """What AWS's own settings do not say, or are to be overruled in; ``request_payer`` is ``requester`` or None."""

    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    request_payer: str | None = None
    sse_kms_key_id: str | None = None


_DEFAULT = S3Options()
_options: ContextVar[S3Options] = ContextVar("s3_options", default=_DEFAULT)


@contextmanager
def s3_options(**changes: Any) -> Iterator[None]:
    """Overrule fields of ``S3Options`` while the context is open; a thread begun in it needs ``copy_context``."""
    token = _options.set(replace(_options.get(), **changes))
    try:
        yield
    finally:
        _options.reset(token)


def chosen_options() -> S3Options:
    """The options of this moment."""
    return _options.get()


def session() -> Any:
    """A boto3 session with the profile and the region of the options. ServerError if there is no such profile."""
    return session_for(_options.get())


def session_for(options: S3Options) -> Any:
    """The same for these options."""
    import boto3

    with botocore_errors():
        # botocore looks at AWS_DEFAULT_REGION only; AWS's other tools put this one first.
        region = options.region or os.environ.get("AWS_REGION") or None
        return boto3.Session(profile_name=options.profile, region_name=region)


@contextmanager
def botocore_errors() -> Iterator[None]:
    """What botocore raises while it finds its way: one sentence."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise ServerError(f"AWS gives no credentials ({code})", source="AWS") from None
    except BotoCoreError as error:
        # Botocore quotes what those who give out credentials answer.
        raise ServerError(without_secrets(" ".join(str(error).split())), source="AWS") from None
    except GtbridgeError:
        raise
    except ValueError as error:
        said = without_secrets(" ".join(str(error).split()))
        raise InputError(f"the AWS settings cannot be used: {said}") from None
