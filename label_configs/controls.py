"""The names of a labeling config's controls and of the values they store: the vocabulary that configs, Label Studio
tasks and answers share. Every stored value names the response or pair it speaks of, so that an answer means the same
in whatever order its item was shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .tasks import QuestionAnswer, TextRanking

__all__ = [
    "CANNOT_JUDGE",
    "COMMENT",
    "CONFIRMED",
    "HIGHLIGHTED",
    "NO_KEY",
    "PAIR_COUNT",
    "PASSAGE",
    "PROMPT",
    "REFERENCE",
    "RESPONSES",
    "SECTION",
    "SLOTS_WITHOUT_MAXIMUM",
    "WHOLE_PASSAGE",
    "confirm_name",
    "dimension_slugs",
    "flag_value",
    "flags_name",
    "order_name",
    "rank_name",
    "rank_value",
    "response_id",
    "response_index",
    "section_label",
    "slot_count",
    "slot_name",
    "stored_flag",
]

# Label Studio gives every option a hidden digit or letter as hotkey, with which a stray key press changes an answer,
# unless the option has a hotkey: this one is on hardly any keyboard.
NO_KEY = "f19"

# Both tasks
COMMENT = "comment"
CANNOT_JUDGE = "cannot_judge"

# Text ranking
PROMPT = "prompt"
RESPONSES = "responses"
REFERENCE = "reference"
CONFIRMED = "confirmed"

# Question and answer
PASSAGE = "passage"
PAIR_COUNT = "pair_count"
SECTION = "section"
WHOLE_PASSAGE = "whole passage"
HIGHLIGHTED = "highlighted sections"
SLOTS_WITHOUT_MAXIMUM = 20


def dimension_slugs(definition: TextRanking) -> tuple[str, ...]:
    """One ASCII slug per dimension, in order, all different: ``("helpfulness", "clarity", "clarity_2")``."""
    slugs: list[str] = []
    for number, dimension in enumerate(definition.dimensions, start=1):
        base = re.sub(r"[^a-z0-9]+", "_", dimension.name.lower()).strip("_") or f"dimension_{number}"
        slug, copy = base, 2
        while slug in slugs:
            slug, copy = f"{base}_{copy}", copy + 1
        slugs.append(slug)
    return tuple(slugs)


def order_name(slug: str) -> str:
    """The Ranker of a dimension without ties; stores ``{"ranker": {<this name>: ["r2", "r0", "r1"]}}``, best first."""
    return f"order__{slug}"


def confirm_name(slug: str) -> str:
    """The box that says an order is meant: Label Studio stores an untouched Ranker as if it were an answer."""
    return f"done__{slug}"


def rank_name(slug: str, position: int | str) -> str:
    """The ranks offered for the response shown at ``position`` (0-based); stores ``rank_value`` of that response."""
    return f"rank__{slug}__{position}"


def response_id(index: int) -> str:
    """The id of the item's response ``index`` (0-based, in the item's own order, never the shown one)."""
    return f"r{index}"


def response_index(identifier: object, count: int) -> int | None:
    """The inverse of ``response_id`` for an item of ``count`` responses; None for anything else."""
    return _indices(count).get(identifier) if isinstance(identifier, str) else None


@lru_cache(maxsize=64)
def _indices(count: int) -> dict[str, int]:
    return {response_id(index): index for index in range(count)}


def rank_value(index: int, rank: int) -> str:
    """Response ``index`` (0-based) has ``rank`` (1-based): ``"r2:1"``."""
    return f"{response_id(index)}:{rank}"


def flags_name(position: int | str) -> str:
    """The flags offered for the response shown at ``position`` (0-based); stores a ``flag_value`` for each chosen."""
    return f"flags__{position}"


def flag_value(index: int, flag: str) -> str:
    """Response ``index`` (0-based) is marked with ``flag``: ``"r2:Unsafe"``."""
    return f"{response_id(index)}:{flag}"


def stored_flag(value: object, count: int) -> tuple[int, str] | None:
    """The inverse of ``flag_value`` for an item of ``count`` responses; None for anything else."""
    identifier, colon, flag = value.partition(":") if isinstance(value, str) else ("", "", "")
    index = response_index(identifier, count)
    return None if index is None or not colon else (index, flag)


def slot_count(definition: QuestionAnswer) -> int:
    """How many pairs the screen has room for."""
    return definition.questions.max or max(SLOTS_WITHOUT_MAXIMUM, definition.questions.min)


def slot_name(field: str, number: int) -> str:
    """The control for ``question``, ``answer``, ``scope``, ``tags`` or ``custom_tags`` of pair ``number`` (1-based)."""
    return f"{field}_{number}"


def section_label(number: int) -> str:
    """The highlighter of pair ``number`` (1-based)."""
    return f"QA {number}"
