"""A Label Studio server, over label-studio-sdk: connection, and the few calls that the rest needs."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import msgspec

from ...label_configs.errors import InputError, MissingError
from ..shown import without_secrets
from .patience import ask_patiently, is_busy
from .redirects import stay_here
from .refusals import refuse, speaking_to

__all__ = ["TASKS_AT_ONCE", "Server", "connect", "speaking_to"]

_TIMEOUT_SECONDS = 600
_READ_SECONDS = 300
_READ_MANY_SECONDS = 60  # where less can be asked for instead
_PAGE = 500
# To list a task costs the server three times what it costs to ask for one that is not there.
_SPARSE = 3
# Their ids stand in the address, for which some servers have no more room than 4 kB. Each request costs the server as
# much as thirty tasks.
TASKS_AT_ONCE = 300
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

        With ``numbers``, those of the tasks with these ids that are there still; TASKS_AT_ONCE of them at most. TooMuch
        if the server does not manage several.
        """
        # Spelled out: encoded as usual, each pair of brackets would take six bytes, a third of the room.
        ids = "".join(f"&ids[]={number}" for number in numbers)
        address = f"api/projects/{project}/export?exportType=JSON&download_all_tasks=true{ids}"
        tasks: list[dict[str, Any]] = self._get(address, {}, divisible=len(numbers) > 1)
        return tasks

    def tasks(self, project: int, fields: Sequence[str] = _FIELDS) -> Iterator[dict[str, Any]]:
        """These ``fields`` (``id`` among them) of the same tasks, if not all that the rules need, by ascending ids.

        A page at a time: no one answer of the server's grows with the project. Each begins after the last task of the
        one before, so that tasks which are deleted meanwhile push no others out of sight.
        """
        last, more = 0, True
        while more:
            after = {"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": last}
            order = {"filters": {"conjunction": "and", "items": [after]}, "ordering": ["tasks:id"]}
            found = self._page(project, fields, order, _PAGE)
            yield from found["tasks"]
            # A server may give smaller pages than asked for.
            more = 0 < len(found["tasks"]) < found["total"]
            last = found["tasks"][-1]["id"] if more else last

    def task_ids(self, project: int) -> Sequence[int]:
        """Ids among which are those of all the project's tasks, ascending.

        Most projects were filled at one go, so that there is little else between the first and the last: these two are
        asked for, and a listing of them all only if that is not so.
        """
        first, last = (self._page(project, ("id",), {"ordering": [order]}, 1) for order in ("tasks:id", "-tasks:id"))
        if not first["tasks"] or not last["tasks"]:
            return ()
        every = range(first["tasks"][0]["id"], last["tasks"][0]["id"] + 1)
        if len(every) <= _SPARSE * first["total"]:
            return every
        return array("q", (row["id"] for row in self.tasks(project, ("id",))))

    def _page(self, project: int, fields: Sequence[str], query: dict[str, Any], size: int) -> Any:
        asked = {"project": str(project), "fields": "all", "include": ",".join(fields), "query": json.dumps(query)}
        return self._get("api/tasks", {**asked, "resolve_uri": "false", "page_size": str(size)})

    def task_count(self, project: int) -> int:
        """How many tasks the project has."""
        return int(self._page(project, ("id",), {}, 1)["total"])

    def import_tasks(self, project: int, tasks: bytes) -> bool:
        """Make the tasks that a JSON list spells. False if it cannot be told whether they were made."""
        import httpx

        client = self.sdk._client_wrapper.httpx_client
        headers, once = {"content-type": "application/json"}, {"max_retries": 0, "timeout_in_seconds": _TIMEOUT_SECONDS}
        with speaking_to(self.url):
            try:
                response = client.request(
                    f"api/projects/{project}/import",
                    method="POST",
                    content=tasks,
                    headers=headers,
                    request_options=once,
                )
            except httpx.TransportError:
                return False
            if is_busy(response.status_code):
                return False
            refuse(response.status_code, response.text, self.url)
        return True

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

    def _get(self, path: str, query: dict[str, Any], *, divisible: bool = False) -> Any:
        """What the SDK has no call for. Asked again where the server is busy or the connection breaks.

        What is ``divisible`` is not asked for again if it may have been too much at once: TooMuch.
        """
        client = self.sdk._client_wrapper.httpx_client
        once = {"max_retries": 0, "timeout_in_seconds": _READ_MANY_SECONDS if divisible else _READ_SECONDS}
        with speaking_to(self.url):
            response = ask_patiently(
                lambda: client.request(path, method="GET", params=query, request_options=once), divisible=divisible
            )
            if not response.is_success:
                refuse(response.status_code, response.text, self.url)
            return _decoded(response)

    def user(self) -> int:
        """The id of the user whose API key this is."""
        with speaking_to(self.url):
            return int(self.sdk.users.whoami().id)

    def emails(self) -> dict[int, str]:
        """The e-mail address of each user, by id."""
        with speaking_to(self.url):
            return {user.id: user.email for user in self.sdk.users.list()}


def _decoded(response: Any) -> Any:
    try:
        return msgspec.json.decode(response.content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return response.json()  # which takes more, and says what it does not take


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
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port_or_none(parts):
        raise InputError("is no http(s) address", source=without_secrets(url))
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))

    import httpx
    from label_studio_sdk import LabelStudio

    make: Any = LabelStudio
    hooks = {"response": [stay_here]}
    connections = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True, event_hooks=hooks)
    try:
        with speaking_to(address):
            sdk = make(base_url=address, api_key=api_key, httpx_client=connections)
            _greet(sdk)
    except BaseException:
        connections.close()
        raise
    return Server(address, sdk, connections)


def _has_port_or_none(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _greet(sdk: Any) -> None:
    from label_studio_sdk.core.api_error import ApiError

    try:
        # By itself the SDK would try for seconds to reach a server where none listens.
        sdk.users.whoami(request_options={"max_retries": 0})
    except ApiError as error:
        if not is_busy(error.status_code):
            raise
        sdk.users.whoami()
