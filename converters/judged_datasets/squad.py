"""Extractive question answering in SQuAD's shape -> passages and pairs of question and answer.

Sources: the features of rajpurkar/squad and squad_v2 on the Hugging Face Hub (a row a question, offsets in code
points), and the documents that SQuAD itself is published in (``data``, ``paragraphs``, ``qas``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..formats.sources_records import Record
from ..records import Answer, Pair, Section, Worker
from .values import DatasetPass, Found, entries, mapping, text, texts, whole

__all__ = ["read_squad", "squad_document_records", "squad_groups"]

_COLUMNS = ("context", "title")


def squad_document_records(record: Record) -> Iterator[Record]:
    """A record for each question of the document, as the features on the Hub have it. InputError where it has none."""
    articles = record.fields.get("data")
    if articles is None:
        yield from _article_records(record)
        return
    for number, article in enumerate(entries(articles, record.place["data"])):
        place = record.place["data"][number]
        yield from _article_records(Record(mapping(article, place), place))


def _article_records(article: Record) -> Iterator[Record]:
    title = {"title": article.fields["title"]} if "title" in article.fields else {}
    for number, paragraph in enumerate(entries(article.fields.get("paragraphs"), article.place["paragraphs"])):
        place = article.place["paragraphs"][number]
        paragraph = mapping(paragraph, place)
        for position, question in enumerate(entries(paragraph.get("qas"), place["qas"])):
            where = place["qas"][position]
            asked = mapping(question, where)
            yield Record({**title, "context": text(paragraph, "context", place), **asked}, where)


def squad_groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The rows of each passage that stand together, gtbridge's own of each item."""
    for _, rows in groupby(records, lambda record: (text(record.fields, "context", record.place), _item(record))):
        yield list(rows)


def _item(record: Record) -> str | None:
    """The item that a row of gtbridge's own is about."""
    item = _metadata(record).get("item")
    return item if isinstance(item, str) else None


def _metadata(record: Record) -> Mapping[str, Any]:
    metadata = record.fields.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def read_squad(records: Sequence[Record], reading: DatasetPass) -> Iterator[Found]:
    """The passage with all the questions about it, which one annotator has asked (gtbridge's own rows name them).

    The first reference answer is the pair's answer; what the rows say besides stands in the item's ``questions``. An
    answer is linked to the section at its offset, if the passage has it there. Questions without an answer are left
    out and counted.
    """
    first = records[0]
    passage = text(first.fields, "context", first.place)
    pairs: dict[tuple[str, bool], list[Pair]] = {}
    workers: dict[tuple[str, bool], Worker] = {}
    for record in records:
        pair = _pair(record, passage, reading)
        if pair is not None:
            own = _metadata(record) if _item(record) is not None else {}
            worker = reading.worker_of(own, record.place["metadata"])
            key = worker.id, worker.simulated
            workers[key] = worker
            pairs.setdefault(key, []).append(pair)
    titles = {record.fields.get("title") for record in records if isinstance(record.fields.get("title"), str)}
    alike = len(titles) == 1 and all("title" in record.fields for record in records)
    used = _COLUMNS if alike else _COLUMNS[:1]
    questions = [{key: value for key, value in record.fields.items() if key not in used} for record in records]
    fields = {"source": passage, **({"title": titles.pop()} if alike else {}), "questions": questions}
    answers = tuple(Answer(workers[key], pairs=tuple(asked)) for key, asked in pairs.items())
    yield Found(fields, answers, first.place)


def _pair(record: Record, passage: str, reading: DatasetPass) -> Pair | None:
    question = text(record.fields, "question", record.place)
    references = _references(record)
    if not references:
        reading.drop(record, "questions that have no answer")
        return None
    answer, start = references[0]
    if not answer.strip() or not question.strip():
        reading.drop(record, "whose question or answer is blank")
        return None
    own = _metadata(record) if _item(record) is not None else {}
    tags = tuple(texts(own.get("tags"), record.place["metadata"]["tags"]))
    if passage[start : start + len(answer)] != answer:
        reading.note(record, "whose answer does not stand at its offset, so that no section is linked")
        return Pair(question, answer, tags, (), "passage")
    return Pair(question, answer, tags, (Section(start, start + len(answer), answer),), "sections")


def _references(record: Record) -> list[tuple[str, int]]:
    """(text, offset) of each reference answer: of two lists side by side, or of a list of objects."""
    value, place = record.fields.get("answers"), record.place["answers"]
    if isinstance(value, list):
        found = [(mapping(entry, place[i]), place[i]) for i, entry in enumerate(value)]
        return [(text(entry, "text", at), whole(entry.get("answer_start"), at["answer_start"])) for entry, at in found]
    known = mapping(value, place)
    said, starts = texts(known.get("text"), place["text"]), entries(known.get("answer_start"), place["answer_start"])
    if len(said) != len(starts):
        raise place["answer_start"].refuse(f"has {len(starts)} offsets for {len(said)} texts")
    offsets = [whole(start, place["answer_start"][i]) for i, start in enumerate(starts)]
    return list(zip(said, offsets, strict=True))
