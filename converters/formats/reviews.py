"""What reviewers said of an annotation, in exports of Label Studio Enterprise. Knows the shapes; decides nothing.

Sources: the review of an annotation in Label Studio's API (``AnnotationReview`` in label-studio-sdk 2.1: ``accepted``,
``created_by``, ``created_at``, ``fixed_annotation_history``), which exports hold in the annotation's ``reviews``, and
the annotation's ``last_action`` (``tasks/choices.py``), which is all that there is where they are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Review", "last_review", "with_correction", "without_reviewers"]

_BY_ACTION = {"accepted": (True, False), "fixed_and_accepted": (True, True), "rejected": (False, False)}
_CORRECTIONS = ("fixed_annotation_history_result", "result")
_GIVEN = "result_before_review"


@dataclass(frozen=True, slots=True)
class Review:
    """The last word on an annotation. ``corrected``: the reviewer changed it; ``result`` is to what, if that is known.

    ``accepted`` is None of a review that says neither.
    """

    accepted: bool | None
    corrected: bool = False
    result: list[Any] | None = None


def last_review(annotation: Mapping[str, Any]) -> Review | None:
    """The annotation's latest review; None if it has none. One that its annotator skipped has none either."""
    if annotation.get("was_cancelled"):
        return None
    reviews = [review for review in _listed(annotation) if isinstance(review, dict)]
    if not reviews:
        known = _BY_ACTION.get(str(annotation.get("last_action")))
        return Review(*known) if known else None
    last = max(reviews, key=_time)
    accepted = last.get("accepted")
    changed = next((last[key] for key in _CORRECTIONS if isinstance(last.get(key), list)), None)
    corrected = changed is not None or last.get("fixed_annotation_history") is not None
    return Review(accepted if isinstance(accepted, bool) else None, corrected, changed)


def with_correction(annotation: Mapping[str, Any], review: Review) -> Mapping[str, Any]:
    """The annotation as its reviewer left it; what its annotator gave stays beside it."""
    if review.result is None:
        return annotation
    return {**annotation, "result": review.result, _GIVEN: annotation.get("result")}


def without_reviewers(annotation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The annotation with the numbers of its reviewers' accounts in place of their names and addresses."""
    if not _listed(annotation):
        return annotation
    return {**annotation, "reviews": [_numbered(review) for review in _listed(annotation)]}


def _numbered(review: Any) -> Any:
    by = review.get("created_by") if isinstance(review, dict) else None
    return {**review, "created_by": by.get("id")} if isinstance(by, dict) else review


def _listed(annotation: Mapping[str, Any]) -> list[Any]:
    reviews = annotation.get("reviews")
    return reviews if isinstance(reviews, list) else []


def _time(review: Mapping[str, Any]) -> tuple[str, int]:
    number = review.get("id")
    return str(review.get("created_at") or ""), number if isinstance(number, int) else 0
