"""Jobs as files, and a count of what is in them by plain JSON: against which every ledger is held."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gtbridge.converters.formats.job_output import item_document
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer
from gtbridge.label_configs.definition_files import definition_to_yaml

__all__ = ["KINDS", "balance", "counted", "stated", "write_judged"]

KINDS = ("items", "answers", "dimensions", "pairs", "sections")
_OTHERS = ("declined", "invalid", "superseded")


def write_judged(folder: Path, items: Sequence[JobItem], more: Mapping[int, Sequence[Answer]]) -> Path:
    """The output of one job with these items, as ``job export`` writes it; ``more`` are further answers to some."""
    (folder / "manifests/output").mkdir(parents=True)
    (folder / "gtbridge").mkdir()
    (folder / "gtbridge/task.yaml").write_text(definition_to_yaml(items[0].definition), encoding="utf-8")
    lines = []
    for index, found in enumerate(items):
        answers = [*found.judged.everyone, *more.get(index, ())]
        fields = json.loads(found.item.line)
        if answers:
            reference = f"annotations/worker-response/iteration-1/{index}/one.json"
            judged = judge(found.definition, replace(found.item, index=index), answers)
            path = folder / reference
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(item_document(judged)), encoding="utf-8")
            fields |= {"label": {}, "label-metadata": {"worker-response-ref": reference}}
        lines.append(json.dumps(fields, ensure_ascii=False) + "\n")
    (folder / "manifests/output/output.manifest").write_text("".join(lines), encoding="utf-8")
    return folder


def counted(folder: Path) -> dict[str, tuple[int, int]]:
    """(all, those that count) of each kind in a job's output."""
    everything, good = Counter[str](), Counter[str]()
    for text in (folder / "manifests/output/output.manifest").read_text("utf-8").split("\n")[:-1]:
        everything["items"] += 1
        reference = json.loads(text).get("label-metadata", {}).get("worker-response-ref")
        document = json.loads((folder / reference).read_text("utf-8")) if reference else {"answers": []}
        others = document.get("gtbridge", {})
        everything += _held([*document["answers"], *(entry for key in _OTHERS for entry in others.get(key, ()))])
        good += _held(document["answers"])
        good["items"] += bool(document["answers"])
    return {kind: (everything[kind], good[kind]) for kind in KINDS}


def _held(entries: Iterable[Mapping[str, Any]]) -> Counter[str]:
    held = Counter[str]()
    for entry in entries:
        content = entry["answerContent"]
        held["answers"] += 1
        held["dimensions"] += len(content.get("textRanking", {}).get("ordinalRankingDimensions", ()))
        for pair in content.get("questionAndAnswers", {}).get("questionAnswerPairs", ()):
            held["pairs"] += 1
            held["sections"] += len(pair.get("textReferences", ()))
    return held


def balance(ledger: Mapping[str, Any], kind: str) -> tuple[int, int]:
    """(in, out) of this kind in a report's ledger, which must close."""
    entry = ledger.get(kind, {"in": 0, "out": 0, "dropped": []})
    assert entry["in"] == entry["out"] + sum(drop["count"] for drop in entry["dropped"]), (kind, entry)
    return entry["in"], entry["out"]


def stated(folder: Path) -> dict[str, tuple[int, int]]:
    """The same of each kind, as the ledger says that lies in the job's output."""
    ledger = json.loads((folder / "gtbridge/ledger.json").read_text("utf-8"))
    return {kind: balance(ledger, kind) for kind in KINDS}
