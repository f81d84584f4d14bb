"""Makes the folders of Ground Truth jobs that are measured on: always the same ones, made once and kept.

A worker-response object holds the answers of three workers, who rank four responses on two dimensions; the first allows
ties. A prompt has 30 words, a response 80.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["ANSWERS", "BUCKET", "DIMENSIONS", "JOB", "made_job", "response_key"]

JOB = "bench"
BUCKET = "gtbridge-bench"
DIMENSIONS = (("Helpfulness", True), ("Clarity", False))
ANSWERS = 3
_FORM = 1  # of what is made here: another number makes it anew
_RESPONSES = 4
_WORKERS = 40
_LEVELS = 3


def response_key(item: int) -> str:
    """Where the answers to an item lie, relative to the job's folder."""
    return f"annotations/worker-response/iteration-1/{item}/2026-01-01_00:00:{item % 60:02d}.json"


def made_job(cache: Path, items: int) -> Path:
    """The job's folder, with so many items; made if it is not there. All jobs begin with the same items."""
    place = cache / f"job-{_FORM}-{items}" / JOB
    if not place.exists():
        half = cache / f"making-{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        _make(half / JOB, items)
        (half / JOB).parent.rename(place.parent)
    return place


def _make(folder: Path, items: int) -> None:
    manifest = folder / "manifests" / "output" / "output.manifest"
    manifest.parent.mkdir(parents=True)
    with manifest.open("w", encoding="utf-8") as lines:
        for number, (line, answers) in enumerate(islice(_items(Random(1)), items)):
            file = folder / response_key(number)
            file.parent.mkdir(parents=True)
            file.write_text(json.dumps({"answers": answers}), encoding="utf-8")
            lines.write(json.dumps(line) + "\n")


def _items(random: Random) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Manifest lines with their answers, without end."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(random.choices(letters, k=random.randint(2, 9))) for _ in range(3000)]
    number = 0
    while True:
        line = {
            "source": " ".join(random.choices(words, k=30)),
            "responses": [" ".join(random.choices(words, k=80)) for _ in range(_RESPONSES)],
            "label": {},
            "label-metadata": {
                "type": "groundtruth/custom",
                "job-name": JOB,
                "human-annotated": "yes",
                "creation-date": "2026-01-01T00:00:00.000000",
                "worker-response-ref": f"s3://{BUCKET}/{JOB}/{response_key(number)}",
            },
        }
        good = [random.random() for _ in range(_RESPONSES)]
        yield line, [_answer(random, good, worker) for worker in random.sample(range(_WORKERS), ANSWERS)]
        number += 1


def _answer(random: Random, good: list[float], worker: int) -> dict[str, Any]:
    """What one worker says: the truth, seen through some noise."""
    rankings = []
    for name, allow_tie in DIMENSIONS:
        seen = [quality + random.gauss(0, 0.3) for quality in good]
        order = sorted(range(len(seen)), key=lambda response: -seen[response])
        ranks = [order.index(response) + 1 for response in range(len(seen))]
        if allow_tie:
            ranks = [min(rank, _LEVELS) for rank in ranks]
        rankings.append({"name": name, "allowTie": allow_tie, "responseRankings": ranks})
    return {
        "acceptanceTime": "2026-01-01T00:00:00.000Z",
        "submissionTime": "2026-01-01T00:01:00.000Z",
        "timeSpentInSeconds": 60.0,
        "workerId": f"private.eu-west-1.{worker:016x}",
        "workerMetadata": {
            "identityData": {
                "identityProviderType": "Cognito",
                "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example",
                "sub": f"00000000-0000-0000-0000-{worker:012d}",
            }
        },
        "answerContent": {"textRanking": {"ordinalRankingDimensions": rankings}},
    }


if __name__ == "__main__":
    print(made_job(Path(sys.argv[1]), int(sys.argv[2])))
