"""Rows of ``annotations``: one answer a row, as it was given, disagreement and invalid answers included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ..records import Answer, Pair
from .rows import JobItem, Pseudonyms, row_id

__all__ = ["FEATURES", "annotation_rows"]

FEATURES: dict[str, Any] = {
    "item": "string",
    "source": "string",
    "responses": ["string"],
    "annotator": "string",
    "status": "string",
    "problems": ["string"],
    "seconds": "float64",
    "shown_order": ["int32"],
    "rankings": [{"dimension": "string", "allow_tie": "bool", "ranks": ["int32"]}],
    "pairs": [
        {
            "question": "string",
            "answer": "string",
            "tags": ["string"],
            "sections": [{"start": "int32", "end": "int32", "text": "string"}],
        }
    ],
    "metadata": {"id": "string", "fields": "string", "simulated": "bool"},
}


def annotation_rows(job_item: JobItem, names: Pseudonyms, fields: str | None = None) -> Iterator[dict[str, Any]]:
    """A row for each answer to the item.

    ``status`` is ``valid``, ``invalid`` (with the broken rules in ``problems``), ``declined`` or ``superseded`` (the
    worker gave another answer). Ranks and offsets are raw; ``shown_order`` holds the responses' indices, first shown
    first. ``fields`` are the item's other fields, as JSON.
    """
    judged = job_item.judged
    answers: list[tuple[Answer, str, Sequence[str]]] = [(answer, "valid", ()) for answer in judged.valid]
    answers += [(answer, "superseded", ()) for answer in judged.superseded]
    answers += [(answer, "invalid", broken) for answer, broken in judged.invalid]
    answers += [(answer, "declined", ()) for answer in judged.declined]
    numbers: Counter[tuple[str, str]] = Counter()  # of the annotator's own answers, so that ids outlast others' answers
    for answer, status, broken in answers:
        annotator = names.of(answer)
        row = _row(job_item, answer, status, broken, annotator, numbers[annotator, status])
        row["metadata"]["fields"] = fields
        yield row
        numbers[annotator, status] += 1


def _row(
    job_item: JobItem, answer: Answer, status: str, broken: Sequence[str], annotator: str, number: int
) -> dict[str, Any]:
    item = job_item.item
    return {
        "item": job_item.place,
        "source": item.text,
        "responses": list(item.responses) if item.responses else None,
        "annotator": annotator,
        "status": status,
        "problems": list(broken),
        "seconds": answer.seconds,
        "shown_order": list(answer.order) if answer.order else None,
        "rankings": [
            {"dimension": ranking.dimension, "allow_tie": ranking.allow_tie, "ranks": list(ranking.ranks)}
            for ranking in answer.rankings
        ],
        "pairs": [_pair(pair) for pair in answer.pairs],
        "metadata": {
            "id": row_id("annotations", job_item.place, annotator, status, number),
            "simulated": answer.worker.simulated,
        },
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "question": pair.question,
        "answer": pair.answer,
        "tags": list(pair.tags),
        "sections": [{"start": s.start, "end": s.end, "text": s.text} for s in pair.sections],
    }
