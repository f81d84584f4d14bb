"""The numbers of an audit -> what they say, in sentences, the weightiest first. Decides by thresholds.py alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .page import Text
from .thresholds import IMPORTANT
from .wording import Numbers

__all__ = ["Advice", "Finding", "Findings", "findings"]


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it.

    ``weight`` is about the share of the judgements that it touches. What is ``fine`` or ``unknown`` touches none.
    ``section`` is the id of the section that shows it.
    """

    kind: Literal["wrong", "fine", "unknown"]
    weight: float
    text: Text
    advice: str
    section: str


@dataclass(frozen=True)
class Advice:
    """What to do about one or several findings, the weightiest first."""

    advice: str
    found: tuple[Finding, ...]

    @property
    def weight(self) -> float:
        """That of the weightiest."""
        return self.found[0].weight

    @property
    def important(self) -> bool:
        """Whether it is more than something to keep in mind."""
        return self.weight >= IMPORTANT.value


@dataclass(frozen=True)
class Findings:
    """All findings: ``wrong`` by weight, the others in the order of the page."""

    wrong: tuple[Advice, ...]
    fine: tuple[Finding, ...]
    unknown: tuple[Advice, ...]


def findings(numbers: Numbers) -> Findings:
    """What the numbers (``AuditResult.to_dict()``) say."""
    from . import findings_answers, findings_ranking

    found = [*findings_answers.found(numbers), *findings_ranking.found(numbers)]
    wrong, fine, unknown = ([one for one in found if one.kind == kind] for kind in ("wrong", "fine", "unknown"))
    return Findings(_by_advice(wrong), tuple(fine), _by_advice(unknown))


def _by_advice(found: Iterable[Finding]) -> tuple[Advice, ...]:
    """The same advice is given once, for all that it is about."""
    groups: dict[str, list[Finding]] = {}
    for one in sorted(found, key=lambda one: -one.weight):
        groups.setdefault(one.advice, []).append(one)
    return tuple(Advice(advice, tuple(group)) for advice, group in groups.items())
