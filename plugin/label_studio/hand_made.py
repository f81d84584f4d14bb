"""Projects that somebody made by hand, from the gallery or with a config of gtbridge's: read like labeling jobs.

Reads; changes nothing on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...converters.formats.task_completion import task_to_item
from ...converters.records import Item
from ...label_configs.errors import MissingError, ServerError
from ...label_configs.labeling_config import labeling_config_to_definition
from ...label_configs.tasks import TaskDefinition
from ...label_configs.xml_text import parse_xml
from ..bare_request import MOST_WORKERS, bare_request
from ..labeling_job import LabelingJobRequest
from ..project_description import is_labeling_job, parse_description
from .job import Job
from .server import Server, speaking_to

__all__ = ["hand_made_items", "hand_made_job", "is_hand_made"]

# A 64-bit integer has 19 digits; Label Studio fails on a longer one.
_LONGEST = 18


def hand_made_job(server: Server, name: str) -> Job | None:
    """The project whose id ``name`` is, as the job ``project-<id>``; None if its config is none of gtbridge's.

    DefinitionError if the config was edited so that it cannot be read; MissingError or ServerError if the project is a
    labeling job that has a name of its own.
    """
    if not (name.isascii() and name.isdecimal() and len(name) <= _LONGEST):
        return None
    try:
        with speaking_to(server.url):
            project = server.sdk.projects.get(id=int(name))
    except MissingError:
        return None
    source = f"{server.url}/projects/{project.id}"
    _refuse_labeling_job(project, source)
    config = project.label_config or ""
    if not is_hand_made(config, source):
        return None
    definition = labeling_config_to_definition(config, source)
    request = _request(project, definition, source)
    return Job(project.id, request, definition, None, tasks=project.task_number or 0)


def is_hand_made(label_config: str, source: str) -> bool:
    """Whether the labeling config carries a task definition, good or bad."""
    return parse_xml(label_config, source).get("definition") is not None


def _refuse_labeling_job(project: Any, source: str) -> None:
    if known := parse_description(project.description):
        raise MissingError(f"is the labeling job {known[0]['job']}; ask for it by that name", source=source)
    if is_labeling_job(project.description):
        raise ServerError(
            "the project's description was changed: what it says of the job cannot be read", source=source
        )


def _request(project: Any, definition: TaskDefinition, source: str) -> LabelingJobRequest:
    name = f"project-{project.id}"
    workers = min(max(project.maximum_annotations or 1, 1), MOST_WORKERS)
    title = definition.title or project.title or name
    description = "Made by hand on Label Studio; the request was made from the project"
    return bare_request(name, name, workers, source, title, description, source)


def hand_made_items(tasks: Iterable[Mapping[str, Any]], definition: TaskDefinition) -> dict[int, Item]:
    """The objects of the project, by the ids of their tasks and in that order; tasks that hold none are left out."""
    items = (task_to_item(task, definition) for task in tasks)
    return {item.index: item for item in sorted((item for item in items if item), key=lambda item: item.index)}
