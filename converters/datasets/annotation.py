"""Rows of ``annotations``: one answer a row, as it was given, disagreement and invalid answers included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ..judgement.job_item import JobItem
from ..records import Answer, Pair
from .rows import MESSAGES, SECTIONS, Making, prompt_messages, row_id, section_rows

__all__ = ["FEATURES", "annotation_rows"]

FEATURES: dict[str, Any] = {
    "item": "string",
    "source": "string",
    "source_messages": MESSAGES,
    "responses": ["string"],
    "models": ["string"],
    "annotator": "string",
    "status": "string",
    "problems": ["string"],
    "unread": ["string"],
    "given_as": "string",
    "reason": "string",
    "definition": "string",
    "seconds": "float64",
    "shown_order": ["int32"],
    "rankings": [{"dimension": "string", "allow_tie": "bool", "ranks": ["int32"]}],
    "pairs": [
        {
            "question": "string",
            "answer": "string",
            "tags": ["string"],
            "scope": "string",
            "sections": SECTIONS,
        }
    ],
    "metadata": {"id": "string", "fields": "string", "simulated": "bool"},
}


def annotation_rows(job_item: JobItem, making: Making, fields: str | None) -> Iterator[dict[str, Any]]:
    """A row for each answer to the item, all that the model of answers knows but times, identities and raw documents.

    ``status`` is ``valid``, ``invalid`` (with the broken rules in ``problems``), ``declined`` (with a ``reason``, if
    any) or ``superseded`` (the worker gave another answer); ``given_as`` is the status that the answer came with:
    ``given``, ``declined`` or ``failed``. ``definition`` is the fingerprint of the task as it was then, if known,
    and ``unread`` what of the answer was not understood. Ranks and offsets are raw; ``shown_order`` holds the
    responses' indices, first shown first. ``source_messages`` is the conversation of which ``source`` is the
    transcript, null if it is none. ``fields`` are the item's other fields, as JSON.
    """
    judged = job_item.judged
    answers: list[tuple[Answer, str, Sequence[str]]] = [(answer, "valid", ()) for answer in judged.valid]
    answers += [(answer, "superseded", ()) for answer in judged.superseded]
    answers += [(answer, "invalid", broken) for answer, broken in judged.invalid]
    answers += [(answer, "declined", ()) for answer in judged.declined]
    numbers: Counter[tuple[str, str]] = Counter()  # of the annotator's own answers, so that ids outlast others' answers
    for answer, status, broken in answers:
        annotator = making.names.of(answer)
        row = _row(job_item, answer, annotator)
        row |= {"status": status, "problems": list(broken)}
        row["metadata"] = {
            "id": row_id("annotations", job_item.place, annotator, status, numbers[annotator, status]),
            "fields": fields,
            "simulated": answer.worker.simulated,
        }
        yield row
        numbers[annotator, status] += 1


def _row(job_item: JobItem, answer: Answer, annotator: str) -> dict[str, Any]:
    item = job_item.item
    return {
        "item": job_item.place,
        "source": item.text,
        "source_messages": prompt_messages(item) if item.messages else None,
        "responses": list(item.responses) if item.responses else None,
        "models": list(item.models) if item.models else None,
        "annotator": annotator,
        "unread": list(answer.unread),
        "given_as": answer.status,
        "reason": answer.reason,
        "definition": answer.definition,
        "seconds": answer.seconds,
        "shown_order": list(answer.order) if answer.order else None,
        "rankings": [
            {"dimension": ranking.dimension, "allow_tie": ranking.allow_tie, "ranks": list(ranking.ranks)}
            for ranking in answer.rankings
        ],
        "pairs": [_pair(pair) for pair in answer.pairs],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "question": pair.question,
        "answer": pair.answer,
        "tags": list(pair.tags),
        "scope": pair.scope,
        "sections": section_rows(pair),
    }
