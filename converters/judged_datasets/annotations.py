"""gtbridge's own ``annotations`` -> the items and answers they were built from.

Inverse of ``datasets.annotation``, which tells neither times nor identities, nor of items that nobody answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..formats.given_under import rules_from_dict
from ..formats.json_text import read_json
from ..formats.remarks import as_far_as_marked
from ..formats.sources_records import Record, RecordPlace
from ..records import Answer, Pair, Ranking, Section
from .values import (
    DatasetPass,
    Found,
    entries,
    flag,
    mapping,
    optional_number,
    optional_text,
    published_worker,
    text,
    texts,
    whole,
)

__all__ = ["annotation_groups", "kept_fields", "pair_of", "read_annotations"]

_STATUSES = ("superseded", "valid", "invalid", "declined")
_GIVEN_AS = ("given", "declined", "failed")
_SCOPES = ("passage", "sections", None)
_LEAST = -(2**31)  # what was given is kept as it was, however wrong: the rules say what is


def annotation_groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The rows of each item."""
    for _, rows in groupby(records, lambda record: text(record.fields, "item", record.place)):
        yield list(rows)


def read_annotations(records: Sequence[Record], reading: DatasetPass) -> Iterator[Found]:
    """The item with all its answers, in an order in which they are judged as they were: the one of a worker that
    counts comes after those it superseded.

    An answer that was invalid brings its problems along: the rules it broke need not be known any more.
    """
    first = records[0]
    for record in records[1:]:
        for column in ("source", "responses"):
            if record.fields.get(column) != first.fields.get(column):
                raise record.place[column].refuse("differs from that of the row before, which is of the same item")
    responses, place = first.fields.get("responses"), first.place
    count = None if responses is None else len(texts(responses, place["responses"]))
    sorted_rows = sorted(records, key=_standing)
    answers = tuple(_answer(record, count) for record in sorted_rows)
    kept = kept_fields(mapping(first.fields.get("metadata"), place["metadata"]), place["metadata"])
    fields: dict[str, Any] = {"source": text(first.fields, "source", place)}
    if first.fields.get("source_messages") is not None and "messages" not in kept:
        fields["messages"] = first.fields["source_messages"]
    if first.fields.get("reference_answer") is not None and "reference" not in kept:
        fields["reference"] = text(first.fields, "reference_answer", place)
    for column in ("responses", "models"):
        if first.fields.get(column) is not None:
            fields[column] = first.fields[column]
    yield Found({**fields, **kept}, answers, place)


def _standing(record: Record) -> int:
    status = text(record.fields, "status", record.place)
    if status not in _STATUSES:
        raise record.place["status"].refuse(f"expected one of {', '.join(_STATUSES)}, found {status!r}")
    return _STATUSES.index(status)


def kept_fields(metadata: Mapping[str, Any], place: RecordPlace) -> dict[str, Any]:
    """The item's other fields, which ``metadata`` spells as JSON. InputError if it does not."""
    spelled = optional_text(metadata, "fields", place)
    try:
        kept = {} if spelled is None else read_json(spelled, "")
    except InputError as error:
        raise place["fields"].refuse(error.message) from None
    if not isinstance(kept, dict):
        raise place["fields"].refuse("expected an object, spelled as JSON")
    return kept


def _answer(record: Record, count: int | None) -> Answer:
    fields, place = record.fields, record.place
    given_as = optional_text(fields, "given_as", place) or "given"
    if given_as not in _GIVEN_AS:
        raise place["given_as"].refuse(f"expected one of {', '.join(_GIVEN_AS)}, found {given_as!r}")
    unread = texts(fields.get("unread"), place["unread"])
    if fields["status"] == "invalid":
        unread = list(dict.fromkeys([*unread, *texts(fields.get("problems"), place["problems"])]))
    metadata = mapping(fields.get("metadata"), place["metadata"])
    return Answer(
        worker=published_worker(
            text(fields, "annotator", place), simulated=flag(metadata, "simulated", place["metadata"])
        ),
        status=given_as,  # type: ignore[arg-type]
        rankings=tuple(
            _ranking(entry, place["rankings"][i])
            for i, entry in enumerate(entries(fields.get("rankings"), place["rankings"]))
        ),
        pairs=tuple(
            pair_of(entry, place["pairs"][i]) for i, entry in enumerate(entries(fields.get("pairs"), place["pairs"]))
        ),
        reason=optional_text(fields, "reason", place),
        comment=optional_text(fields, "comment", place),
        flags=as_far_as_marked(
            [texts(marks, place["flags"][i]) for i, marks in enumerate(entries(fields.get("flags"), place["flags"]))]
        ),
        seconds=optional_number(fields.get("seconds"), place["seconds"]),
        definition=optional_text(fields, "definition", place),
        rules=_rules(optional_text(fields, "rules", place), place["rules"]),
        order=_order(fields.get("shown_order"), place["shown_order"], count),
        unread=tuple(unread),
    )


def _rules(text: str | None, place: RecordPlace) -> TaskDefinition | None:
    if text is None:
        return None
    rules = rules_from_dict(read_json(text, place.source))
    if rules is None:
        raise place.refuse("is no task definition")
    return rules


def _ranking(value: Any, place: RecordPlace) -> Ranking:
    entry = mapping(value, place)
    tie = entry.get("allow_tie")
    if not isinstance(tie, bool | None):
        raise place["allow_tie"].refuse(f"expected true or false, found {tie!r}")
    ranks = [
        None if given is None else whole(given, place["ranks"][i], _LEAST)
        for i, given in enumerate(entries(entry.get("ranks"), place["ranks"]))
    ]
    return Ranking(text(entry, "dimension", place), tuple(ranks), tie, _scores(entry.get("scores"), place["scores"]))


def _scores(value: Any, place: RecordPlace) -> tuple[float | None, ...] | None:
    if value is None:
        return None
    return tuple(optional_number(score, place[i]) for i, score in enumerate(entries(value, place)))


def pair_of(value: Any, place: RecordPlace) -> Pair:
    """The pair of question and answer in an object. InputError names what of it is something else."""
    entry = mapping(value, place)
    sections = [
        _section(part, place["sections"][i]) for i, part in enumerate(entries(entry.get("sections"), place["sections"]))
    ]
    scope = entry.get("scope")
    if scope not in _SCOPES:
        raise place["scope"].refuse(f"expected passage or sections, found {scope!r}")
    tags = texts(entry.get("tags"), place["tags"])
    return Pair(text(entry, "question", place), text(entry, "answer", place), tuple(tags), tuple(sections), scope)


def _section(value: Any, place: RecordPlace) -> Section:
    entry = mapping(value, place)
    start, end = (whole(entry.get(key), place[key], _LEAST) for key in ("start", "end"))
    return Section(start, end, text(entry, "text", place))


def _order(value: Any, place: RecordPlace, count: int | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    order = [whole(index, place[i]) for i, index in enumerate(entries(value, place))]
    if sorted(order) != list(range(len(order) if count is None else count)):
        raise place.refuse(f"does not name each response once: {order}")
    return tuple(order)
