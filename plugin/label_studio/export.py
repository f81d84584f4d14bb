"""Label Studio's answers -> a Ground Truth job output. Incremental: what has not changed keeps its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...converters.formats.job_output import DEFINITION, LEDGER, OUTPUT_MANIFEST, PULLED, REQUEST
from ...converters.formats.json_text import document_to_text
from ...converters.formats.manifest import read_output_manifest
from ...converters.formats.pulled_changes import Changes
from ...converters.ledger import Ledger
from ...converters.records import Item
from ...label_configs.definition_files import definition_to_yaml
from ...label_configs.errors import InputError
from ..files import clock
from ..files.on_disk import OnDisk
from ..files.side_by_side import batches
from ..object_numbers import read_object_numbers, write_object_numbers
from ..storage import absolute, in_s3, join, open_input, open_output, stamp, write_bytes
from .answers import read_answers, read_items, read_lines_as_they_came
from .export_lines import Export, output_lines
from .job import Job
from .keeping import Keeping
from .pulled import PulledTasks, pulled_tasks
from .requeue import Requeue, requeue, to_requeue
from .server import Server

__all__ = ["ExportOptions", "export_and_requeue", "export_job"]

_BATCH = 256


@dataclass(frozen=True)
class ExportOptions:
    """``manifest`` is where the input manifest lies now, if not where it was. References to worker-response files are
    relative to the job's folder, or begin with ``s3_prefix``/<job name>, which is the place of the output if that is in
    S3. ``full``: all answers are fetched anew, not only those that are new or have changed. ``on_progress`` is told how
    many more items are written, ``on_pulled`` what was otherwise on Label Studio than at the last export, and before
    that ``on_fetched`` how many more tasks are fetched, of how many.
    """

    manifest: str | None = None
    s3_prefix: str | None = None
    full: bool = False
    on_progress: Callable[[int], None] = lambda count: None
    on_pulled: Callable[[Changes], None] = lambda changes: None
    on_fetched: Callable[[int, int], None] = lambda count, total: None


def export_job(server: Server, job: Job, to: str, options: ExportOptions = ExportOptions()) -> tuple[str, Ledger]:
    """Write the job's output to ``to/<job name>``; returns that folder and the ledger.

    The output manifest is replaced last, in one step, so that readers see the old output or the new one. MissingError
    or InputError if the input manifest is not there or not the one that the job was made from; InputError if somebody
    else's export has replaced the output meanwhile.
    """
    export = _export(server, job, to, options)
    return export.folder, export.ledger


def export_and_requeue(
    server: Server, job: Job, to: str, options: ExportOptions = ExportOptions()
) -> tuple[str, Ledger, Requeue]:
    """``export_job``; then the answers that it found invalid go back to whoever gave them.

    So the output has them with their problems, once. What was done to which answer is in the ledger, also if this is
    interrupted. Raises what ``export_job`` and ``requeue`` raise.
    """
    export = _export(server, job, to, options)
    try:
        plan = to_requeue(job, export.answers, export.ledger)
        done = requeue(server, job, plan, export.ledger)
    finally:
        _write_ledger(export)
    return export.folder, export.ledger, done


def _export(server: Server, job: Job, to: str, options: ExportOptions) -> Export:
    folder = join(to, job.name)
    made_from = options.manifest or (job.manifest.path if job.manifest else None)
    if made_from is not None and absolute(join(folder, OUTPUT_MANIFEST)) == absolute(made_from):
        raise InputError("is what the job was made from, and must stay as it is; choose another --to", source=folder)
    # What is wrong with the manifest is said before the server is asked for much.
    listed = read_items(job, (), options.manifest) if job.manifest else None
    keeping = Keeping(
        place=lambda _: join(folder, PULLED),
        full=options.full,
        told=lambda _, changes: options.on_pulled(changes),
        fetched=options.on_fetched,
    )
    # A manifest has all that is said of its objects; of a task's data only their numbers are asked.
    with pulled_tasks(server, job.project, keeping, data_matter=job.manifest is None) as tasks:
        items = read_items(job, tasks) if listed is None else listed
        return _write(server, job, folder, options, tasks, items)


def _write(
    server: Server, job: Job, folder: str, options: ExportOptions, tasks: PulledTasks, items: Mapping[int, Item]
) -> Export:
    output_manifest = join(folder, OUTPUT_MANIFEST)
    seen = stamp(output_manifest)
    export = Export(
        job=job,
        folder=folder,
        prefix=_prefix(job, folder, options),
        now=clock.now().replace(tzinfo=None),
        answers=read_answers(server, job, tasks.lines(), lambda index, _: items.get(index)),
        ledger=Ledger(),
        before=_metadata_before(folder, job.request.label_attribute) if seen else {},
        came=read_lines_as_they_came(job, options.manifest),
    )
    # As many as the job was made of, and as the server has: what is lost on the way here is lost as well.
    export.ledger.enter("items", job.manifest.objects if job.manifest else len(items))
    export.ledger.enter("answers", export.answers.count)
    _note_first(export, tasks.changes)
    with open_output(output_manifest, unchanged=seen) as output:
        for batch in batches(items.values(), _BATCH):
            lines = [f"{line}\n".encode() for line in output_lines(export, batch)]
            output.writelines(lines)
            export.ledger.leave("items", len(lines))
            options.on_progress(len(batch))
        export.ledger.close()
        write_bytes(join(folder, DEFINITION), definition_to_yaml(job.definition).encode())
        write_bytes(join(folder, REQUEST), job.request.text.encode())
        if job.manifest is None:
            write_object_numbers(folder, items)
        _write_ledger(export)
    return export


def _prefix(job: Job, folder: str, options: ExportOptions) -> str:
    """How references to worker-response files begin; nothing if they are relative to the folder."""
    if options.s3_prefix:
        return f"{join(options.s3_prefix, job.name)}/"
    return f"{folder}/" if in_s3(folder) else ""


def _note_first(export: Export, changes: Changes | None) -> None:
    """What is of the job, and of no item of it."""
    for edit in export.job.edits:
        export.ledger.note("jobs", "edited since they were made", edit)
    for kind, remark, count in changes.notes() if changes else ():
        export.ledger.note(kind, remark, count=count)
    for where in export.answers.strays:
        export.ledger.drop("answers", "to tasks that are no object of the manifest", where)


def _write_ledger(export: Export) -> None:
    write_bytes(join(export.folder, LEDGER), document_to_text(export.ledger.to_dict()).encode())


def _metadata_before(folder: str, attribute: str) -> Mapping[int, Mapping[str, Any]]:
    path, objects = join(folder, OUTPUT_MANIFEST), read_object_numbers(folder)
    with open_input(path) as file:
        lines = read_output_manifest(file, path, attribute)
        return OnDisk((objects.of(line.item.index), line.metadata) for line in lines if line.metadata)
