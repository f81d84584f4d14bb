"""All addresses of a guarded Label Studio, called one after the other, and what a call showed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

__all__ = ["METHODS", "Address", "all_addresses", "call", "handled", "is_refused", "leaks"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# What the pk of an address is the id of, by the beginning of the address.
_KINDS = {
    "api/projects/": "project",
    "projects/": "project",
    "api/tasks/": "task",
    "api/annotations/": "annotation",
    "api/drafts/": "draft",
    "api/dm/views/": "view",
    "api/users/": "user",
    "api/organizations/": "organization",
    "api/predictions/": "prediction",
    "api/webhooks/": "webhook",
    "api/ml/": "ml_backend",
    "api/import/file-upload/": "file_upload",
    "api/labels/": "label",
    "api/label_links/": "label",  # made with its label, so that both have the same id
    "api/storages/export/": "export_storage",
    "api/storages/": "storage",
}
_FIXED = {
    "user_pk": "{user}",
    "annotation_id": "{annotation}",
    "entity_name": "annotation",
    "entity_id": "{annotation}",
    "export_pk": "{export}",
    "import_pk": "1",
    "reimport_pk": "1",
    "format": "json",
    "action_id": "delete_tasks",
    "filename": "upload/{project}/zq.json",
    "path": "index.html",
    "sub_path": "anything",
    "url": "anything/",
    "object_id": "1",
    "app_label": "tasks",
    "queue_index": "0",
    "scheduler_index": "0",
    "job_id": "x",
    "key": "x",
    "task_id": "{task}",
    "task": "text-ranking",
    "project_id": "{project}",
    "id": "{user}",
    "content_type_id": "1",
    "uidb64": "Mg",
    "token": "x",
}


@dataclass(frozen=True)
class Address:
    """One pattern of the server: ``methods`` are those that its class handles, None for a function."""

    template: str
    name: str
    methods: tuple[str, ...] | None

    def path(self, things: Mapping[str, int]) -> str:
        """The pattern with real ids in it; KeyError if it takes something that is new here."""
        kind = next((kind for beginning, kind in _KINDS.items() if self.template.startswith(beginning)), None)

        def value(match: re.Match[str]) -> str:
            return str(things[kind]) if match[1] == "pk" and kind else _FIXED[match[1]].format_map(things)

        return "/" + re.sub(r"\{(\w+)\}", value, self.template)


def all_addresses(folder: Path) -> list[Address]:
    """Ask Django's resolver, in a process of its own that is set up as a guarded server; ``folder`` must be empty."""
    program = Path(__file__).with_name("addresses_child.py")
    done = subprocess.run([sys.executable, "-P", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = [
        Address(entry["template"], entry["name"], None if entry["methods"] is None else tuple(entry["methods"]))
        for entry in json.loads(done.stdout)
    ]
    return list(dict.fromkeys(found))


def handled(address: Address) -> tuple[str, ...]:
    """The methods that make a difference; a page that is a function is asked for, and posted to."""
    return ("GET", "POST") if address.methods is None else address.methods


def call(client: httpx.Client, method: str, path: str, things: Mapping[str, int], **query: Any) -> httpx.Response:
    """Call an address with whatever in query and body may make it say more, or change more."""
    about = {"project": things["project"], "task": things["task"], "view": things["view"]}
    if method in ("GET", "DELETE"):
        everything: dict[str, Any] = {
            "fields": "all",
            "download_all_tasks": "true",
            "page_size": 100,
            "tabID": things["view"],
        }
        return client.request(method, path, params={**about, **everything, **query})
    body = {**about, "title": "changed", "result": [], "data": {"title": "changed"}, "url": "http://192.0.2.1/"}
    return client.request(method, path, params={"project": things["project"], **query}, json=body)


def is_refused(answer: httpx.Response) -> bool:
    """Whether the call was turned away, if need be to the login page."""
    to_login = answer.status_code == 302 and re.match(r"/(user|admin)/login", answer.headers["Location"])
    return answer.status_code in (401, 403, 404, 405) or bool(to_login)


def leaks(answer: httpx.Response, canaries: Iterable[str]) -> list[str]:
    """Which of the words are in the body, in a header or in where it redirects to."""
    shown = (answer.text + str(answer.headers.multi_items())).casefold()
    return [word for word in canaries if word in shown]
