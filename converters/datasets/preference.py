"""Rows of ``preference``: one preference pair a row, in TRL's explicit-prompt conversational format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..judgement.criteria import Criterion
from ..judgement.pairing import PreferencePair, margin, preference_pairs
from .opinions import Opinions, Voice
from .options import BuildOptions
from .rows import MESSAGES, Making, message, model_of, prompt_messages, row_id

__all__ = ["features", "preference_rows"]

_METADATA: dict[str, Any] = {
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
}


def features(options: BuildOptions) -> dict[str, Any]:
    """The columns. ``margin`` is there only if it was asked for: reward trainers act on a column of that name."""
    margins = {} if options.margin == "none" else {"margin": "float64"}
    return {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, **margins, "metadata": _METADATA}


def preference_rows(opinions: Opinions, criterion: Criterion, making: Making) -> Iterator[dict[str, Any]]:
    """The item's rows by ``criterion``; what makes no pair goes into the ledger under ``pairs (<criterion>)``.

    Each pair is what all annotators say together, or with the consensus ``none`` what one says, who is named in
    ``annotator``. ``n_annotators`` compared both responses, ``agreement`` is the share of them who prefer the chosen
    one. The rows of one item stand together; their ``pair_weight`` adds up to 1.
    """
    job_item, options = opinions.job_item, making.options
    found: list[tuple[PreferencePair, Voice]] = []
    for voice in opinions.voices(criterion, options.consensus):
        pairs = preference_pairs(
            voice.outcomes,
            job_item.item.responses or (),
            making.ledger,
            f"pairs ({criterion.name})",
            job_item.place,
            strategy=options.pairs,
            near_duplicates=options.near_duplicates,
        )
        found.extend((pair, voice) for pair in pairs)
    for pair, voice in found:
        row = _row(opinions, criterion, pair, voice, making)
        row["metadata"]["pair_weight"] = 1 / len(found)
        if options.margin != "none":
            row["margin"] = margin(options.margin, pair, voice.scores())
        yield row


def _row(
    opinions: Opinions, criterion: Criterion, pair: PreferencePair, voice: Voice, making: Making
) -> dict[str, Any]:
    place, item = opinions.job_item.place, opinions.job_item.item
    prompt, responses = prompt_messages(item), item.responses or ()
    chosen, rejected = responses[pair.chosen], responses[pair.rejected]
    annotator = making.names.of(voice.answer) if voice.answer else None
    indices = pair.chosen, pair.rejected
    return {
        "prompt": prompt,
        "chosen": message("assistant", chosen),
        "rejected": message("assistant", rejected),
        "metadata": {
            "id": row_id("preference", place, criterion.name, annotator, indices, prompt, chosen, rejected),
            "item": place,
            "dimension": criterion.name,
            "chosen_index": pair.chosen,
            "rejected_index": pair.rejected,
            "chosen_model": model_of(item, pair.chosen),
            "rejected_model": model_of(item, pair.rejected),
            "votes_chosen": pair.votes_chosen,
            "votes_rejected": pair.votes_rejected,
            "votes_tie": pair.votes_tie,
            "n_annotators": pair.annotators,
            "agreement": pair.votes_chosen / pair.annotators,
            "annotator": annotator,
            "simulated": voice.simulated,
        },
    }
