"""Job outputs in pieces that can be made rows of anywhere and in any order. Writes nothing.

The folder of a job is divided by the lines of its manifest, which whoever hands out the pieces reads; what the lines
refer to is read where the rows are made. Any other output is one whole, made rows of by whoever hands out the pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ...converters.datasets.batch import Batch, build_batch
from ...converters.datasets.options import BuildOptions
from ...converters.formats.job_output import AnsweredLine
from ...converters.ledger import Ledger, refuse_loss
from ...label_configs.tasks import TaskDefinition
from ..files.aws import S3Options
from ..files.side_by_side import batches
from .job_facts import JobFacts
from .job_lines import JobLines, PlannedLine
from .job_reader import job_items, note_remarks
from .opened_output import JobOutput

__all__ = ["Done", "Engine", "Piece", "Stretch", "Whole", "build_piece", "job_batches", "one_by_one"]

_ITEMS = 256  # a piece; its rows are in memory at once

Stretch = tuple[int, int]  # of a job's lines, or of the one that any other output counts as: the first, and the end


@dataclass(frozen=True)
class Whole:
    """What every piece of a build must know of the whole, the key for pseudonyms and how S3 is reached included."""

    jobs: dict[str, TaskDefinition]
    dimensions: Sequence[str]
    options: BuildOptions
    s3: S3Options


@dataclass(frozen=True)
class Piece:
    """Some lines of a job: ``planned``, which ``lines`` can read. Can be pickled, and holds no text of an answer."""

    job: JobOutput
    lines: JobLines
    planned: Sequence[PlannedLine]


Done = tuple[str, Batch, JobFacts | None]  # of which job, its rows, and what is known of the lines of a folder
Engine = Callable[[Iterable[Piece | Done], Whole], Iterator[Done]]


def build_piece(piece: Piece, whole: Whole) -> Done:
    """The rows of a piece; it depends on nothing else, and changes nothing."""
    facts, ledger = JobFacts(), Ledger()
    ledger.read["items"] += len(piece.planned)
    answered = piece.lines.answered(piece.planned, ledger, facts)
    given = piece.job
    job = JobOutput(given.name, given.place, given.told, given.delivered, lambda _: answered, counts_items=True)
    return job.name, build_batch(job_items(job, ledger), whole.jobs, whole.dimensions, whole.options, ledger), facts


def one_by_one(pieces: Iterable[Piece | Done], whole: Whole) -> Iterator[Done]:
    """The engine of this process."""
    return (build_piece(piece, whole) if isinstance(piece, Piece) else piece for piece in pieces)


def job_batches(
    jobs: Sequence[JobOutput],
    whole: Whole,
    engine: Engine,
    stretches: Mapping[str, Stretch] | None = None,
    finish: Callable[[JobOutput, JobFacts], None] | None = None,
) -> Iterator[Batch]:
    """The batches of all ``jobs``, or of these ``stretches`` of them by name, in order, made by ``engine``.

    What is to be said of a whole job is in a batch of its own; unless ``finish`` is given, which then is told of each
    that is read by lines what is known of the lines here. Raises what ``job_lines`` raises.
    """
    handed: Counter[str] = Counter()  # lines of each job's folder
    done = engine(_pieces(jobs, whole, stretches, handed), whole)
    following = next(done, None)
    for job in jobs:
        facts, ledger = JobFacts(), Ledger()
        if job.by_lines is not None and finish is None:
            note_remarks(job.remarks, ledger)
            yield Batch(ledger.take())
        while following is not None and following[0] == job.name:
            _, batch, of_lines = following
            if of_lines is not None:
                facts.merge(of_lines)
            yield batch
            following = next(done, None)
        if job.by_lines is not None:
            refuse_loss({"items": handed[job.name]}, {"items": facts.lines}, job.place)
            if finish is None:
                job.by_lines().finish(facts, ledger)
                yield Batch(ledger)
            else:
                finish(job, facts)


def _pieces(
    jobs: Sequence[JobOutput], whole: Whole, stretches: Mapping[str, Stretch] | None, handed: Counter[str]
) -> Iterator[Piece | Done]:
    for job in jobs:
        start, end = (0, None) if stretches is None else stretches[job.name]
        if start == end:
            continue
        if job.by_lines is None:
            yield from _whole_job(job, whole)
            continue
        # The one that goes along must not carry what the other learns of the folder.
        planning, sent = job.by_lines(), job.by_lines()
        light = JobOutput(job.name, job.place, job.told, job.delivered, _unread)
        for planned in batches(islice(planning.planned(), start, end), _ITEMS):
            handed[job.name] += len(planned)
            yield Piece(light, sent, planned)


def _whole_job(job: JobOutput, whole: Whole) -> Iterator[Done]:
    ledger = Ledger()
    items = job_items(job, ledger)
    while True:
        batch = build_batch(islice(items, _ITEMS), whole.jobs, whole.dimensions, whole.options, ledger)
        batch.ledger = ledger.take()
        yield job.name, batch, None
        if batch.items < _ITEMS:
            return


def _unread(ledger: Ledger) -> Iterator[AnsweredLine]:
    raise NotImplementedError("a piece reads its own lines")
