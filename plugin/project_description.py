"""What a Label Studio project's description says of its labeling job. Writes and parses the text; asks no server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..converters.formats.given_under import rules_to_dict
from ..label_configs.tasks import TaskDefinition

if TYPE_CHECKING:
    from .labeling_job import LabelingJobRequest

__all__ = [
    "description_for_people",
    "description_of",
    "is_labeling_job",
    "parse_description",
    "stopped_at",
    "stopped_description",
]

_STOPPED = "stopped"

_BEGIN = "---- gtbridge labeling job; leave this block as it is ----"
# Label Studio strips white space at the end, which a request may end in.
_END = "---- end ----"


def description_of(
    request: LabelingJobRequest, manifest: Mapping[str, Any] | None, definition: TaskDefinition, **more: Any
) -> str:
    """The TaskDescription for people, then a block: what is known of the input manifest, and the request verbatim.

    Without a ``manifest`` the job is still being made. The rules of ``definition`` are written beside both, so that it
    shows if they are edited; and ``more``.
    """
    known = {"job": request.name, "manifest": manifest, "rules": rules_to_dict(definition), **more}
    return "\n".join([request.description, "", _BEGIN, json.dumps(known), request.text, _END])


def parse_description(description: str | None) -> tuple[dict[str, Any], str] | None:
    """({"job": name, "manifest": ...}, the request's text); None if the project is no labeling job.

    ``stopped`` beside them is the time at which it was stopped, in ISO 8601; ``rules`` are those that it was made with.
    """
    _, begin, block = (description or "").partition(f"{_BEGIN}\n")
    block = block.rstrip()
    if not begin or not block.endswith(f"\n{_END}"):
        return None
    known, _, text = block[: -len(_END) - 1].partition("\n")
    with suppress(ValueError, RecursionError):
        found = json.loads(known)
        if isinstance(found, dict) and isinstance(found.get("job"), str) and "manifest" in found:
            return found, text
    return None


def stopped_description(description: str, when: str) -> str:
    """The description of a labeling job that was stopped at ``when``; ValueError if it is that of none."""
    found = parse_description(description)
    if found is None:
        raise ValueError("not the description of a labeling job")
    known, _ = found
    head, begin, block = description.partition(f"{_BEGIN}\n")
    request = block.partition("\n")[2]
    return f"{head}{begin}{json.dumps({**known, _STOPPED: when})}\n{request}"


def stopped_at(description: str | None) -> str | None:
    """When the labeling job of this description was stopped; None if it was not."""
    found = parse_description(description)
    when = None if found is None else found[0].get(_STOPPED)
    return when if isinstance(when, str) else None


def is_labeling_job(description: str | None) -> bool:
    """Whether the description was ever that of a labeling job, even if its block can no longer be read."""
    return _BEGIN in (description or "")


def description_for_people(description: str | None) -> str:
    """The description without the block."""
    return (description or "").partition(_BEGIN)[0].rstrip()
