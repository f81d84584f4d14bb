"""Helpers of the tests that walk the whole road on a real Label Studio."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner, Result

from gtbridge.plugin.cli import cli
from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded

RANKING_TASK = """\
task: text-ranking
title: Which answer helps more?
instructions: Read the prompt, then rank the responses.
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
"""

QUESTION_TASK = """\
task: question-answer
instructions: Write questions that the passage answers.
questions: {min: 1, max: 5}
tags: [What, Who]
allow_custom_tags: true
"""


def request(name: str, manifest: Path, task: Path, workers: int = 1, **more: Any) -> dict[str, Any]:
    """A CreateLabelingJob request with local paths."""
    return {
        "LabelingJobName": name,
        "LabelAttributeName": "label",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": str(manifest)}}},
        "OutputConfig": {"S3OutputPath": "s3://example-bucket/output"},
        "RoleArn": "arn:aws:iam::111122223333:role/LabelingRole",
        "HumanTaskConfig": {
            "WorkteamArn": "arn:aws:sagemaker:us-east-1:111122223333:workteam/private-crowd/team",
            "UiConfig": {"UiTemplateS3Uri": str(task)},
            "TaskTitle": "Which answer helps more?",
            "TaskDescription": "Rank the responses to each prompt",
            "NumberOfHumanWorkersPerDataObject": workers,
            "TaskTimeLimitInSeconds": 3600,
        },
        **more,
    }


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """A JSON Lines file."""
    path.write_bytes(b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records))
    return path


def run(*arguments: str, server: Embedded | None = None, api_key: str | None = None) -> Result:
    """``gtbridge`` with these arguments, as a user of that server."""
    environment = {"LABEL_STUDIO_URL": server.url, "LABEL_STUDIO_API_KEY": api_key or server.api_key} if server else {}
    return CliRunner().invoke(cli, arguments, env=environment, catch_exceptions=False)


def done(*arguments: str, server: Embedded | None = None, api_key: str | None = None) -> str:
    """The same, which must succeed; gives its standard output."""
    result = run(*arguments, server=server, api_key=api_key)
    assert result.exit_code == 0, result.output
    return result.stdout


def prepare_job(
    folder: Path, name: str, records: Iterable[Mapping[str, Any]], task: str, workers: int = 1
) -> tuple[Path, Path]:
    """Write manifest, task definition and request of a job; gives the paths of request and manifest."""
    manifest = write_lines(folder / "in.manifest", records)
    (folder / "task.yaml").write_text(task, encoding="utf-8")
    path = folder / "request.json"
    path.write_text(json.dumps(request(name, manifest, folder / "task.yaml", workers)), encoding="utf-8")
    return path, manifest


def output_lines(folder: Path) -> list[dict[str, Any]]:
    """The lines of a job's output manifest."""
    text = (folder / "manifests/output/output.manifest").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def worker_file(folder: Path, line: Mapping[str, Any], attribute: str = "label") -> dict[str, Any]:
    """The worker-response file that an output line refers to."""
    path = folder / line[f"{attribute}-metadata"]["worker-response-ref"]
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


ITEMS: list[dict[str, Any]] = [
    {"source": "Why is the sky blue?", "responses": ["Rayleigh", "Because", "Sea"], "id": "CANARY-1", "big": 2**70},
    {"source": "¿Por qué?", "responses": ["Así", "No sé"], "models": ["model-x", "model-y"], "id": "CANARY-2"},
    {"source": "Not answered", "responses": ["a", "b"], "id": "CANARY-3"},
]


class Api:
    """Label Studio's API as one annotator uses it."""

    def __init__(self, server: Embedded, api_key: str | None = None):
        self.url = server.url
        self.headers = {"Authorization": f"Token {api_key or server.api_key}"}

    def get(self, path: str, **query: Any) -> httpx.Response:
        return httpx.get(self.url + path, params=query, headers=self.headers, timeout=60)

    def tasks(self, project: int) -> list[dict[str, Any]]:
        body = self.get("/api/tasks", project=project, fields="all", page_size=100).json()
        tasks: list[dict[str, Any]] = body["tasks"]
        return sorted(tasks, key=lambda task: int(task["data"]["object_index"]))

    def annotate(self, task: int, result: list[dict[str, Any]], **more: Any) -> int:
        url = f"{self.url}/api/tasks/{task}/annotations/"
        answer = httpx.post(url, json={"result": result, **more}, headers=self.headers, timeout=60)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])


def ranked(data: dict[str, Any], helpfulness: list[int], clarity: list[int]) -> list[dict[str, Any]]:
    """What the editor stores for these ranks of r0, r1 ..., on a task that shows the responses in its own order."""
    best_first = [f"r{clarity.index(rank)}" for rank in sorted(clarity)]
    result: list[dict[str, Any]] = [
        {
            "from_name": "order__clarity",
            "to_name": "responses",
            "type": "ranker",
            "value": {"ranker": {"order__clarity": best_first}},
        },
        {
            "from_name": "done__clarity",
            "to_name": "prompt",
            "type": "choices",
            "value": {"choices": ["confirmed"]},
        },
    ]
    for position, response in enumerate(data["responses"]):
        index = int(response["id"][1:])
        result.append(
            {
                "from_name": f"rank__helpfulness__{position}",
                "to_name": "prompt",
                "type": "choices",
                "value": {"choices": [f"r{index}:{helpfulness[index]}"]},
            }
        )
    return result


def same(server: Embedded, one: str, other: str) -> None:
    """``verify`` finds that these two outputs say the same, in the same words, and that it looked at all of both."""
    found = json.loads(done("verify", one, other, "--json", server=server))
    assert (found["differences"]["count"], found["notes"]["count"]) == (0, 0), found
    for ledger, side in zip(found["ledgers"].values(), "ab", strict=True):
        assert ledger["items"]["in"] == ledger["items"]["out"] == found["items"][side]


def new_annotator(server: Embedded, name: str) -> str:
    """The API key of a new account."""
    return add_annotator(server.url, server.api_key, f"{name}@example.com", "a-long-password")


@cache
def pooled_annotator(url: str, api_key: str, number: int) -> str:
    """The API key of annotator ``number`` on the server, made when first asked for: hashing a password takes a second.

    For tests that need many people, and for whom it does not matter what these have done in other projects.
    """
    return add_annotator(url, api_key, f"pooled-{number}@example.com", "a-long-password")
