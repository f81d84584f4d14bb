"""The clients of S3, made once for the options and AWS settings of the moment. Reads and writes no object."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from obstore.store import S3Store

from ...label_configs.errors import InputError, ServerError
from .aws import S3Options, botocore_errors, chosen_options, session_for

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Credential

__all__ = ["GIVE_UP_SECONDS", "REQUEST_SECONDS", "S3", "bucket_address", "bucket_region", "s3"]

# Nothing but a single conditional write moves more than a few MB in one request.
REQUEST_SECONDS = 60
GIVE_UP_SECONDS = 120
_CONNECT_SECONDS = 10
_ATTEMPTS = 9
_BACKOFF_SECONDS = (0.1, 10)
# Botocore renews credentials ten minutes before they end, so what it gives is good for longer than this.
_CREDENTIALS_KEPT = timedelta(minutes=5)


def s3() -> S3:
    """The clients for the options and AWS settings of this moment, made once. ServerError if nobody can be logged in.

    Settings are those of the AWS SDKs: AWS_* variables, profiles, container and instance roles, single sign-on.
    """
    environment = frozenset((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))
    with _lock:
        return _s3(chosen_options(), environment)


_lock = Lock()


@lru_cache(maxsize=8)
def _s3(options: S3Options, environment: frozenset[tuple[str, str]]) -> S3:
    return S3(options)


class S3:
    """Two clients of one account: ``client`` is boto3's, for listings; ``store`` gives obstore's, for objects."""

    def __init__(self, options: S3Options) -> None:
        self.options = options
        self._session = session_for(options)
        with botocore_errors():
            variable = self._session._session.get_config_variable
            # Counted as AWS does, with the first one.
            self.attempts = max(1, variable("max_attempts") or _ATTEMPTS)
            self.client = self._client(self._session.region_name)
            _ = urlsplit(self.client.meta.endpoint_url).port  # ValueError where obstore panics
            self._credentials = _Credentials(self._session.get_credentials())
            self._certificates = _read_certificates(variable("ca_bundle"))
        self._stores: dict[str, S3Store] = {}
        self._lock = Lock()

    @property
    def request_payer(self) -> dict[str, str]:
        """The argument for calls of ``client``."""
        return {"RequestPayer": self.options.request_payer} if self.options.request_payer else {}

    def store(self, bucket: str) -> S3Store:
        """The bucket, through obstore."""
        with self._lock:
            if bucket not in self._stores:
                self._stores[bucket] = self.patient_store(bucket, REQUEST_SECONDS)
            return self._stores[bucket]

    def patient_store(self, bucket: str, seconds: float) -> S3Store:
        """A client of its own, whose requests may take ``seconds`` each."""
        client = self._client_near(bucket)
        url, virtual = bucket_address(client.meta.endpoint_url, bucket, _addressing(client))
        config: S3Config = {"region": client.meta.region_name or "us-east-1", "virtual_hosted_style_request": virtual}
        if self.options.request_payer:
            config["request_payer"] = "requester"
        if self.options.sse_kms_key_id is not None:
            config["server_side_encryption"] = "aws:kms"
            config["sse_kms_key_id"] = self.options.sse_kms_key_id
        http: ClientConfig = {
            "allow_http": url.startswith("http://"),
            "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
            "timeout": timedelta(seconds=seconds),
        }
        if self._certificates is not None:
            http["root_certificate"] = self._certificates
        first, longest = (timedelta(seconds=pause) for pause in _BACKOFF_SECONDS)
        return S3Store(
            bucket,
            config=config,
            endpoint=url,
            client_options=http,
            credential_provider=self._credentials,
            retry_config={
                "max_retries": self.attempts - 1,
                "backoff": {"init_backoff": first, "max_backoff": longest, "base": 2},
                "retry_timeout": timedelta(seconds=GIVE_UP_SECONDS),
            },
        )

    def _client(self, region: str | None) -> Any:
        from botocore.config import Config

        config = Config(
            retries={"mode": "standard", "total_max_attempts": self.attempts},
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=REQUEST_SECONDS,
        )
        return self._session.client("s3", region_name=region, endpoint_url=self.options.endpoint_url, config=config)

    def _client_near(self, bucket: str) -> Any:
        """The client for the bucket's own region: unlike boto3, obstore does not follow S3 there."""
        if not _is_aws(self.client.meta.endpoint_url):
            return self.client
        with botocore_errors():
            region = bucket_region(self.client, bucket)
            return self.client if region in (None, self.client.meta.region_name) else self._client(region)


class _Credentials:
    """Botocore's credentials, as obstore asks for them. ServerError at once if there are none."""

    def __init__(self, found: Any) -> None:
        if found is None:
            remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile"
            raise ServerError(f"no AWS credentials were found: {remedy}", source="AWS")
        self._found = found
        self()

    def __call__(self) -> S3Credential:
        keys = self._found.get_frozen_credentials()
        return {
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
            "token": keys.token,
            "expires_at": datetime.now(UTC) + _CREDENTIALS_KEPT,
        }


def bucket_region(client: Any, bucket: str) -> str | None:
    """The region that S3 names for the bucket, which it does even where it refuses access."""
    from botocore.exceptions import ClientError

    try:
        reply = client.head_bucket(Bucket=bucket)
    except ClientError as error:
        reply = error.response
    region: str | None = reply["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region")
    return region


def bucket_address(endpoint_url: str, bucket: str, addressing: str) -> tuple[str, bool]:
    """Where requests for the bucket go, and whether its name stands in the host name rather than in the path.

    As AWS's SDKs choose: in the host name on AWS, unless a dot would break the certificate; elsewhere in the path.
    """
    scheme, separator, rest = endpoint_url.rstrip("/").partition("://")
    if addressing == "virtual" or (addressing == "auto" and _is_aws(endpoint_url) and "." not in bucket):
        return f"{scheme}{separator}{bucket}.{rest}", True
    return f"{scheme}{separator}{rest}", False


def _addressing(client: Any) -> str:
    return (client.meta.config.s3 or {}).get("addressing_style") or "auto"


def _is_aws(endpoint_url: str) -> bool:
    return (urlsplit(endpoint_url).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _read_certificates(path: str | None) -> bytes | None:
    if not path:
        return None
    try:
        read = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"the certificates to trust cannot be read: {error.strerror}", source=path) from None
    if b"-----BEGIN CERTIFICATE-----" not in read:
        raise InputError("holds no certificate to trust", source=path)
    return read
