"""What lies around tasks and answers in a project: predictions, uploads, labels, storages, backends, webhooks."""

from __future__ import annotations

import json
from typing import Any

import httpx
from stored import Connection, Place, opened

__all__ = ["made", "question_result", "rows", "surroundings"]


def made(answer: httpx.Response) -> int:
    """The id of what a call made."""
    assert answer.status_code in (200, 201), f"{answer.request.url}: {answer.status_code} {answer.text[:300]}"
    return int(answer.json()["id"])


def question_result(question: str, tag: str = "") -> list[dict[str, Any]]:
    """The result of an answer with one pair, as the editor stores it for ``QUESTION_TASK``."""

    def entry(name: str, kind: str, value: Any) -> dict[str, Any]:
        field = {"textarea": "text", "choices": "choices"}[kind]
        return {"id": name, "from_name": name, "to_name": "passage", "type": kind, "value": {field: [value]}}

    result = [
        entry("pair_count", "choices", "1"),
        entry("question_1", "textarea", question),
        entry("answer_1", "textarea", "Because of Rayleigh"),
        entry("scope_1", "choices", "whole passage"),
    ]
    return [*result, entry("custom_tags_1", "textarea", tag)] if tag else result


def surroundings(owner: httpx.Client, project: int, *tasks: int) -> dict[str, int]:
    """What a project has besides tasks and answers."""
    predicted = {"result": question_result("zqprediction, is it?"), "model_version": "zqprediction"}
    label = {"project": project, "from_name": "tags_1", "value": ["What"], "title": "What", "created_by": 1}
    upload = {"file": ("zqupload.json", json.dumps([{"passage": "zqupload"}]), "application/json")}
    uploaded = owner.post(f"/api/projects/{project}/import?commit_to_project=false", files=upload)
    assert uploaded.status_code == 201, uploaded.text
    labels = owner.post("/api/labels/", json=[label])
    assert labels.status_code == 201, labels.text
    predictions = [made(owner.post("/api/predictions/", json={"task": task, **predicted})) for task in tasks]
    return {
        "prediction": predictions[0],
        "export": made(owner.post(f"/api/projects/{project}/exports/", json={"title": "zqquestion"})),
        "file_upload": uploaded.json()["file_upload_ids"][0],
        "label": labels.json()[0]["id"],
    }


def rows(database: Place, project: int, other: int) -> dict[str, int]:
    """What Label Studio makes only after it has asked another machine, put into the database as it would be.

    The ``other`` project gets the export storage, to which each new answer of its project would be sent.
    """
    now = "2026-01-01 00:00:00"
    storage = {
        "title": "zqstorage",
        "created_at": now,
        "bucket": "zqstorage",
        "use_blob_urls": False,
        "project_id": project,
        "status": "initialized",
        "synchronizable": True,
    }
    source = {"presign": False, "presign_ttl": 1, "recursive_scan": False}
    backend = {
        "state": "CO",
        "url": "http://127.0.0.1:9/zqbackend",
        "title": "zqbackend",
        "created_at": now,
        "updated_at": now,
        "project_id": project,
        "is_interactive": False,
        "timeout": 1.0,
        "auto_update": False,
        "auth_method": "NONE",
    }
    webhook = {
        "url": "http://127.0.0.1:9/zqhook",
        "send_for_all_actions": True,
        "headers": "{}",
        "is_active": False,
        "created_at": now,
        "updated_at": now,
        "organization_id": 1,
        "project_id": project,
        "send_payload": True,
    }
    with opened(database) as connection:
        return {
            "storage": _insert(connection, "io_storages_s3importstorage", {**storage, **source}),
            "export_storage": _insert(connection, "io_storages_s3exportstorage", {**storage, "project_id": other}),
            "ml_backend": _insert(connection, "ml_mlbackend", backend),
            "webhook": _insert(connection, "webhook", webhook),
        }


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> int:
    columns, values = ", ".join(row), ", ".join("?" * len(row))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id"
    ((made,),) = connection.execute(statement, tuple(row.values())).fetchall()
    return int(made)
