"""Answers in projects that were made elsewhere, read by what their labeling configs and the user say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gtbridge.converters.foreign_projects.mapping import parse_mapping
from gtbridge.converters.foreign_projects.reading import ProjectReading, project_reading
from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Item, Worker
from gtbridge.label_configs.errors import InputError

__all__ = [
    "answered",
    "item_of",
    "judged",
    "labels",
    "one_answer",
    "ranks_in",
    "read",
    "refusal_of",
    "typed",
    "unread_in",
    "whole",
]


def read(xml: str, *said: str) -> ProjectReading:
    """How the project with this config is read if ``said`` is given with --map."""
    return project_reading(f"<View>{xml}</View>", parse_mapping(said), "config.xml")


def answered(reading: ProjectReading, data: Mapping[str, Any], *results: Sequence[Mapping[str, Any]]) -> AnsweredLine:
    """Task 7 with this data and an annotation with each of the results, by ann, bob and cy."""
    annotations = [
        {"id": number, "completed_by": name, "result": list(result), "created_at": f"2026-01-0{number}T00:00:00Z"}
        for number, (name, result) in enumerate(zip(("ann", "bob", "cy"), results, strict=False), start=1)
    ]
    task = {"id": 7, "data": dict(data), "annotations": annotations}
    return reading.answered(task, lambda annotation: Worker(str(annotation["completed_by"])))


def one_answer(reading: ProjectReading, data: Mapping[str, Any], *result: Mapping[str, Any]) -> Answer:
    """The answer of the only annotation."""
    (answer,) = answered(reading, data, result).answers
    return answer


def whole(reading: ProjectReading, task: dict[str, Any], **more: Any) -> AnsweredLine:
    """The task as it is, its annotations by workers called after the numbers of their accounts."""
    return reading.answered(task, lambda annotation: Worker(f"u{annotation.get('completed_by')}"), **more)


def item_of(reading: ProjectReading, data: dict[str, Any]) -> Item:
    """The item that a task with this data is."""
    return answered(reading, data).line.item


def refusal_of(reading: ProjectReading, data: dict[str, Any]) -> str:
    """Why a task with this data is none that can be read."""
    with pytest.raises(InputError) as caught:
        answered(reading, data)
    return str(caught.value)


def ranks_in(answer: Answer) -> dict[str, tuple[int | None, ...]]:
    """The ranks of an answer of which all is read, by dimension."""
    assert answer.unread == ()
    return {ranking.dimension: ranking.ranks for ranking in answer.rankings}


def unread_in(reading: ProjectReading, data: dict[str, Any], *result: Any) -> list[str]:
    """What of the only annotation cannot be read; no response has a rank then."""
    answer = one_answer(reading, data, *result)
    assert not any(rank for ranking in answer.rankings for rank in ranking.ranks)
    return list(answer.unread)


def judged(reading: ProjectReading, line: AnsweredLine) -> JobItem:
    """The line as a job's output is judged."""
    item = line.line.item
    return JobItem("job", item, reading.definition, judge(reading.definition, item, line.answers, partial=True))


def typed(name: str, *texts: str, region: tuple[str, int, int] | None = None) -> dict[str, Any]:
    """What a TextArea stores; for a region, whose id and offsets are given, what one with perRegion does."""
    entry: dict[str, Any] = {"from_name": name, "to_name": "x", "type": "textarea", "value": {"text": list(texts)}}
    if region is None:
        return {**entry, "id": f"of {name}"}
    return {**entry, "id": region[0], "value": {"start": region[1], "end": region[2], "text": list(texts)}}


def labels(name: str, region: tuple[str, int, int], text: str, *chosen: str) -> dict[str, Any]:
    """What Labels store for a region with this id and offsets, which shows ``text``."""
    value = {"start": region[1], "end": region[2], "text": text, "labels": list(chosen)}
    return {"id": region[0], "from_name": name, "to_name": "x", "type": "labels", "value": value}
