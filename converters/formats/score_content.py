"""The numbers that annotators gave responses, in gtbridge's own part of a worker response. Ground Truth has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..records import Ranking
from .json_text import LARGEST_NUMBER

__all__ = ["is_number", "scores_to_content", "with_scores"]


def scores_to_content(rankings: Iterable[Ranking]) -> dict[str, list[float | None]] | None:
    """``{"Helpfulness": [4.0, null]}``, by dimension; None if there are no scores."""
    return {ranking.dimension: list(ranking.scores) for ranking in rankings if ranking.scores is not None} or None


def with_scores(rankings: tuple[Ranking, ...], content: Any) -> tuple[Ranking, ...]:
    """The rankings, which have no scores yet, with those from the ``content`` that ``scores_to_content`` gave.

    What fits none is left.
    """
    if not isinstance(content, dict):
        return rankings
    return tuple(replace(ranking, scores=_scores(content.get(ranking.dimension), ranking)) for ranking in rankings)


def _scores(value: Any, ranking: Ranking) -> tuple[float | None, ...] | None:
    fits = isinstance(value, list) and len(value) == len(ranking.ranks)
    return tuple(value) if fits and all(score is None or is_number(score) for score in value) else None


def is_number(value: Any) -> bool:
    """Whether it is a number that a dataset has room for: there are integers that no float holds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER
