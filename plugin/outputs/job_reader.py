"""A job's output, of whatever kind, wherever it lies -> lines with their answers, judged items. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ...converters.foreign_projects.reading import ProjectReading
from ...converters.formats.human_evaluation import is_human_evaluation, read_human_evaluation
from ...converters.formats.job_output import AnsweredLine
from ...converters.formats.json_text import read_json
from ...converters.formats.migrated import is_brought
from ...converters.judgement.job_item import JobItem
from ...converters.judgement.judge import judge, note_earlier_rules
from ...converters.ledger import Ledger, content, refuse_loss
from ...label_configs.errors import DefinitionError, InputError
from ...label_configs.tasks import QuestionAnswer, TaskDefinition, definition_from_dict
from ..definitions import OtherConfig, read_task
from ..manifests.hub_datasets import SCHEME
from ..storage import is_folder, open_input
from .job_folder import find_job_folder
from .job_lines import JobLines
from .judged_datasets import dataset_lines, dataset_name, is_dataset
from .label_studio_exports import find_export
from .label_studio_outputs import LIVE, Asked, open_export, open_live, project_reading_of
from .opened_output import JobOutput
from .options import JobOutputOptions

__all__ = [
    "JobOutput",
    "JobOutputOptions",
    "job_items",
    "job_lines",
    "note_remarks",
    "open_job_output",
    "refuse_equal_names",
]

_LONGEST_FIRST_LINE = 2**24


def open_job_output(path: str, options: JobOutputOptions | None = None) -> JobOutput:
    """The output at ``path``: the folder of a Ground Truth job (``<output path>/<job name>``) or its output manifest,
    local or in S3; the results of a human evaluation (JSON Lines, as Bedrock and Clarify write them); a dataset of
    judgements (``hf://ORG/NAME``, a folder or a file of a shape in ``judged_datasets.shapes``); a JSON export of Label
    Studio's, or a folder that is its target storage; or ``label-studio:NAME_OR_NUMBER``, a labeling job or any other
    project as it is now.

    The task is the one in ``options.task``, else the one that gtbridge wrote into the folder or that the server has,
    else what the answers tell of it. MissingError if there is no output. InputError if ``options.only`` asks for
    reviews where there can be none.
    """
    options = options or JobOutputOptions()
    remarks: list[str] = []
    given = read_task(options.task, remarks.append) if options.task is not None else None
    task = project_reading_of(given, options) if isinstance(given, OtherConfig) else given
    output = _of_label_studio(path, task, options)
    if output is None:
        if options.only is not None:
            raise InputError("holds no reviews of Label Studio's, which --only asks for", source=path)
        output = _open(path, task.definition if isinstance(task, ProjectReading) else task, options)
    return replace(output, remarks=tuple(remarks))


def _of_label_studio(path: str, task: Asked | None, options: JobOutputOptions) -> JobOutput | None:
    if path.startswith(LIVE):
        return open_live(path.removeprefix(LIVE), task, options)
    export = None if path.startswith(SCHEME) or options.shape is not None else find_export(path)
    return open_export(export, task, options) if export else None


def _open(path: str, given: TaskDefinition | None, options: JobOutputOptions) -> JobOutput:
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
            folder.name,
            folder.manifest,
            told,
            True,
            lambda ledger: JobLines(folder, options).all(ledger),
            request,
            by_lines=lambda: JobLines(folder, replace(options, label_studio=(None, None), keeping=None)),
            counts_items=True,
        )
    return output if output.told else replace(output, told=_told_by_answers(output))


def job_items(job: JobOutput, ledger: Ledger) -> Iterator[JobItem]:
    """Every object of the manifest with its judged answers, in order. Raises what ``job_lines`` raises."""
    for answered in job_lines(job, ledger):
        item, failure = answered.line.item, answered.line.failure
        partial = True if job.delivered else is_brought
        judged = judge(job.definition, item, answered.answers, partial)
        refuse_loss(content(answered.answers), content(judged.everyone), f"{job.name}/{item.index}")
        note_earlier_rules(judged, f"{job.name}/{item.index}", ledger)
        yield JobItem(job.name, item, job.definition, judged, failure)


def job_lines(job: JobOutput, ledger: Ledger) -> Iterator[AnsweredLine]:
    """Every line of the output with its answers, unjudged, in order. ``ledger.read`` counts them.

    Answer files and texts that are missing or damaged are in ``ledger``; after the last line they raise InputError,
    unless ``allow_missing`` was asked for. MissingError if no line has the label attribute that was asked for.
    """
    note_remarks(job.remarks, ledger)
    for answered in job.lines(ledger):
        where = f"{job.name}/{answered.line.item.index}"
        for remark in answered.remarks:
            ledger.note("items", "with something else beside the answers", f"{where}: {remark}")
        if not job.counts_items:
            ledger.read["items"] += 1
        ledger.read.update(content(answered.answers))
        yield answered


def note_remarks(remarks: Iterable[str], ledger: Ledger) -> None:
    """What the worker template of a job asks beyond its task."""
    for remark in remarks:
        ledger.note("jobs", "whose worker template asks more than is read here", remark)


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
            named = [{"name": name, "allow_tie": tie} for name, tie in dimensions.items()]
            try:
                return definition_from_dict({"task": "text-ranking", "dimensions": named})
            except DefinitionError as error:
                raise error.at(source=f"{job.place}, its first answer") from None
    return None


def refuse_equal_names(jobs: Sequence[JobOutput]) -> None:
    """InputError if two jobs have the same name: what is made of them says by it which job something is from."""
    seen: set[str] = set()
    for job in jobs:
        if job.name in seen:
            raise InputError(f"two jobs are called {job.name!r}; nothing could tell them apart", source=job.place)
        seen.add(job.name)
