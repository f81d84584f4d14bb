"""Makes a Label Studio JSON export of a wanted size; a program of its own: ``made_export JOB BYTES OUT``.

The tasks and answers are those of a Ground Truth job, as the editor stores them, again and again under new numbers. In
the folder OUT: ``export.json``, ``definition.yaml`` and ``config.xml``, the labeling config.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path
from typing import Any

from gtbridge.converters.formats.annotation_results import answer_to_annotation
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Item
from gtbridge.label_configs.labeling_config import definition_to_labeling_config
from gtbridge.label_configs.tasks import TaskDefinition
from gtbridge.plugin.outputs.job_reader import job_lines, open_job_output
from gtbridge.plugin.outputs.options import JobOutputOptions

from .made_jobs import DIMENSIONS

_TIME = "2026-01-01T00:01:00.000000Z"
_PROJECT = 7
_ITEMS = 1_000  # what is different
_OF_BOTH = {"created_at": _TIME, "updated_at": _TIME, "project": _PROJECT, "updated_by": 1}
_OF_ANNOTATIONS = {
    **_OF_BOTH,
    "ground_truth": False,
    "draft_created_at": None,
    "prediction": {},
    "last_action": None,
}
_OF_TASKS = {
    **_OF_BOTH,
    "drafts": [],
    "predictions": [],
    "meta": {},
    "cancelled_annotations": 0,
    "total_predictions": 0,
    "file_upload": None,
    "comment_count": 0,
    "unresolved_comment_count": 0,
    "last_comment_updated_at": None,
    "comment_authors": [],
}


def _answered(job: str) -> tuple[TaskDefinition, list[tuple[Item, list[dict[str, Any]]]]]:
    output = open_job_output(job, JobOutputOptions())
    found = []
    for answered in job_lines(output, Ledger()):
        item = answered.line.item
        given = (replace(answer, raw=None) for answer in answered.answers)
        found.append((item, [answer_to_annotation(answer, item, output.definition) for answer in given]))
        if len(found) == _ITEMS:
            break
    return output.definition, found


def _tasks(definition: TaskDefinition, found: list[tuple[Item, list[dict[str, Any]]]]) -> Iterator[dict[str, Any]]:
    ids = count(1)
    for number, (item, answers) in enumerate(cycle(found)):
        given = [
            {"id": next(ids), "completed_by": user, "task": number + 1, **answer, **_OF_ANNOTATIONS}
            for user, answer in enumerate(answers, start=1)
        ]
        data = item_to_task_data(replace(item, index=number), definition)
        yield {"id": number + 1, "annotations": given, "data": data, "total_annotations": len(given), **_OF_TASKS}


def main(job: str, size: int, out: Path) -> None:
    """Write it."""
    definition, found = _answered(job)
    dimensions = "\n".join(f"  - {{name: {name}, allow_tie: {json.dumps(tie)}}}" for name, tie in DIMENSIONS)
    (out / "definition.yaml").write_text(f"task: text-ranking\ndimensions:\n{dimensions}\n", encoding="utf-8")
    (out / "config.xml").write_text(definition_to_labeling_config(definition), encoding="utf-8")
    with (out / "export.json").open("w", encoding="utf-8") as file:
        file.write("[")
        for number, task in enumerate(_tasks(definition, found)):
            file.write(("," if number else "") + json.dumps(task))
            if file.tell() >= size:
                break
        file.write("]")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
