"""The answers that a labeling job has on Label Studio, by object: for the export, the description and the re-queue.

Reads; changes nothing on the server and writes no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
from ...converters.formats.sent_back import set_aside
from ...converters.judgement.judge import Judged, judge
from ...converters.records import Answer, Item, Worker
from ...label_configs.errors import InputError, MissingError
from ..manifests.items import manifest_items
from ..storage import open_input
from .hand_made import hand_made_items
from .job import Job
from .keeping import Keeping
from .pulled import pulled_tasks
from .server import Server

__all__ = [
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


@dataclass
class JobAnswers:
    """The items that have answers, with these in the order of submission, by object; and annotations of no object."""

    items: dict[int, Item] = field(default_factory=dict)
    stored: dict[int, list[StoredAnswer]] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)

    def judged(self, job: Job, index: int) -> Judged:
        """The answers to object ``index``, by the job's rules; those from elsewhere as far as they go."""
        answers = [stored.answer for stored in self.stored.get(index, ())]
        return judge(job.definition, self.items[index], answers, is_brought) if answers else Judged()

    def as_it_came(self, index: int) -> dict[str, Any] | None:
        """The worker-response file that object ``index`` came with, if nothing was said or changed since."""
        stored = self.stored.get(index)
        return document_as_it_was(stored[0].task, [(s.annotation, s.answer) for s in stored]) if stored else None


def read_items(job: Job, tasks: Iterable[Mapping[str, Any]], manifest: str | None = None) -> dict[int, Item]:
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
        items = {item.index: item for item in manifest_items(path, job.manifest.moves, digest)}
    except MissingError as error:
        if error.source != path:
            raise
        raise MissingError(
            "the job's input manifest is not there any more; say with --manifest where it lies now", source=path
        ) from None
    if digest.hexdigest() != job.manifest.sha256:
        raise InputError("is not the manifest that the job was made from: its bytes have changed", source=path)
    if job.manifest.labelled is None:
        return items
    label = (job.manifest.labelled, job.manifest.labelled + METADATA_SUFFIX)
    return {index: replace(item, line=line_without(item.line, label)) for index, item in items.items()}


def read_lines_as_they_came(job: Job, manifest: str | None = None) -> dict[int, OutputLine]:
    """The lines of the output that a migrated job was made from; none for any other job.

    ``read_items`` has made sure that they are the same.
    """
    if job.manifest is None or job.manifest.labelled is None:
        return {}
    path = manifest or job.manifest.path
    with open_input(path) as file:
        return {line.item.index: line for line in read_output_manifest(file, path, job.manifest.labelled)}


def read_answers(
    server: Server,
    job: Job,
    tasks: Iterable[Mapping[str, Any]],
    item_of: Callable[[int, Mapping[str, Any]], Item | None],
) -> JobAnswers:
    """All answers in ``tasks``, the project's; those that were set aside are among them.

    ``item_of(index, data)`` gives the item of a task that says it shows object ``index``; None if there is none.
    """
    emails = server.emails()
    found = JobAnswers()
    for task in tasks:
        data = task.get("data") or {}
        index = task.get("id") if job.manifest is None else data.get(OBJECT_INDEX)
        item = item_of(index, data) if isinstance(index, int) and not isinstance(index, bool) else None
        for annotation in _annotations(task):
            if item is None:
                found.strays.append(f"task {task.get('id')}, annotation {annotation.get('id')}")
                continue
            account = account_worker(annotation, emails, server.url)
            answer = kept_answer(annotation, item) or annotation_to_answer(
                annotation, item, job.definition, account, shown_order(data)
            )
            found.items[item.index] = item
            found.stored.setdefault(item.index, []).append(StoredAnswer(task, annotation, account, answer))
    for stored in found.stored.values():
        stored.sort(key=lambda entry: (str(entry.annotation.get("created_at")), entry.annotation.get("id") or 0))
    return found


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
        answers = read_answers(server, job, tasks, lambda index, _: items.get(index))
        for index, item in items.items():
            line, document = came.get(index), answers.as_it_came(index)
            if index in answers.stored and document is None:
                judged = answers.judged(job, index)
                metadata = label_metadata(job.name, "", "", failure=failure_reason(judged))
                document = item_document(judged)
                line = OutputLine(item, None if "failure-reason" in metadata else {}, metadata)
            given = document_to_job_answers(document, f"{server.url}: object {index}", item=item) if document else []
            yield AnsweredLine(replace(line, item=item) if line else OutputLine(item, None, None), tuple(given))
