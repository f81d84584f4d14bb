"""What every Label Studio annotation says beside its result: who gave it, when, and whether it was given at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..records import Answer, Worker
from .sent_back import SENT_BACK, was_sent_back

__all__ = ["DERIVED", "read_envelope", "submission_order"]

# What the server derives for display; the first holds an e-mail address.
DERIVED = ("created_username", "created_ago")


def read_envelope(annotation: Mapping[str, Any], worker: Worker) -> Answer:
    """The answer of ``worker`` without what its result says: times, raw, and the status.

    A cancelled annotation is a declined answer, with the reason ``SENT_BACK`` if it was sent back.
    """
    raw = {key: value for key, value in annotation.items() if key not in DERIVED}
    if isinstance(raw.get("completed_by"), dict):
        raw["completed_by"] = raw["completed_by"].get("id")
    declined = bool(annotation.get("was_cancelled"))
    return Answer(
        worker=worker,
        status="declined" if declined else "given",
        reason=SENT_BACK if was_sent_back(raw) else None,
        submitted=_text(annotation.get("created_at")),
        seconds=_number(annotation.get("lead_time")),
        raw=raw,
    )


def submission_order(annotation: Mapping[str, Any]) -> tuple[str, int]:
    """What annotations are sorted by to stand in the order of their submission."""
    number = annotation.get("id")
    return str(annotation.get("created_at")), number if isinstance(number, int) else 0


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
