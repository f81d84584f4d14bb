"""What an audit found, as data: the names are those of ``gtbridge audit --json``. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..agreement.figures import Figure
from ..agreement.results import DimensionAgreement
from .result_questions import Questions
from .result_remarks import Remarks

__all__ = [
    "Annotator",
    "Answers",
    "AuditResult",
    "DimensionAudit",
    "Halo",
    "Job",
    "Longer",
    "Position",
    "RatioBin",
    "Seconds",
    "TooFast",
    "TooFastExample",
    "Untouched",
]


@dataclass(frozen=True, slots=True)
class Job:
    """A labeling job. ``answers`` are those that count, ``simulated`` and ``annotators`` are of them."""

    name: str
    task: str
    items: int
    items_answered: int
    answers: int
    declined: int
    invalid: int
    annotators: int
    simulated: int


@dataclass(frozen=True, slots=True)
class Position:
    """Whether the place on the screen matters.

    ``first_shown_preferred``: of the decided pairs of answers whose shown order is known, the share in which the
    response shown earlier is preferred; 0.5 without bias in random order. ``mean_midrank_by_place``: mean scaled
    mid-rank (0 best, 1 worst) of the responses shown at each place, first place first, for the most frequent number
    of responses. ``orders_known``: share of answers with a recorded order, 0 of none. ``shown_at_random``: whether
    orders are recorded and every task that they come from shuffles its responses.
    """

    first_shown_preferred: Figure
    mean_midrank_by_place: tuple[Figure, ...]
    orders_known: float
    shown_at_random: bool


@dataclass(frozen=True, slots=True)
class Untouched:
    """``share`` of the answers that stand as they were shown, and the ``chance`` of that: mean 1/n! over them all."""

    share: Figure
    chance: float


@dataclass(frozen=True, slots=True)
class RatioBin:
    """``share`` of preferences for the longer response where it is ``from_`` to below ``to`` times as long."""

    from_: float
    to: float | None
    share: Figure


@dataclass(frozen=True, slots=True)
class Longer:
    """Of the decided pairs of responses with different lengths, the share in which the longer one is preferred."""

    longer_preferred: Figure
    by_ratio: tuple[RatioBin, ...]
    unit: str = "words"


@dataclass(frozen=True, slots=True)
class DimensionAudit:
    """One dimension, of all jobs that have one of its name. ``untouched`` is None where nothing can be said of it."""

    agreement: DimensionAgreement
    position: Position
    untouched: Untouched | None
    longer: Longer

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, those of the agreement among the others."""
        biases = {"position": self.position, "untouched": self.untouched, "longer": self.longer}
        return {**self.agreement.to_dict(), **_plain(biases)}


@dataclass(frozen=True, slots=True)
class Halo:
    """Two dimensions of the same answers, over the responses that an answer ranks on both, two or more.

    ``same_order``: share of answers with the same weak order on both. ``tau_b``: mean of those for which it is
    defined: not where an answer ties all of them on one.
    """

    dimensions: tuple[str, str]
    same_order: Figure
    tau_b: Figure


@dataclass(frozen=True, slots=True)
class Seconds:
    """A histogram in logarithmic bins: ``counts[i]`` from ``edges[i]`` to below ``edges[i + 1]``; empty of none.

    The first bin holds what is shorter as well: a time of 0 has no place on a logarithmic axis.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooFastExample:
    """An answer that took ``seconds`` where ``words`` were to be read."""

    item: str
    annotator: str
    seconds: float
    words: int


@dataclass(frozen=True, slots=True)
class TooFast:
    """Answers faster than the words shown can be read: ``answers`` of them, the fastest for their words in examples.

    ``share`` is of the answers whose time and words are known.
    """

    words_per_minute: float
    share: Figure
    answers: int
    examples: tuple[TooFastExample, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The time that answers took. Quartiles are 25 %, 50 % and 75 %; None where no time is known."""

    with_time: int
    median_seconds: float | None
    quartiles: tuple[float, float, float] | None
    seconds: Seconds
    too_fast: TooFast


@dataclass(frozen=True, slots=True)
class Annotator:
    """One annotator. ``answers`` are those that count, ``declined_for`` counts those of ``declined`` with a reason.

    ``too_fast`` and ``untouched`` count answers (untouched on some dimension); None where nothing is known of any.
    ``ties`` and ``agreement`` are by dimension, of the dimensions that the annotator ranked on.
    """

    name: str
    simulated: bool
    answers: int
    declined: int
    declined_for: Mapping[str, int]
    invalid: int
    median_seconds: float | None
    too_fast: int | None
    untouched: int | None
    ties: Mapping[str, Figure]
    agreement: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything. Jobs and dimensions in order of appearance, annotators by name; ``questions`` None without any, and
    ``remarks`` where no task asks for any.
    """

    jobs: tuple[Job, ...]
    dimensions: tuple[DimensionAudit, ...]
    halo: tuple[Halo, ...]
    answers: Answers
    annotators: tuple[Annotator, ...]
    questions: Questions | None
    remarks: Remarks | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: what ``gtbridge audit --json`` prints."""
        plain: dict[str, Any] = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, DimensionAudit):
        return value.to_dict()
    if is_dataclass(value):
        return {field.name.removesuffix("_"): _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value
