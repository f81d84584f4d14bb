"""Projects on a real Label Studio that gtbridge did not make, made as their owner would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from gtbridge.plugin.local_server.embedded import Embedded

__all__ = ["new_project", "owner_client"]


def owner_client(server: Embedded) -> httpx.Client:
    """The server's API, as its owner has it."""
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Token {server.api_key}"}, timeout=60)


def new_project(
    server: Embedded, config: str, data: Sequence[Any], title: str = "made elsewhere"
) -> tuple[int, list[int]]:
    """The numbers of a new project and of its tasks, which have these ``data``."""
    with owner_client(server) as client:
        made = client.post("/api/projects/", json={"title": title, "label_config": config}).raise_for_status().json()
        tasks = [{"data": each} for each in data]
        client.post(f"/api/projects/{made['id']}/import", json=tasks).raise_for_status()
        listed = client.get("/api/tasks", params={"project": made["id"], "page_size": 100}).json()["tasks"]
        return int(made["id"]), sorted(int(task["id"]) for task in listed)
