"""What is said of agreement, per dimension and annotator. Data only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .figures import Figure
from .strengths import Strength

__all__ = ["AnnotatorAgreement", "DimensionAgreement"]


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """How one annotator's answers agree with the others' on the same items.

    ``answers`` that compare responses; ``agreement``: share of verdicts (this annotator's on a pair, against each
    other one's) that are the same; ``tau_b``: mean over others and items; ``ties``: share of the annotator's verdicts
    that are ties. Intervals resample the items that the annotator answered. ``simulated``: whether it is a program.
    """

    name: str
    answers: int
    agreement: Figure
    tau_b: Figure
    ties: Figure
    simulated: bool


@dataclass(frozen=True, slots=True)
class DimensionAgreement:
    """How far annotators agree on one dimension.

    ``items`` with an answer that compares responses, and those ``answers``; ``allow_tie`` as the task asks.
    ``alpha_pair_verdicts`` and ``alpha_midranks``: Krippendorff's alpha, interval metric, over all ordered pairs of
    responses and over responses; n counts unordered pairs, and responses, with two annotators or more.
    ``kendall_w``: mean over the items on which all annotators ranked all responses, of the most frequent number of
    them (of equals the larger, at least two), ``kendall_w_annotators``; its chance level is ``kendall_w_chance``.
    Items on which all tie all have no W and are left out, as n says. ``mean_spearman`` is (m W - 1) / (m - 1) of it.
    ``tau_b``: mean over two annotators and items, of those where it is defined. ``verdict_agreement``: of all verdicts
    of two annotators on the same pair, the share that is the same. ``ties``: share of verdicts that are ties.
    ``majority_cycles``: of the items with three responses and two annotators or more, the share whose majorities
    (equal votes are none) run in a circle.
    """

    name: str
    allow_tie: bool
    items: int
    answers: int
    alpha_pair_verdicts: Figure
    alpha_midranks: Figure
    kendall_w: Figure
    kendall_w_annotators: int | None
    kendall_w_chance: float | None
    mean_spearman: Figure
    tau_b: Figure
    verdict_agreement: Figure
    ties: Figure
    majority_cycles: Figure
    annotators: tuple[AnnotatorAgreement, ...]
    strengths: tuple[Strength, ...]
    tie_parameter: Figure | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        plain = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
