"""The readers of what people and Ground Truth have: what each makes of a damaged document can be written and judged."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from typing import IO, Any

from hostile_tokens import TABLE
from mutations import mutated_json, mutated_text

from gtbridge.converters.formats.consolidation import consolidation_request_to_answers
from gtbridge.converters.formats.human_evaluation import read_human_evaluation
from gtbridge.converters.formats.job_output import document_to_job_answers
from gtbridge.converters.formats.json_text import bounded_lines, read_json
from gtbridge.converters.formats.manifest import limit_problems, line_without, other_fields, read_output_manifest
from gtbridge.converters.formats.manifest_check import check_lines
from gtbridge.converters.formats.manifest_line import item_from_line
from gtbridge.converters.formats.sources import Columns, records_to_manifest
from gtbridge.converters.formats.sources_texts import (
    csv_records,
    json_line_records,
    json_records,
    passage_records,
)
from gtbridge.converters.judged_datasets.reader import judged_lines
from gtbridge.converters.judged_datasets.shapes import shape_of
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Item
from gtbridge.label_configs.errors import InputError

from .fuzz_ranks import ranks_are_said
from .fuzz_reader import ASK, DATA, RANK, Reader, files, judged, spelled

__all__ = ["FORMATS"]


def _items() -> list[Item]:
    lines = (DATA / "worker_response" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return [item_from_line(line, json.loads(line), number, "items.jsonl") for number, line in enumerate(lines, start=1)]


def _lines(data: bytes) -> Any:
    return bounded_lines(io.BytesIO(data), "in")


def _write(records: Any) -> None:
    """What was read can be written as manifest lines, each of which is JSON on one line."""
    for line in records_to_manifest(records, Columns(), Ledger()):
        assert "\n" not in line
        read_json(line, "written")


def _json(data: bytes) -> None:
    file: IO[bytes] = io.BytesIO(data)
    _write(json_records(file, "in.json"))


def _json_lines(data: bytes) -> None:
    _write(json_line_records(_lines(data), "in.jsonl"))


def _csv(data: bytes) -> None:
    _write(csv_records(_lines(data), "in.csv", Ledger()))


def _texts(data: bytes) -> None:
    for record in passage_records(_lines(data), "in.txt", Ledger(), "paragraph"):
        assert record.fields["source"].strip()
    for _ in passage_records(_lines(data), "in.txt", Ledger(), "file"):
        pass


def _manifest(data: bytes) -> None:
    report = check_lines(_lines(data), "in.manifest", RANK, "sagemaker")
    json.dumps(report.to_dict())
    for line in read_output_manifest(_lines(data), "out.manifest"):
        value = json.loads(line.item.line)
        list(limit_problems(line.item, value))
        other_fields(line.item)
        assert json.loads(line_without(line.item.line, value.keys())) == {}
        assert all(said is None or isinstance(said, str) for said in (line.reference, line.failure, line.job_name))


_RANKED, _BARE, _PASSAGE, *_ = _items()


def _worker_response(data: bytes) -> None:
    document, refused = read_json(data, "w.json"), None
    for item, definition in ((_RANKED, RANK), (_PASSAGE, ASK), (None, RANK)):
        try:
            answers = document_to_job_answers(document, "w.json", item=item)
        except InputError as error:
            refused = error
            continue
        ranks_are_said(json.loads(data), answers)
        judged(answers, item or _BARE, definition)
    if refused is not None:
        raise refused


def _named_items() -> dict[int, Item]:
    """An item for each object that the requests name, by what they say of it; all are ranked."""
    said = [entry["dataObject"] for document in files("consolidation/*/request.json") for entry in json.loads(document)]
    texts = dict.fromkeys((data.get("content", data.get("source")), data.get("s3Uri")) for data in said)
    return {
        index: replace(_RANKED, index=index, text=text or "", text_ref=address, responses=("a", "b"))
        for index, (text, address) in enumerate(texts)
    }


_NAMED = _named_items()


def _consolidation(data: bytes) -> None:
    document = read_json(data, "r.json")
    for index, answers in consolidation_request_to_answers(document, "r.json", _NAMED).items():
        judged(answers, _NAMED[index], RANK)


def _evaluation(data: bytes) -> None:
    for line in read_human_evaluation(_lines(data), "e.jsonl"):
        judged(line.answers, line.line.item, RANK)


def _judged_rows(data: bytes) -> None:
    records = list(json_line_records(_lines(data), "rows.jsonl"))
    if records:
        for line in judged_lines(records, shape_of(records[0]), "me/set", Ledger()):
            judged(line.answers, line.line.item, RANK)


_table = partial(mutated_text, tokens=TABLE)
_OBJECTS = spelled(
    {"source": "Why?", "responses": ["a", "b"], "price": 1.5, "models": ["m", "n"]},
    {"source": "é", "x": {"y": [1]}},
    {"prompt": "p", "responses": [{"text": "a", "model": "m"}, {"text": "b", "model": "n"}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}], "responses": '["a","b"]'},
)
_TABLES = [b'source,responses,models\nWhy?,"[""a"",""b""]",\n"a\nb",x,y\n,,\n', b"prompt;a\r\np;q\r\n"]

FORMATS: dict[str, Reader] = {
    "JSON documents": Reader([b"[" + b",\n".join(_OBJECTS) + b"]", _OBJECTS[0]], mutated_json, _json),
    "JSON Lines": Reader([b"\n".join(_OBJECTS)], mutated_json, _json_lines),
    "CSV": Reader(_TABLES, _table, _csv),
    "texts": Reader([b"one\ntwo\n\n\nthree\r\n  four\n", "\ufeffé\n\n".encode()], _table, _texts),
    "manifests": Reader(files("manifest/*.manifest") + files("manifest/*/*.manifest"), mutated_json, _manifest),
    "worker responses": Reader(files("worker_response/*/document.json"), mutated_json, _worker_response),
    "consolidation requests": Reader(files("consolidation/*/request.json"), mutated_json, _consolidation),
    "human evaluations": Reader(files("human_evaluation/*/output.jsonl"), mutated_json, _evaluation),
    "judged datasets": Reader(
        files("judged/*/rows.jsonl") + files("judged/preference/*.jsonl"), mutated_json, _judged_rows
    ),
}
