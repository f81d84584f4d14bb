"""Rows of ``ranking``: one item a row with all responses and every annotator's ranks, ties kept. Lossless, listwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...label_configs.tasks import TextRanking
from ..judgement.consensus import count_votes, majority_ranks
from ..judgement.ranks import dense_ranks
from .preference import ranks_on
from .rows import MESSAGES, JobItem, Pseudonyms, message, row_id

__all__ = ["FEATURES", "ranking_rows"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "responses": ["string"],
    "rankings": [{"dimension": "string", "annotator": "string", "ranks": ["int32"]}],
    "consensus": [{"dimension": "string", "ranks": ["int32"]}],
    "metadata": {
        "id": "string",
        "item": "string",
        "models": ["string"],
        "fields": "string",
        "n_annotators": "int32",
        "simulated": "bool",
    },
}


def ranking_rows(job_item: JobItem, names: Pseudonyms, fields: str | None = None) -> Iterator[dict[str, Any]]:
    """The item's row, unless nobody ranked it.

    ``ranks`` are dense (1 is best, null not ranked). ``consensus`` has the order that agrees with the majority on
    every pair, for the dimensions that have one. ``fields`` are the item's other fields, as JSON.
    """
    item, answers = job_item.item, job_item.judged.valid
    if not answers or not isinstance(job_item.definition, TextRanking):
        return
    consensus = []
    for dimension in job_item.definition.dimensions:
        given = [ranks_on(answer, dimension.name) or () for answer in answers]
        ranks = majority_ranks(count_votes(given), max(map(len, given)))
        if ranks:  # a dimension that nobody ranked has an empty order of no responses
            consensus.append({"dimension": dimension.name, "ranks": list(ranks)})
    yield {
        "prompt": message("user", item.text),
        "responses": list(item.responses or ()),
        "rankings": [
            {
                "dimension": ranking.dimension,
                "annotator": names.of(answer),
                "ranks": list(dense_ranks(ranking.ranks)),
            }
            for answer in answers
            for ranking in answer.rankings
        ],
        "consensus": consensus,
        "metadata": {
            "id": row_id("ranking", job_item.place, item.text, *(item.responses or ())),
            "item": job_item.place,
            "models": list(item.models) if item.models else None,
            "fields": fields,
            "n_annotators": len(answers),
            "simulated": job_item.simulated,
        },
    }
