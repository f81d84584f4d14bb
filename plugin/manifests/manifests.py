"""Input manifests: made from whatever people hold, and checked. Opens the files; the formats are floor 2's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ...converters.formats.manifest import MAX_OBJECTS
from ...converters.formats.manifest_check import ManifestReport, Target, check_lines
from ...converters.formats.sources import Columns, left_out, records_to_manifest
from ...converters.formats.sources_texts import bounded_lines
from ...converters.judged_datasets.reader import items_of_judged, without_columns
from ...converters.judged_datasets.shapes import recognise
from ...converters.ledger import Ledger, refuse_loss
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..storage import open_input, parent
from .inputs import SourceOptions, read_records
from .references import References
from .shards import write_shards

__all__ = ["MadeManifest", "ManifestReport", "examine_manifest", "inspect_manifest", "make_manifest"]

_STEP = 100
_USUAL_COLUMNS = Columns()
_USUAL_OPTIONS = SourceOptions()


@dataclass(frozen=True)
class MadeManifest:
    """What was made: each manifest and each input with its number of objects, and the ledger of ``records``."""

    manifests: list[tuple[str, int]]
    inputs: list[tuple[str, int]]
    ledger: Ledger

    @property
    def objects(self) -> int:
        """How many objects there are in all."""
        return sum(count for _, count in self.manifests)


def make_manifest(
    inputs: Sequence[str],
    out: str,
    columns: Columns = _USUAL_COLUMNS,
    options: SourceOptions = _USUAL_OPTIONS,
    *,
    most: int | None = MAX_OBJECTS,
    on_progress: Callable[[int], None] | None = None,
) -> MadeManifest:
    """Write the records of ``inputs`` as one manifest, or as several of at most ``most`` objects (None: any number).

    Of a dataset of judgements, known by its columns unless ``columns`` names some, the items are written.

    InputError, MissingError or ServerError for the first thing that cannot be used, or if there is no record at all;
    nothing is written then, except to standard output.
    """
    ledger = Ledger()
    counts: list[tuple[str, int]] = []

    def lines() -> Iterator[str]:
        for path in inputs:
            number = 0
            for number, line in enumerate(_lines_of(path, columns, options, ledger), start=1):
                yield line
                if on_progress is not None and number % _STEP == 0:
                    on_progress(_STEP)
            counts.append((path, number))
            if on_progress is not None:
                on_progress(number % _STEP)
        ledger.close()
        if not ledger.went["records"]:
            raise InputError("holds no records", source=", ".join(inputs))
        for column in columns.drop:
            if not ledger.notes["records", left_out(column)]:
                raise InputError(f"no record has the column {column!r} to leave out", source=", ".join(inputs))

    manifests = write_shards(lines(), out, most)
    return MadeManifest(manifests, counts, ledger)


def _lines_of(path: str, columns: Columns, options: SourceOptions, ledger: Ledger) -> Iterator[str]:
    records = read_records(path, options, columns.drop, ledger)
    first = next(records, None)
    if first is None:
        return
    records = chain([first], records)
    shape = options.shape
    if shape is None and replace(columns, drop=(), name=None) == _USUAL_COLUMNS:
        shape = recognise(without_columns(first, columns.drop))
    if shape is None:
        before, made = ledger.went["records"], 0
        for line in records_to_manifest(ledger.reading("records", records), columns, ledger):
            made += 1
            yield line
        refuse_loss({"items": ledger.went["records"] - before}, {"items": made}, path)
    else:
        ledger.note("inputs", f"read as {shape}, without its judgements", path)
        yield from items_of_judged(records, shape, columns, ledger)


def examine_manifest(path: str, definition: TaskDefinition | None, target: Target) -> ManifestReport:
    """Read the whole manifest and say what it holds, and everything that is wrong with it, line by line.

    For ``sagemaker`` Ground Truth's limits are problems, for ``label-studio`` remarks.
    """
    references = References(parent(path))
    with open_input(path) as file:
        return check_lines(
            bounded_lines(file, path),
            path,
            definition,
            target,
            lambda reference, line: references.text(reference, path, line),
        )


def inspect_manifest(path: str, definition: TaskDefinition | None, target: Target) -> ManifestReport:
    """``examine_manifest`` for those who need a sound manifest: InputError names the first line that is wrong."""
    report = examine_manifest(path, definition, target)
    if report.problems.count:
        first, others = report.problems.listed[0], report.problems.count - 1
        if others:
            first.message += f" (and {others:,} more: see `gtbridge manifest check`)"
        raise first
    return report
