"""Label Studio's answers -> a Ground Truth job output. Incremental: what has not changed keeps its file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..converters.formats.annotations import annotation_to_answer
from ..converters.formats.job_output import (
    DEFINITION,
    LEDGER,
    OUTPUT_MANIFEST,
    REQUEST,
    failure_reason,
    item_document,
    label_metadata,
    reference_to_path,
    worker_response_path,
)
from ..converters.formats.json_text import document_to_text, read_json
from ..converters.formats.label_studio_tasks import OBJECT_INDEX, shown_order
from ..converters.formats.manifest import label_line, read_manifest, read_output_manifest
from ..converters.judgement.judge import Judged, judge
from ..converters.ledger import Ledger
from ..converters.records import SIMULATED, Answer, Item, Worker
from ..label_configs.definition_files import definition_to_yaml
from ..label_configs.errors import InputError, MissingError
from .label_studio_jobs import Job
from .label_studio_server import Server
from .storage import open_input, open_output, read_bytes, write_bytes

__all__ = ["SIMULATED_DOMAIN", "export_job"]

# The addresses of simulated annotators end so; .invalid is reserved (RFC 2606), so no person's can.
SIMULATED_DOMAIN = "@simulated.gtbridge.invalid"


@dataclass
class _Export:
    job: Job
    folder: Path
    prefix: str
    now: datetime
    answers: dict[int, list[Answer]]
    ledger: Ledger
    before: dict[int, Mapping[str, Any]] = field(default_factory=dict)


def export_job(
    server: Server,
    job: Job,
    to: Path,
    *,
    manifest: str | None = None,
    s3_prefix: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Path, Ledger]:
    """Write the job's output to ``to/<job name>``; returns that folder and the ledger.

    ``manifest`` is where the input manifest lies now, if not where it was. References to worker-response files are
    relative to the folder, or begin with ``s3_prefix``/<job name>. The output manifest is replaced last, in one step,
    so that readers see the old output or the new one. MissingError or InputError if the input manifest is not there
    or not the one that the job was made from.
    """
    path = manifest or job.manifest.path
    _check_same(job, path)
    with open_input(path) as file:
        items = {item.index: item for item in read_manifest(file, path)}
    ledger = Ledger()
    folder = to / job.name
    export = _Export(
        job=job,
        folder=folder,
        prefix=f"{s3_prefix.rstrip('/')}/{job.name}/" if s3_prefix else "",
        now=datetime.now(UTC).replace(tzinfo=None),
        answers=_answers(server, job, items, ledger),
        ledger=ledger,
        before=_metadata_before(folder, job.request.label_attribute),
    )
    with open_output(folder / OUTPUT_MANIFEST) as output:
        for item in items.values():
            output.write(f"{_output_line(export, item)}\n".encode())
            if on_progress:
                on_progress(1)
        ledger.check()
        write_bytes(folder / DEFINITION, definition_to_yaml(job.definition).encode())
        write_bytes(folder / REQUEST, job.request.text.encode())
        write_bytes(folder / LEDGER, document_to_text(ledger.to_dict()).encode())
    return folder, ledger


def _check_same(job: Job, path: str) -> None:
    try:
        digest = hashlib.sha256(read_bytes(path))
    except MissingError:
        raise MissingError(
            "the job's input manifest is not there any more; say with --manifest where it lies now", source=path
        ) from None
    if digest.hexdigest() != job.manifest.sha256:
        raise InputError("is not the manifest that the job was made from: its bytes have changed", source=path)


def _answers(server: Server, job: Job, items: Mapping[int, Item], ledger: Ledger) -> dict[int, list[Answer]]:
    """The answers to each object, in the order in which they were submitted."""
    emails = server.emails()
    found: dict[int, list[tuple[Mapping[str, Any], Answer]]] = {}
    for task in server.export_tasks(job.project):
        data = task.get("data") or {}
        index = data.get(OBJECT_INDEX)
        item = items.get(index) if isinstance(index, int) and not isinstance(index, bool) else None
        for annotation in task.get("annotations") or []:
            ledger.enter("answers")
            if item is None:
                where = f"task {task.get('id')}, annotation {annotation.get('id')}"
                ledger.drop("answers", "to tasks that are no object of the manifest", where)
                continue
            worker = _worker(annotation, emails, server.url)
            answer = annotation_to_answer(annotation, item, job.definition, worker, shown_order(data))
            found.setdefault(item.index, []).append((annotation, answer))
    for pairs in found.values():
        pairs.sort(key=lambda pair: (str(pair[0].get("created_at")), pair[0].get("id") or 0))
    return {index: [answer for _, answer in pairs] for index, pairs in found.items()}


def _worker(annotation: Mapping[str, Any], emails: Mapping[int, str], issuer: str) -> Worker:
    user = annotation.get("completed_by")
    user = user.get("id") if isinstance(user, dict) else user
    if user is None:
        # Two answers by accounts that are gone need not be of one person.
        return Worker(f"label-studio-unknown-{annotation.get('id')}")
    simulated = emails.get(user, "").endswith(SIMULATED_DOMAIN)
    provider = SIMULATED if simulated else "LabelStudio"
    identity = {"identityProviderType": provider, "issuer": issuer, "sub": str(user)}
    return Worker(f"{'simulated' if simulated else 'label-studio'}-{user}", identity)


def _metadata_before(folder: Path, attribute: str) -> dict[int, Mapping[str, Any]]:
    path = folder / OUTPUT_MANIFEST
    if not path.exists():
        return {}
    with open_input(str(path)) as file:
        lines = read_output_manifest(file, str(path), attribute)
        return {line.item.index: line.metadata for line in lines if line.metadata}


def _output_line(export: _Export, item: Item) -> str:
    ledger, job = export.ledger, export.job
    ledger.enter("items")
    ledger.leave("items")
    answers = export.answers.get(item.index)
    if not answers:
        ledger.note("items", "not answered yet")
        return item.line
    judged = judge(job.definition, item, answers)
    _count(judged, item, ledger)
    metadata = _metadata(export, item, judged)
    if "failure-reason" in metadata:
        ledger.note("items", "without a valid answer", f"object {item.index}")
    return label_line(item.line, job.request.label_attribute, metadata)


def _count(judged: Judged, item: Item, ledger: Ledger) -> None:
    where = f"object {item.index}"
    ledger.leave("answers", len(judged.valid))
    for answer, broken in judged.invalid:
        ledger.drop("answers", "that break a rule", f"{where}, {answer.worker.id}: {broken[0]}")
    for answer in judged.declined:
        ledger.drop("answers", "declined", f"{where}, {answer.worker.id}")
    for answer in judged.superseded:
        ledger.drop("answers", "given again later by the same worker", f"{where}, {answer.worker.id}")


def _metadata(export: _Export, item: Item, judged: Judged) -> Mapping[str, Any]:
    """The item's metadata with its worker-response file written; what stood there before, if that says the same."""
    document = item_document(judged)
    before = export.before.get(item.index)
    if before is not None and _same(export, before, document):
        return before
    path, content = _free_path(export, item.index), document_to_text(document)
    write_bytes(export.folder / path, content.encode())
    everyone = [*judged.valid, *judged.declined, *judged.superseded, *(answer for answer, _ in judged.invalid)]
    return label_metadata(
        export.job.name,
        f"{export.prefix}{path}",
        export.now.isoformat(timespec="microseconds"),
        human=not all(answer.worker.simulated for answer in everyone),
        failure=failure_reason(judged),
    )


def _same(export: _Export, before: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    reference = before.get("worker-response-ref")
    if not isinstance(reference, str) or not reference.startswith(export.prefix or "annotations/"):
        return False
    path = export.folder / reference_to_path(reference, str(export.folder / OUTPUT_MANIFEST), 1)
    return path.exists() and bool(read_json(read_bytes(str(path)), str(path)) == document)


def _free_path(export: _Export, index: int) -> str:
    """A name that no file has: two exports may fall into the same second."""

    def candidates() -> Iterator[str]:
        time = export.now
        while True:
            yield worker_response_path(index, time.strftime("%Y-%m-%d_%H:%M:%S"))
            time += timedelta(seconds=1)

    return next(path for path in candidates() if not (export.folder / path).exists())
