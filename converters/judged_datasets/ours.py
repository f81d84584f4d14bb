"""gtbridge's own ``ranking`` and ``qa`` -> the items and answers they were built from, as far as they tell.

Inverses of ``datasets.ranking`` and ``datasets.qa``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from ..formats.sources_records import Record
from ..records import Answer, Pair, Ranking, Worker
from .annotations import kept_fields, pair_of
from .prompts import prompt_of
from .values import DatasetPass, Found, entries, mapping, optional_text, published_worker, rank, text, texts

__all__ = ["qa_groups", "read_qa", "read_ranking"]

_SIMULATED = "simulated-"


def read_ranking(records: Sequence[Record], reading: DatasetPass) -> Iterator[Found]:
    """The item of the one row, and the ranking of each annotator. The consensus is not read: it follows from them."""
    for record in records:
        fields, place = record.fields, record.place
        responses = texts(fields.get("responses"), place["responses"])
        rankings: dict[str, list[Ranking]] = {}
        for i, value in enumerate(entries(fields.get("rankings"), place["rankings"])):
            where = place["rankings"][i]
            entry = mapping(value, where)
            given = entries(entry.get("ranks"), where["ranks"])
            if len(given) != len(responses):
                raise where["ranks"].refuse(f"{len(given)} ranks for {len(responses)} responses")
            ranks = tuple(None if one is None else rank(one, where["ranks"][j]) for j, one in enumerate(given))
            annotator = text(entry, "annotator", where)
            rankings.setdefault(annotator, []).append(Ranking(text(entry, "dimension", where), ranks))
        metadata = mapping(fields.get("metadata"), place["metadata"])
        kept = kept_fields(metadata, place["metadata"])
        prompt = prompt_of(fields.get("prompt"), place["prompt"])
        models = metadata.get("models")
        line = {
            **prompt.fields(),
            "responses": responses,
            **({} if models is None else {"models": texts(models, place["metadata"]["models"])}),
            **kept,
        }
        answers = tuple(Answer(_named(name), rankings=tuple(said)) for name, said in rankings.items())
        yield Found(line, answers, place)


def _named(annotator: str) -> Worker:
    return published_worker(annotator, simulated=annotator.startswith(_SIMULATED))


def qa_groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The rows of each item, or of each passage where no item is named, that stand together."""

    def place(record: Record) -> tuple[Any, str]:
        metadata = mapping(record.fields.get("metadata"), record.place["metadata"])
        return metadata.get("item"), text(record.fields, "passage", record.place)

    for _, rows in groupby(records, place):
        yield list(rows)


def read_qa(records: Sequence[Record], reading: DatasetPass) -> Iterator[Found]:
    """The passage with all pairs that were written about it, an answer for each annotator."""
    first = records[0]
    pairs: dict[str, list[Pair]] = {}
    for record in records:
        fields, place = record.fields, record.place
        metadata = mapping(fields.get("metadata"), place["metadata"])
        pair = pair_of({**fields, "scope": metadata.get("scope")}, place)
        pairs.setdefault(optional_text(metadata, "annotator", place["metadata"]) or "", []).append(pair)
    answers = tuple(
        Answer(_named(name) if name else reading.worker(), pairs=tuple(said)) for name, said in pairs.items()
    )
    yield Found({"source": text(first.fields, "passage", first.place)}, answers, first.place)
