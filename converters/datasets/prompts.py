"""Rows of ``prompts``: prompt-only, each prompt once, for methods that write the responses themselves (GRPO)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...label_configs.tasks import TextRanking
from ..judgement.job_item import JobItem
from .rows import MESSAGES, Making, prompt_digest, prompt_messages, row_id
from .templates import asked_turns

__all__ = ["FEATURES", "Prompts"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "answers": ["string"],
    "metadata": {"id": "string", "item": "string", "simulated": "bool"},
}
_KIND = "prompts"


class Prompts:
    """The prompts of items. That none stands twice in a dataset is for ``Gate`` to see to."""

    def __init__(self, making: Making):
        self._making = making

    def rows(self, job_item: JobItem) -> Iterator[dict[str, Any]]:
        """A row for each prompt of the item, which come into the ledger under ``prompts``.

        ``answers`` are what the item's annotators hold to be right: for a question or a prompt their answers, where the
        model is to ask the questions themselves, for a ranking none. Trainers pass the column to reward functions.
        """
        for prompt, answers in self._prompts(job_item):
            self._making.ledger.enter(_KIND)
            yield {
                "prompt": prompt,
                "answers": answers,
                "metadata": {
                    "id": row_id("prompts", job_item.place, prompt),
                    "item": job_item.place,
                    "simulated": job_item.simulated,
                },
            }

    def _prompts(self, job_item: JobItem) -> list[tuple[list[dict[str, str]], list[str]]]:
        """The item's prompts, each once, with the distinct answers to it, in the order in which they were given."""
        if isinstance(job_item.definition, TextRanking):
            return [(prompt_messages(job_item.item), [])]
        found: dict[bytes, tuple[list[dict[str, str]], list[str]]] = {}
        for pair in (pair for answer in job_item.judged.valid for pair in answer.pairs):
            turns = asked_turns(job_item, pair, self._making.options)
            if turns is not None:
                prompt, completion = turns
                _, answers = found.setdefault(prompt_digest(prompt), (prompt, []))
                if completion not in answers:
                    answers.append(completion)
        return list(found.values())
