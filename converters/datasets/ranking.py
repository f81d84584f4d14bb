"""Rows of ``ranking``: one item a row with all responses and every annotator's ranks, ties kept. Lossless, listwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...label_configs.tasks import TextRanking
from ..judgement.consensus import AGAINST_MAJORITY, ranks_of
from ..judgement.criteria import Criterion
from ..judgement.ranks import dense_ranks
from .opinions import Opinions
from .rows import MESSAGES, Making, quoted, quoted_id

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


def ranking_rows(opinions: Opinions, making: Making, fields: str | None) -> Iterator[dict[str, Any]]:
    """The item's row.

    ``ranks`` are dense (1 is best, null not ranked). ``consensus`` has, for the dimensions that have one, the weak
    order that says of every pair what all annotators say together: by majority where pairs are each annotator's own.
    An order that a majority is against on some pair is left out. ``fields`` are the item's other fields, as JSON.
    """
    job_item = opinions.job_item
    item, answers = job_item.item, job_item.judged.valid
    texts = quoted(None) if item.responses is None else f"[{', '.join(opinions.quoted_texts)}]"
    yield {
        "prompt": opinions.prompt,
        "responses": list(opinions.texts),
        "rankings": [
            {
                "dimension": ranking.dimension,
                "annotator": making.names.of(answer),
                "ranks": list(dense_ranks(ranking.ranks)),
            }
            for answer in answers
            for ranking in answer.rankings
        ],
        "consensus": list(_consensus(opinions, making.options.consensus)),
        "metadata": {
            "id": quoted_id(quoted("ranking", opinions.place), opinions.quoted_prompt, texts),
            "item": opinions.place,
            "models": list(item.models) if item.models else None,
            "fields": fields,
            "n_annotators": len(answers),
            "simulated": opinions.simulated,
        },
    }


def _consensus(opinions: Opinions, method: str) -> Iterator[dict[str, Any]]:
    task = opinions.job_item.definition
    for dimension in task.dimensions if isinstance(task, TextRanking) else ():
        together = "majority" if method == "none" else method
        outcomes = opinions.outcomes(Criterion(dimension.name, (dimension.name,)), together)
        disputed = any(outcome.reason == AGAINST_MAJORITY for outcome in outcomes.values())  # a tie to nobody
        ranks = ranks_of(outcomes, opinions.responses) if outcomes and not disputed else None
        if ranks:
            yield {"dimension": dimension.name, "ranks": list(ranks)}
