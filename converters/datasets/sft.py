"""Rows of ``sft``: prompt and completion, in TRL's conversational prompt-completion format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.criteria import Criterion
from ..judgement.job_item import JobItem
from .best_response import learnable_response
from .opinions import Opinions
from .rows import MESSAGES, SECTIONS, Making, message, quoted, quoted_id, row_id, section_rows
from .templates import asked_turns

__all__ = ["FEATURES", "best_response_rows", "question_rows"]

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

    Where annotators answered prompts, the prompt as it stands with each answer. Pairs go into the ledger under
    ``questions``, answers to prompts under ``completions``.
    """
    kind = "completions" if job_item.answers_prompt else "questions"
    for answer in job_item.judged.valid:
        annotator = making.names.of(answer)
        for number, pair in enumerate(answer.pairs):
            making.ledger.enter(kind)
            turns = asked_turns(job_item, pair, making.options)
            if turns is None:
                making.ledger.drop(kind, "that link no section", job_item.place)
                continue
            making.ledger.leave(kind)
            prompt, completion = turns
            asked = prompt if job_item.answers_prompt else prompt[0]["content"]
            yield {
                "prompt": prompt,
                "completion": message("assistant", completion),
                "metadata": {
                    "id": row_id("sft", job_item.place, annotator, number, asked, completion),
                    "item": job_item.place,
                    "dimension": None,
                    "question": pair.question or None,
                    "tags": list(pair.tags),
                    "sections": section_rows(pair),
                    "annotator": annotator,
                    "simulated": answer.worker.simulated,
                },
            }


def best_response_rows(opinions: Opinions, criterion: Criterion, making: Making) -> Iterator[dict[str, Any]]:
    """The prompt with its best response by ``criterion``, if there is one to learn; else it is in the ledger."""
    kind = f"best responses ({criterion.name})"
    making.ledger.enter(kind)
    best = learnable_response(opinions, criterion)
    if isinstance(best, str):
        making.ledger.drop(kind, best, opinions.place)
        return
    making.ledger.leave(kind)
    begun = quoted("sft", opinions.place, criterion.name)
    yield {
        "prompt": opinions.prompt,
        "completion": opinions.replies[best],
        "metadata": {
            "id": quoted_id(begun, opinions.quoted_prompt, opinions.quoted_texts[best]),
            "item": opinions.place,
            "dimension": criterion.name,
            "question": None,
            "tags": [],
            "sections": [],
            "annotator": None,
            "simulated": opinions.simulated,
        },
    }
