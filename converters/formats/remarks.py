"""What annotators say beside the task itself, as Label Studio stores it <-> an answer's comment, flags and reason.

Judges nothing: what cannot be read becomes a sentence in ``StoredResults.unread``. The names and values are those of
``label_configs.controls``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...label_configs import controls
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..records import Answer, Item
from .stored_results import StoredResults

__all__ = [
    "Remarks",
    "as_far_as_marked",
    "declined_for",
    "declined_how",
    "is_declined_on_screen",
    "read_remarks",
    "remark_results",
]


@dataclass(frozen=True, slots=True)
class Remarks:
    """``comment`` and ``flags`` as in ``Answer``; ``reason`` is why the annotator says the item cannot be judged."""

    comment: str | None = None
    flags: tuple[tuple[str, ...], ...] = ()
    reason: str | None = None


def declined_for(answer: Answer, definition: TaskDefinition) -> str | None:
    """The reason, of those that the task offers, for which the annotator says that the item cannot be judged.

    Such an answer is as much one as any other: the item is done for that annotator. None of an answer that judges the
    item, and where it was skipped or sent back, which says nothing of it.
    """
    offered = (answer.rules or definition).cannot_judge
    return answer.reason if answer.status == "declined" and answer.reason in offered else None


def is_declined_on_screen(answer: Answer, definition: TaskDefinition) -> bool:
    """Whether the screen has a way to say what the declined answer says; a skipped item has none."""
    return declined_for(answer, definition) is not None


def declined_how(answer: Answer, definition: TaskDefinition) -> str:
    """The ledger's reason for a declined answer: with the annotator's own, if it is one that the task offers."""
    reason = declined_for(answer, definition)
    return "declined" if reason is None else f"declined: {reason}"


def as_far_as_marked(flags: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """``Answer.flags`` of the flags on each response: it ends with the last one that is marked."""
    return tuple(map(tuple, flags[: max((i + 1 for i, marks in enumerate(flags) if marks), default=0)]))


def read_remarks(found: StoredResults, item: Item, definition: TaskDefinition) -> Remarks:
    """What stands in those controls that the definition asks for, which are taken out of ``found``."""
    flags = _flags(found, len(item.responses or ())) if definition.flags else ()
    comment = found.one(controls.COMMENT, "text", "the comment") if definition.comment else None
    reason = found.one(controls.CANNOT_JUDGE, "choices", "the reason") if definition.cannot_judge else None
    return Remarks(comment or None, flags, reason)


def _flags(found: StoredResults, count: int) -> tuple[tuple[str, ...], ...]:
    flags: list[list[str]] = [[] for _ in range(count)]
    for position in range(count):
        for value in found.texts(controls.flags_name(position), "choices", "the flags"):
            stored = controls.stored_flag(value, count)
            if stored is None:
                found.unread.append(f"the flags: {value!r} is no flag of a response")
            elif stored[1] in flags[stored[0]]:
                found.unread.append(f"the flags: a response is marked with {stored[1]} twice")
            else:
                flags[stored[0]].append(stored[1])
    return as_far_as_marked(flags)


def remark_results(
    answer: Answer, definition: TaskDefinition, order: Sequence[int], travels: bool
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(control, its kind, what it stores) for what the answer says beside the task, in the order of the screen.

    ``order`` is the one in which the responses are shown. What the definition does not ask for has no control: it is
    left out if the answer's own document ``travels`` with the annotation, else InputError.
    """
    if answer.reason is not None and answer.reason in definition.cannot_judge:
        yield controls.CANNOT_JUDGE, "choices", {"choices": [answer.reason]}
    if definition.flags:
        yield from _flag_results(answer, definition.flags, order)
    elif any(answer.flags) and not travels:
        raise InputError("responses are flagged, but the task has no flags")
    if answer.comment and definition.comment:
        yield controls.COMMENT, "textarea", {"text": [answer.comment]}
    elif answer.comment and not travels:
        raise InputError("there is a comment, but the task asks for none")


def _flag_results(
    answer: Answer, offered: Sequence[str], order: Sequence[int]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if len(answer.flags) > len(order):
        raise InputError(f"flags for {len(answer.flags)} responses, and there are {len(order)}")
    for position, index in enumerate(order):
        marks = answer.flags_on(index)
        if unknown := [flag for flag in marks if flag not in offered]:
            raise InputError(f"{unknown[0]!r} is none of the task's flags")
        if marks:
            values = [controls.flag_value(index, flag) for flag in marks]
            yield controls.flags_name(position), "choices", {"choices": values}
