"""The task definition under which an answer was given, recorded in the answer: jobs are edited while people work.

What annotators are told, and how it looks, is left out: answers are read and judged the same whatever that says.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from ...label_configs.errors import DefinitionError
from ...label_configs.tasks import TaskDefinition, definition_from_dict, definition_to_dict
from .result_meta import recorded, with_recorded, without_recorded

__all__ = [
    "RULES",
    "earlier_rules",
    "recorded_rules",
    "rules_from_dict",
    "rules_from_text",
    "rules_to_dict",
    "with_recorded_rules",
]

RULES = "gtbridge_rules"
_LOOKS = ("title", "instructions", "shuffle_responses", "markdown")


def rules_to_dict(definition: TaskDefinition) -> dict[str, Any]:
    """Plain JSON values: the fields of the definition on which it depends how an answer is read and judged."""
    return {key: value for key, value in definition_to_dict(definition).items() if key not in _LOOKS}


def rules_from_dict(data: Any) -> TaskDefinition | None:
    """The definition with these fields and no others, None if it is none."""
    try:
        return definition_from_dict(data)
    except DefinitionError:
        return None


def earlier_rules(known: TaskDefinition | None, definition: TaskDefinition) -> TaskDefinition | None:
    """What ``Answer.rules`` is for an answer that was given under ``known``, in a job that has ``definition`` now."""
    return None if known is None or _rule_the_same(known, definition) else known


# Of the same few definitions for each answer of a job.
@lru_cache(maxsize=64)
def _rule_the_same(known: TaskDefinition, definition: TaskDefinition) -> bool:
    return rules_to_dict(known) == rules_to_dict(definition)


def with_recorded_rules(result: Any, definition: TaskDefinition | None) -> Any:
    """The annotation result with the rules of ``definition`` in its first entry, and nowhere else; None takes them out.

    A result that is no list of objects, or empty, is given back as it is.
    """
    if not isinstance(result, list) or not all(isinstance(entry, dict) for entry in result):
        return result
    if definition is None:
        return without_recorded(result, RULES)
    return with_recorded(result, RULES, json.dumps(rules_to_dict(definition), ensure_ascii=False))


def recorded_rules(result: Any) -> TaskDefinition | None:
    """The definition that ``with_recorded_rules`` recorded, wherever in the result it now stands; None if none is."""
    text = next((text for text in recorded(result, RULES) if isinstance(text, str)), None)
    return None if text is None else rules_from_text(text)


@lru_cache(maxsize=64)
def rules_from_text(text: str) -> TaskDefinition | None:
    """The definition that ``with_recorded_rules`` spells so; None if it is none."""
    try:
        return rules_from_dict(json.loads(text))
    except (ValueError, RecursionError):
        return None
