"""A small job's files, all sound: what tests damage, one at a time, and what they build datasets from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roads import RANKING_TASK, request, write_lines

ITEM = {"source": "Why?", "responses": ["a", "b"]}


def reference(index: int) -> str:
    return f"annotations/worker-response/iteration-1/{index}/one.json"


def answer(worker: str, ranks: Sequence[int] = (1, 2)) -> dict[str, Any]:
    """An entry of a worker-response file; the ranks are those on both dimensions."""
    dimensions = [
        {"name": name, "allowTie": tie, "responseRankings": list(ranks)}
        for name, tie in (("Helpfulness", True), ("Clarity", False))
    ]
    return {"workerId": worker, "answerContent": {"textRanking": {"ordinalRankingDimensions": dimensions}}}


def write_job(folder: Path, answers: Sequence[Sequence[dict[str, Any]]], item: dict[str, Any] = ITEM) -> Path:
    """A job's output with these answers to each of its items, which are all ``item``."""
    (folder / "manifests/output").mkdir(parents=True)
    lines = [
        {**item, "label": {}, "label-metadata": {"worker-response-ref": reference(index)}}
        for index in range(len(answers))
    ]
    write_lines(folder / "manifests/output/output.manifest", lines)
    for index, entries in enumerate(answers):
        path = folder / reference(index)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"answers": list(entries)}), encoding="utf-8")
    return folder


def write_files(folder: Path) -> None:
    """A manifest, a task definition, requests and a job's output."""
    write_lines(folder / "in.manifest", [ITEM])
    (folder / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    for name, manifest in (("request.json", "in.manifest"), ("naming.json", "damaged.jsonl")):
        fields = request("job", Path(manifest), Path("task.yaml"))
        (folder / name).write_text(json.dumps(fields), encoding="utf-8")
    write_job(folder / "job", [[answer("w1")]])
