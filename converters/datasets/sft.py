"""Rows of ``sft``: prompt and completion, in TRL's conversational prompt-completion format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.consensus import count_votes
from ..ledger import Ledger
from .preference import ranks_on
from .rows import MESSAGES, JobItem, Pseudonyms, message, row_id

__all__ = ["FEATURES", "QUESTION_TEMPLATE", "best_response", "best_response_rows", "question_rows"]

QUESTION_TEMPLATE = "Answer the question from the passage.\n\nPassage:\n{passage}\n\nQuestion: {question}"

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "completion": MESSAGES,
    "metadata": {
        "id": "string",
        "item": "string",
        "dimension": "string",
        "question": "string",
        "tags": ["string"],
        "sections": [{"start": "int32", "end": "int32", "text": "string"}],
        "annotator": "string",
        "simulated": "bool",
    },
}


def question_rows(job_item: JobItem, names: Pseudonyms, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """A row for each pair of question and answer: the user turn fills QUESTION_TEMPLATE, the answer completes it."""
    for answer in job_item.judged.valid:
        annotator = names.of(answer)
        for number, pair in enumerate(answer.pairs):
            ledger.enter("questions")
            ledger.leave("questions")
            content = QUESTION_TEMPLATE.format(passage=job_item.item.text, question=pair.question)
            yield {
                "prompt": message("user", content),
                "completion": message("assistant", pair.answer),
                "metadata": {
                    "id": row_id("sft", job_item.place, annotator, number, pair.question, pair.answer),
                    "item": job_item.place,
                    "dimension": None,
                    "question": pair.question,
                    "tags": list(pair.tags),
                    "sections": [{"start": s.start, "end": s.end, "text": s.text} for s in pair.sections],
                    "annotator": annotator,
                    "simulated": answer.worker.simulated,
                },
            }


def best_response(job_item: JobItem, dimension: str) -> int | None:
    """The response that beats every other by majority on ``dimension``; None if there is none."""
    count = len(job_item.item.responses or ())
    if count < 2:
        return None
    votes = count_votes(ranks_on(answer, dimension) or () for answer in job_item.judged.valid)
    wins = [0] * count
    for (first, second), vote in votes.items():
        wins[first] += vote.verdict == 1
        wins[second] += vote.verdict == -1
    return next((index for index in range(count) if wins[index] == count - 1), None)


def best_response_rows(job_item: JobItem, dimension: str, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """The prompt with its best response on ``dimension``, if one response beats all others."""
    kind = f"best responses ({dimension})"
    ledger.enter(kind)
    best = best_response(job_item, dimension)
    text = "" if best is None else (job_item.item.responses or ())[best]
    if best is None or not text.strip():
        reason = "no response beats all others by majority" if best is None else "the best response is empty"
        if job_item.item.responses is None:
            reason = "the manifest no longer holds the responses"
        ledger.drop(kind, reason, job_item.place)
        return
    ledger.leave(kind)
    yield {
        "prompt": message("user", job_item.item.text),
        "completion": message("assistant", text),
        "metadata": {
            "id": row_id("sft", job_item.place, dimension, job_item.item.text, text),
            "item": job_item.place,
            "dimension": dimension,
            "question": None,
            "tags": [],
            "sections": [],
            "annotator": None,
            "simulated": job_item.simulated,
        },
    }
