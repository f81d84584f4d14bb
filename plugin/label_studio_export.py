"""Label Studio's answers -> a Ground Truth job output. Incremental: what has not changed keeps its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

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
from ..converters.formats.manifest import label_line, read_output_manifest
from ..converters.formats.sent_back import SENT_BACK
from ..converters.judgement.judge import Judged
from ..converters.ledger import Ledger
from ..converters.records import Item
from ..label_configs.definition_files import definition_to_yaml
from .label_studio_answers import JobAnswers, read_answers, read_items
from .label_studio_jobs import Job
from .label_studio_requeue import Requeue, requeue, to_requeue
from .label_studio_server import Server
from .storage import open_input, open_output, read_bytes, write_bytes

__all__ = ["export_and_requeue", "export_job"]


@dataclass
class _Export:
    job: Job
    folder: Path
    prefix: str
    now: datetime
    answers: JobAnswers
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
    export = _export(server, job, to, manifest, s3_prefix, on_progress)
    return export.folder, export.ledger


def export_and_requeue(
    server: Server,
    job: Job,
    to: Path,
    *,
    manifest: str | None = None,
    s3_prefix: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Path, Ledger, Requeue]:
    """``export_job``; then the answers that it found invalid go back to whoever gave them.

    So the output has them with their problems, once. What was done to which answer is in the ledger, also if this is
    interrupted. Raises what ``export_job`` and ``requeue`` raise.
    """
    export = _export(server, job, to, manifest, s3_prefix, on_progress)
    try:
        plan = to_requeue(job, export.answers, export.ledger)
        done = requeue(server, job, plan, export.ledger)
    finally:
        _write_ledger(export)
    return export.folder, export.ledger, done


def _export(
    server: Server,
    job: Job,
    to: Path,
    manifest: str | None,
    s3_prefix: str | None,
    on_progress: Callable[[int], None] | None,
) -> _Export:
    items = read_items(job, manifest)
    folder = to / job.name
    export = _Export(
        job=job,
        folder=folder,
        prefix=f"{s3_prefix.rstrip('/')}/{job.name}/" if s3_prefix else "",
        now=datetime.now(UTC).replace(tzinfo=None),
        answers=read_answers(server, job, server.export_tasks(job.project), lambda index, _: items.get(index)),
        ledger=Ledger(),
        before=_metadata_before(folder, job.request.label_attribute),
    )
    for where in export.answers.strays:
        export.ledger.enter("answers")
        export.ledger.drop("answers", "to tasks that are no object of the manifest", where)
    with open_output(folder / OUTPUT_MANIFEST) as output:
        for item in items.values():
            output.write(f"{_output_line(export, item)}\n".encode())
            if on_progress:
                on_progress(1)
        export.ledger.check()
        write_bytes(folder / DEFINITION, definition_to_yaml(job.definition).encode())
        write_bytes(folder / REQUEST, job.request.text.encode())
        _write_ledger(export)
    return export


def _write_ledger(export: _Export) -> None:
    write_bytes(export.folder / LEDGER, document_to_text(export.ledger.to_dict()).encode())


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
    if item.index not in export.answers.stored:
        ledger.note("items", "not answered yet")
        return item.line
    ledger.enter("answers", len(export.answers.stored[item.index]))
    judged = export.answers.judged(job, item.index)
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
        reason = "sent back, and not given again yet" if answer.reason == SENT_BACK else "declined"
        ledger.drop("answers", reason, f"{where}, {answer.worker.id}")
    for answer in judged.superseded:
        first = "" if answer.status == "given" else f"{answer.reason or 'declined'}, then "
        ledger.drop("answers", f"{first}given again later by the same worker", f"{where}, {answer.worker.id}")


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
