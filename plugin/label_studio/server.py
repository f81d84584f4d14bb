"""A Label Studio server, over label-studio-sdk: connection, error sentences, and the few calls that the rest needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from .patience import ask_patiently, is_busy

__all__ = ["TASKS_AT_ONCE", "Server", "connect", "speaking_to"]

_TIMEOUT_SECONDS = 600
_READ_SECONDS = 300
_PAGE = 500
# Their ids stand in the address, for which some servers have no more room than 4 kB.
TASKS_AT_ONCE = 150
# Of tasks and annotations alike. Left to itself, the server works out twenty columns more, in three times the time.
_FIELDS = ("id", "data", "meta", "annotations", "result", "completed_by", "was_cancelled", "last_action", "created_at")


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

    def export_tasks(self, project: int, numbers: Sequence[int] = ()) -> list[dict[str, Any]]:
        """All tasks of the project with their annotations, as Label Studio's JSON export has them.

        With ``numbers``, those of the tasks with these ids that are there still; TASKS_AT_ONCE of them at most.
        """
        query: dict[str, Any] = {"exportType": "JSON", "download_all_tasks": "true"}
        tasks: list[dict[str, Any]] = self._get(
            f"api/projects/{project}/export", query | ({"ids[]": list(numbers)} if numbers else {})
        )
        return tasks

    def tasks(self, project: int, fields: Sequence[str] = _FIELDS) -> Iterator[dict[str, Any]]:
        """These ``fields`` (``id`` among them) of the same tasks, if not all that the rules need, by ascending ids.

        A page at a time: no one answer of the server's grows with the project. Each begins after the last task of the
        one before, so that tasks which are deleted meanwhile push no others out of sight.
        """
        query = {"project": str(project), "fields": "all", "include": ",".join(fields)}
        query |= {"resolve_uri": "false", "page_size": str(_PAGE)}
        last, more = 0, True
        while more:
            after = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": last}
            order = {"filters": {"conjunction": "and", "items": [after]}, "ordering": ["tasks:id"]}
            found = self._get("api/tasks", {**query, "query": json.dumps(order)})
            yield from found["tasks"]
            # A server may give smaller pages than asked for.
            more = 0 < len(found["tasks"]) < found["total"]
            last = found["tasks"][-1]["id"] if more else last

    def task(self, number: int) -> dict[str, Any]:
        """A task as it is now, with its annotations; MissingError if there is none."""
        task: dict[str, Any] = self._get(f"api/tasks/{number}/", {"resolve_uri": "false"})
        return task

    def release(self) -> str:
        """Label Studio's version."""
        return str(self._get("api/version", {}).get("release"))

    def annotation(self, number: int) -> dict[str, Any]:
        """An annotation as it is now; MissingError if there is none."""
        annotation: dict[str, Any] = self._get(f"api/annotations/{number}/", {})
        return annotation

    def next_task(self, project: int) -> dict[str, Any] | None:
        """The task that the label stream gives this account next, None if there is none left for it."""
        try:
            task: dict[str, Any] = self._get(f"api/projects/{project}/next", {})
        except MissingError:
            return None
        return task

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        """What the SDK has no call for. Asked again where the server is busy or the connection breaks."""
        client = self.sdk._client_wrapper.httpx_client
        once = {"max_retries": 0, "timeout_in_seconds": _READ_SECONDS}
        with speaking_to(self.url):
            response = ask_patiently(lambda: client.request(path, method="GET", params=query, request_options=once))
            _refuse(response.status_code, response.text, self.url)
            return response.json()

    def user(self) -> int:
        """The id of the user whose API key this is."""
        with speaking_to(self.url):
            return int(self.sdk.users.whoami().id)

    def emails(self) -> dict[int, str]:
        """The e-mail address of each user, by id."""
        with speaking_to(self.url):
            return {user.id: user.email for user in self.sdk.users.list()}


def connect(url: str | None, api_key: str | None) -> Server:
    """The Label Studio at ``url``, which is asked whether it answers and takes ``api_key``.

    The key is a personal access token or a legacy token. InputError if one of the two is not given, ServerError if
    the server refuses the key, cannot be reached, which is told at once, or is busy and stays so for some seconds.
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
            _greet(sdk)
    except BaseException:
        connections.close()
        raise
    return Server(address, sdk, connections)


def _greet(sdk: Any) -> None:
    from label_studio_sdk.core.api_error import ApiError

    try:
        # By itself the SDK would try for seconds to reach a server where none listens.
        sdk.users.whoami(request_options={"max_retries": 0})
    except ApiError as error:
        if not is_busy(error.status_code):
            raise
        sdk.users.whoami()


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
        _refuse(error.status_code or 0, error.body, url)
        raise ServerError("Label Studio answered what cannot be understood", source=url) from None
    except httpx.TimeoutException:
        raise ServerError("Label Studio did not answer in time", source=url) from None
    except httpx.HTTPError as error:
        raise ServerError(f"Label Studio cannot be reached: {error}", source=url) from None
    except (json.JSONDecodeError, ValidationError):
        raise ServerError("answers, but not as Label Studio does", source=url) from None


def _refuse(status: int, body: Any, url: str) -> None:
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
            body = body[:200]
    if isinstance(body, dict):
        body = " ".join(str(body[key]) for key in ("detail", "validation_errors") if body.get(key))
    raise ServerError(f"Label Studio refused ({status}): {body}", source=url)
