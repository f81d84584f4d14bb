"""Which of the tasks a project asks, by its controls and by what the user says. Makes its plan; reads no data."""

from __future__ import annotations

from ...label_configs.errors import InputError
from .compared import comparing_controls
from .completions import completion_plan
from .config import Config
from .mapping import ProjectMapping, Task
from .plans import Needs, Plan
from .rankings import ranking_plan
from .sections import section_plan

__all__ = ["chosen_plan"]


def chosen_plan(config: Config, mapping: ProjectMapping, needs: Needs) -> Plan | None:
    """The plan of the task that the controls ask; None if something has to be said first, such as which of several.

    InputError if there is no control that gtbridge reads.
    """
    tasks = [mapping.task] if mapping.task else _said(config, mapping) or _possible(config)
    if not tasks:
        names = ", ".join(map(str, config.controls)) or "none that is not to be ignored"
        raise InputError(f"has no control that is read; there are: {names}", source=config.source)
    if len(tasks) > 1:
        names = ", ".join(map(str, config.controls))
        needs.ask(f"task={'|'.join(tasks)}", f"what to read of {names}, or leave some out with ignore=CONTROL")
        return None
    if tasks == ["text-ranking"]:
        return ranking_plan(config, mapping, needs)
    plan = section_plan if tasks == ["question-answer"] else completion_plan
    return plan(config, mapping, needs)


def _possible(config: Config) -> list[Task]:
    areas = [control for control in config.controls if control.kind == "textarea"]
    texts = [area for area in areas if not area.per_region]
    regions = len(texts) < len(areas) or any(control.makes_regions for control in config.controls)
    comparing = {control.kind for control in comparing_controls(config)}
    found: list[Task] = []
    if comparing - {"choices"} or (comparing and not texts and not regions):
        found.append("text-ranking")
    if regions or len(texts) > 1:
        found.append("question-answer")
    elif texts:
        found.append("prompt-completion")
    return found


def _said(config: Config, mapping: ProjectMapping) -> list[Task]:
    """The tasks that what the user says is about; none if it is about any."""
    regions = any(control.makes_regions for control in config.controls)
    ranking = (mapping.responses, mapping.dimensions, mapping.buckets, mapping.choices, mapping.rest, mapping.middle)
    found: list[Task] = []
    if any(ranking) or mapping.good or mapping.models:
        found.append("text-ranking")
    if mapping.question or mapping.passage or mapping.tags or (mapping.answer and regions):
        found.append("question-answer")
    elif mapping.answer:
        found.append("prompt-completion")
    return found
