"""Labeling jobs as Label Studio projects: create, find. The first of the two backends.

A project is a labeling job if its description says so (``project_description``), with the request verbatim in it.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from typing import Any

from ...converters.formats.annotation_results import answer_to_annotation
from ...converters.formats.given_under import rules_from_dict
from ...converters.formats.json_text import read_json
from ...converters.formats.label_studio_tasks import item_to_task_data
from ...converters.formats.manifest import check_label_is_free, check_task_fit
from ...converters.records import Answer, Item
from ...label_configs.errors import DefinitionError, GtbridgeError, InputError, MissingError, ServerError
from ...label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from ...label_configs.tasks import TaskDefinition, fingerprint
from ..definitions import OtherConfig
from ..files.interrupts import tidy_when_interrupted
from ..labeling_job import LabelingJobRequest, read_request
from ..manifests.items import manifest_items
from ..project_description import description_of, parse_description
from ..storage import absolute
from .hand_made import numbered_project
from .job import Job, ManifestFile
from .object_tasks import each_once, object_tasks
from .server import Server, speaking_to
from .task_import import import_in_batches, responses_order

__all__ = [
    "check_manifest",
    "create_job",
    "create_project",
    "find_job",
    "find_project",
    "named_projects",
]

TITLE_LENGTH = 50
# Of a project that is still being made: the manifest that it is made from.
_MADE_FROM = "made_from"


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

    What a program left that was killed on the way, or that could not take away what it had made, is gone on with.
    ``manifest`` is what ``check_manifest`` found good. ``answers(item)`` gives answers to import with the item, each
    with the id of the Label Studio user who is to own it. ``on_progress`` is told how many more tasks are made.
    InputError if the job exists already.
    """
    made_from = {**manifest.to_dict(), "task": fingerprint(definition)}
    unfinished = description_of(request, None, definition, **{_MADE_FROM: made_from})
    begun = _begun(server, request.name, unfinished)
    tidy_when_interrupted()
    if begun is not None:
        # Not taken away if this fails: somebody may have answered in it already.
        job = Job(begun, request, definition, manifest)
        _fill(server, job, manifest, {task.index for task in object_tasks(server, begun)}, answers, on_progress)
        _make_each_once(server, job, manifest)
        _finish(server, job, manifest)
        return job
    project = create_project(server, request, definition, unfinished)
    try:
        # Two requests at the same moment: the older project keeps the name.
        _refuse_second(server, request.name, but=project)
        job = Job(project, request, definition, manifest)
        _fill(server, job, manifest, set(), answers, on_progress)
        if server.task_count(project) != manifest.objects:
            _make_each_once(server, job, manifest)  # an equal call took this one for dead, and went on with its project
        _finish(server, job, manifest)
    except BaseException:
        with suppress(GtbridgeError), speaking_to(server.url):
            server.sdk.projects.delete(id=project)
        raise
    return job


def _begun(server: Server, name: str, unfinished: str) -> int | None:
    """The project that an equal call began and did not end. InputError if there is another of that name."""
    for project, known, text in named_projects(server, name):
        if (known, text) == parse_description(unfinished):
            return project
    _refuse_second(server, name)
    return None


def _fill(
    server: Server,
    job: Job,
    manifest: ManifestFile,
    there: Set[int | None],
    answers: Callable[[Item], list[tuple[Answer, int]]] | None,
    on_progress: Callable[[int], None] | None,
) -> None:
    if there and on_progress:
        on_progress(len(there))
    items = (item for item in manifest_items(manifest.path, manifest.moves) if item.index not in there)
    tasks = (_task(item, job.request, job.definition, answers) for item in items)
    import_in_batches(server, job.project, tasks, on_progress)


def _make_each_once(server: Server, job: Job, manifest: ManifestFile) -> None:
    if each_once(server, job.project).keys() != set(range(manifest.objects)):
        raise ServerError(f"project {job.project} has other tasks than were imported", source=server.url)


def _finish(server: Server, job: Job, manifest: ManifestFile) -> None:
    with speaking_to(server.url):
        finished = description_of(job.request, manifest.to_dict(), job.definition)
        server.sdk.projects.update(id=job.project, description=finished)


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
    """The labeling job of that name; or, if the name is a number, the project of that id if it was made by hand.

    MissingError if there is neither; InputError, ServerError or DefinitionError as ``find_project`` raises them.
    """
    found = find_project(server, name)
    if isinstance(found, OtherConfig):
        raise MissingError(f"there is no labeling job {name}", source=server.url)
    return found


def find_project(server: Server, name: str) -> Job | OtherConfig:
    """The same; but of a project that gtbridge did not make, the labeling config.

    MissingError if there is neither job nor project; InputError if ``name`` is the number of a job's project;
    ServerError if the job's project was tampered with; DefinitionError if a labeling config was edited so that it
    cannot be read and nothing stands in for it.
    """
    finished = [entry for entry in named_projects(server, name) if entry[1]["manifest"]]
    if not finished:
        numbered = numbered_project(server, name)
        if numbered is None:
            what = "labeling job and no project" if name.isdecimal() else "labeling job"
            raise MissingError(f"there is no {what} {name}", source=server.url)
        return numbered
    project, known, text = finished[0]
    source = f"{server.url}/projects/{project}"
    with speaking_to(server.url):
        config = server.sdk.projects.get(id=project).label_config
    try:
        request = read_request(text, source)
        manifest = ManifestFile.from_dict(known["manifest"])
    except (GtbridgeError, TypeError, ValueError, AttributeError) as error:
        raise ServerError(f"the project's description was changed: {error}", source=source) from None
    made_with = rules_from_dict(known.get("rules"))
    try:
        definition = labeling_config_to_definition(config, source)
    except DefinitionError as error:
        if made_with is None:
            raise
        return Job(project, request, made_with, manifest, made_with, unreadable=error.message)
    return Job(project, request, definition, manifest, made_with)
