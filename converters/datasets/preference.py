"""Rows of ``preference``: one preference pair a row, in TRL's explicit-prompt conversational format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..judgement.criteria import Criterion
from ..judgement.pairing import PreferencePair, margin, preference_pairs
from .opinions import Opinions, Voice
from .options import BuildOptions
from .rows import MESSAGES, Making, quoted, quoted_id

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
    options, kind = making.options, f"pairs ({criterion.name})"
    found: list[tuple[Voice, list[PreferencePair]]] = []
    for voice in opinions.voices(criterion, options.consensus):
        pairs = preference_pairs(
            voice.outcomes,
            opinions.texts,
            making.ledger,
            kind,
            opinions.place,
            strategy=options.pairs,
            near_duplicates=options.near_duplicates,
        )
        found.append((voice, pairs))
    count = sum(len(pairs) for _, pairs in found)
    for voice, pairs in found:
        if pairs:
            yield from _rows(opinions, criterion, making, voice, pairs, 1 / count)


def _rows(
    opinions: Opinions,
    criterion: Criterion,
    making: Making,
    voice: Voice,
    pairs: Sequence[PreferencePair],
    weight: float,
) -> Iterator[dict[str, Any]]:
    """Of one voice. There are more of these rows than of all others, so nothing is looked up for each."""
    place, prompt, replies, models = opinions.place, opinions.prompt, opinions.replies, opinions.models
    annotator = making.names.of(voice.answer) if voice.answer else None
    begun = quoted("preference", place, criterion.name, annotator)
    asked, texts = opinions.quoted_prompt, opinions.quoted_texts
    kind, dimension, simulated = making.options.margin, criterion.name, voice.simulated
    for pair in pairs:
        chosen, rejected, votes_chosen, votes_rejected, votes_tie = pair
        annotators = votes_chosen + votes_rejected + votes_tie
        row: dict[str, Any] = {
            "prompt": prompt,
            "chosen": replies[chosen],
            "rejected": replies[rejected],
            "metadata": {
                "id": quoted_id(begun, f"[{chosen}, {rejected}]", asked, texts[chosen], texts[rejected]),
                "item": place,
                "dimension": dimension,
                "chosen_index": chosen,
                "rejected_index": rejected,
                "chosen_model": models[chosen],
                "rejected_model": models[rejected],
                "votes_chosen": votes_chosen,
                "votes_rejected": votes_rejected,
                "votes_tie": votes_tie,
                "n_annotators": annotators,
                "agreement": votes_chosen / annotators,
                "pair_weight": weight,
                "annotator": annotator,
                "simulated": simulated,
            },
        }
        if kind != "none":
            row["margin"] = margin(kind, pair, voice.scores())
        yield row
