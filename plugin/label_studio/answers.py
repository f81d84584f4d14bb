"""The answers that a labeling job has on Label Studio, by object: for the export, the description and the re-queue.

Reads; changes nothing on the server and writes no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...converters.formats.accounts import account_worker
from ...converters.formats.annotations import annotation_to_answer
from ...converters.formats.job_output import (
    AnsweredLine,
    document_to_job_answers,
    failure_reason,
    item_document,
    label_metadata,
)
from ...converters.formats.label_studio_tasks import OBJECT_INDEX, shown_order
from ...converters.formats.manifest import METADATA_SUFFIX, OutputLine, line_without, read_output_manifest
from ...converters.formats.migrated import document_as_it_was, is_brought, kept_answer
from ...converters.formats.pulled_tasks import line_task
from ...converters.formats.sent_back import set_aside
from ...converters.judgement.judge import Judged, judge
from ...converters.records import Answer, Item, Worker
from ...label_configs.errors import InputError, MissingError
from ..files.on_disk import OnDisk, Pieces
from ..manifests.items import manifest_items
from ..storage import open_input
from .hand_made import hand_made_items
from .job import Job
from .keeping import Keeping
from .pulled import pulled_tasks
from .server import Server

__all__ = [
    "ItemAnswers",
    "JobAnswers",
    "StoredAnswer",
    "answered_lines",
    "read_answers",
    "read_items",
    "read_lines_as_they_came",
]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An annotation of ``task``, and what it says. ``account`` is whose it is on this server.

    The answer speaks for another worker where it was brought here from elsewhere.
    """

    task: Mapping[str, Any]
    annotation: Mapping[str, Any]
    account: Worker
    answer: Answer


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """The answers to ``item``, one at least, in the order of their submission."""

    item: Item
    stored: tuple[StoredAnswer, ...]

    def judged(self, job: Job) -> Judged:
        """By the job's rules; those from elsewhere as far as they go."""
        return judge(job.definition, self.item, [stored.answer for stored in self.stored], is_brought)

    def as_it_came(self) -> dict[str, Any] | None:
        """The worker-response file that the item came with, if nothing was said or changed since."""
        return document_as_it_was(self.stored[0].task, [(stored.annotation, stored.answer) for stored in self.stored])


class JobAnswers:
    """The answers of a job by object, in a file: each is read when it is asked for, and held by whoever asks.

    ``count`` is of all annotations that were read, ``strays`` those of no object.
    """

    def __init__(self, read: Callable[[Mapping[str, Any]], Iterable[tuple[Item, StoredAnswer]]]):
        self.strays: list[str] = []
        self.count = 0
        self._read, self._tasks = read, Pieces()

    def add(self, index: int, line: bytes) -> None:
        """A task that shows object ``index`` and has answers, as a line of a pull file."""
        self._tasks.add(index, line)

    def of(self, index: int) -> ItemAnswers | None:
        """The answers to object ``index``; None if there are none."""
        found = [entry for line in self._tasks.of(index) for entry in self._read(line_task(line))]
        stored = sorted((stored for _, stored in found), key=_submission_order)
        return ItemAnswers(found[-1][0], tuple(stored)) if found else None

    def __iter__(self) -> Iterator[ItemAnswers]:
        """Those to each object that has any, in the order of the objects."""
        return filter(None, map(self.of, self._tasks.numbers()))


def _submission_order(entry: StoredAnswer) -> tuple[str, Any]:
    return str(entry.annotation.get("created_at")), entry.annotation.get("id") or 0


def read_items(job: Job, tasks: Iterable[Mapping[str, Any]], manifest: str | None = None) -> Mapping[int, Item]:
    """The objects of the job's input manifest, which lies at ``manifest`` if not where it was.

    Those of a migrated job are the lines of the output that it was made from, without the label that they got there.
    Those of a project made by hand are its ``tasks``. MissingError or InputError if the manifest is not there, or not
    the one that the job was made from.
    """
    if job.manifest is None:
        return hand_made_items(tasks, job.definition)
    path = manifest or job.manifest.path
    digest = hashlib.sha256()
    try:
        items = OnDisk(
            (item.index, item) for item in _unlabelled(manifest_items(path, job.manifest.moves, digest), job)
        )
    except MissingError as error:
        if error.source != path:
            raise
        raise MissingError(
            "the job's input manifest is not there any more; say with --manifest where it lies now", source=path
        ) from None
    if digest.hexdigest() != job.manifest.sha256:
        raise InputError("is not the manifest that the job was made from: its bytes have changed", source=path)
    return items


def _unlabelled(items: Iterable[Item], job: Job) -> Iterator[Item]:
    if job.manifest is None or job.manifest.labelled is None:
        yield from items
        return
    label = (job.manifest.labelled, job.manifest.labelled + METADATA_SUFFIX)
    for item in items:
        yield replace(item, line=line_without(item.line, label))


def read_lines_as_they_came(job: Job, manifest: str | None = None) -> Mapping[int, OutputLine]:
    """The lines of the output that a migrated job was made from; none for any other job.

    ``read_items`` has made sure that they are the same.
    """
    if job.manifest is None or job.manifest.labelled is None:
        return {}
    path = manifest or job.manifest.path
    with open_input(path) as file:
        lines = read_output_manifest(file, path, job.manifest.labelled)
        return OnDisk((line.item.index, line) for line in lines)


def read_answers(
    server: Server,
    job: Job,
    lines: Iterable[bytes],
    item_of: Callable[[int, Mapping[str, Any]], Item | None],
) -> JobAnswers:
    """All answers in the project's tasks, which are ``lines`` of a pull file; those set aside are among them.

    ``item_of(index, data)`` gives the item of a task that says it shows object ``index``; None if there is none.
    """
    emails = server.emails()

    def read(task: Mapping[str, Any]) -> Iterator[tuple[Item, StoredAnswer]]:
        item, order = _shown(job, task, item_of), shown_order(task.get("data") or {})
        if item is None:
            return
        for annotation in _annotations(task):
            account = account_worker(annotation, emails, server.url)
            answer = kept_answer(annotation, item) or annotation_to_answer(
                annotation, item, job.definition, account, order
            )
            yield item, StoredAnswer(task, annotation, account, answer)

    found = JobAnswers(read)
    for line in lines:
        task = line_task(line)
        here = sum(1 for _ in _annotations(task))
        if not here:
            continue
        found.count += here
        item = _shown(job, task, item_of)
        if item is None:
            found.strays += (f"task {task.get('id')}, annotation {each.get('id')}" for each in _annotations(task))
        else:
            found.add(item.index, line)
    return found


def _shown(job: Job, task: Mapping[str, Any], item_of: Callable[[int, Mapping[str, Any]], Item | None]) -> Item | None:
    data = task.get("data") or {}
    index = task.get("id") if job.manifest is None else data.get(OBJECT_INDEX)
    return item_of(index, data) if isinstance(index, int) and not isinstance(index, bool) else None


def _annotations(task: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from task.get("annotations") or []
    yield from set_aside(task)


def answered_lines(
    server: Server, job: Job, manifest: str | None = None, keeping: Keeping | None = None
) -> Iterator[AnsweredLine]:
    """Every object of the job with its answers, as they are read from the output that ``job export`` would write now.

    MissingError or InputError if the input manifest is not there or not the one that the job was made from.
    """
    with pulled_tasks(server, job.project, keeping, data_matter=job.manifest is None) as tasks:
        items, came = read_items(job, tasks, manifest), read_lines_as_they_came(job, manifest)
        answers = read_answers(server, job, tasks.lines(), lambda index, _: items.get(index))
        for index, item in items.items():
            line, found = came.get(index), answers.of(index)
            document = found.as_it_came() if found else None
            if found and document is None:
                judged = found.judged(job)
                metadata = label_metadata(job.name, "", "", failure=failure_reason(judged))
                document = item_document(judged)
                line = OutputLine(item, None if "failure-reason" in metadata else {}, metadata)
            given = document_to_job_answers(document, f"{server.url}: object {index}", item=item) if document else []
            yield AnsweredLine(replace(line, item=item) if line else OutputLine(item, None, None), tuple(given))
