"""Rows of ``ties``: two responses that annotators hold to be equally good. Never training pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.consensus import Votes
from ..judgement.criteria import Criterion
from ..judgement.pairing import ties
from .opinions import Opinions, Voice
from .rows import MESSAGES, Making, quoted, quoted_id

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
        for first, second, votes in ties(voice.outcomes, opinions.texts):
            yield _row(opinions, criterion, (first, second), votes, voice, making)


def _row(
    opinions: Opinions, criterion: Criterion, pair: tuple[int, int], votes: Votes, voice: Voice, making: Making
) -> dict[str, Any]:
    place, (a, b), texts = opinions.place, pair, opinions.quoted_texts
    annotator = making.names.of(voice.answer) if voice.answer else None
    begun = quoted("ties", place, criterion.name, annotator, pair)
    return {
        "prompt": opinions.prompt,
        "response_a": opinions.texts[a],
        "response_b": opinions.texts[b],
        "metadata": {
            "id": quoted_id(begun, opinions.quoted_prompt, texts[a], texts[b]),
            "item": place,
            "dimension": criterion.name,
            "index_a": a,
            "index_b": b,
            "model_a": opinions.models[a],
            "model_b": opinions.models[b],
            "votes_a": votes.first,
            "votes_b": votes.second,
            "votes_tie": votes.tie,
            "n_annotators": votes.annotators,
            "annotator": annotator,
            "simulated": voice.simulated,
        },
    }
