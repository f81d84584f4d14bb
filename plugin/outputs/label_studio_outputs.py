"""Label Studio's projects as job outputs: live, as a JSON export, or as what target storage holds. Reads only."""

from __future__ import annotations

from collections.abc import Iterator

from ...converters.foreign_projects.mapping import parse_mapping
from ...converters.foreign_projects.reading import ProjectReading, project_reading
from ...converters.formats.exported_tasks import project_name
from ...converters.formats.job_output import AnsweredLine
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..definitions import OtherConfig
from .label_studio_exports import LabelStudioExport
from .label_studio_lines import TaskReader
from .opened_output import JobOutput
from .options import JobOutputOptions

__all__ = ["LIVE", "Asked", "open_export", "open_live", "project_reading_of"]

LIVE = "label-studio:"
# What was asked: of a project of gtbridge's own a definition, of any other how its config is read.
Asked = TaskDefinition | ProjectReading


def project_reading_of(config: OtherConfig, options: JobOutputOptions) -> ProjectReading:
    """How projects with this labeling config are read. InputError says what ``--map`` has still to say."""
    return project_reading(config.xml, parse_mapping(options.mapping), config.source)


def open_export(export: LabelStudioExport, task: Asked | None, options: JobOutputOptions) -> JobOutput:
    """The job output that the file or folder is. InputError unless ``task`` says what was asked: it does not."""
    if task is None:
        where = "in Label Studio: Settings, Labeling Interface, Code"
        message = f"a Label Studio export does not hold its labeling config; save that as a file ({where})"
        raise InputError(f"{message} and give it with --task FILE.xml", source=export.path)
    reader = TaskReader(export.name, task, options.only)

    def lines(ledger: Ledger) -> Iterator[AnsweredLine]:
        yield from reader.lines(export.tasks(options.allow_missing, ledger), ledger)

    definition = task.definition if isinstance(task, ProjectReading) else task
    return JobOutput(export.name, export.path, definition, True, lines, has_manifest=False)


def open_live(name: str, task: Asked | None, options: JobOutputOptions) -> JobOutput:
    """The labeling job of that name, else the project of that number, as it is now.

    MissingError if there is neither; InputError if the project's config does not tell enough, or if the number is that
    of a labeling job, which goes by its name.
    """
    from ..label_studio.answers import answered_lines
    from ..label_studio.jobs import find_project
    from ..label_studio.server import connect

    with connect(*options.label_studio) as server:
        job = find_project(server, name)
    if isinstance(job, OtherConfig):
        return _open_project(int(name), job, task, options)
    if options.only is not None:
        raise InputError("is a labeling job of gtbridge's own, which nobody reviews: leave out --only", source=name)

    def lines(ledger: Ledger) -> Iterator[AnsweredLine]:
        for edit in job.edits:
            ledger.note("jobs", "edited since they were made", edit)
        with connect(*options.label_studio) as server:
            yield from answered_lines(server, job, keeping=options.keeping)

    given = task.definition if isinstance(task, ProjectReading) else task
    return JobOutput(job.name, f"{LIVE}{name}", given or job.definition, False, lines)


def _open_project(number: int, config: OtherConfig, task: Asked | None, options: JobOutputOptions) -> JobOutput:
    from ..label_studio.pulled import pulled_tasks
    from ..label_studio.server import connect

    reading = project_reading_of(config, options) if task is None else task
    if not isinstance(reading, ProjectReading):
        message = "gtbridge did not make this project, so its answers are read by its labeling config only"
        raise InputError(f"{message}: leave out --task, or give one", source=config.source)
    name = project_name(number)

    def lines(ledger: Ledger) -> Iterator[AnsweredLine]:
        with connect(*options.label_studio) as server:
            reader = TaskReader(name, reading, options.only, server.emails(), server.url)
            with pulled_tasks(server, number, options.keeping) as tasks:
                yield from reader.lines(tasks, ledger)

    return JobOutput(name, f"{LIVE}{number}", reading.definition, True, lines, has_manifest=False)
