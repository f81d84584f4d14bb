"""Labeling configs as people see and edit them in Label Studio: with a word of advice before them and a sample task
after them, which Label Studio's preview shows. Pure: text in, text out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ...label_configs.errors import DefinitionError, InputError
from ...label_configs.labeling_config import (
    definition_in,
    definition_to_labeling_config,
    labeling_config_to_definition,
)
from ...label_configs.tasks import TaskDefinition
from ...label_configs.xml_text import parse_xml
from .task_completion import completed_data

__all__ = ["carried_definition", "config_with_sample", "following_config"]

# Lines as short as Label Studio's code view is narrow.
_ADVICE = """\
<!-- What is asked stands in definition='...', as JSON.
     Edit it there and save: the screen follows it.
     Further fields: {further}.
     Of the tags you may change texts, styles and layout. -->
"""
_FURTHER = {"text-ranking": "reference, flags, comment, cannot_judge", "question-answer": "comment, cannot_judge"}
_BEFORE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def config_with_sample(definition: TaskDefinition, sample: Mapping[str, Any]) -> str:
    """The labeling config of ``definition``, for people to edit, with the plain task data ``sample`` for its preview.

    Label Studio takes for the preview's task what stands in a comment that begins like JSON (core/label_config.py,
    get_task_from_labeling_config).
    """
    advice = _ADVICE.format(further=_FURTHER[definition.task])
    return f"{advice}{_readable(definition)}\n{_sample_comment(completed_data(sample, definition))}"


def carried_definition(config: str) -> TaskDefinition | None:
    """The definition that a labeling config carries, whatever its controls are; None if it is none, or a wrong one."""
    try:
        return definition_in(parse_xml(config, ""), "")
    except DefinitionError:
        return None


def following_config(config: str, before: str) -> str | None:
    """The config rendered anew from the definition that it carries, if that was edited and the controls do not fit it.

    ``before`` is the config that was edited. None if there is nothing to do, or if it was the controls that were
    edited. What stands before and after the outermost tag is kept; a sample task there is made to fit.
    """
    definition = carried_definition(config)
    if definition is None or definition == carried_definition(before):
        return None
    try:
        if labeling_config_to_definition(config, "") == definition:
            return None
    except DefinitionError:
        pass
    try:
        rendered = _readable(definition)
    except DefinitionError:
        return None
    head = _BEFORE.match(config)
    return (head[0] if head else "") + rendered + _fitting(_tail(config), definition)


def _readable(definition: TaskDefinition) -> str:
    return definition_to_labeling_config(definition, readable=True).strip()


def _tail(config: str) -> str:
    """What follows the outermost tag: comments and white space. No comment holds two hyphens."""
    end = len(config.rstrip())
    while config[:end].endswith("-->"):
        end = len(config[: config.rindex("<!--", 0, end)].rstrip())
    return config[end:]


def _fitting(tail: str, definition: TaskDefinition) -> str:
    comment = re.fullmatch(r"\s*<!--\s*(\{.*\})\s*-->\s*", tail, re.DOTALL)
    try:
        sample = json.loads(comment[1])["data"] if comment else None
        return tail if sample is None else "\n" + _sample_comment(completed_data(sample, definition))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InputError):
        return tail


def _sample_comment(data: Mapping[str, Any]) -> str:
    text = json.dumps({"data": data}, ensure_ascii=False, separators=(",", ":"))
    return "<!-- " + text.replace("--", "-\\u002d") + " -->"
