"""A job's output, of whatever kind, wherever it lies -> lines with their answers, judged items. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ...converters.formats.human_evaluation import is_human_evaluation, read_human_evaluation
from ...converters.formats.job_output import AnsweredLine
from ...converters.formats.json_text import read_json
from ...converters.formats.migrated import is_brought
from ...converters.judgement.job_item import JobItem
from ...converters.judgement.judge import NONE_EARLIER, judge
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ...label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking
from ..definitions import read_definition
from ..manifests.hub_datasets import SCHEME
from ..storage import is_folder, open_input
from .job_folder import find_job_folder
from .judged_datasets import dataset_lines, dataset_name, is_dataset
from .options import JobOutputOptions

__all__ = ["JobOutput", "JobOutputOptions", "job_items", "job_lines", "open_job_output", "refuse_equal_names"]

_LIVE = "label-studio:"
_LONGEST_FIRST_LINE = 2**24


@dataclass(frozen=True)
class JobOutput:
    """A job's output. ``place`` is where it was found; ``told`` the task that was asked, if anything tells it.

    ``lines(ledger)`` reads it. Answers that are ``delivered``, as by Ground Truth, count as far as they go: a ranking
    of some of the responses is one. Where gtbridge's rules held while people worked, it would have broken one.
    ``request`` is a file with the CreateLabelingJob request, if the output has one. ``remarks`` say what the worker
    template that the task was read from asks beyond it. ``place`` is a manifest, unless it has none (``has_manifest``),
    as datasets and human evaluations. ``earlier`` are the definitions, by fingerprint, that the task had before it was
    edited: answers from then are judged by them.
    """

    name: str
    place: str
    told: TaskDefinition | None
    delivered: bool
    lines: Callable[[Ledger], Iterator[AnsweredLine]] = field(repr=False)
    request: str | None = None
    remarks: tuple[str, ...] = ()
    has_manifest: bool = True
    earlier: Mapping[str, TaskDefinition] = NONE_EARLIER

    @property
    def definition(self) -> TaskDefinition:
        """The task that was asked. InputError if nothing tells it."""
        if self.told is None:
            raise InputError("no answer tells what the task was; give it with --task", source=self.place)
        return self.told


def open_job_output(path: str, options: JobOutputOptions | None = None) -> JobOutput:
    """The output at ``path``: the folder of a Ground Truth job (``<output path>/<job name>``) or its output manifest,
    local or in S3; the results of a human evaluation (JSON Lines, as Bedrock and Clarify write them); a dataset of
    judgements (``hf://ORG/NAME``, a folder or a file of a shape in ``judged_datasets.shapes``); or
    ``label-studio:NAME``, a labeling job on Label Studio as it is now.

    The task is the one in ``options.task``, else the one that gtbridge wrote into the folder or that the server has,
    else what the answers tell of it. MissingError if there is no output.
    """
    options = options or JobOutputOptions()
    remarks: list[str] = []
    given = read_definition(options.task, remarks.append) if options.task is not None else None
    return replace(_open(path, given, options), remarks=tuple(remarks))


def _open(path: str, given: TaskDefinition | None, options: JobOutputOptions) -> JobOutput:
    if path.startswith(_LIVE):
        return _live(path.removeprefix(_LIVE), given, options)
    if not (path.startswith(SCHEME) or is_folder(path)) and _is_human_evaluation(path):
        output = JobOutput(
            PurePosixPath(path).stem, path, given, True, lambda ledger: _evaluated(path), has_manifest=False
        )
    elif is_dataset(path, options):
        name = dataset_name(path).rpartition("/")[2]
        output = JobOutput(
            name, path, given, True, lambda ledger: dataset_lines(path, options, ledger), has_manifest=False
        )
    else:
        folder = find_job_folder(path)
        told = given or folder.definition(options.label_attribute)
        request = folder.request(options.label_attribute)
        output = JobOutput(
            folder.name, folder.manifest, told, True, lambda ledger: folder.lines(options, ledger), request
        )
    return output if output.told else replace(output, told=_told_by_answers(output))


def job_items(job: JobOutput, ledger: Ledger) -> Iterator[JobItem]:
    """Every object of the manifest with its judged answers, in order. Raises what ``job_lines`` raises."""
    for answered in job_lines(job, ledger):
        item, failure = answered.line.item, answered.line.failure
        partial = True if job.delivered else is_brought
        judged = judge(job.definition, item, answered.answers, partial, job.earlier)
        yield JobItem(job.name, item, job.definition, judged, failure)


def job_lines(job: JobOutput, ledger: Ledger) -> Iterator[AnsweredLine]:
    """Every line of the output with its answers, unjudged, in order.

    Answer files and texts that are missing or damaged are in ``ledger``; after the last line they raise InputError,
    unless ``allow_missing`` was asked for. MissingError if no line has the label attribute that was asked for.
    """
    for remark in job.remarks:
        ledger.note("jobs", "whose worker template asks more than is read here", remark)
    for answered in job.lines(ledger):
        where = f"{job.name}/{answered.line.item.index}"
        for remark in answered.remarks:
            ledger.note("items", "with something else beside the answers", f"{where}: {remark}")
        yield answered


def _live(name: str, given: TaskDefinition | None, options: JobOutputOptions) -> JobOutput:
    from ..label_studio.answers import answered_lines
    from ..label_studio.jobs import find_job
    from ..label_studio.server import connect

    with connect(*options.label_studio) as server:
        job = find_job(server, name)

    def lines(ledger: Ledger) -> Iterator[AnsweredLine]:
        with connect(*options.label_studio) as server:
            yield from answered_lines(server, job)

    return JobOutput(job.name, f"{_LIVE}{name}", given or job.definition, False, lines)


def _is_human_evaluation(path: str) -> bool:
    with open_input(path) as file:
        first = file.readline(_LONGEST_FIRST_LINE)
    try:
        return is_human_evaluation(read_json(first, path, 1))
    except InputError:
        return False  # whatever it is, its own reader says what is wrong with it


def _evaluated(path: str) -> Iterator[AnsweredLine]:
    with open_input(path) as file:
        yield from read_human_evaluation(file, path)


def _told_by_answers(job: JobOutput) -> TaskDefinition | None:
    """The task as far as the first answer tells it. A tie rule that it does not tell is not guessed: ties may be."""
    for answer in (answer for answered in job.lines(Ledger()) for answer in answered.answers):
        if answer.pairs:
            return QuestionAnswer(allow_custom_tags=True)
        if answer.rankings:
            dimensions = {ranking.dimension: ranking.allow_tie is not False for ranking in answer.rankings}
            return TextRanking(
                dimensions=tuple(Dimension(name=name, allow_tie=tie) for name, tie in dimensions.items())
            )
    return None


def refuse_equal_names(jobs: Sequence[JobOutput]) -> None:
    """InputError if two jobs have the same name: what is made of them says by it which job something is from."""
    seen: set[str] = set()
    for job in jobs:
        if job.name in seen:
            raise InputError(f"two jobs are called {job.name!r}; nothing could tell them apart", source=job.place)
        seen.add(job.name)
