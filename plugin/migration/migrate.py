"""A planned migration -> a Label Studio project. Goes on where an interrupted one stopped; changes nothing if all is
there.

Label Studio gives every imported task the overlap that its project has at that moment, and setting another one for a
single task takes as long as importing two hundred. So the finished tasks, nearly always most of them, come first, while
the project asks for one person; then it asks for as many as the job does, and the others come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ...converters.formats.label_studio_tasks import OBJECT_INDEX
from ...label_configs.errors import InputError, ServerError
from ..files.interrupts import tidy_when_interrupted
from ..label_studio.jobs import create_project, named_projects
from ..label_studio.object_tasks import each_once, object_tasks
from ..label_studio.server import Server, speaking_to
from ..label_studio.task_import import import_in_batches
from ..project_description import description_of
from .plan import MigrationPlan

__all__ = ["Migrated", "migrate"]

_MIGRATION = "migration"


@dataclass(frozen=True)
class Migrated:
    """The ``project``, and what was done: ``created``, ``resumed`` (an earlier run was cut off), or ``present``."""

    project: int
    outcome: str


def migrate(
    server: Server,
    plan: MigrationPlan,
    *,
    allow_loss: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> Migrated:
    """Make the project with all tasks and annotations of the ``plan``; ``on_progress`` is told how many more are there.

    What an interruption or a failure leaves is a project that the next run of an equal plan goes on with. InputError,
    and nothing is made, if the plan has something to lose, unless ``allow_loss``, or if there is a labeling job of that
    name which this plan did not make.
    """
    found = _begun(server, plan)
    if found is not None and found.outcome == "present":
        return found
    if found is None and plan.lost and not allow_loss:
        count = plan.ledger.dropped("items")
        message = f": this item would be lost ({count} in all; --dry-run names them, --allow-loss goes on without)"
        raise InputError(plan.lost[0] + message, source=plan.manifest.path)
    if plan.made:
        plan.made.write()
    tidy_when_interrupted()
    with_one = plan.request.workers_per_object > 1 and any(overlap == 1 for _, overlap in plan.tasks())
    description = description_of(plan.request, None, plan.definition, **{_MIGRATION: plan.digest})
    if found is None:
        workers = 1 if with_one else plan.request.workers_per_object
        project = create_project(server, plan.request, plan.definition, description, workers)
        # Two runs at the same moment: the older project keeps the name.
        oldest = named_projects(server, plan.request.name)[0][0]
        if oldest != project:
            with speaking_to(server.url):
                server.sdk.projects.delete(id=project)
            raise InputError(f"the labeling job {plan.request.name} is being made already", source=server.url)
        found = Migrated(project, "created")
    finished = description_of(plan.request, plan.manifest.to_dict(), plan.definition, **{_MIGRATION: plan.digest})
    try:
        _fill(server, plan, found, with_one, on_progress)
        with speaking_to(server.url):
            server.sdk.projects.update(id=found.project, description=finished)
    except ServerError as error:
        message = f"{error.message}; what is there stays (project {found.project}): run the same again to go on"
        raise ServerError(message, source=error.source) from None
    return found


def _begun(server: Server, plan: MigrationPlan) -> Migrated | None:
    """The project that an equal plan made, or began to make."""
    for project, known, _ in named_projects(server, plan.request.name):
        name = f"the labeling job {plan.request.name}"
        if known.get(_MIGRATION) == plan.digest:
            return Migrated(project, "present" if known["manifest"] else "resumed")
        state = "exists already" if known["manifest"] else "is being made, or its making was cut off"
        message = f"{name} {state} (project {project}), but not from this output with these options"
        raise InputError(f"{message}; choose another name with --project, or delete that project", source=server.url)
    return None


def _fill(
    server: Server,
    plan: MigrationPlan,
    found: Migrated,
    with_one: bool,
    on_progress: Callable[[int], None] | None,
) -> None:
    project, workers = found.project, plan.request.workers_per_object
    there = {task.index for task in object_tasks(server, project)} if found.outcome == "resumed" else set()
    if there and on_progress:
        on_progress(len(there))

    def missing(finished_by_one: bool) -> Iterator[dict[str, Any]]:
        for task, overlap in plan.tasks():
            if (with_one and overlap == 1) == finished_by_one and task["data"][OBJECT_INDEX] not in there:
                yield task

    if with_one:
        import_in_batches(server, project, missing(True), on_progress)
        if _asks_for(server, project) == 1:
            _ask_for(server, project, workers)
    import_in_batches(server, project, missing(False), on_progress)
    _set_right(server, plan, project)


def _ask_for(server: Server, project: int, workers: int) -> None:
    """Have the project ask for so many people, but leave the tasks that are done with one as they are.

    Label Studio leaves tasks with an overlap of one alone where there are others; so there must be one other. It is set
    right in the end, with whatever else is not as it must be.
    """
    first = next(object_tasks(server, project))
    with speaking_to(server.url):
        if first.overlap != workers:
            server.sdk.tasks.update(id=str(first.id), overlap=workers)
        server.sdk.projects.update(id=project, maximum_annotations=workers)


def _asks_for(server: Server, project: int) -> int:
    with speaking_to(server.url):
        return int(server.sdk.projects.get(id=project).maximum_annotations)


def _set_right(server: Server, plan: MigrationPlan, project: int) -> None:
    """Each object's task is there once, with the overlap that it is to have."""
    wanted = {task["data"][OBJECT_INDEX]: (overlap, len(task["annotations"])) for task, overlap in plan.tasks()}
    kept = each_once(server, project)
    if kept.keys() != wanted.keys():
        raise ServerError(f"project {project} has other tasks than were imported", source=server.url)
    for task in kept.values():
        overlap, annotations = wanted[task.index]
        done = annotations >= plan.request.workers_per_object
        if task.overlap != overlap or (done and not task.done):
            is_done = done or task.annotations >= overlap > annotations
            with speaking_to(server.url):
                server.sdk.tasks.update(id=str(task.id), overlap=overlap, is_labeled=is_done)
