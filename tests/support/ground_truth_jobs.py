"""Outputs of Ground Truth jobs, file by file as real ones look: several iterations, times, identities, own fields."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gtbridge.plugin.files.side_by_side import side_by_side
from gtbridge.plugin.storage import write_bytes

DIMENSIONS = (("Helpfulness", True), ("Clarity", False))
FIRST_ITERATION = 10


def iteration_of(index: int, iterations: int, objects: int) -> int:
    """A small first iteration, as Ground Truth makes, and the rest in equal parts."""
    if index < FIRST_ITERATION or iterations == 1:
        return 1
    return 2 + (index - FIRST_ITERATION) * (iterations - 1) // max(objects - FIRST_ITERATION, 1)


def response_path(index: int, iterations: int = 1, objects: int = 0) -> str:
    iteration = iteration_of(index, iterations, objects)
    return f"annotations/worker-response/iteration-{iteration}/{index}/2025-06-20_18:59:{index % 60:02}.json"


def worker_answer(worker: int, content: Any, second: int = 0) -> dict[str, Any]:
    """An entry of a worker-response file."""
    sub = f"aaaaaaaa-bbbb-cccc-dddd-{worker:012}"
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_123456789"
    identity = {"identityProviderType": "Cognito", "issuer": issuer, "sub": sub}
    return {
        "acceptanceTime": f"2025-06-20T18:58:{second % 60:02}.191Z",
        "submissionTime": f"2025-06-20T18:59:{second % 60:02}.321Z",
        "timeSpentInSeconds": 60.13,
        "workerId": f"private.us-east-1.{worker:016x}",
        "workerMetadata": {"identityData": identity},
        "answerContent": content,
    }


def rankings(ranks: Mapping[str, list[int | None]]) -> dict[str, Any]:
    """answerContent of the text ranking."""
    ties = dict(DIMENSIONS)
    dimensions = [{"name": name, "allowTie": ties[name], "responseRankings": given} for name, given in ranks.items()]
    return {"textRanking": {"ordinalRankingDimensions": dimensions}}


def label(job: str, reference: str) -> dict[str, Any]:
    """The metadata of a labelled line."""
    return {
        "type": "groundtruth/custom",
        "job-name": job,
        "human-annotated": "yes",
        "creation-date": "2025-06-20T19:03:06.111000",
        "worker-response-ref": reference,
    }


def ranking_job(root: str, job: str, objects: int, iterations: int = 1, workers: int = 2) -> dict[str, bytes]:
    """The files of a finished job by path; references begin with ``root``/``job``."""
    files, lines = {}, []
    for index in range(objects):
        chance = random.Random(index)
        line = {
            "id": f"item-{index}",
            "source": f"Question {index}?",
            "responses": [f"{word} {index}" for word in "abc"],
        }
        path = response_path(index, iterations, objects)
        answers = [
            worker_answer(
                worker,
                rankings(
                    {"Helpfulness": [chance.randint(1, 3) for _ in "abc"], "Clarity": chance.sample([1, 2, 3], 3)}
                ),
                index,
            )
            for worker in range(workers)
        ]
        files[path] = json.dumps({"answers": answers}).encode()
        lines.append({**line, "label": {}, "label-metadata": label(job, f"{root}/{job}/{path}")})
    return {"manifests/output/output.manifest": manifest(lines), **files}


def manifest(lines: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def put(folder: str | Path, files: Mapping[str, bytes]) -> str:
    """Write the files below ``folder``, which may be in S3; gives its name back."""
    for _ in side_by_side(lambda entry: write_bytes(f"{folder}/{entry[0]}", entry[1]), files.items()):
        pass
    return str(folder)
