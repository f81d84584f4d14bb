"""Preference datasets -> items and rankings: two responses an item, or all that rows of gtbridge's own tell of.

Third parties' rows are an item each, with the responses in ``steady_order``. Rows with gtbridge's ``metadata`` name
item, responses and annotator: rows of one item that stand together are put together again where they put all
responses in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..formats.sources_records import Record
from ..records import Answer, Ranking, Worker
from .pairs import PairRow, read_pair
from .values import DatasetPass, Found, optional_text, steady_order, whole

__all__ = ["preference_groups", "read_preferences"]

_DIMENSION = "preference"
_INDICES = ("chosen_index", "rejected_index")


@dataclass(frozen=True, slots=True)
class _Verdict:
    """One row: which of the item's responses is preferred to which (or the order of both), by whom, on what."""

    row: PairRow
    chosen: int
    rejected: int
    dimension: str
    worker: Worker


def preference_groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The rows of each item of gtbridge's own that stand together; every other row by itself."""
    for item, rows in groupby(enumerate(records), lambda numbered: _item(numbered[1]) or numbered[0]):
        if isinstance(item, str):
            yield [row for _, row in rows]
        else:
            yield from ([row] for _, row in rows)


def _item(record: Record) -> str | None:
    """The item that a row of gtbridge's own is about."""
    metadata = record.fields.get("metadata")
    if not isinstance(metadata, dict) or any(metadata.get(name) is None for name in _INDICES):
        return None
    item = metadata.get("item")
    return item if isinstance(item, str) else None


def read_preferences(records: Sequence[Record], reading: DatasetPass) -> Iterator[Found]:
    """The items that a group of rows tells of.

    An answer ranks the responses that its rows put in order, on each dimension. Where the rows of one annotator do not
    order all the responses they name, each row of the item is an item of its own: pairs do not tell a tie from a pair
    that was left out.
    """
    rows = [row for record in records if (row := read_pair(record, reading)) is not None]
    if _item(records[0]) is None:
        yield from (_third_party(row, reading) for row in rows)
        return
    verdicts = [_verdict(row, reading) for row in rows]
    together = _together(verdicts)
    if together is not None:
        yield together
        return
    for verdict in verdicts:
        if len(verdicts) > 1:
            reading.note(verdict.row.record, "of an item whose pairs do not order its responses: an item each")
        alone = _together([verdict])
        if alone is not None:
            yield alone


def _third_party(row: PairRow, reading: DatasetPass) -> Found:
    order = steady_order(row.texts)
    ranks = tuple(side + 1 for side in order)
    answer = Answer(reading.worker(), rankings=(Ranking(_DIMENSION, ranks),))
    fields = _fields(row.prompt.fields(), [(row, side) for side in order])
    return Found({**fields, **row.others}, (answer,), row.place)


def _fields(prompt: Mapping[str, Any], responses: Sequence[tuple[PairRow, int]]) -> dict[str, Any]:
    """The fields of the item's line; each response is one side (0 chosen, 1 rejected) of a row."""
    fields: dict[str, Any] = {**prompt, "responses": [row.texts[side] for row, side in responses]}
    if all(row.models for row, _ in responses):
        fields["models"] = [row.models[side] for row, side in responses if row.models]
    own = [row.response_fields[side] for row, side in responses]
    return {**fields, "response_fields": own} if any(own) else fields


# Rows of gtbridge's own


def _verdict(row: PairRow, reading: DatasetPass) -> _Verdict:
    place = row.place["metadata"]
    chosen, rejected = (whole(row.metadata.get(name), place[name]) for name in _INDICES)
    if chosen == rejected:
        raise place[_INDICES[1]].refuse(f"is {rejected}, as chosen_index is: nothing is preferred to itself")
    dimension = optional_text(row.metadata, "dimension", place) or _DIMENSION
    return _Verdict(row, chosen, rejected, dimension, reading.worker_of(row.metadata, place))


def _together(verdicts: Sequence[_Verdict]) -> Found | None:
    """The item that the rows tell of; None if there are none, or if they leave an order open."""
    if not verdicts:
        return None
    responses = _responses(verdicts)
    voices: dict[tuple[str, bool], dict[str, list[_Verdict]]] = {}
    workers: dict[tuple[str, bool], Worker] = {}
    for verdict in verdicts:
        key = verdict.worker.id, verdict.worker.simulated
        workers[key] = verdict.worker
        voices.setdefault(key, {}).setdefault(verdict.dimension, []).append(verdict)
    answers = []
    for key, dimensions in voices.items():
        rankings = []
        for dimension, said in dimensions.items():
            ranks = _ranks([(verdict.chosen, verdict.rejected) for verdict in said])
            if ranks is None:
                return None
            rankings.append(Ranking(dimension, tuple(ranks.get(index) for index in responses)))
        answers.append(Answer(workers[key], rankings=tuple(rankings)))
    first = verdicts[0].row
    fields = _fields(first.prompt.fields(), list(responses.values()))
    said_of_rows = [verdict.row.others for verdict in verdicts]
    others = said_of_rows[0] if len(verdicts) == 1 else {"rows": said_of_rows}
    return Found({**fields, **others}, tuple(answers), first.place)


def _responses(verdicts: Sequence[_Verdict]) -> dict[int, tuple[PairRow, int]]:
    """For each response by its index, in that order, a row that holds it and on which side."""
    found: dict[int, tuple[PairRow, int]] = {}
    for verdict in verdicts:
        if verdict.row.prompt != verdicts[0].row.prompt:
            raise verdict.row.place["prompt"].refuse("differs from that of the row before, which is of the same item")
        for side, index in enumerate((verdict.chosen, verdict.rejected)):
            row, other = found.setdefault(index, (verdict.row, side))
            if row.texts[other] != verdict.row.texts[side]:
                column = ("chosen", "rejected")[side]
                raise verdict.row.place[column].refuse(f"is another text than response {index} of the item had before")
    return dict(sorted(found.items()))


def _ranks(pairs: Sequence[tuple[int, int]]) -> dict[int, int] | None:
    """The rank of each response by its index, 1 is best, if the pairs (better, worse) put all of them in one order.

    None if two of them stand in no order, or in both: what nobody said is not made up.
    """
    better = set(pairs)
    indices = sorted({index for pair in pairs for index in pair})
    for middle in indices:  # what follows from the pairs: better than one that is better
        above = [index for index in indices if (index, middle) in better]
        below = [index for index in indices if (middle, index) in better]
        better.update((one, other) for one in above for other in below)
    count = len(indices)
    if len(better) != count * (count - 1) // 2 or any(one == other for one, other in better):
        return None
    return {index: 1 + sum((other, index) in better for other in indices) for index in indices}
