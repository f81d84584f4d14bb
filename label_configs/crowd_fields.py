"""The fields in a worker template's form beside its element: what a task asks beyond ranks or pairs. Pure.

Source: the Amazon SageMaker developer guide, "Crowd HTML Elements V2". It says that the two elements do not work with
the older crowd elements for input, so these are plain HTML. Their names are keys of ``answerContent``.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from .crowd_page import Page
from .tasks import TaskDefinition

__all__ = ["CANNOT_JUDGE", "COMMENT", "field_values", "page_to_fields"]

COMMENT = "comment"
CANNOT_JUDGE = "cannotJudge"
_FLAGS = re.compile(r"flags-(?:[0-9]+|{{-?\s*forloop\.index0\s*-?}})")
_REFERENCE = re.compile(r"{{-?\s*task\.input(?:\.reference|\[['\"]reference['\"]\])\s*(?:\|[^{}]*)?-?}}")


def field_values(definition: TaskDefinition) -> dict[str, Any]:
    """What the templates name of the fields, and of the reference answer beside them."""
    return {
        "comment_name": COMMENT,
        "comment": definition.comment,
        "cannot_judge_name": CANNOT_JUDGE,
        "reasons": definition.cannot_judge,
        "reference": definition.reference,
        "flags": definition.flags,
    }


def page_to_fields(page: Page, task: str) -> dict[str, Any]:
    """The fields of a definition of ``task`` that the page's form says beside its element, in any template."""
    fields: dict[str, Any] = {}
    for tag in page.tags:
        if tag.name == "textarea" and tag.attributes.get("name") == COMMENT:
            fields["comment"] = "required" if "required" in tag.attributes else "optional"
    if reasons := _reasons(page):
        fields["cannot_judge"] = reasons
    if task == "text-ranking":
        fields |= {"flags": flags} if (flags := _flags(page)) else {}
        fields |= {"reference": True} if any(_REFERENCE.fullmatch(text) for _, text in page.texts) else {}
    return fields


def _flags(page: Page) -> list[str]:
    """What a response can be marked with; each response has the same boxes."""
    boxes = [
        tag.attributes.get("value")
        for tag in page.tags
        if tag.name == "input"
        and tag.attributes.get("type") == "checkbox"
        and _FLAGS.fullmatch(tag.attributes.get("name") or "")
        and "value" not in tag.computed
    ]
    return list(dict.fromkeys(filter(None, boxes)))


def _reasons(page: Page) -> list[str]:
    """The options that are not empty."""
    tags = iter(page.tags)
    if not any(tag.name == "select" and tag.attributes.get("name") == CANNOT_JUDGE for tag in tags):
        return []
    options = takewhile(lambda tag: tag.name == "option", tags)
    return [value for tag in options if (value := tag.attributes.get("value")) and "value" not in tag.computed]
