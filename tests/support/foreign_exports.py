"""Files of answers as Label Studio writes them, made by hand: the JSON export, and the two forms of target storage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from foreign_templates import TEMPLATES, Template, labeling_config

__all__ = ["PAIRWISE", "annotation", "config_file", "selected", "stored_by_annotation", "task", "write_json"]

# The template with a prompt and two answers, of which one is clicked.
PAIRWISE: Template = next(template for template in TEMPLATES if template.name == "human-feedback-collection")


def selected(side: str) -> list[dict[str, Any]]:
    """What a click on the left or the right answer stores."""
    return [{"from_name": "comparison", "to_name": "comparison", "type": "pairwise", "value": {"selected": side}}]


def annotation(number: int, user: Any, result: Any, **more: Any) -> dict[str, Any]:
    """An annotation, given at a time that its number tells."""
    time = f"2026-11-22T10:{number // 60 % 60:02}:{number % 60:02}.000000Z"
    return {
        "id": number,
        "completed_by": user,
        "result": result,
        "was_cancelled": False,
        "created_at": time,
        "updated_at": time,
        "lead_time": 4.5,
        "project": 7,
        **more,
    }


def task(
    number: int, annotations: Sequence[Mapping[str, Any]], data: Any = PAIRWISE.data, **more: Any
) -> dict[str, Any]:
    """A task of project 7."""
    updated = max((str(given["updated_at"]) for given in annotations), default="2026-11-22T09:00:00.000000Z")
    return {
        "id": number,
        "annotations": [{**given, "task": number} for given in annotations],
        "drafts": [],
        "predictions": [],
        "data": data,
        "meta": {},
        "updated_at": updated,
        "inner_id": number,
        "project": 7,
        **more,
    }


def stored_by_annotation(tasks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, content) of the files that target storage holds of these tasks, one for each annotation."""
    for one in tasks:
        for given in one["annotations"]:
            before = {**one, "updated_at": given["updated_at"]}
            del before["annotations"]
            yield str(given["id"]), {**given, "task": before}


def write_json(path: Path, value: Any) -> Path:
    """A file with this value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def config_file(folder: Path, template: Template = PAIRWISE) -> str:
    """The path of a file with the labeling config of the template."""
    path = folder / f"{template.name}.xml"
    path.write_text(labeling_config(template.path), encoding="utf-8")
    return str(path)
