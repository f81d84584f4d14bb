"""The folder of a Ground Truth job: its manifest, and the files with the answers to each line. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...converters.formats.consolidation import consolidation_request_to_answers
from ...converters.formats.job_output import (
    DEFINITION,
    LEDGER,
    OUTPUT_MANIFEST,
    REQUEST,
    AnsweredLine,
    Layout,
    distinct_answers,
    document_to_job_answers,
)
from ...converters.formats.json_text import read_json
from ...converters.formats.manifest import OutputLine, read_output_manifest
from ...converters.formats.worker_response import EXTENSION
from ...converters.judgement.ranks import FitsBoth
from ...converters.ledger import Ledger
from ...converters.records import Answer, Item
from ...label_configs.errors import GtbridgeError, InputError, MissingError
from ...label_configs.tasks import TaskDefinition
from ..definitions import read_definition
from ..files.side_by_side import batches
from ..manifests.items import with_texts
from ..manifests.references import References
from ..object_numbers import read_object_numbers
from ..storage import (
    absolute,
    exists,
    is_folder,
    join,
    list_files,
    open_input,
    parent,
    read_bytes,
    read_each,
    read_text,
)
from .options import JobOutputOptions

__all__ = ["JobFolder", "find_job_folder"]

_BATCH = 256
_MANIFESTS = "manifests"
_IN_LAYOUT = re.compile(r"(?<=[^/])/manifests/(output|intermediate/[0-9]+)/output\.manifest$")
_NAMED = 3


@dataclass(frozen=True)
class JobFolder:
    """``folder`` is what the job's references are relative to, ``manifest`` the manifest to read."""

    folder: str
    manifest: str

    @property
    def name(self) -> str:
        """The job's name, which its folder has."""
        return absolute(self.folder).rstrip("/").rpartition("/")[2]

    def layout(self) -> Layout:
        """Which files the folder has. A listing of them all, which a complete job can be read without."""
        return Layout.of(list_files(self.folder))

    def definition(self, label_attribute: str | None) -> TaskDefinition | None:
        """The task that gtbridge wrote into the folder, unless another job's labels are to be read."""
        place = join(self.folder, DEFINITION)
        if not exists(place) or (exists(join(self.folder, REQUEST)) and self.request(label_attribute) is None):
            return None
        return read_definition(place)

    def request(self, label_attribute: str | None) -> str | None:
        """Where gtbridge wrote the job's CreateLabelingJob request, unless another job's labels are to be read."""
        place = join(self.folder, REQUEST)
        if not exists(place):
            return None
        known = read_json(read_text(place), place)
        asked_for = known.get("LabelAttributeName") if isinstance(known, dict) else None
        return place if label_attribute in (None, asked_for) else None

    def lines(self, options: JobOutputOptions, ledger: Ledger) -> Iterator[AnsweredLine]:
        """Every line of the manifest with its answers, in order; see ``job_reader.job_lines``."""
        return _Reading(self, options, ledger).lines()


def find_job_folder(path: str) -> JobFolder:
    """The job whose folder or manifest ``path`` is. Of a running job the newest intermediate manifest is read.

    MissingError if there is no manifest.
    """
    if not is_folder(path):
        if not exists(path):
            raise MissingError("no output manifest is here", source=path)
        place = path if _IN_LAYOUT.search(path) else absolute(path)
        in_layout = _IN_LAYOUT.search(place)
        return JobFolder(place[: in_layout.start()], place) if in_layout else JobFolder(parent(path), path)
    folder = path.rstrip("/") or path
    manifests = (f"{_MANIFESTS}/{name}" for name in list_files(join(folder, _MANIFESTS)))
    manifest = Layout.of(manifests).manifest
    if manifest is None:
        raise MissingError("no output manifest is here", source=join(folder, OUTPUT_MANIFEST))
    return JobFolder(folder, join(folder, manifest))


@dataclass
class _Lost:
    """What could not be had. Each is in the ledger; ``error`` is for when that is not allowed."""

    missing: int = 0
    damaged: int = 0
    first: list[GtbridgeError] = field(default_factory=list)

    def add(self, error: GtbridgeError) -> None:
        self.missing += isinstance(error, MissingError)
        self.damaged += not isinstance(error, MissingError)
        if len(self.first) < _NAMED:
            self.first.append(error)

    def error(self, source: str) -> GtbridgeError:
        if self.missing + self.damaged == 1:
            (only,) = self.first
            message = f"{only.message} (--allow-missing goes on without it)"
            return type(only)(message, source=only.source, line=only.line, path=only.path)
        counts = [(self.missing, "missing"), (self.damaged, "unreadable")]
        found = " and ".join(f"{count} {what}" for count, what in counts if count)
        more = " ..." if self.missing + self.damaged > len(self.first) else ""
        places = "; ".join(map(str, self.first))
        return InputError(f"{found} (--allow-missing goes on without them): {places}{more}", source=source)


class _Reading:
    """One pass over a job's lines."""

    def __init__(self, job: JobFolder, options: JobOutputOptions, ledger: Ledger):
        self.job, self.options, self.ledger = job, options, ledger
        self.references = References(job.folder, options.moves)
        self.objects = read_object_numbers(job.folder)
        self.lost = _Lost()
        # `job export` labels whatever has an answer: files of other lines hold answers that were withdrawn since.
        self.exported = exists(join(job.folder, LEDGER))
        self.chained = False
        self.fits_both = FitsBoth()

    def lines(self) -> Iterator[AnsweredLine]:
        labelled, count = False, 0
        with open_input(self.job.manifest) as file:
            read = read_output_manifest(file, self.job.manifest, self.options.label_attribute)
            for batch in batches(read, _BATCH):
                labelled, count = labelled or any(line.metadata is not None for line in batch), count + len(batch)
                yield from self._answered(batch)
        self.objects.check(count)
        if self.fits_both and self.options.reading.rank_encoding == "rank":
            self.ledger.note(
                "jobs", "whose ranks could be orders of the responses as well (--rank-encoding)", self.job.name
            )
        attribute = self.options.label_attribute
        if attribute is not None and not labelled:
            raise MissingError(f"no object has the label attribute {attribute}", source=self.job.manifest)
        if self.lost.first and not self.options.allow_missing:
            raise self.lost.error(self.job.manifest)

    def _answered(self, batch: Sequence[OutputLine]) -> Iterator[AnsweredLine]:
        places = {line.item.index: self._files(line) for line in batch}
        contents = read_each(place for line in batch for place in places[line.item.index])
        items = with_texts((line.item for line in batch), self.references, self.job.manifest)
        for line, (item, text) in zip(batch, items, strict=True):
            files = [(place, next(contents)) for place in places[line.item.index]]
            if isinstance(text, GtbridgeError):
                self.lost.add(text)
                self.ledger.enter("items")
                self.ledger.drop("items", "whose text is missing or damaged", f"{self._where(item)}: {text}")
            else:
                answers = self._answers(item, files)
                self._look_at_ranks(answers)
                item = replace(item, index=self.objects.of(item.index))
                yield AnsweredLine(replace(line, item=item), tuple(answers))

    def _files(self, line: OutputLine) -> list[str]:
        """Where the answers are. A line that is not labelled yet may have some all the same: those given so far."""
        if line.reference is not None:
            number, several = line.item.index + 1, bool(line.others)
            return [self.references.answers(line.reference, self.job.manifest, number, of_several=several)]
        # Where labels of several jobs stand in the lines, the files in the folder may be another job's.
        self.chained = self.chained or bool(line.others)
        if line.metadata is not None or self.exported or (self.chained and self.options.label_attribute is not None):
            return []
        number = self.objects.of(line.item.index)
        return [join(self.job.folder, path) for path in self._layout.responses.get(number, ())]

    def _answers(self, item: Item, files: Sequence[tuple[str, bytes | GtbridgeError]]) -> list[Answer]:
        try:
            return distinct_answers(self._read(item, place, data) for place, data in files)
        except (MissingError, InputError) as error:
            if item.index in self._requested:
                self.ledger.note("items", "whose answers were read from consolidation requests", self._where(item))
                return self._requested[item.index]
            self.lost.add(error)
            self.ledger.note("items", "whose answers are missing or damaged", f"{self._where(item)}: {error}")
            return []

    def _read(self, item: Item, place: str, data: bytes | GtbridgeError) -> list[Answer]:
        if isinstance(data, GtbridgeError):
            raise data
        return document_to_job_answers(read_json(data, place), place, self.options.reading, item)

    def _look_at_ranks(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if answer.raw is not None and EXTENSION not in answer.raw:  # of gtbridge's own it is known
                for ranking in answer.rankings:
                    self.fits_both.see(ranking.ranks)

    @cached_property
    def _layout(self) -> Layout:
        return self.job.layout()

    @cached_property
    def _requested(self) -> dict[int, list[Answer]]:
        """The answers in the consolidation requests, which repeat what worker-response files say."""
        found: dict[int, list[Answer]] = {}
        try:
            self._read_requests(found)
        except (MissingError, InputError) as error:
            self.ledger.note("jobs", "whose consolidation requests cannot be used", f"{self.job.name}: {error}")
        return found

    def _read_requests(self, found: dict[int, list[Answer]]) -> None:
        places = [join(self.job.folder, path) for path in self._layout.consolidation_requests]
        if not places:
            return
        with open_input(self.job.manifest) as file:
            read = (line.item for line in read_output_manifest(file, self.job.manifest, self.options.label_attribute))
            items = {item.index: item for item, _ in with_texts(read, self.references, self.job.manifest)}
        for place in places:
            document = read_json(read_bytes(place), place)
            found |= consolidation_request_to_answers(document, place, items, self.options.reading)

    def _where(self, item: Item) -> str:
        return f"{self.job.name}/{self.objects.of(item.index)}"
