"""The readers that open files: tables, datasets in folders, a job's output, people, cards, parts. As in
``fuzz_formats``, each refuses with a GtbridgeError, or gives what can be written and judged.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from foreign_exports import annotation, selected, task
from foreign_templates import labeling_config
from hostile_tokens import TABLE, YAML
from job_files import answer, write_job
from mutations import mutated_bytes, mutated_json, mutated_text

from gtbridge.converters.formats.sources import Columns, records_to_manifest
from gtbridge.converters.formats.sources_tables import arrow_tables, parquet_tables, table_records
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.ledger import Ledger
from gtbridge.plugin.hub.dataset_folder import read_card
from gtbridge.plugin.label_studio.workers import read_invitees
from gtbridge.plugin.manifests.inputs import SourceOptions, read_records
from gtbridge.plugin.outputs.job_reader import job_items, open_job_output
from gtbridge.plugin.outputs.options import JobOutputOptions

from .fuzz_reader import Reader

__all__ = ["FILES"]


def _table() -> pa.Table:
    rows = {
        "source": ["Why?", "é" * 40, "x"],
        "responses": [["a", "b"], ["c", "d"], ["e", "f"]],
        "who": pa.array(["m", "n", "m"]).dictionary_encode(),
        "more": [{"a": 1, "b": [1.5]}, None, {"a": 2, "b": []}],
    }
    return pa.table(rows)


def _parquets() -> list[bytes]:
    found = []
    write_table: Any = pq.write_table
    for how in ({"compression": "none"}, {"compression": "zstd"}, {"use_dictionary": False, "compression": "snappy"}):
        file = io.BytesIO()
        write_table(_table(), file, **how)
        found.append(file.getvalue())
    return found


def _arrow() -> list[bytes]:
    file = io.BytesIO()
    with pa.ipc.new_stream(file, _table().schema) as writer:
        writer.write_table(_table())
    return [file.getvalue()]


def _rows(tables: Any, data: bytes) -> None:
    for line in records_to_manifest(table_records(tables(io.BytesIO(data), "t"), "t"), Columns(), Ledger()):
        json.loads(line)


def _saved(data: bytes) -> None:
    """A folder as ``save_to_disk`` makes it, whose index is damaged."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "state.json").write_bytes(data)
        (Path(folder) / "data-00000-of-00001.arrow").write_bytes(_ARROW[0])
        list(records_to_manifest(read_records(folder, SourceOptions(), (), Ledger()), Columns(), Ledger()))


def _people(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(data)
        for person in read_invitees(str(path)):
            assert "@" in person.email and "\n" not in person.email and "\0" not in person.email


def _read_items(path: Path, *, options: JobOutputOptions | None = None) -> None:
    for item in job_items(open_job_output(str(path), options), Ledger()):
        judge(item.definition, item.item, list(item.judged.everyone))


class _Job:
    """The output of a Ground Truth job, of which one file is damaged; written once."""

    def __init__(self, name: str):
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        write_job(self.folder / "job", [[answer("w1"), answer("w2", (2, 1))]] * 2)
        self.file = next(path for path in (self.folder / "job").rglob("*") if path.is_file() and path.match(name))
        self.sample = self.file.read_bytes()

    def read(self, data: bytes) -> None:
        self.file.write_bytes(data)
        _read_items(self.folder / "job")


class _Export:
    """Label Studio's JSON export, or a folder of its target storage, beside the project's labeling config."""

    def __init__(self, *, stored: bool):
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        (self.folder / "config.xml").write_text(labeling_config("generative-ai/human-feedback-collection"), "utf-8")
        one = task(1, [annotation(1, 2, selected("left")), annotation(2, 3, selected("right"))])
        place = self.folder / ("stored/1" if stored else "export.json")
        place.parent.mkdir(exist_ok=True)
        annotated = {**annotation(1, 2, selected("left")), "task": {**one, "annotations": None}}
        self.sample = json.dumps(annotated if stored else [one, {**one, "id": 2}]).encode()
        self.place, self.path = place, place.parent if stored else place
        self.options = JobOutputOptions(task=str(self.folder / "config.xml"))

    def read(self, data: bytes) -> None:
        self.place.write_bytes(data)
        _read_items(self.path, options=self.options)


def _people_samples() -> list[bytes]:
    file = io.StringIO()
    csv.writer(file).writerows([("email", "first_name"), ("ann@x.org", "Ann"), ("bob@x.org", "Bob")])
    return [file.getvalue().encode(), b"email\nann@x.org\n"]


_CARD = b"""---
license: mit
configs:
- config_name: preference
  data_files:
  - {split: train, path: preference/train-*.parquet}
  - {split: test, path: [preference/test-*.parquet]}
---
# A dataset
"""
_STATE = json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": None}).encode()
_ARROW = _arrow()


def _card(data: bytes) -> None:
    card = read_card(data.decode("utf-8", errors="replace"), "README.md")
    card.part_of("preference/train-00000.parquet")


def _a_job(name: str) -> Reader:
    job = _Job(name)
    return Reader([job.sample], mutated_json, job.read)


def _an_export(*, stored: bool) -> Reader:
    export = _Export(stored=stored)
    return Reader([export.sample], mutated_json, export.read)


FILES: dict[str, Reader] = {
    "Parquet": Reader(_parquets(), mutated_bytes, partial(_rows, parquet_tables)),
    "Arrow": Reader(_ARROW, mutated_bytes, partial(_rows, arrow_tables)),
    "saved datasets": Reader([_STATE], mutated_json, _saved),
    "people": Reader(_people_samples(), partial(mutated_text, tokens=TABLE), _people),
    "dataset cards": Reader([_CARD], partial(mutated_text, tokens=YAML), _card),
    "jobs' manifests": _a_job("output.manifest"),
    "jobs' answers": _a_job("*/0/one.json"),
    "Label Studio exports": _an_export(stored=False),
    "Label Studio target storage": _an_export(stored=True),
}
