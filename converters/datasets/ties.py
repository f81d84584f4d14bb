"""Rows of ``ties``: two responses that annotators hold to be equally good. Never training pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.consensus import Votes
from ..judgement.criteria import Criterion
from ..judgement.pairing import ties
from .opinions import Opinions, Voice
from .rows import MESSAGES, Making, model_of, prompt_messages, row_id

__all__ = ["FEATURES", "tie_rows"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "response_a": "string",
    "response_b": "string",
    "metadata": {
        "id": "string",
        "item": "string",
        "dimension": "string",
        "index_a": "int32",
        "index_b": "int32",
        "model_a": "string",
        "model_b": "string",
        "votes_a": "int32",
        "votes_b": "int32",
        "votes_tie": "int32",
        "n_annotators": "int32",
        "annotator": "string",
        "simulated": "bool",
    },
}


def tie_rows(opinions: Opinions, criterion: Criterion, making: Making) -> Iterator[dict[str, Any]]:
    """A row for each tie of the item, of all annotators together or, with the consensus ``none``, of each.

    A tie is a pair that all call equal, or on which votes are equal; a and b stand in the order of the item.
    """
    for voice in opinions.voices(criterion, making.options.consensus):
        for first, second, votes in ties(voice.outcomes, opinions.job_item.item.responses or ()):
            yield _row(opinions, criterion, (first, second), votes, voice, making)


def _row(
    opinions: Opinions, criterion: Criterion, pair: tuple[int, int], votes: Votes, voice: Voice, making: Making
) -> dict[str, Any]:
    place, item = opinions.job_item.place, opinions.job_item.item
    prompt, (a, b) = prompt_messages(item), ((item.responses or ())[index] for index in pair)
    annotator = making.names.of(voice.answer) if voice.answer else None
    return {
        "prompt": prompt,
        "response_a": a,
        "response_b": b,
        "metadata": {
            "id": row_id("ties", place, criterion.name, annotator, pair, prompt, a, b),
            "item": place,
            "dimension": criterion.name,
            "index_a": pair[0],
            "index_b": pair[1],
            "model_a": model_of(item, pair[0]),
            "model_b": model_of(item, pair[1]),
            "votes_a": votes.first,
            "votes_b": votes.second,
            "votes_tie": votes.tie,
            "n_annotators": votes.annotators,
            "annotator": annotator,
            "simulated": voice.simulated,
        },
    }
