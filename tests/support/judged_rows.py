"""Rows of datasets read back as items and answers, and judged items to build such datasets from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from job_items import build_in_memory, options

from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest_line import item_from_line
from gtbridge.converters.formats.sources_records import Record, RecordPlace
from gtbridge.converters.formats.sources_tables import parquet_tables, table_records
from gtbridge.converters.judged_datasets.reader import judged_lines
from gtbridge.converters.judged_datasets.shapes import DatasetShape, shape_of
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Pair, Ranking, Section, Worker
from gtbridge.label_configs.tasks import QuestionAnswer, TaskDefinition, TextRanking

__all__ = [
    "answered_items",
    "build_rows",
    "read_rows",
    "records",
    "rejudged",
    "rows_of",
]


def records(*rows: Mapping[str, Any]) -> list[Record]:
    return [Record(row, RecordPlace("in", f"$[{number}]")) for number, row in enumerate(rows)]


def read_rows(
    *rows: Mapping[str, Any], shape: DatasetShape | None = None
) -> tuple[list[tuple[dict[str, Any], tuple[Answer, ...]]], Ledger]:
    """(the item's line, its answers) for each item of the dataset ``me/set``, and the ledger, which adds up."""
    found, ledger = _read(records(*rows), shape)
    return [(read_line(answered), answered.answers) for answered in found], ledger


def read_line(answered: AnsweredLine) -> dict[str, Any]:
    import json

    line: dict[str, Any] = json.loads(answered.line.item.line)
    return line


def _read(given: Sequence[Record], shape: DatasetShape | None) -> tuple[list[AnsweredLine], Ledger]:
    ledger = Ledger()
    found = list(judged_lines(given, shape or shape_of(given[0]), "me/set", ledger)) if given else []
    ledger.check()
    assert [answered.line.item.index for answered in found] == list(range(len(found)))
    return found, ledger


# Datasets of gtbridge's own


def build_rows(items: Iterable[JobItem], task: TaskDefinition, **chosen: Any) -> dict[str, list[bytes]]:
    """The Parquet files of each config."""
    dimensions = [dimension.name for dimension in task.dimensions] if isinstance(task, TextRanking) else []
    _, _, _, files = build_in_memory(items, dimensions, options(**chosen))
    found: dict[str, list[bytes]] = {}
    for (config, _, _), data in sorted(files.items()):
        found.setdefault(config, []).append(data)
    return found


def rows_of(files: Sequence[bytes]) -> list[Record]:
    """The rows as they are read from those files."""
    return [row for data in files for row in table_records(parquet_tables(io.BytesIO(data), "in"), "in")]


def rejudged(files: Sequence[bytes], task: TaskDefinition) -> list[JobItem]:
    """The items that a config tells of, judged as a job's output is."""
    found, _ = _read(rows_of(files), None)
    return [
        JobItem("job", line.line.item, task, judge(task, line.line.item, line.answers, partial=True)) for line in found
    ]


_texts = st.sampled_from(["a", " a", "b", "\n\nc", "d", "é", "e\u0301", ""])
_workers = st.sampled_from(
    [
        Worker("ann"),
        Worker("bob", {"identityProviderType": "Cognito"}),
        Worker("demo", {"identityProviderType": "Simulated"}),
    ]
)
_FIELDS: tuple[dict[str, Any], ...] = ({}, {"id": 7, "dataset.source": None}, {"n": 2.5, "nested": {"a": ["é"]}})
_TURNS = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Yes?"},
    {"role": "user", "content": "Go"},
]


@st.composite
def answered_items(draw: Any, task: TaskDefinition) -> list[JobItem]:
    """Items of ``task`` that were answered, with whatever an item and an answer can have."""
    made = []
    for index in range(draw(st.integers(1, 3))):
        fields: dict[str, Any] = {"source": draw(st.sampled_from(["p", "q ", "A passage: caf\u00e9.\r\n"]))}
        if isinstance(task, TextRanking):
            if draw(st.booleans()):
                fields |= {"source": "User: Hi\n\nAssistant: Yes?\n\nUser: Go", "messages": _TURNS}
            fields["responses"] = draw(st.lists(_texts, min_size=2, max_size=4))
            if draw(st.booleans()):
                fields["models"] = [f"m{n}" for n in range(len(fields["responses"]))]
        fields |= draw(st.sampled_from(_FIELDS))
        item = item_from_line(to_line(fields), fields, index + 1, "in")
        answers = draw(st.lists(_answers(task, item.text, len(item.responses or ())), min_size=1, max_size=4))
        made.append(JobItem("job", item, task, judge(task, item, answers, partial=True)))
    return made


@st.composite
def _answers(draw: Any, task: TaskDefinition, passage: str, count: int) -> Answer:
    status = draw(st.sampled_from(["given", "given", "given", "declined", "failed"]))
    answer = Answer(
        draw(_workers),
        status=status,
        reason=draw(st.sampled_from([None, "unclear"])) if status == "declined" else None,
        seconds=draw(st.sampled_from([None, 0.5, 12.0])),
        definition=draw(st.sampled_from([None, "f" * 64])),
        unread=draw(st.sampled_from([(), (), (), ("not understood",)])) if status == "given" else (),
    )
    if isinstance(task, QuestionAnswer):
        return replace(answer, pairs=tuple(draw(st.lists(_pairs(passage), max_size=3))))
    sound = st.lists(st.integers(1, count), min_size=count, max_size=count)
    orders = st.permutations(range(1, count + 1))
    broken = st.lists(st.sampled_from([None, *range(count + 2)]), min_size=count, max_size=count)
    ranks = st.one_of(orders, orders, sound, broken)
    rankings = tuple(Ranking(d.name, tuple(draw(ranks)), d.allow_tie) for d in task.dimensions)
    return replace(answer, rankings=rankings, order=draw(st.sampled_from([None, tuple(reversed(range(count)))])))


@st.composite
def _pairs(draw: Any, passage: str) -> Pair:
    start = draw(st.integers(0, len(passage) - 1))
    end = draw(st.integers(start + 1, len(passage)))
    section = Section(start, end, passage[start:end])
    sound = [("passage", ()), ("sections", (section,))]
    scope, sections = draw(st.sampled_from([*sound, *sound, *sound, (None, ()), ("sections", ())]))
    tags = draw(st.sampled_from([(), ("What",), ("What", "own tag")]))
    question, answer = draw(st.sampled_from([("Why?", "a"), ("Was ist's?", "\n\nc"), ("What?", passage[0]), ("", "a")]))
    return Pair(question, answer, tags, sections, scope)
