"""What a Label Studio project's description says of its labeling job. Writes and parses the text; asks no server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .labeling_job import LabelingJobRequest

__all__ = ["description_for_people", "description_of", "is_labeling_job", "parse_description"]

_BEGIN = "---- gtbridge labeling job; leave this block as it is ----"
# Label Studio strips white space at the end, which a request may end in.
_END = "---- end ----"


def description_of(request: LabelingJobRequest, manifest: Mapping[str, Any] | None) -> str:
    """The TaskDescription for people, then a block: what is known of the input manifest, and the request verbatim.

    Without a ``manifest`` the job is still being made.
    """
    known = {"job": request.name, "manifest": manifest}
    return "\n".join([request.description, "", _BEGIN, json.dumps(known), request.text, _END])


def parse_description(description: str | None) -> tuple[dict[str, Any], str] | None:
    """({"job": name, "manifest": ...}, the request's text); None if the project is no labeling job."""
    _, begin, block = (description or "").partition(f"{_BEGIN}\n")
    block = block.rstrip()
    if not begin or not block.endswith(f"\n{_END}"):
        return None
    known, _, text = block[: -len(_END) - 1].partition("\n")
    with suppress(ValueError):
        found = json.loads(known)
        if isinstance(found, dict) and isinstance(found.get("job"), str) and "manifest" in found:
            return found, text
    return None


def is_labeling_job(description: str | None) -> bool:
    """Whether the description was ever that of a labeling job, even if its block can no longer be read."""
    return _BEGIN in (description or "")


def description_for_people(description: str | None) -> str:
    """The description without the block."""
    return (description or "").partition(_BEGIN)[0].rstrip()
