"""Small datasets of every shape, as they are found on the Hub, against items and answers that a person can check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gtbridge.converters.formats.sources import Columns, Record
from gtbridge.converters.formats.sources_texts import json_line_records, json_records
from gtbridge.converters.judged_datasets.reader import items_of_judged, judged_lines
from gtbridge.converters.judged_datasets.shapes import shape_of
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Worker

SAMPLES = Path(__file__).parents[1] / "data" / "judged"
FILES = sorted(path for path in SAMPLES.rglob("*.json*") if ".expected" not in path.suffixes)


def read(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return list((json_records if path.suffix == ".json" else json_line_records)(file, path.name))


def said(answer: Answer) -> Any:
    """Ranks by dimension, or (question, answer, scope, sections) of each pair."""
    assert answer.worker == Worker("me/set", {"identityProviderType": "Dataset"})
    if answer.rankings:
        return {ranking.dimension: list(ranking.ranks) for ranking in answer.rankings}
    return [[p.question, p.answer, p.scope, [[s.start, s.end, s.text] for s in p.sections]] for p in answer.pairs]


def test_there_are_samples() -> None:
    assert {path.parent.name for path in FILES} == {"preference", "nectar", "ultrafeedback", "squad"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_sample_reads_as_written_out(path: Path) -> None:
    records, ledger = read(path), Ledger()
    assert shape_of(records[0]) == path.parent.name
    found = list(judged_lines(records, shape_of(records[0]), "me/set", ledger))
    items = [{"item": json.loads(f.line.item.line), "answers": [said(a) for a in f.answers]} for f in found]
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    assert {"items": items, "ledger": list(ledger.lines())} == expected
    # A line that is written reads back as the item that the answers are about.
    assert [bool(f.answers) for f in found] == [f.line.labelled for f in found]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_items_alone_are_those_that_the_answers_are_about(path: Path) -> None:
    records = read(path)
    shape = shape_of(records[0])
    lines = [found.line.item.line for found in judged_lines(records, shape, "me/set", Ledger())]
    assert list(items_of_judged(records, shape, Columns(), Ledger())) == lines


def test_columns_are_left_out_and_a_name_is_added_as_in_any_manifest() -> None:
    records, ledger = read(SAMPLES / "preference" / "prompt-beside-dialogues.jsonl"), Ledger()
    columns = Columns(drop=("score_chosen", "score_rejected", "messages"), name="file")
    [first, _] = map(json.loads, items_of_judged(records, "preference", columns, ledger))
    assert {"score_chosen", "messages"}.isdisjoint(first)
    assert (first["prompt_id"], first["file"]) == ("f00", "prompt-beside-dialogues.jsonl")
    assert ledger.notes["records", "without the column 'score_chosen', as asked for"] == 2
