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
    """The prompts of a build. A digest of 16 bytes is kept of each, about 100 bytes of memory a prompt."""

    def __init__(self, making: Making):
        self._making = making
        self._seen: set[bytes] = set()

    def rows(self, job_item: JobItem) -> Iterator[dict[str, Any]]:
        """A row for each prompt of the item that no earlier item has; those go into the ledger under ``prompts``.

        ``answers`` are what the item's annotators hold to be right: for a question or a prompt their answers, where the
        model is to ask the questions themselves, for a ranking none. Trainers pass the column to reward functions.
        """
        for prompt, answers in self._prompts(job_item):
            self._making.ledger.enter(_KIND)
            digest = prompt_digest(prompt)
            if digest in self._seen:
                self._making.ledger.drop(_KIND, "of an earlier item as well", job_item.place)
                continue
            self._seen.add(digest)
            self._making.ledger.leave(_KIND)
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
