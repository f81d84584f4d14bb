"""Rows of ``annotations``: one answer a row, as it was given, disagreement and invalid answers included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..formats.given_under import rules_to_dict
from ..formats.json_text import to_line
from ..judgement.job_item import JobItem
from ..records import Answer, Item, Pair
from .rows import MESSAGES, SECTIONS, Making, prompt_messages, row_id, section_rows

__all__ = ["FEATURES", "annotation_rows", "rows_content"]

FEATURES: dict[str, Any] = {
    "item": "string",
    "source": "string",
    "source_messages": MESSAGES,
    "responses": ["string"],
    "models": ["string"],
    "reference_answer": "string",
    "annotator": "string",
    "status": "string",
    "problems": ["string"],
    "unread": ["string"],
    "given_as": "string",
    "reason": "string",
    "comment": "string",
    "flags": [["string"]],
    "definition": "string",
    "rules": "string",
    "seconds": "float64",
    "shown_order": ["int32"],
    "rankings": [{"dimension": "string", "allow_tie": "bool", "ranks": ["int32"], "scores": ["float64"]}],
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
    ``rules`` the answer's own definition (JSON, see ``given_under.rules_to_dict``) if the job's was edited since,
    and ``unread`` what of the answer was not understood. Ranks and offsets are raw, ``scores`` the numbers that ranks
    follow from, if any; ``shown_order`` holds the responses' indices, first shown first. ``flags`` has a list for each
    response, and none at all where no response is marked. ``source_messages`` is the conversation of which ``source``
    is the transcript, null if it is none. ``fields`` are the item's other fields, as JSON.
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
        "reference_answer": item.reference,
        "annotator": annotator,
        "unread": list(answer.unread),
        "given_as": answer.status,
        "reason": answer.reason,
        "comment": answer.comment,
        "flags": _flags(answer, item),
        "definition": answer.definition,
        "rules": None if answer.rules is None else to_line(rules_to_dict(answer.rules)),
        "seconds": answer.seconds,
        "shown_order": list(answer.order) if answer.order else None,
        "rankings": [
            {
                "dimension": ranking.dimension,
                "allow_tie": ranking.allow_tie,
                "ranks": list(ranking.ranks),
                "scores": None if ranking.scores is None else list(ranking.scores),
            }
            for ranking in answer.rankings
        ],
        "pairs": [_pair(pair) for pair in answer.pairs],
    }


def rows_content(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """How much the rows hold, in the kinds of ``ledger.content``."""
    return Counter(
        answers=len(rows),
        dimensions=sum(len(row["rankings"]) for row in rows),
        pairs=sum(len(row["pairs"]) for row in rows),
        sections=sum(len(pair["sections"]) for row in rows for pair in row["pairs"]),
    )


def _flags(answer: Answer, item: Item) -> list[list[str]]:
    count = max(len(answer.flags), len(item.responses or ()))
    return [list(answer.flags_on(index)) for index in range(count)] if any(answer.flags) else []


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "question": pair.question,
        "answer": pair.answer,
        "tags": list(pair.tags),
        "scope": pair.scope,
        "sections": section_rows(pair),
    }
