"""Rows of ``unpaired``: single responses, desirable or not, in TRL's unpaired preference format (for KTO)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from ..judgement.criteria import Criterion, criteria
from .opinions import Opinions, Scores
from .rows import MESSAGES, Making, quoted, quoted_id

__all__ = ["FEATURES", "unpaired_rows"]

FEATURES: dict[str, Any] = {
    "prompt": MESSAGES,
    "completion": MESSAGES,
    "label": "bool",
    "metadata": {
        "id": "string",
        "item": "string",
        "dimension": "string",
        "index": "int32",
        "model": "string",
        "score": "float64",
        "n_annotators": "int32",
        "simulated": "bool",
    },
}


def unpaired_rows(opinions: Opinions, criterion: Criterion, making: Making) -> Iterator[dict[str, Any]]:
    """The item's desirable and undesirable responses, whatever the consensus: each once, and each text once.

    A response's ``score`` is the mean over its ``n_annotators`` annotators of scaled mid-ranks, 0 best .. 1 worst. The
    best of the item are desirable and the worst undesirable; with a threshold, those as near to either end of the
    scale. For pareto a response must be so on every dimension, and has no score. Every response goes into the ledger
    under ``responses (<criterion>)``.
    """
    kind, threshold = f"responses ({criterion.name})", making.options.threshold
    parts = criteria(criterion.dimensions, "each", {}) if criterion.pareto else (criterion,)
    scales = [_Scale.of(opinions.scores(part), opinions.responses, threshold) for part in parts]
    labels = [_label(scales, response, threshold) for response in range(opinions.responses)]
    for response, label in enumerate(_one_of_each_text(labels, opinions, scales)):
        making.ledger.enter(kind)
        if isinstance(label, str):
            making.ledger.drop(kind, label, opinions.place)
        else:
            making.ledger.leave(kind)
            yield _row(opinions, criterion, response, label, scales)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Each response's mean score, None if nobody gave it one, how many did, and between what means lie the ends."""

    means: tuple[Fraction | None, ...]
    annotators: tuple[int, ...]
    desirable: Fraction
    undesirable: Fraction

    @classmethod
    def of(cls, scores: Sequence[Scores], responses: int, threshold: Fraction | None) -> _Scale:
        given = [[score for one in scores for score in one[i : i + 1] if score is not None] for i in range(responses)]
        means = tuple(_mean(some) if some else None for some in given)
        if threshold is not None:
            ends = threshold, 1 - threshold
        else:
            known = [mean for mean in means if mean is not None]
            ends = min(known, default=Fraction()), max(known, default=Fraction())
        return cls(means, tuple(map(len, given)), *ends)

    def at_ends(self, mean: Fraction) -> tuple[bool, bool]:
        """Whether the mean is at the best end of the scale, and whether at the worst. All equal: at both."""
        return mean <= self.desirable, mean >= self.undesirable


def _mean(scores: Sequence[Fraction]) -> Fraction:
    """Exact, by whole numbers: a sum of fractions reduces each step of the way, which takes three times as long."""
    whole = lcm(*[score.denominator for score in scores])
    return Fraction(sum(score.numerator * (whole // score.denominator) for score in scores), whole * len(scores))


def _label(scales: Sequence[_Scale], response: int, threshold: Fraction | None) -> bool | str:
    """Whether the response is desirable, or why it is neither."""
    best = worst = True
    for scale in scales:
        mean = scale.means[response]
        if mean is None:
            return "that nobody ranked"
        ends = scale.at_ends(mean)
        best, worst = best and ends[0], worst and ends[1]
    if best == worst:
        return "ranked like all others" if best and threshold is None else "in the middle"
    return best


def _one_of_each_text(labels: Sequence[bool | str], opinions: Opinions, scales: Sequence[_Scale]) -> list[bool | str]:
    """The labels, without those of responses that no row may hold. Which of equal texts stays is not their order's."""
    if opinions.job_item.item.responses is None:
        return ["that the manifest no longer holds" if isinstance(label, bool) else label for label in labels]
    taken, texts = list(labels), opinions.texts
    of_text: dict[str, list[int]] = {}
    for response, label in enumerate(labels):
        if isinstance(label, bool):
            of_text.setdefault(texts[response].strip(), []).append(response)
    for text, responses in of_text.items():
        reason = "said by another response as well"
        if not text:
            kept, reason = None, "that are empty"
        elif len({labels[response] for response in responses}) > 1:
            kept, reason = None, "whose text is desirable and undesirable"
        else:
            kept = min(responses, key=lambda i: (texts[i], opinions.models[i] or "", _figures(scales, i)))
        for response in responses:
            taken[response] = labels[response] if response == kept else reason
    return taken


def _figures(scales: Sequence[_Scale], response: int) -> list[tuple[Fraction, int]]:
    return [(scale.means[response] or Fraction(), scale.annotators[response]) for scale in scales]


def _row(
    opinions: Opinions, criterion: Criterion, response: int, label: bool, scales: Sequence[_Scale]
) -> dict[str, Any]:
    begun = quoted("unpaired", opinions.place, criterion.name, response)
    mean = scales[0].means[response] if len(scales) == 1 else None
    return {
        "prompt": opinions.prompt,
        "completion": opinions.replies[response],
        "label": label,
        "metadata": {
            "id": quoted_id(begun, opinions.quoted_prompt, opinions.quoted_texts[response], quoted(label)),
            "item": opinions.place,
            "dimension": criterion.name,
            "index": response,
            "model": opinions.models[response],
            "score": None if mean is None else float(mean),
            "n_annotators": min(scale.annotators[response] for scale in scales),
            "simulated": opinions.simulated,
        },
    }
