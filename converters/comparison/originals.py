"""What the document of an answer says beyond what an Answer holds: keys that nobody knows, which travel along.

The names are those of worker-response documents as ``formats.worker_response`` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ...label_configs.errors import InputError
from ..formats.json_text import read_json
from ..formats.place import Place
from ..formats.remark_content import read_remark_content, without_remarks
from ..formats.remarks import Remarks
from ..formats.score_content import scores_to_content
from ..formats.worker_response import EXTENSION, answer_to_response
from ..records import Answer

__all__ = ["content_as_written", "other_fields"]

_RANKING = {"name", "allowTie", "responseRankings"}
_PAIR = {"question", "answer", "tags"}
_REFERENCE = {"startOffset", "endOffset", "text"}


def content_as_written(answer: Answer) -> Any:
    """The ``answerContent`` of the answer's document."""
    return answer_to_response(answer).get("answerContent")


def other_fields(answer: Answer) -> dict[str, Any]:
    """The answer's document without what stands in ``answer`` itself. A value that was not understood is left in it."""
    document = answer_to_response(answer)
    times = {
        "acceptanceTime": answer.accepted,
        "submissionTime": answer.submitted,
        "timeSpentInSeconds": answer.seconds,
    }
    rest = _without(document, {**times, "workerId": answer.worker.id, "problems": list(answer.unread)})
    order = None if answer.order is None else list(answer.order)
    said: dict[str, Any] = {
        "definition": answer.definition,
        "responseOrder": order,
        "reason": answer.reason,
        "status": answer.status,
        "scores": scores_to_content(answer.rankings),
    }
    within: dict[str, dict[str, Any]] = {"workerMetadata": {"identityData": answer.worker.identity}, EXTENSION: said}
    for key, known in within.items():
        if isinstance(rest.get(key), dict):
            rest[key] = _without(rest[key], known)
    rest["answerContent"] = _rest_of_content(answer)
    emptied = {*within, "answerContent"}
    return {key: value for key, value in rest.items() if value != {} or key not in emptied}


def _without(holder: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """``holder`` without the keys under which it has what is known already."""
    return {key: value for key, value in holder.items() if key not in known or known[key] != value}


def _rest_of_content(answer: Answer) -> Any:
    """The content without the rankings and pairs in it, which stand in the content itself or under one name, and
    without the comment, the flags and the reason that the answer has from there."""
    content = content_as_written(answer)
    if isinstance(content, str):
        with suppress(InputError):
            content = read_json(content, "")
    if not isinstance(content, dict):
        return content
    remarks, unmeant = read_remark_content(content, Place(""), None)
    if not unmeant and remarks == Remarks(answer.comment, answer.flags, remarks.reason and answer.reason):
        content = without_remarks(content)
    rest = {key: _element(value) if isinstance(value, dict) else value for key, value in content.items()}
    return _element({key: value for key, value in rest.items() if value != {}})


def _element(element: Mapping[str, Any]) -> dict[str, Any]:
    rest = dict(element)
    rankings, pairs = rest.get("ordinalRankingDimensions"), rest.get("questionAnswerPairs")
    if isinstance(rankings, list):
        rest["ordinalRankingDimensions"] = _unknown(rankings, _RANKING)
    if isinstance(pairs, list):
        references = [pair.get("textReferences") if isinstance(pair, dict) else None for pair in pairs]
        unknown = _unknown(pairs, _PAIR | {"textReferences"})
        for i, reference in enumerate(references):
            left = _unknown(reference, _REFERENCE) if isinstance(reference, list) else {}
            if left:
                unknown.setdefault(str(i), {})["textReferences"] = left
        rest["questionAnswerPairs"] = unknown
    return {key: value for key, value in rest.items() if value != {}}


def _unknown(entries: list[Any], known: set[str]) -> dict[str, Any]:
    """By position, what the entries hold beyond the ``known`` keys."""
    left = {
        str(i): {key: value for key, value in entry.items() if key not in known} if isinstance(entry, dict) else entry
        for i, entry in enumerate(entries)
    }
    return {position: rest for position, rest in left.items() if rest != {}}
