"""Rows of ``squad``: questions whose answer stands in the passage, as `datasets` has SQuAD.

Features: id, title, context, question, answers {text, answer_start}, offsets in code points (rajpurkar/squad on the
Hub), and ``metadata`` beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.extractive import find_answer
from ..judgement.job_item import JobItem
from .rows import Making, row_id

__all__ = ["FEATURES", "squad_rows"]

FEATURES: dict[str, Any] = {
    "id": "string",
    "title": "string",
    "context": "string",
    "question": "string",
    "answers": {"text": ["string"], "answer_start": ["int32"]},
    "metadata": {"item": "string", "how": "string", "tags": ["string"], "annotator": "string", "simulated": "bool"},
}
_KIND = "extractive answers"


def squad_rows(job_item: JobItem, making: Making) -> Iterator[dict[str, Any]]:
    """A row for each pair whose answer is extractive; the others go into the ledger under ``extractive answers``."""
    passage = job_item.item.text
    for answer in job_item.judged.valid:
        annotator = making.names.of(answer)
        for number, pair in enumerate(answer.pairs):
            making.ledger.enter(_KIND)
            found = find_answer(pair, passage)
            if isinstance(found, str):
                making.ledger.drop(_KIND, found, job_item.place)
                continue
            making.ledger.leave(_KIND)
            yield {
                "id": row_id(
                    "squad", job_item.place, annotator, number, passage, pair.question, found.start, found.text
                ),
                "title": job_item.job,
                "context": passage,
                "question": pair.question,
                "answers": {"text": [found.text], "answer_start": [found.start]},
                "metadata": {
                    "item": job_item.place,
                    "how": found.how,
                    "tags": list(pair.tags),
                    "annotator": annotator,
                    "simulated": answer.worker.simulated,
                },
            }
