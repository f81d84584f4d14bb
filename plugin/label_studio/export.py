"""Label Studio's answers -> a Ground Truth job output. Incremental: what has not changed keeps its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ...converters.formats.job_output import (
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
from ...converters.formats.json_text import document_to_text, read_json
from ...converters.formats.manifest import OutputLine, label_line, read_output_manifest
from ...converters.formats.migrated import line_as_it_came, metadata_without_reference
from ...converters.formats.sent_back import SENT_BACK
from ...converters.judgement.judge import Judged
from ...converters.ledger import Ledger
from ...converters.records import Item
from ...label_configs.definition_files import definition_to_yaml
from ...label_configs.errors import GtbridgeError, InputError, MissingError
from ..files.side_by_side import batches, side_by_side
from ..storage import absolute, create_bytes, in_s3, join, open_input, open_output, read_each, stamp, write_bytes
from .answers import JobAnswers, read_answers, read_items, read_lines_as_they_came
from .jobs import Job
from .requeue import Requeue, requeue, to_requeue
from .server import Server

__all__ = ["export_and_requeue", "export_job"]

_BATCH = 256


@dataclass
class _Export:
    job: Job
    folder: str
    prefix: str
    now: datetime
    answers: JobAnswers
    ledger: Ledger
    before: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    came: dict[int, OutputLine] = field(default_factory=dict)


def export_job(
    server: Server,
    job: Job,
    to: str,
    *,
    manifest: str | None = None,
    s3_prefix: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[str, Ledger]:
    """Write the job's output to ``to/<job name>``; returns that folder and the ledger.

    ``manifest`` is where the input manifest lies now, if not where it was. References to worker-response files are
    relative to the folder, or begin with ``s3_prefix``/<job name>, which is ``to`` if that is in S3. The output
    manifest is replaced last, in one step, so that readers see the old output or the new one. MissingError or
    InputError if the input manifest is not there or not the one that the job was made from; InputError if somebody
    else's export has replaced the output meanwhile.
    """
    export = _export(server, job, to, manifest, s3_prefix, on_progress)
    return export.folder, export.ledger


def export_and_requeue(
    server: Server,
    job: Job,
    to: str,
    *,
    manifest: str | None = None,
    s3_prefix: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[str, Ledger, Requeue]:
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
    to: str,
    manifest: str | None,
    s3_prefix: str | None,
    on_progress: Callable[[int], None] | None,
) -> _Export:
    items = read_items(job, manifest)
    folder = join(to, job.name)
    prefix = s3_prefix or (to if in_s3(to) else None)
    output_manifest = join(folder, OUTPUT_MANIFEST)
    if absolute(output_manifest) == absolute(manifest or job.manifest.path):
        raise InputError("is what the job was made from, and must stay as it is; choose another --to", source=folder)
    seen = stamp(output_manifest)
    export = _Export(
        job=job,
        folder=folder,
        prefix=f"{prefix.rstrip('/')}/{job.name}/" if prefix else "",
        now=datetime.now(UTC).replace(tzinfo=None),
        answers=read_answers(server, job, server.export_tasks(job.project), lambda index, _: items.get(index)),
        ledger=Ledger(),
        before=_metadata_before(output_manifest, job.request.label_attribute) if seen else {},
        came=read_lines_as_they_came(job, manifest),
    )
    for where in export.answers.strays:
        export.ledger.enter("answers")
        export.ledger.drop("answers", "to tasks that are no object of the manifest", where)
    with open_output(output_manifest, unchanged=seen) as output:
        for batch in batches(items.values(), _BATCH):
            output.writelines(f"{line}\n".encode() for line in _output_lines(export, batch))
            if on_progress:
                on_progress(len(batch))
        export.ledger.check()
        write_bytes(join(folder, DEFINITION), definition_to_yaml(job.definition).encode())
        write_bytes(join(folder, REQUEST), job.request.text.encode())
        _write_ledger(export)
    return export


def _write_ledger(export: _Export) -> None:
    write_bytes(join(export.folder, LEDGER), document_to_text(export.ledger.to_dict()).encode())


def _metadata_before(path: str, attribute: str) -> dict[int, Mapping[str, Any]]:
    with open_input(path) as file:
        lines = read_output_manifest(file, path, attribute)
        return {line.item.index: line.metadata for line in lines if line.metadata}


def _output_lines(export: _Export, items: Sequence[Item]) -> Iterator[str]:
    judged = {item.index: found for item in items if (found := _judged(export, item))}
    as_it_came = {index: document for index in judged if (document := export.answers.as_it_came(index))}
    documents = {index: as_it_came.get(index) or item_document(found) for index, found in judged.items()}
    metadata = _kept(export, documents)
    fresh = [index for index in documents if index not in metadata]
    written = side_by_side(lambda index: _write_response(export, index, documents[index]), fresh)
    for index, path in zip(fresh, written, strict=True):
        metadata[index] = _metadata(export, index, judged[index], path, index in as_it_came)
    for item in items:
        came, known = _labelled(export, item.index), metadata.get(item.index)
        if known and "failure-reason" in known:
            export.ledger.note("items", "without a valid answer", f"object {item.index}")
        if came and (known is None or item.index in as_it_came):
            yield line_as_it_came(came, known)
        else:
            yield item.line if known is None else label_line(item.line, export.job.request.label_attribute, known)


def _judged(export: _Export, item: Item) -> Judged | None:
    ledger = export.ledger
    ledger.enter("items")
    ledger.leave("items")
    if item.index not in export.answers.stored:
        ledger.note("items", "not answered yet")
        return None
    ledger.enter("answers", len(export.answers.stored[item.index]))
    judged = export.answers.judged(export.job, item.index)
    _count(judged, item, ledger)
    return judged


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


def _kept(export: _Export, documents: Mapping[int, Any]) -> dict[int, Mapping[str, Any]]:
    """The metadata that stood in the output before, of those items whose worker-response file says the same still."""
    places = {index: place for index in documents if (place := _place_before(export, index))}
    known = zip(places, read_each(places.values()), strict=True)
    return {index: export.before[index] for index, data in known if _says(data, documents[index], places[index])}


def _place_before(export: _Export, index: int) -> str | None:
    reference = export.before.get(index, {}).get("worker-response-ref")
    if not isinstance(reference, str) or not reference.startswith(export.prefix or "annotations/"):
        return None
    return join(export.folder, reference_to_path(reference, join(export.folder, OUTPUT_MANIFEST), index + 1))


def _says(data: bytes | GtbridgeError, document: Mapping[str, Any], place: str) -> bool:
    if isinstance(data, MissingError):
        return False
    if isinstance(data, GtbridgeError):
        raise data
    return bool(read_json(data, place) == document)


def _write_response(export: _Export, index: int, document: Mapping[str, Any]) -> str:
    """Write the worker-response file under a name that no file has: two exports may fall into the same second."""
    content, time = document_to_text(document).encode(), export.now
    while not create_bytes(join(export.folder, path := _response_path(index, time)), content):
        time += timedelta(seconds=1)
    return path


def _response_path(index: int, time: datetime) -> str:
    return worker_response_path(index, time.strftime("%Y-%m-%d_%H:%M:%S"))


def _labelled(export: _Export, index: int) -> OutputLine | None:
    """The line that the item came with, if it was labelled there, or failed."""
    came = export.came.get(index)
    return came if came and came.metadata is not None else None


def _metadata(export: _Export, index: int, judged: Judged, path: str, as_it_came: bool) -> Mapping[str, Any]:
    """What the item's metadata says now; of an item that came with some, all that is not said anew stays."""
    came = _labelled(export, index)
    known = metadata_without_reference(came) if came else {}
    if came and as_it_came:
        return {**known, "worker-response-ref": f"{export.prefix}{path}"}
    everyone = [*judged.valid, *judged.declined, *judged.superseded, *(answer for answer, _ in judged.invalid)]
    fresh = label_metadata(
        export.job.name,
        f"{export.prefix}{path}",
        export.now.isoformat(timespec="microseconds"),
        human=not all(answer.worker.simulated for answer in everyone),
        failure=failure_reason(judged),
    )
    said = {*fresh, "failure-reason"}
    return {**{key: value for key, value in known.items() if key.replace("_", "-") not in said}, **fresh}
