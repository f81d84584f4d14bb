"""A Label Studio server, over label-studio-sdk: connection, error sentences, and the few calls that the rest needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..label_configs.errors import GtbridgeError, InputError, MissingError, ServerError

__all__ = ["Server", "connect"]

_TIMEOUT_SECONDS = 600


class Server:
    """A connection, to be used as a context. ``url`` holds no credentials; only the SDK's client knows the API key."""

    def __init__(self, url: str, sdk: Any, connections: Any):
        self.url = url
        self.sdk = sdk
        self._connections = connections

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        self._connections.close()

    def projects(self) -> Iterator[Any]:
        """All projects that the account sees, with id, title and description."""
        with speaking_to(self.url):
            yield from self.sdk.projects.list(include="id,title,description", page_size=500)

    def export_tasks(self, project: int) -> list[dict[str, Any]]:
        """All tasks of the project with their annotations, as Label Studio's JSON export has them."""
        with speaking_to(self.url):
            response = self.sdk._client_wrapper.httpx_client.request(
                f"api/projects/{project}/export",
                method="GET",
                params={"exportType": "JSON", "download_all_tasks": "true"},
            )
            if response.status_code != 200:
                raise ServerError(_sentence(response.status_code, response.text), source=self.url)
            tasks: list[dict[str, Any]] = response.json()
            return tasks

    def emails(self) -> dict[int, str]:
        """The e-mail address of each user, by id."""
        with speaking_to(self.url):
            return {user.id: user.email for user in self.sdk.users.list()}


def connect(url: str | None, api_key: str | None) -> Server:
    """The Label Studio at ``url``, which is asked once whether it answers and takes ``api_key``.

    The key is a personal access token or a legacy token. InputError if one of the two is not given, ServerError if
    the server does not answer or refuses the key.
    """
    if not url:
        raise InputError("which Label Studio? Give --label-studio-url or set LABEL_STUDIO_URL")
    if not api_key:
        raise InputError("the API key is missing: set LABEL_STUDIO_API_KEY to a token of your Label Studio account")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("is no http(s) address", source=url)
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))

    import httpx
    from label_studio_sdk import LabelStudio

    make: Any = LabelStudio
    connections = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True)
    try:
        with speaking_to(address):
            sdk = make(base_url=address, api_key=api_key, httpx_client=connections)
            sdk.users.whoami()
    except BaseException:
        connections.close()
        raise
    return Server(address, sdk, connections)


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """Turn what the SDK raises into one sentence about the server at ``url``, without headers or keys in it."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError
    from pydantic import ValidationError

    try:
        yield
    except GtbridgeError:
        raise
    except ApiError as error:
        if error.status_code == 404:
            raise MissingError("Label Studio has no such thing (404)", source=url) from None
        raise ServerError(_sentence(error.status_code, error.body), source=url) from None
    except httpx.TimeoutException:
        raise ServerError("Label Studio did not answer in time", source=url) from None
    except httpx.HTTPError as error:
        raise ServerError(f"Label Studio cannot be reached: {error}", source=url) from None
    except (json.JSONDecodeError, ValidationError):
        raise ServerError("answers, but not as Label Studio does", source=url) from None


def _sentence(status: int | None, body: Any) -> str:
    if status in (401, 403):
        return f"Label Studio refuses the API key ({status}): it is wrong, expired, or of a kind that is switched off"
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            body = body[:200]
    detail = body.get("detail") if isinstance(body, dict) else body
    reasons = body.get("validation_errors") if isinstance(body, dict) else None
    return f"Label Studio refused ({status}): {detail}{f' {reasons}' if reasons else ''}"
