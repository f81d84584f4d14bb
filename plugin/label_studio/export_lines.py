"""The lines of a job's output manifest and the worker-response files that they refer to, from answers on Label Studio.

What has not changed keeps its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ...converters.formats.job_output import (
    OUTPUT_MANIFEST,
    failure_reason,
    item_document,
    label_metadata,
    reference_to_path,
    worker_response_path,
)
from ...converters.formats.json_text import document_to_text, read_json
from ...converters.formats.manifest import OutputLine, label_line
from ...converters.formats.migrated import line_as_it_came, metadata_without_reference
from ...converters.formats.remarks import declined_how
from ...converters.formats.sent_back import SENT_BACK
from ...converters.formats.worker_response import EXTENSION, document_to_answers
from ...converters.judgement.judge import Judged, note_earlier_rules
from ...converters.ledger import Ledger, content, refuse_loss
from ...converters.records import Item
from ...label_configs.errors import GtbridgeError, MissingError
from ...label_configs.tasks import TaskDefinition
from ..files.side_by_side import side_by_side
from ..storage import create_bytes, join, read_bytes, read_each
from .answers import ItemAnswers, JobAnswers
from .job import Job

__all__ = ["Export", "output_lines"]


@dataclass
class Export:
    """What one export goes by: ``before`` is the metadata in the output that it replaces, ``came`` the lines that a
    migrated job was made from, both by object; ``prefix`` begins the references to worker-response files.
    """

    job: Job
    folder: str
    prefix: str
    now: datetime
    answers: JobAnswers
    ledger: Ledger
    before: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    came: Mapping[int, OutputLine] = field(default_factory=dict)


def output_lines(export: Export, items: Sequence[Item]) -> Iterator[str]:
    """A line for each item. Its worker-response file is written before, unless it says the same already."""
    answered = {item.index: found for item in items if (found := _answered(export, item))}
    judged = {index: _judged(export, found) for index, found in answered.items()}
    as_it_came = {index: document for index, found in answered.items() if (document := found.as_it_came())}
    documents = {index: as_it_came.get(index) or item_document(found) for index, found in judged.items()}
    for index, document in documents.items():
        export.ledger.went.update(_content(document, judged[index], answered[index], index in as_it_came))
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


def _answered(export: Export, item: Item) -> ItemAnswers | None:
    found = export.answers.of(item.index)
    if found is None:
        export.ledger.note("items", "not answered yet")
    return found


def _judged(export: Export, found: ItemAnswers) -> Judged:
    # Of these it was counted where they were read how many there are.
    held = content(entry.answer for entry in found.stored)
    export.ledger.came.update({kind: count for kind, count in held.items() if kind != "answers"})
    judged = found.judged(export.job)
    _count(judged, found.item, export.job.definition, export.ledger)
    return judged


def _count(judged: Judged, item: Item, task: TaskDefinition, ledger: Ledger) -> None:
    where = f"object {item.index}"
    note_earlier_rules(judged, where, ledger)
    for answer, broken in judged.invalid:
        ledger.drop_answer(answer, "that break a rule", f"{where}, {answer.worker.id}: {broken[0]}")
    for answer in judged.declined:
        sent_back = answer.reason == SENT_BACK
        reason = "sent back, and not given again yet" if sent_back else declined_how(answer, task)
        ledger.drop_answer(answer, reason, f"{where}, {answer.worker.id}")
    for answer in judged.superseded:
        declined = SENT_BACK if answer.reason == SENT_BACK else declined_how(answer, task)
        first = "" if answer.status == "given" else f"{declined}, then "
        ledger.drop_answer(answer, f"{first}given again later by the same worker", f"{where}, {answer.worker.id}")


def _content(document: Mapping[str, Any], judged: Judged, found: ItemAnswers, as_it_came: bool) -> Counter[str]:
    """What counts of the answers in the worker-response file, read from it as its readers will.

    LedgerError unless every answer is in the file, whether it counts or not.
    """
    where, others = f"object {found.item.index}", document.get(EXTENSION) or {}
    entries = len(document["answers"]) + sum(map(len, others.values()))
    refuse_loss({"answers": len(found.stored)}, {"answers": entries}, where)
    if as_it_came:  # to the byte, those that do not count where they stood
        return content(judged.valid)
    return content(answer for answer in document_to_answers(document, where) if answer.status == "given")


def _kept(export: Export, documents: Mapping[int, Any]) -> dict[int, Mapping[str, Any]]:
    """The metadata that stood in the output before, of those items whose worker-response file says the same still."""
    places = {index: place for index in documents if (place := _place_before(export, index))}
    known = zip(places, read_each(places.values()), strict=True)
    return {index: export.before[index] for index, data in known if _says(data, documents[index], places[index])}


def _place_before(export: Export, index: int) -> str | None:
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


def _write_response(export: Export, index: int, document: Mapping[str, Any]) -> str:
    """Write the worker-response file under a name that no other has: two exports may fall into the same second.

    One that says the same was written by an export of that second, which was cut off before anything referred to it.
    """
    content, time = document_to_text(document).encode(), export.now
    while True:
        path = _response_path(index, time)
        place = join(export.folder, path)
        if create_bytes(place, content) or read_bytes(place) == content:
            return path
        time += timedelta(seconds=1)


def _response_path(index: int, time: datetime) -> str:
    return worker_response_path(index, time.strftime("%Y-%m-%d_%H:%M:%S"))


def _labelled(export: Export, index: int) -> OutputLine | None:
    """The line that the item came with, if it was labelled there, or failed."""
    came = export.came.get(index)
    return came if came and came.metadata is not None else None


def _metadata(export: Export, index: int, judged: Judged, path: str, as_it_came: bool) -> Mapping[str, Any]:
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
