"""What a migration would do: a Ground Truth job read whole, and a task written for each of its items. Asks no server.

The tasks go to a temporary file, so that memory does not grow with the job and nothing is created before all is read.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from ...converters.formats.job_output import AnsweredLine
from ...converters.formats.json_text import to_line
from ...converters.formats.manifest import METADATA_SUFFIX, check_task_fit, line_without
from ...converters.formats.migrated import MigratedTask, item_to_migrated_task, task_content, with_places
from ...converters.ledger import Ledger
from ...converters.records import Item
from ...label_configs.errors import DefinitionError, InputError
from ...label_configs.tasks import TaskDefinition, fingerprint
from ...label_configs.unasked import refuse_unasked
from ..bare_request import MOST_WORKERS
from ..label_studio.job import ManifestFile
from ..label_studio.task_import import responses_order
from ..labeling_job import LabelingJobRequest, check_job_name, read_request
from ..manifests.items import manifest_items
from ..outputs.job_reader import JobOutput, job_lines
from ..storage import absolute, read_text
from .made_manifest import MadeManifest, ManifestToBe
from .request import adapted_request, made_request

__all__ = ["MigrationOptions", "MigrationPlan", "plan_migration"]

_MOST_LOSSES = 1000


@dataclass(frozen=True)
class MigrationOptions:
    """How a job is to be migrated.

    ``name`` is the labeling job's name on Label Studio, ``request`` a file with its CreateLabelingJob request: what is
    not given is taken from the output. ``users`` says which Label Studio user (id) a worker is; ``owner`` is the user
    who owns everybody else's annotations. ``moves`` are those that the output was opened with. ``manifest`` is where to
    write the input manifest of an output that has none.
    """

    name: str | None = None
    request: str | None = None
    workers_per_object: int | None = None
    users: Mapping[str, int] = field(default_factory=dict)
    owner: int = 0
    moves: tuple[tuple[str, str], ...] = ()
    manifest: str | None = None


@dataclass
class MigrationPlan:
    """All that is to be made. ``digest`` is equal for equal plans; ``lost`` names what no task can be made of.

    ``finished`` and ``to_do`` count items; ``shared`` those to do of which one user is to own several annotations, all
    but the first of which Label Studio is not to count (see ``with_places``). ``unknown`` are the workers who were
    given a user, but no answer. ``made`` is the manifest that is to be written first, where the output has none.
    """

    request: LabelingJobRequest
    definition: TaskDefinition
    manifest: ManifestFile
    digest: str
    ledger: Ledger
    lost: list[str]
    finished: int
    to_do: int
    shared: int
    unknown: list[str]
    made: MadeManifest | None
    _tasks: IO[bytes]

    def tasks(self) -> Iterator[tuple[dict[str, Any], int]]:
        """Each task as it is to be imported, and the number of people whom Label Studio is to count it done with."""
        self._tasks.seek(0)
        for line in self._tasks:
            yield with_places(json.loads(line), self.request.workers_per_object)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "LabelingJobName": self.request.name,
            "LabelAttributeName": self.request.label_attribute,
            "NumberOfHumanWorkersPerDataObject": self.request.workers_per_object,
            "objects": self.manifest.objects,
            "finished": self.finished,
            "to_do": self.to_do,
            "lost": self.lost,
            "ledger": self.ledger.to_dict(),
        }


def plan_migration(job: JobOutput, options: MigrationOptions, tasks: IO[bytes]) -> MigrationPlan:
    """Read the whole ``job`` and write its tasks to ``tasks``, an empty temporary file that the plan reads from.

    The number of answers per item is that of the item with the most, unless the options or the request say otherwise.
    InputError if the output is on Label Studio already, if the request does not belong to it, or if one of the two says
    where the manifest is and the other ought to; DefinitionError if no screen asks what the job asked.
    """
    if not job.delivered:
        raise InputError("is on Label Studio already; export it first to have it there once more", source=job.place)
    if job.has_manifest and options.manifest is not None:
        raise InputError("has a manifest already; leave out --manifest", source=job.place)
    if not job.has_manifest and options.manifest is None:
        message = "has no manifest; say with --manifest where to write one, which `job export` will read"
        raise InputError(message, source=job.place)
    place = options.request or job.request
    given = read_request(read_text(place), place) if place else None
    name = options.name or (given.name if given else job.name)
    check_job_name(name)
    try:
        refuse_unasked(job.definition)
    except DefinitionError as error:
        raise error.at(source=job.place) from None
    read = _Reading(job.definition, name, options, tasks)
    for position, answered in enumerate(job_lines(job, read.ledger)):
        read.line(answered if job.has_manifest else _at(position, answered))
        if not job.has_manifest:
            read.to_be.see(answered.line.item.line)
    read.ledger.close()
    if job.has_manifest:
        digest = hashlib.sha256()
        objects = sum(1 for _ in manifest_items(job.place, options.moves, digest))
    else:
        digest, objects = read.to_be.digest, read.to_be.objects
    if not objects:
        raise InputError("holds no objects", source=job.place)
    request = _request(job, name, given, options, read)
    labelled = request.label_attribute if job.has_manifest else None
    place = absolute(options.manifest or job.place)
    manifest = ManifestFile(place, digest.hexdigest(), objects, options.moves, labelled)
    for part in (request.text, fingerprint(job.definition), manifest.sha256):
        read.digest.update(f"\0{part}".encode())
    wanted = request.workers_per_object
    finished = sum(count for (answers, _), count in read.annotations.items() if answers >= wanted)
    shared = sum(count for (answers, people), count in read.annotations.items() if people < answers < wanted)
    return MigrationPlan(
        request=request,
        definition=job.definition,
        manifest=manifest,
        digest=read.digest.hexdigest(),
        ledger=read.ledger,
        lost=read.lost,
        finished=finished,
        to_do=read.annotations.total() - finished,
        shared=shared,
        unknown=sorted(options.users.keys() - read.workers),
        made=None if job.has_manifest else MadeManifest(job, manifest),
        _tasks=tasks,
    )


def _request(
    job: JobOutput, name: str, given: LabelingJobRequest | None, options: MigrationOptions, read: _Reading
) -> LabelingJobRequest:
    if given is not None:
        if not job.has_manifest and not read.to_be.has_free(given.label_attribute):
            message = "is a field of the items already; choose another LabelAttributeName"
            raise InputError(message, source=options.request, path="$.LabelAttributeName")
        return adapted_request(
            given, name, read.attribute, options.workers_per_object, options.request or job.request or ""
        )
    workers = options.workers_per_object or min(max(read.most, 1), MOST_WORKERS)
    attribute = read.attribute or (job.name if job.has_manifest else name)
    while not job.has_manifest and not read.to_be.has_free(attribute):
        attribute += "-label"
    return made_request(name, attribute, workers, absolute(options.manifest or job.place), job.definition)


def _at(position: int, answered: AnsweredLine) -> AnsweredLine:
    """The same as line ``position`` of the manifest that is to be: tasks of Label Studio's have other numbers."""
    return replace(answered, line=replace(answered.line, item=replace(answered.line.item, index=position)))


class _Reading:
    """The job as far as it is read: counts, and what is known only at its end."""

    def __init__(self, definition: TaskDefinition, name: str, options: MigrationOptions, tasks: IO[bytes]):
        self.ledger = Ledger()
        self.digest = hashlib.sha256()
        self.lost: list[str] = []
        self.attribute: str | None = None
        self.most = 0
        # How many items have so many annotations, of so many users.
        self.annotations: Counter[tuple[int, int]] = Counter()
        self.workers: set[str] = set()
        self.to_be = ManifestToBe()
        self._definition, self._name, self._options, self._tasks = definition, name, options, tasks

    def line(self, answered: AnsweredLine) -> None:
        line, answers = answered.line, answered.answers
        self.ledger.enter("items")
        self.ledger.enter_answers(answers)
        self.attribute = self.attribute or line.attribute
        self.workers.update(answer.worker.id for answer in answers)
        self.most = max(self.most, len({answer.worker.id for answer in answers if answer.status == "given"}))
        keys = (line.attribute, f"{line.attribute}{METADATA_SUFFIX}") if line.attribute else ()
        item = replace(line.item, line=line_without(line.item.line, keys))
        try:
            check_task_fit(item, self._definition, "")
        except InputError as error:
            self._lose(answered, f"{error.path}: {error.message}")
            return
        users = self._options.users
        made = item_to_migrated_task(
            item,
            answers,
            self._definition,
            lambda worker: users.get(worker, self._options.owner),
            responses_order(item, self._name, self._definition),
        )
        self._keep(item, made)

    def _lose(self, answered: AnsweredLine, why: str) -> None:
        where = f"line {answered.line.item.index + 1}: {why}"
        self.ledger.drop("items", "that can be no tasks", where)
        for answer in answered.answers:
            self.ledger.drop_answer(answer, "to items that can be no tasks", where)
        if len(self.lost) < _MOST_LOSSES:
            count = len(answered.answers)
            self.lost.append(where + (f", and the item's {count} answers with it" if count else ""))

    def _keep(self, item: Item, made: MigratedTask) -> None:
        text = to_line(made.task).encode() + b"\n"
        self._tasks.write(text)
        self.digest.update(text)
        annotations = len(made.task["annotations"])
        owners = {annotation["completed_by"] for annotation in made.task["annotations"]}
        self.annotations[annotations, len(owners)] += 1
        self.ledger.leave("items")
        self.ledger.went.update(task_content(made, item, self._definition))
        for answer, why in made.aside:
            where = f"line {item.index + 1}, {answer.worker.id}: {why}"
            self.ledger.note("answers", "kept with their items, but not as annotations: their places are open", where)
