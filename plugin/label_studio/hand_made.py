"""Projects that are asked for by their number. Those that somebody made by hand, from the gallery or with a config of
gtbridge's, are read like labeling jobs; of all others there is no more to tell than their labeling config.

Reads; changes nothing on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...converters.formats.exported_tasks import project_name
from ...converters.formats.task_completion import task_to_item
from ...converters.records import Item
from ...label_configs.errors import InputError, MissingError, ServerError
from ...label_configs.tasks import TaskDefinition
from ..bare_request import MOST_WORKERS, bare_request
from ..definitions import OtherConfig, config_to_task
from ..files.on_disk import OnDisk
from ..labeling_job import LabelingJobRequest
from ..project_description import is_labeling_job, parse_description
from .job import Job
from .server import Server, speaking_to

__all__ = ["hand_made_items", "numbered_project"]

# A 64-bit integer has 19 digits; Label Studio fails on a longer one.
_LONGEST = 18


def numbered_project(server: Server, name: str) -> Job | OtherConfig | None:
    """The project whose id ``name`` is: one made by hand as the job ``project-<id>``, of any other its labeling config.

    None if ``name`` is no number, or there is no such project. DefinitionError if the config was edited so that it
    cannot be read; InputError or ServerError if the project is a labeling job that has a name of its own.
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
    task = config_to_task(project.label_config or "", source)
    if isinstance(task, OtherConfig):
        return task
    return Job(project.id, _request(project, task, source), task, None, tasks=project.task_number or 0)


def _refuse_labeling_job(project: Any, source: str) -> None:
    if known := parse_description(project.description):
        raise InputError(f"is the labeling job {known[0]['job']}; ask for it by that name", source=source)
    if is_labeling_job(project.description):
        message = "the project's description was changed: what it says of the job cannot be read"
        raise ServerError(message, source=source)


def _request(project: Any, definition: TaskDefinition, source: str) -> LabelingJobRequest:
    name = project_name(project.id)
    return bare_request(
        name,
        name,
        workers=min(max(project.maximum_annotations or 1, 1), MOST_WORKERS),
        manifest=source,
        title=definition.title or project.title or name,
        description="Made by hand on Label Studio; the request was made from the project",
        source=source,
    )


def hand_made_items(tasks: Iterable[Mapping[str, Any]], definition: TaskDefinition) -> Mapping[int, Item]:
    """The objects of the project, by the ids of their tasks and in that order; tasks that hold none are left out."""
    items = (task_to_item(task, definition) for task in tasks)
    return OnDisk((item.index, item) for item in items if item)
