"""Datasets of judgements -> the lines of a job's output with their answers. Holds the rows of one item at a time.

A dataset has no manifest: items are numbered as they come, and those that come again later are items again. The readers
of each shape are the files ``judged_...``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TypeAlias

from ..formats.job_output import AnsweredLine
from ..formats.json_text import to_line
from ..formats.manifest import OutputLine, item_from_line
from ..formats.sources import Columns, left_out
from ..formats.sources_records import Record
from ..ledger import Ledger
from .annotations import annotation_groups, read_annotations
from .ours import qa_groups, read_qa, read_ranking
from .preference import preference_groups, read_preferences
from .ranked import read_nectar, read_ultrafeedback
from .shapes import DatasetShape, is_squad_document
from .squad import read_squad, squad_document_records, squad_groups
from .values import DatasetPass, Found

__all__ = ["items_of_judged", "judged_lines", "without_columns"]

_Groups: TypeAlias = Callable[[Iterable[Record]], Iterator[list[Record]]]
_Reader: TypeAlias = Callable[[Sequence[Record], DatasetPass], Iterable[Found]]


def judged_lines(
    records: Iterable[Record], shape: DatasetShape, dataset: str, ledger: Ledger
) -> Iterator[AnsweredLine]:
    """The items that ``records`` of this shape tell of, in their order, each with its manifest line and its answers.

    Where nobody else is named, the answers are those of a worker called ``dataset``. The ledger counts ``records``, and
    says which were left out. InputError names the record and the column of what cannot be used.
    """
    for index, found in enumerate(_found(records, shape, dataset, ledger)):
        line = to_line(found.fields)
        item = item_from_line(line, found.fields, index + 1, found.place.source)
        yield AnsweredLine(OutputLine(item, {}, {}) if found.answers else OutputLine(item, None, None), found.answers)


def _found(records: Iterable[Record], shape: DatasetShape, dataset: str, ledger: Ledger) -> Iterator[Found]:
    groups, read = _READERS[shape]
    reading = DatasetPass(dataset, ledger)
    for group in groups(ledger.reading("records", _flat(records))):
        ledger.enter("records", len(group))
        before = reading.dropped
        yield from read(group, reading)
        ledger.leave("records", len(group) - (reading.dropped - before))


def items_of_judged(records: Iterable[Record], shape: DatasetShape, columns: Columns, ledger: Ledger) -> Iterator[str]:
    """The manifest lines of the items alone, as in ``judged_lines``. Of ``columns``, ``drop`` and ``name`` are heeded.

    InputError besides if an item has a field ``name`` already.
    """

    def kept() -> Iterator[Record]:
        for record in records:
            for column in columns.drop:
                if column in record.fields:
                    ledger.note("records", left_out(column))
            yield without_columns(record, columns.drop)

    for found in _found(kept(), shape, "", ledger):
        if columns.name in found.fields:
            raise found.place.refuse(f"has a field {columns.name!r} already, whose name another would take")
        name = {} if columns.name is None else {columns.name: found.place.source.rsplit("/", 1)[-1]}
        yield to_line({**found.fields, **name})


def without_columns(record: Record, drop: Collection[str]) -> Record:
    """The record without the columns ``drop``."""
    if not drop:
        return record
    return Record({key: value for key, value in record.fields.items() if key not in drop}, record.place)


def _flat(records: Iterable[Record]) -> Iterator[Record]:
    each = (squad_document_records(r) if is_squad_document(r.fields) else (r,) for r in records)
    return chain.from_iterable(each)


def _alone(records: Iterable[Record]) -> Iterator[list[Record]]:
    return ([record] for record in records)


def _of_one(
    read: Callable[[Record, DatasetPass], Found | None], group: Sequence[Record], reading: DatasetPass
) -> list[Found]:
    return [found for record in group if (found := read(record, reading)) is not None]


_READERS: dict[DatasetShape, tuple[_Groups, _Reader]] = {
    "preference": (preference_groups, read_preferences),
    "nectar": (_alone, partial(_of_one, read_nectar)),
    "ultrafeedback": (_alone, partial(_of_one, read_ultrafeedback)),
    "squad": (squad_groups, read_squad),
    "annotations": (annotation_groups, read_annotations),
    "ranking": (_alone, read_ranking),
    "qa": (qa_groups, read_qa),
}
