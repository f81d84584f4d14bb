"""What obstore and botocore raise -> one sentence. Quotes nothing that a server said: it may repeat credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError
from botocore.exceptions import ConnectionError as NoConnection
from obstore.exceptions import BaseError, UnauthenticatedError

from ...label_configs.errors import GtbridgeError, MissingError, ServerError
from ..shown import without_secrets

__all__ = ["is_broken_connection", "s3_errors"]

# Obstore puts the reply, or the kind of its absence, into its text.
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_KIND = re.compile(r"HttpError \{\s*kind: (\w+)")
_UNTRUSTED = "the certificate of the S3 server is not trusted; AWS_CA_BUNDLE names a file of those that are"


@contextmanager
def s3_errors(path: str) -> Iterator[None]:
    """MissingError where nothing is at ``path``, ServerError for all else that S3 or the way there does.

    The body is to hold calls of obstore and botocore only.
    """
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        raise _refusal(status, str(error.response.get("Error", {}).get("Code", "")), path) from None
    except SSLError:
        raise ServerError(_UNTRUSTED, source=path) from None
    except NoConnection:
        raise ServerError("S3 cannot be reached", source=path) from None
    except HTTPClientError:
        raise ServerError("the connection to S3 broke, or nothing came in time, again and again", source=path) from None
    except BotoCoreError as error:
        raise ServerError(without_secrets(" ".join(str(error).split())), source=path) from None
    except RecursionError:  # botocore's own, where it is to ask for the bucket in another region each time
        raise ServerError("S3 sends us on elsewhere again and again", source=path) from None
    except UnauthenticatedError as error:
        if _status(error) is None:
            raise ServerError("the AWS credentials cannot be renewed", source=path) from None
        raise _refusal(_status(error), _code(error), path) from None
    except (BaseError, FileNotFoundError) as error:
        if _status(error) is None:
            raise ServerError(_no_reply(error), source=path) from None
        raise _refusal(_status(error), _code(error), path) from None


def is_broken_connection(error: Exception) -> bool:
    """Whether nobody can tell from obstore's ``error`` if S3 has done what it was asked."""
    return _status(error) is None


def _status(error: Exception) -> int | None:
    found = _STATUS.search(str(error))
    return int(found[1]) if found else None


def _code(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found[1] if found else ""


def _no_reply(error: Exception) -> str:
    if "InvalidCertificate" in str(error):
        return _UNTRUSTED
    found = _KIND.search(str(error))
    match found[1] if found else "":
        case "Connect":
            return "S3 cannot be reached"
        case "Timeout":
            return "nothing came from S3 in time, again and again"
        case _:
            return "the connection to S3 broke again and again"


def _refusal(status: int | None, code: str, path: str) -> GtbridgeError:
    told = f"{status} {code}" if code and code != str(status) else str(status)
    if code == "NoSuchBucket":
        return MissingError("there is no such bucket", source=path)
    if status == 404:
        return MissingError("no such file", source=path)
    if status in (401, 403):
        return ServerError(f"S3 denies access ({told})", source=path)
    if status is not None and (status >= 500 or status == 429):
        return ServerError(f"S3 failed or was too busy, again and again ({told})", source=path)
    return ServerError(f"S3 refused ({told})", source=path)
