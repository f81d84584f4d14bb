"""Rows of ``preference``: one preference pair a row, in TRL's explicit-prompt conversational format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.consensus import count_votes
from ..judgement.pairing import PreferencePair, preference_pairs
from ..ledger import Ledger
from ..records import Answer
from .rows import MESSAGES, JobItem, Pseudonyms, message, row_id

__all__ = ["FEATURES", "preference_rows", "ranks_on"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "chosen": MESSAGES,
    "rejected": MESSAGES,
    "metadata": {
        "id": "string",
        "item": "string",
        "dimension": "string",
        "chosen_index": "int32",
        "rejected_index": "int32",
        "chosen_model": "string",
        "rejected_model": "string",
        "votes_chosen": "int32",
        "votes_rejected": "int32",
        "votes_tie": "int32",
        "n_annotators": "int32",
        "agreement": "float64",
        "pair_weight": "float64",
        "annotator": "string",
        "simulated": "bool",
    },
}


def ranks_on(answer: Answer, dimension: str) -> tuple[int | None, ...] | None:
    """The answer's raw ranks on ``dimension``, None if it has none."""
    return next((ranking.ranks for ranking in answer.rankings if ranking.dimension == dimension), None)


def preference_rows(
    job_item: JobItem, dimension: str, consensus: str, names: Pseudonyms, ledger: Ledger
) -> Iterator[dict[str, Any]]:
    """The item's rows on ``dimension``; what makes no pair goes into the ledger under ``pairs (<dimension>)``.

    ``consensus`` is ``majority`` (all annotators vote on each pair) or ``none`` (each annotator's own pairs, each a
    row with an ``annotator``). The rows of one item stand together; their ``pair_weight`` adds up to 1.
    """
    answers = [answer for answer in job_item.judged.valid if ranks_on(answer, dimension)]
    groups = [[answer] for answer in answers] if consensus == "none" else [answers]
    found: list[tuple[PreferencePair, str | None]] = []
    for group in groups:
        votes = count_votes(ranks_on(answer, dimension) or () for answer in group)
        annotator = names.of(group[0]) if consensus == "none" else None
        kind = f"pairs ({dimension})"
        for pair in preference_pairs(votes, job_item.item.responses or (), ledger, kind, job_item.place):
            found.append((pair, annotator))
    for pair, annotator in found:
        yield _row(job_item, dimension, pair, annotator, 1 / len(found))


def _row(
    job_item: JobItem, dimension: str, pair: PreferencePair, annotator: str | None, weight: float
) -> dict[str, Any]:
    item = job_item.item
    responses, positions = item.responses or (), (pair.chosen, pair.rejected)
    models = item.models if item.models and len(item.models) == len(responses) else None
    chosen, rejected = responses[pair.chosen], responses[pair.rejected]
    return {
        "prompt": message("user", item.text),
        "chosen": message("assistant", chosen),
        "rejected": message("assistant", rejected),
        "metadata": {
            "id": row_id("preference", job_item.place, dimension, annotator, *positions, item.text, chosen, rejected),
            "item": job_item.place,
            "dimension": dimension,
            "chosen_index": pair.chosen,
            "rejected_index": pair.rejected,
            "chosen_model": models[pair.chosen] if models else None,
            "rejected_model": models[pair.rejected] if models else None,
            "votes_chosen": pair.votes_chosen,
            "votes_rejected": pair.votes_rejected,
            "votes_tie": pair.votes_tie,
            "n_annotators": pair.annotators,
            "agreement": pair.votes_chosen / pair.annotators,
            "pair_weight": weight,
            "annotator": annotator,
            "simulated": job_item.simulated,
        },
    }
