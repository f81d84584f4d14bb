"""What every Label Studio annotation says beside its result: who gave it, when, and whether it was given at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..records import Answer, Worker
from .score_content import is_number
from .sent_back import SENT_BACK, was_sent_back

__all__ = ["DERIVED", "as_stored", "read_envelope", "read_seconds", "read_submitted", "submission_order"]

# What the server derives for display; the first holds an e-mail address.
DERIVED = ("created_username", "created_ago")


def read_envelope(annotation: Mapping[str, Any], worker: Worker) -> Answer:
    """The answer of ``worker`` without what its result says: times, raw, and the status.

    A cancelled annotation is a declined answer, with the reason ``SENT_BACK`` if it was sent back.
    """
    raw = as_stored(annotation)
    declined = bool(annotation.get("was_cancelled"))
    return Answer(
        worker=worker,
        status="declined" if declined else "given",
        reason=SENT_BACK if was_sent_back(raw) else None,
        submitted=read_submitted(annotation),
        seconds=read_seconds(annotation),
        raw=raw,
    )


def as_stored(annotation: Mapping[str, Any]) -> dict[str, Any]:
    """The annotation without what the server derives, which names people: with the number of the account alone."""
    raw = dict(annotation)
    for key in DERIVED:
        raw.pop(key, None)
    if isinstance(raw.get("completed_by"), dict):
        raw["completed_by"] = raw["completed_by"].get("id")
    return raw


def read_submitted(annotation: Mapping[str, Any]) -> str | None:
    """When it was submitted, as it stands there; None if that is no text."""
    value = annotation.get("created_at")
    return value if isinstance(value, str) else None


def read_seconds(annotation: Mapping[str, Any]) -> float | None:
    """How long it took; None if that is no number of a size that a time may have."""
    value = annotation.get("lead_time")
    return value if is_number(value) else None


def submission_order(annotation: Mapping[str, Any]) -> tuple[str, int]:
    """What annotations are sorted by to stand in the order of their submission."""
    number = annotation.get("id")
    return str(annotation.get("created_at")), number if isinstance(number, int) else 0
