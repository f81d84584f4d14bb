"""A job's output, wherever it lies -> judged items. Reads the manifest and the worker-response files it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..converters.datasets.rows import JobItem
from ..converters.formats.job_output import (
    DEFINITION,
    OUTPUT_MANIFEST,
    AnsweredLine,
    document_to_job_answers,
    reference_to_path,
)
from ..converters.formats.json_text import read_json
from ..converters.formats.manifest import OutputLine, read_output_manifest
from ..converters.formats.reading import Reading
from ..converters.judgement.judge import judge
from ..converters.ledger import Ledger
from ..converters.records import Answer
from ..label_configs.errors import InputError, MissingError
from ..label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking
from .definitions import read_definition
from .storage import local_path, open_input, read_bytes

__all__ = ["JobOutput", "JobOutputOptions", "job_items", "job_lines", "open_job_output"]


@dataclass(frozen=True)
class JobOutputOptions:
    """What the output does not tell of itself.

    ``task`` is a file with the task definition. ``label_attribute`` says which labels to read where there are several.
    ``moves`` are the (from, to) of references: what a manifest says lies beneath ``from`` is read beneath ``to``, and
    nothing else outside the job's folder is read at all. With ``allow_missing``, an object whose answers cannot be had
    counts as not answered, and the ledger names it.
    """

    task: str | None = None
    label_attribute: str | None = None
    reading: Reading = field(default_factory=Reading)
    moves: tuple[tuple[str, str], ...] = ()
    allow_missing: bool = False


@dataclass(frozen=True)
class JobOutput:
    """A job's output: the folder that its references are relative to, and the task that was asked."""

    name: str
    folder: Path
    manifest: Path
    definition: TaskDefinition
    options: JobOutputOptions


def open_job_output(path: str, options: JobOutputOptions = JobOutputOptions()) -> JobOutput:
    """The output at ``path``: a job's folder (``<output path>/<job name>``) or its output manifest.

    The task definition is the one in the file ``task``, else the one that gtbridge wrote into the folder, else what
    the first answer tells of it. MissingError if there is no manifest, InputError if nothing tells the task.
    """
    given = local_path(path)
    manifest = given / OUTPUT_MANIFEST if given.is_dir() else given
    if not manifest.is_file():
        raise MissingError("no output manifest is here", source=str(manifest))
    parts = Path(OUTPUT_MANIFEST).parts
    in_layout = manifest.resolve().parts[-len(parts) :] == parts
    folder = manifest.resolve().parents[len(parts) - 1] if in_layout else manifest.resolve().parent
    if options.task is not None:
        definition = read_definition(options.task)
    elif (folder / DEFINITION).is_file():
        definition = read_definition(str(folder / DEFINITION))
    else:
        definition = _definition_from_answers(manifest, folder, options.label_attribute)
    return JobOutput(folder.name, folder, manifest, definition, options)


def job_items(job: JobOutput, ledger: Ledger) -> Iterator[JobItem]:
    """Every object of the manifest with its judged answers, in order. Raises what ``job_lines`` raises."""
    for answered in job_lines(job, ledger):
        item = answered.line.item
        yield JobItem(job.name, item, job.definition, judge(job.definition, item, answered.answers))


def job_lines(job: JobOutput, ledger: Ledger) -> Iterator[AnsweredLine]:
    """Every line of the manifest with its answers, unjudged, in order.

    MissingError if a worker-response file is not there; with ``allow_missing`` the object counts as not answered and
    the ledger names it. MissingError too if no line has the label attribute that was asked for.
    """
    labelled = False
    for line in _lines(job.manifest, job.options.label_attribute):
        try:
            answers = _answers(line, job.folder, str(job.manifest))
        except MissingError as error:
            if not job.options.allow_missing:
                raise
            ledger.note("items", "whose answers are missing", f"{job.name}/{line.item.index}: {error.source}")
            answers = []
        labelled = labelled or line.metadata is not None
        yield AnsweredLine(line, tuple(answers))
    if job.options.label_attribute is not None and not labelled:
        message = f"no object has the label attribute {job.options.label_attribute}"
        raise MissingError(message, source=str(job.manifest))


def _lines(manifest: Path, label_attribute: str | None) -> Iterator[OutputLine]:
    with open_input(str(manifest)) as file:
        yield from read_output_manifest(file, str(manifest), label_attribute)


def _answers(line: OutputLine, folder: Path, source: str) -> list[Answer]:
    if line.reference is None:
        return []
    path = str(folder / reference_to_path(line.reference, source, line.item.index + 1))
    return document_to_job_answers(read_json(read_bytes(path), path), path)


def _definition_from_answers(manifest: Path, folder: Path, label_attribute: str | None) -> TaskDefinition:
    for line in _lines(manifest, label_attribute):
        for answer in _answers(line, folder, str(manifest)):
            if answer.rankings:
                # A tie rule that the answers do not tell is not guessed: ties are taken as they come.
                dimensions = [Dimension(name=r.dimension, allow_tie=r.allow_tie is not False) for r in answer.rankings]
                return TextRanking(dimensions=tuple(dimensions))
            if answer.pairs:
                return QuestionAnswer(allow_custom_tags=True)
    raise InputError("no answer tells what the task was; give it with --task", source=str(manifest))
