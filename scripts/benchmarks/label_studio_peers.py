"""Ways to get a project's tasks with their annotations out of a Label Studio without gtbridge, each a program:
``label_studio_peers WAY PROJECT OUT TASKS``, with the server in LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.

Each writes a JSON export file and prints what it took, without the start of Python and the imports.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

_TIMEOUT_SECONDS = 600
_PAGE = 500


def whole(http: httpx.Client, project: int) -> list[Any]:
    """The export endpoint, in one request: all or nothing."""
    found: list[Any] = _get(http, f"/api/projects/{project}/export", exportType="JSON", download_all_tasks="true")
    return found


def chunks(http: httpx.Client, project: int, size: int) -> list[Any]:
    """The same endpoint, asked for some ids at a time; the ids come from the list of tasks."""
    numbers: list[int] = []
    page: dict[str, Any] = {"tasks": [None]}
    asked: dict[str, Any] = {"project": project, "fields": "all", "include": "id", "page_size": _PAGE}
    while page["tasks"] and len(numbers) < page.get("total", 1):
        page = _get(http, "/api/tasks", **asked, page=len(numbers) // _PAGE + 1)
        numbers += [task["id"] for task in page["tasks"]]
    found: list[Any] = []
    for start in range(0, len(numbers), size):
        some = {"exportType": "JSON", "download_all_tasks": "true", "ids[]": numbers[start : start + size]}
        found += _get(http, f"/api/projects/{project}/export", **some)
    return found


def paging(sdk: Any, project: int, tasks: int) -> list[Any]:
    """The SDK's list of tasks, with all fields."""
    pages = sdk.tasks.list(project=project, fields="all", page_size=_PAGE if tasks > _PAGE else tasks)
    return [json.loads(task.json()) for task in islice(pages, tasks)]


def snapshot(sdk: Any, project: int) -> list[Any]:
    """The SDK's export, as its documentation shows it."""
    found: list[Any] = sdk.projects.exports.as_json(project)
    return found


def _get(http: httpx.Client, path: str, **query: Any) -> Any:
    return http.get(path, params=query).raise_for_status().json()


def main(way: str, project: int, out: Path, tasks: int) -> None:
    """Fetch, then write."""
    from label_studio_sdk import LabelStudio

    url, key = os.environ["LABEL_STUDIO_URL"], os.environ["LABEL_STUDIO_API_KEY"]
    make: Any = LabelStudio
    sdk = make(base_url=url, api_key=key, timeout=_TIMEOUT_SECONDS)
    headers = {"Authorization": f"Token {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT_SECONDS) as http:
        ways: dict[str, Callable[[], list[Any]]] = {
            "whole": lambda: whole(http, project),
            "paging": lambda: paging(sdk, project, tasks),
            "snapshot": lambda: snapshot(sdk, project),
        }
        fetch = ways.get(way) or (lambda: chunks(http, project, int(way)))
        wall, cpu = time.perf_counter(), time.process_time()
        found = fetch()
        out.write_text(json.dumps(found), encoding="utf-8")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if len(found) != tasks:
        sys.exit(f"{len(found)} tasks came, not {tasks}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
