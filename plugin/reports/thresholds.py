"""From where on a figure is worth a sentence, and why. The only place that decides it; the page prints all of it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALL", "Threshold"]


@dataclass(frozen=True)
class Threshold:
    """``value`` of what ``of`` says, and the ``reason`` for that value."""

    value: float
    of: str
    reason: str


RELIABLE = Threshold(
    0.8,
    "alpha from which annotators agree strongly",
    "Krippendorff's own limit for data to be relied upon.",
)
TENTATIVE = Threshold(
    0.667,
    "alpha from which annotators agree well",
    "Krippendorff's limit for tentative conclusions. People who compare good responses rarely get there.",
)
WEAK = Threshold(
    0.4,
    "alpha below which they agree weakly",
    "More than half of what chance would give of disagreement is left: single answers teach a model mostly noise.",
)
POSITION = Threshold(
    0.03,
    "distance from one half of the share in which the response shown first is preferred",
    "A smaller pull is averaged out by a random order, and costs hardly any information.",
)
UNTOUCHED = Threshold(
    0.05,
    "share of orders left as they were shown, above chance",
    "One answer in twenty that nobody gave is as much as one careless annotator in a team of twenty.",
)
LONGER = Threshold(
    0.1,
    "distance from one half of the share in which the longer response is preferred",
    "Longer responses are often better as well; beyond six pairs in ten, length alone predicts too much.",
)
HALO = Threshold(
    0.8,
    "tau-b between two dimensions of one answer",
    "Nine pairs in ten stand in the same order on both: one of the dimensions says little of its own.",
)
TIES = Threshold(
    0.5,
    "share of ties",
    "More than half of the work then gives no preference pair.",
)
CYCLES = Threshold(
    0.05,
    "share of items whose majority runs in a circle",
    "No order fits them; a model of strengths, or of rewards, assumes that there is one.",
)
TOO_FAST = Threshold(
    0.05,
    "share of answers given faster than the text can be read",
    "A few are people who had seen the text before; one in twenty is a habit.",
)
STANDS_OUT = Threshold(
    0.1,
    "distance of an annotator's interval from the figure of all",
    "With many annotators some intervals miss the common figure by chance, but hardly by as much.",
)
LEFT_OUT = Threshold(
    0.1,
    "share of answers that were declined or break a rule",
    "That much work is lost; the instructions or the rules are likely to be misunderstood.",
)
FEW = Threshold(
    30,
    "items below which intervals are only rough",
    "Resampling few items shows too little of what other items would have given.",
)
DUPLICATES = Threshold(
    0.05,
    "share of questions that were asked about the same passage already",
    "Repeated questions weigh more in training than they are worth.",
)
UNEVEN = Threshold(
    0.5,
    "how much less a tenth of the passages may be asked about than another",
    "Half as much is seen with the eye; questions then favour where facts stand in a text.",
)
IMPORTANT = Threshold(
    0.15,
    "share of the judgements that a finding touches, from which it is called important",
    "Findings are ranked by this share. Less than that will hardly turn what a model learns.",
)

ALL = (
    *(RELIABLE, TENTATIVE, WEAK, POSITION, UNTOUCHED, LONGER, HALO, TIES, CYCLES, TOO_FAST, STANDS_OUT, LEFT_OUT),
    *(FEW, DUPLICATES, UNEVEN, IMPORTANT),
)
