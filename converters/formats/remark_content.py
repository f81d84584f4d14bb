"""What workers say beside the task itself, in Ground Truth's ``answerContent`` <-> an answer's comment, flags, reason.

Each stands under a key of its own beside the element's: ``comment`` is a text, ``flags-<i>`` has ``{flag: true}`` for
response i (0-based), ``cannotJudge`` is the reason, empty if there is none: the fields of a form arrive so, whose names
are these (see ``label_configs.crowd_fields``). A field of another shape is the form's own, and passes through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...label_configs.crowd_fields import CANNOT_JUDGE, COMMENT
from ..records import Answer, Item
from .place import Place
from .remarks import Remarks, as_far_as_marked
from .sent_back import SENT_BACK

__all__ = ["read_remark_content", "remarks_to_content", "without_remarks"]

_FLAGS = re.compile(r"flags-(0|[1-9][0-9]{0,3})")


def remarks_to_content(answer: Answer) -> dict[str, Any]:
    """The members of ``answerContent`` beside those of the task's element."""
    content: dict[str, Any] = {} if answer.comment is None else {COMMENT: answer.comment}
    content |= {f"flags-{i}": dict.fromkeys(flags, True) for i, flags in enumerate(answer.flags) if flags}
    if answer.reason is not None and answer.reason != SENT_BACK and answer.status != "failed":
        content[CANNOT_JUDGE] = answer.reason
    return content


def read_remark_content(content: Mapping[str, Any], place: Place, item: Item | None) -> tuple[Remarks, tuple[str, ...]]:
    """What ``content`` says beside the task, and in sentences what of it cannot be meant."""
    comment, unread = content.get(COMMENT), []
    reasons = _chosen(content.get(CANNOT_JUDGE)) or ()
    if len(reasons) > 1:
        unread.append(place[CANNOT_JUDGE].says(f"holds {len(reasons)} reasons"))
    marked = {int(match[1]): flags for match, flags in _marked(content)}
    count = len(item.responses) if item is not None and item.responses is not None else max(marked, default=-1) + 1
    strays = [index for index, flags in marked.items() if flags and index >= count]
    unread += [place[f"flags-{index}"].says("there is no such response") for index in strays]
    return Remarks(
        comment=comment if isinstance(comment, str) and comment else None,
        flags=as_far_as_marked([marked.get(index, ()) for index in range(count)]),
        reason=reasons[0] if len(reasons) == 1 else None,
    ), tuple(unread)


def without_remarks(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without the members that ``read_remark_content`` understands."""
    known = {match[0] for match, _ in _marked(content)}
    known |= {COMMENT} if isinstance(content.get(COMMENT), str) else set()
    known |= set() if _chosen(content.get(CANNOT_JUDGE)) is None else {CANNOT_JUDGE}
    return {key: value for key, value in content.items() if key not in known}


def _marked(content: Mapping[str, Any]) -> list[tuple[re.Match[str], tuple[str, ...]]]:
    found = [(_FLAGS.fullmatch(key), _chosen(value)) for key, value in content.items() if not isinstance(value, str)]
    return [(match, chosen) for match, chosen in found if match is not None and chosen is not None]


def _chosen(value: Any) -> tuple[str, ...] | None:
    """What was chosen, in any of the shapes in which forms say it; None for a value of another shape."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, dict) and all(isinstance(chosen, bool) for chosen in value.values()):
        return tuple(name for name, chosen in value.items() if chosen)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(dict.fromkeys(value))
    return None
