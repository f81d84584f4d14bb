"""Rows of ``sft``: prompt and completion, in TRL's conversational prompt-completion format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.criteria import Criterion
from ..judgement.job_item import JobItem
from .opinions import Opinions
from .rows import MESSAGES, SECTIONS, Making, message, prompt_messages, row_id, section_rows
from .templates import filled

__all__ = ["FEATURES", "best_response", "best_response_rows", "question_rows"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "completion": MESSAGES,
    "metadata": {
        "id": "string",
        "item": "string",
        "dimension": "string",
        "question": "string",
        "tags": ["string"],
        "sections": SECTIONS,
        "annotator": "string",
        "simulated": "bool",
    },
}


def question_rows(job_item: JobItem, making: Making) -> Iterator[dict[str, Any]]:
    """A row for each pair of question and answer, by the template for the options' ``direction`` and ``context``.

    Pairs go into the ledger under ``questions``.
    """
    for answer in job_item.judged.valid:
        annotator = making.names.of(answer)
        for number, pair in enumerate(answer.pairs):
            making.ledger.enter("questions")
            turns = filled(pair, job_item.item.text, making.options)
            if turns is None:
                making.ledger.drop("questions", "that link no section", job_item.place)
                continue
            making.ledger.leave("questions")
            yield {
                "prompt": message("user", turns[0]),
                "completion": message("assistant", turns[1]),
                "metadata": {
                    "id": row_id("sft", job_item.place, annotator, number, *turns),
                    "item": job_item.place,
                    "dimension": None,
                    "question": pair.question,
                    "tags": list(pair.tags),
                    "sections": section_rows(pair),
                    "annotator": annotator,
                    "simulated": answer.worker.simulated,
                },
            }


def best_response(opinions: Opinions, criterion: Criterion) -> int | None:
    """The response that beats every other by majority; None if there is none, whatever an order of all may say."""
    count = len(opinions.job_item.item.responses or ())
    wins = [0] * count
    for (first, second), outcome in opinions.outcomes(criterion, "majority").items() if count else ():
        wins[first] += outcome.sign == 1
        wins[second] += outcome.sign == -1
    return next((index for index in range(count) if wins[index] == count - 1 > 0), None)


def best_response_rows(opinions: Opinions, criterion: Criterion, making: Making) -> Iterator[dict[str, Any]]:
    """The prompt with its best response by ``criterion``, if one beats all others; else it is in the ledger."""
    job_item, kind = opinions.job_item, f"best responses ({criterion.name})"
    making.ledger.enter(kind)
    best = best_response(opinions, criterion)
    text = "" if best is None else (job_item.item.responses or ())[best]
    if best is None or not text.strip():
        reason = "no response beats all others by majority" if best is None else "the best response is empty"
        if job_item.item.responses is None:
            reason = "the manifest no longer holds the responses"
        making.ledger.drop(kind, reason, job_item.place)
        return
    making.ledger.leave(kind)
    prompt = prompt_messages(job_item.item)
    yield {
        "prompt": prompt,
        "completion": message("assistant", text),
        "metadata": {
            "id": row_id("sft", job_item.place, criterion.name, prompt, text),
            "item": job_item.place,
            "dimension": criterion.name,
            "question": None,
            "tags": [],
            "sections": [],
            "annotator": None,
            "simulated": job_item.simulated,
        },
    }
