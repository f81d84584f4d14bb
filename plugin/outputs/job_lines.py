"""The lines of a Ground Truth job's folder, each with its answers: first which files these are, then what they hold.

Files are fetched ahead of the lines that wait for them, a bounded number at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from ...converters.formats.consolidation import consolidation_request_to_answers
from ...converters.formats.job_output import (
    LEDGER,
    AnsweredLine,
    Layout,
    distinct_answers,
    document_to_job_answers,
)
from ...converters.formats.json_text import read_json
from ...converters.formats.manifest import OutputLine, read_output_manifest
from ...converters.ledger import Ledger, refuse_loss
from ...converters.records import Answer, Item
from ...label_configs.errors import GtbridgeError, InputError, MissingError
from ..manifests.items import item_with_text, with_texts
from ..manifests.references import References
from ..object_numbers import read_object_numbers
from ..storage import exists, join, open_input, read_beside, read_bytes
from .job_facts import JobFacts
from .job_folder import JobFolder
from .options import JobOutputOptions

__all__ = ["JobLines", "PlannedLine"]


class PlannedLine(NamedTuple):
    """A line of the manifest and the files that are to be read for it: its answers' and, if need be, its text's."""

    line: OutputLine
    answers: tuple[str, ...]
    text: tuple[str, ...]


class JobLines:
    """The lines of ``job``, as ``options`` say that they are to be read."""

    def __init__(self, job: JobFolder, options: JobOutputOptions):
        self.job, self.options = job, options
        self._references = References(job.folder, options.moves)
        self._objects = read_object_numbers(job.folder)
        # `job export` labels whatever has an answer: files of other lines hold answers that were withdrawn since.
        self._exported = exists(join(job.folder, LEDGER))
        self._lines = 0

    def all(self, ledger: Ledger) -> Iterator[AnsweredLine]:
        """Every line with its answers, in order; see ``job_reader.job_lines``."""
        facts = JobFacts()
        yield from self.answered(ledger.reading("items", self.planned()), ledger, facts)
        refuse_loss({"items": self._lines}, {"items": facts.lines}, self.job.manifest)
        self.finish(facts, ledger)

    def planned(self) -> Iterator[PlannedLine]:
        """Every line with the places of its files, of which none is opened. InputError for a file elsewhere."""
        chained, attribute, source = False, self.options.label_attribute, self.job.manifest
        with open_input(source) as file:
            for line in read_output_manifest(self._counted(file), source, attribute):
                # Where labels of several jobs stand in the lines, the files in the folder may be another job's.
                chained = chained or bool(line.others)
                yield PlannedLine(line, tuple(self._answer_files(line, chained)), tuple(self._text_files(line.item)))

    def _counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self._lines += bool(line.strip())
            yield line

    def _answer_files(self, line: OutputLine, chained: bool) -> Iterable[str]:
        """Where the answers are. A line that is not labelled yet may have some all the same: those given so far."""
        if line.reference is not None:
            number, several = line.item.index + 1, bool(line.others)
            return [self._references.answers(line.reference, self.job.manifest, number, of_several=several)]
        others_labels = chained and self.options.label_attribute is not None
        if line.metadata is not None or self._exported or others_labels:
            return []
        number = self._objects.of(line.item.index)
        return [join(self.job.folder, path) for path in self._layout.responses.get(number, ())]

    def _text_files(self, item: Item) -> Iterable[str]:
        if item.text_ref is None:
            return []
        return [self._references.text(item.text_ref, self.job.manifest, item.index + 1)]

    def answered(self, lines: Iterable[PlannedLine], ledger: Ledger, facts: JobFacts) -> Iterator[AnsweredLine]:
        """Those of the ``lines`` whose text can be had, with their answers. What is lost is in ``ledger`` and
        ``facts``.
        """
        for planned, contents in read_beside((planned, planned.answers + planned.text) for planned in lines):
            facts.lines += 1
            facts.labelled = facts.labelled or planned.line.metadata is not None
            item, text = planned.line.item, None
            if planned.text:
                item, text = item_with_text(item, contents.pop(), planned.text[0])
            if isinstance(text, GtbridgeError):
                facts.lose(text)
                ledger.enter("items")
                ledger.drop("items", "whose text is missing or damaged", f"{self._where(item)}: {text}")
                continue
            answers = self._answers(item, planned.answers, contents, ledger, facts)
            facts.see_ranks(answers)
            yield AnsweredLine(self._numbered(planned.line, item), tuple(answers))

    def _numbered(self, line: OutputLine, item: Item) -> OutputLine:
        number = self._objects.of(item.index)
        if number != item.index:
            item = replace(item, index=number)
        return line if item is line.item else replace(line, item=item)

    def finish(self, facts: JobFacts, ledger: Ledger) -> None:
        """What is to be said of the whole job, whose ``facts`` these are.

        MissingError if no line has the label attribute that was asked for, InputError if something was lost that must
        not be.
        """
        self._objects.check(facts.lines)
        facts.finish(self.job.name, self.job.manifest, self.options, ledger)

    def _answers(
        self,
        item: Item,
        places: Sequence[str],
        contents: Sequence[bytes | GtbridgeError],
        ledger: Ledger,
        facts: JobFacts,
    ) -> list[Answer]:
        try:
            files = [self._read(item, place, data) for place, data in zip(places, contents, strict=True)]
            answers = distinct_answers(files)
            for _ in range(sum(map(len, files)) - len(answers)):
                ledger.turn_away("answers", "that an earlier file of their item says as well", self._where(item))
            return answers
        except (MissingError, InputError) as error:
            requested, unusable = self._requested
            facts.unusable_requests = unusable
            if item.index in requested:
                ledger.note("items", "whose answers were read from consolidation requests", self._where(item))
                return requested[item.index]
            facts.lose(error)
            ledger.note("items", "whose answers are missing or damaged", f"{self._where(item)}: {error}")
            return []

    def _read(self, item: Item, place: str, data: bytes | GtbridgeError) -> list[Answer]:
        if isinstance(data, GtbridgeError):
            raise data
        return document_to_job_answers(read_json(data, place), place, self.options.reading, item)

    @cached_property
    def _layout(self) -> Layout:
        return self.job.layout()

    @cached_property
    def _requested(self) -> tuple[dict[int, list[Answer]], str | None]:
        """The answers in the consolidation requests, which repeat what worker-response files say; and why not all."""
        found: dict[int, list[Answer]] = {}
        try:
            self._read_requests(found)
        except (MissingError, InputError) as error:
            return found, str(error)
        return found, None

    def _read_requests(self, found: dict[int, list[Answer]]) -> None:
        places = [join(self.job.folder, path) for path in self._layout.consolidation_requests]
        if not places:
            return
        with open_input(self.job.manifest) as file:
            read = (line.item for line in read_output_manifest(file, self.job.manifest, self.options.label_attribute))
            items = {item.index: item for item, _ in with_texts(read, self._references, self.job.manifest)}
        for place in places:
            document = read_json(read_bytes(place), place)
            found |= consolidation_request_to_answers(document, place, items, self.options.reading)

    def _where(self, item: Item) -> str:
        return f"{self.job.name}/{self._objects.of(item.index)}"
