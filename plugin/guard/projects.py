"""Which projects the guard watches, and what they ask: read from the labeling config, again whenever it changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ...converters.formats.screens import Screen, judge_result
from ...converters.judgement.rules import Problem
from ...label_configs.errors import DefinitionError
from ...label_configs.labeling_config import labeling_config_to_definition
from ...label_configs.tasks import TaskDefinition
from ...label_configs.xml_text import parse_xml
from ..project_description import is_labeling_job, stopped_at

__all__ = ["Watched", "watched", "watched_projects"]

# $prompt_html, $responses[{{idx}}].title
_SHOWN = re.compile(r"(?<=\$)\w+|(?<=\]\.)\w+")


@dataclass(frozen=True)
class Watched:
    """What a project of gtbridge's asks; or why that cannot be read, in which case it takes no answers.

    One that was ``stopped`` takes none from annotators either, and gives them no tasks. ``shows`` are the keys of task
    data, and of the responses in it, that its labeling config names.
    """

    definition: TaskDefinition | None
    unreadable: str = ""
    stopped: bool = False
    shows: frozenset[str] = frozenset()

    def judge(self, data: Any, result: Any, order: Sequence[int] | None = None, *, as_recorded: bool = False) -> Screen:
        """What is wrong with ``result`` for a task with this ``data``, shown in ``order`` (None: the data's own).

        It is judged by the rules of today, or by those it records (see ``judge_result``).
        """
        if self.definition is None:
            sentence = f"no answer can be taken: {self.unreadable}. Please tell whoever runs the job"
            return Screen((Problem(sentence),), ())
        data = data if isinstance(data, Mapping) else {}
        return judge_result(self.definition, data, result, order, as_recorded=as_recorded)


def watched(project: Any) -> Watched | None:
    """What the Label Studio ``project`` asks; None if gtbridge has nothing to do with it."""
    found = _read(project.label_config or "")
    if found is None and is_labeling_job(project.description):
        found = Watched(None, "its labeling config was replaced by one that carries no task definition")
    return replace(found, stopped=True) if found is not None and stopped_at(project.description) else found


def watched_projects() -> Any:
    """All projects that the guard watches."""
    from projects.models import Project

    return (project for project in Project.objects.all() if watched(project))


@lru_cache(maxsize=256)
def _read(label_config: str) -> Watched | None:
    try:
        carries = parse_xml(label_config, "the labeling config").get("definition") is not None
    except DefinitionError:
        carries = "gtb" in label_config
    if not carries:
        return None
    shows = frozenset(_SHOWN.findall(label_config))
    try:
        return Watched(labeling_config_to_definition(label_config, "the labeling config"), shows=shows)
    except DefinitionError as error:
        return Watched(None, str(error), shows=shows)
