"""What Label Studio refuses, and how its client fails, as one sentence each: without headers or keys in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...label_configs.errors import GtbridgeError, MissingError, ServerError
from ..shown import without_secrets

__all__ = ["refuse", "speaking_to"]


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """Turn what the SDK raises into one sentence about the server at ``url``."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError
    from pydantic import ValidationError

    try:
        yield
    except GtbridgeError:
        raise
    except ApiError as error:
        refuse(error.status_code or 0, error.body, url)
        raise ServerError("Label Studio answered what cannot be understood", source=url) from None
    except httpx.TimeoutException:
        raise ServerError("Label Studio did not answer in time", source=url) from None
    except httpx.HTTPError as error:
        raise ServerError(f"Label Studio cannot be reached: {without_secrets(str(error))}", source=url) from None
    except (json.JSONDecodeError, ValidationError):
        raise ServerError("answers, but not as Label Studio does", source=url) from None


def refuse(status: int, body: Any, url: str) -> None:
    """Raise what an answer with this status means, unless it is a good one."""
    if 200 <= status < 300:
        return
    if status == 404:
        raise MissingError("Label Studio has no such thing (404)", source=url)
    if status in (401, 403):
        reason = "it is wrong, expired, or of a kind that is switched off"
        raise ServerError(f"Label Studio refuses the API key ({status}): {reason}", source=url)
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            body = without_secrets(body)[:200]  # in this order: half a secret has no looks
    if isinstance(body, dict):
        body = " ".join(str(body[key]) for key in ("detail", "validation_errors") if body.get(key))
    # Servers and proxies repeat what they were asked, headers included.
    raise ServerError(f"Label Studio refused ({status}): {without_secrets(str(body))}", source=url)
