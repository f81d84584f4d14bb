"""Labeling jobs as Label Studio projects: create, find. The first of the two backends.

A project is a labeling job if its description says so (``project_description``), with the request verbatim in it.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ...converters.formats.annotation_results import answer_to_annotation
from ...converters.formats.json_text import read_json
from ...converters.formats.label_studio_tasks import item_to_task_data
from ...converters.formats.manifest import check_label_is_free, check_task_fit
from ...converters.records import Answer, Item
from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from ...label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from ...label_configs.tasks import TaskDefinition
from ..files.interrupts import tidy_when_interrupted
from ..labeling_job import LabelingJobRequest, read_request
from ..manifests.items import manifest_items
from ..project_description import description_of, parse_description
from ..storage import absolute
from .server import Server, speaking_to
from .task_import import import_in_batches, responses_order

__all__ = [
    "Job",
    "ManifestFile",
    "check_manifest",
    "create_job",
    "create_project",
    "find_job",
    "named_projects",
]

TITLE_LENGTH = 50


@dataclass(frozen=True)
class ManifestFile:
    """The input manifest of a job: where it was read, and how many objects it has.

    ``sha256`` is of its bytes, and of the texts that its lines refer to, as ``manifest_items`` digests them. ``moves``
    say where these may lie. A ``labelled`` one is the output of the job that this one goes on with, and has that label
    attribute already: the objects are its lines without it.
    """

    path: str
    sha256: str
    objects: int
    moves: tuple[tuple[str, str], ...] = ()
    labelled: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, from which ``from_dict`` makes an equal one."""
        known: dict[str, Any] = {"path": self.path, "sha256": self.sha256, "objects": self.objects}
        known |= {"moves": [list(move) for move in self.moves]} if self.moves else {}
        return known | ({"labelled": self.labelled} if self.labelled else {})

    @classmethod
    def from_dict(cls, known: Any) -> ManifestFile:
        """What ``to_dict`` gave. TypeError or ValueError if it is something else."""
        moves = tuple((str(begin), str(end)) for begin, end in known.get("moves", ()))
        return cls(**{**known, "moves": moves})


@dataclass(frozen=True)
class Job:
    """A labeling job on a Label Studio server."""

    project: int
    request: LabelingJobRequest
    definition: TaskDefinition
    manifest: ManifestFile

    @property
    def name(self) -> str:
        """LabelingJobName."""
        return self.request.name


def check_manifest(
    request: LabelingJobRequest, definition: TaskDefinition, path: str, moves: Sequence[tuple[str, str]] = ()
) -> ManifestFile:
    """Read the whole manifest at ``path``; InputError unless every object suits the task and can take the label.

    ``moves`` say where texts behind a ``source-ref`` may lie, see ``manifest_items``.
    """
    digest, objects = hashlib.sha256(), 0
    for item in manifest_items(path, moves, digest):
        check_task_fit(item, definition, path)
        number = item.index + 1
        check_label_is_free(read_json(item.line, path, number), request.label_attribute, path, number)
        objects += 1
    if not objects:
        raise InputError("holds no objects", source=path)
    return ManifestFile(absolute(path), digest.hexdigest(), objects, tuple(moves))


def create_job(
    server: Server,
    request: LabelingJobRequest,
    definition: TaskDefinition,
    manifest: ManifestFile,
    *,
    answers: Callable[[Item], list[tuple[Answer, int]]] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Job:
    """Make the project for ``request`` with a task for each object of its manifest, or nothing at all.

    ``manifest`` is what ``check_manifest`` found good. ``answers(item)`` gives answers to import with the item, each
    with the id of the Label Studio user who is to own it. ``on_progress`` is told how many more tasks are made.
    InputError if the job exists already.
    """
    _refuse_second(server, request.name)
    tidy_when_interrupted()
    project = create_project(server, request, definition, description_of(request, None))
    try:
        # Two requests at the same moment: the older project keeps the name.
        _refuse_second(server, request.name, but=project)
        items = manifest_items(manifest.path, manifest.moves)
        tasks = (_task(item, request, definition, answers) for item in items)
        import_in_batches(server, project, tasks, on_progress)
        with speaking_to(server.url):
            server.sdk.projects.update(id=project, description=description_of(request, manifest.to_dict()))
    except BaseException:
        with suppress(GtbridgeError), speaking_to(server.url):
            server.sdk.projects.delete(id=project)
        raise
    return Job(project, request, definition, manifest)


def create_project(
    server: Server,
    request: LabelingJobRequest,
    definition: TaskDefinition,
    description: str,
    workers_per_object: int | None = None,
) -> int:
    """A project without tasks for ``request``, for as many workers per object as that says unless told otherwise."""
    instructions = html.escape(definition.instructions).replace("\n", "<br>")
    with speaking_to(server.url):
        project = server.sdk.projects.create(
            title=request.title[:TITLE_LENGTH].strip().ljust(3, "."),
            description=description,
            label_config=definition_to_labeling_config(definition),
            expert_instruction=instructions,
            show_instruction=bool(instructions),
            maximum_annotations=workers_per_object or request.workers_per_object,
            enable_empty_annotation=False,
            show_skip_button=False,
            skip_queue="REQUEUE_FOR_ME",
        )
    return int(project.id)


def _task(
    item: Item,
    request: LabelingJobRequest,
    definition: TaskDefinition,
    answers: Callable[[Item], list[tuple[Answer, int]]] | None,
) -> dict[str, Any]:
    order = responses_order(item, request.name, definition)
    task: dict[str, Any] = {"data": item_to_task_data(item, definition, order)}
    if answers:
        task["annotations"] = [
            # Label Studio takes imported annotations for ground truth unless told otherwise.
            {**answer_to_annotation(answer, item, definition, order), "completed_by": user, "ground_truth": False}
            for answer, user in answers(item)
        ]
    return task


def named_projects(server: Server, name: str) -> list[tuple[int, dict[str, Any], str]]:
    """The projects of labeling jobs of that name, oldest first, with what their descriptions hold (see
    ``parse_description``). There is more than one only while two are being made at the same moment.
    """
    found = [(project.id, parse_description(project.description)) for project in server.projects()]
    return sorted((number, *block) for number, block in found if block and block[0]["job"] == name)


def _refuse_second(server: Server, name: str, but: int | None = None) -> None:
    for project, known, _ in named_projects(server, name):
        if project == but:
            return
        state = "exists already" if known["manifest"] else "is being made, or its making was cut off"
        remedy = "" if known["manifest"] else f"; delete project {project} to begin anew"
        raise InputError(f"the labeling job {name} {state} (project {project}){remedy}", source=server.url)


def find_job(server: Server, name: str) -> Job:
    """The labeling job of that name; MissingError if there is none, ServerError if its project was tampered with."""
    finished = [entry for entry in named_projects(server, name) if entry[1]["manifest"]]
    if not finished:
        raise MissingError(f"there is no labeling job {name}", source=server.url)
    project, known, text = finished[0]
    source = f"{server.url}/projects/{project}"
    with speaking_to(server.url):
        config = server.sdk.projects.get(id=project).label_config
    try:
        request = read_request(text, source)
        manifest = ManifestFile.from_dict(known["manifest"])
    except (GtbridgeError, TypeError, ValueError, AttributeError) as error:
        raise ServerError(f"the project's description was changed: {error}", source=source) from None
    return Job(project, request, labeling_config_to_definition(config, source), manifest)
