"""Rows of ``qa``: a question with its answer and its passage, as it was asked. No templates, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.job_item import JobItem
from .rows import SECTIONS, Making, row_id, section_rows

__all__ = ["FEATURES", "question_answer_rows"]

FEATURES: dict[str, Any] = {
    "passage": "string",
    "question": "string",
    "answer": "string",
    "tags": ["string"],
    "sections": SECTIONS,
    "metadata": {"id": "string", "item": "string", "annotator": "string", "scope": "string", "simulated": "bool"},
}


def question_answer_rows(job_item: JobItem, making: Making) -> Iterator[dict[str, Any]]:
    """A row for each pair. ``sections`` are what it is linked to: offsets in code points, half-open, into ``passage``.

    ``scope`` says whether it is about the ``passage`` or about ``sections``.
    """
    passage = job_item.item.text
    for answer in job_item.judged.valid:
        annotator = making.names.of(answer)
        for number, pair in enumerate(answer.pairs):
            yield {
                "passage": passage,
                "question": pair.question,
                "answer": pair.answer,
                "tags": list(pair.tags),
                "sections": section_rows(pair),
                "metadata": {
                    "id": row_id("qa", job_item.place, annotator, number, passage, pair.question, pair.answer),
                    "item": job_item.place,
                    "annotator": annotator,
                    "scope": pair.scope,
                    "simulated": answer.worker.simulated,
                },
            }
