"""Labeling jobs as Label Studio projects: create, find. The first of the two backends.

A project is a labeling job if its description says so (``project_description``), with the request verbatim in it.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from ..converters.formats.annotation_results import answer_to_annotation
from ..converters.formats.json_text import read_json
from ..converters.formats.label_studio_tasks import item_to_task_data, shuffled
from ..converters.formats.manifest import METADATA_SUFFIX, check_task_fit, read_manifest
from ..converters.records import Answer, Item
from ..label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from ..label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from ..label_configs.tasks import TaskDefinition, TextRanking
from .interrupts import tidy_when_interrupted
from .label_studio_server import Server, speaking_to
from .labeling_job import LabelingJobRequest, read_request
from .project_description import description_of, parse_description
from .storage import local_path, open_input

__all__ = ["Job", "ManifestFile", "check_manifest", "create_job", "find_job"]

TITLE_LENGTH = 50
_BATCH_TASKS = 500
_BATCH_BYTES = 8 * 2**20


@dataclass(frozen=True)
class ManifestFile:
    """The input manifest of a job: where it was read, the SHA-256 of its bytes, and how many objects it has."""

    path: str
    sha256: str
    objects: int


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


def check_manifest(request: LabelingJobRequest, definition: TaskDefinition, path: str) -> ManifestFile:
    """Read the whole manifest at ``path``; InputError unless every object suits the task and can take the label."""
    digest, objects = hashlib.sha256(), 0
    attribute = request.label_attribute
    taken = {attribute, attribute + METADATA_SUFFIX}
    with open_input(path) as file:
        for item in read_manifest(_hashed(file, digest), path):
            check_task_fit(item, definition, path)
            present = taken & read_json(item.line, path, item.index + 1).keys()
            if present:
                raise InputError(
                    "is there already, but is what the job would add; choose another LabelAttributeName",
                    source=path,
                    line=item.index + 1,
                    path=f"$.{min(present)}",
                )
            objects += 1
    if not objects:
        raise InputError("holds no objects", source=path)
    return ManifestFile(str(local_path(path).resolve()), digest.hexdigest(), objects)


def _hashed(lines: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line


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
    project = _create_project(server, request, definition)
    try:
        # Two requests at the same moment: the older project keeps the name.
        _refuse_second(server, request.name, but=project)
        with open_input(manifest.path) as file:
            tasks = (_task(item, request, definition, answers) for item in read_manifest(file, request.manifest))
            for batch in _batches(tasks):
                with speaking_to(server.url):
                    server.sdk.projects.import_tasks(id=project, request=batch)
                if on_progress:
                    on_progress(len(batch))
        with speaking_to(server.url):
            server.sdk.projects.update(id=project, description=description_of(request, asdict(manifest)))
    except BaseException:
        with suppress(GtbridgeError), speaking_to(server.url):
            server.sdk.projects.delete(id=project)
        raise
    return Job(project, request, definition, manifest)


def _create_project(server: Server, request: LabelingJobRequest, definition: TaskDefinition) -> int:
    instructions = html.escape(definition.instructions).replace("\n", "<br>")
    with speaking_to(server.url):
        project = server.sdk.projects.create(
            title=request.title[:TITLE_LENGTH].strip().ljust(3, "."),
            description=description_of(request, None),
            label_config=definition_to_labeling_config(definition),
            expert_instruction=instructions,
            show_instruction=bool(instructions),
            maximum_annotations=request.workers_per_object,
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
    order = None
    if isinstance(definition, TextRanking) and definition.shuffle_responses:
        order = shuffled(len(item.responses or ()), f"{request.name}\0{item.index}\0{item.line}")
    task: dict[str, Any] = {"data": item_to_task_data(item, definition, order)}
    if answers:
        task["annotations"] = [
            # Label Studio takes imported annotations for ground truth unless told otherwise.
            {**answer_to_annotation(answer, item, definition, order), "completed_by": user, "ground_truth": False}
            for answer, user in answers(item)
        ]
    return task


def _batches(tasks: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for task in tasks:
        length = len(json.dumps(task))
        if batch and (len(batch) >= _BATCH_TASKS or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += length
    if batch:
        yield batch


def _named(server: Server, name: str) -> list[tuple[int, dict[str, Any], str]]:
    found = [(project.id, parse_description(project.description)) for project in server.projects()]
    return sorted((number, *block) for number, block in found if block and block[0]["job"] == name)


def _refuse_second(server: Server, name: str, but: int | None = None) -> None:
    for project, known, _ in _named(server, name):
        if project == but:
            return
        state = "exists already" if known["manifest"] else "is being made, or its making was cut off"
        remedy = "" if known["manifest"] else f"; delete project {project} to begin anew"
        raise InputError(f"the labeling job {name} {state} (project {project}){remedy}", source=server.url)


def find_job(server: Server, name: str) -> Job:
    """The labeling job of that name; MissingError if there is none, ServerError if its project was tampered with."""
    finished = [entry for entry in _named(server, name) if entry[1]["manifest"]]
    if not finished:
        raise MissingError(f"there is no labeling job {name}", source=server.url)
    project, known, text = finished[0]
    source = f"{server.url}/projects/{project}"
    with speaking_to(server.url):
        config = server.sdk.projects.get(id=project).label_config
    try:
        request = read_request(text, source)
        manifest = ManifestFile(**known["manifest"])
    except (GtbridgeError, TypeError) as error:
        raise ServerError(f"the project's description was changed: {error}", source=source) from None
    return Job(project, request, labeling_config_to_definition(config, source), manifest)
