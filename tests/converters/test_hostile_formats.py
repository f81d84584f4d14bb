"""Documents made to fell a reader, each found by fuzzing: refused with one sentence, soon, and in bounded memory."""

from __future__ import annotations

import io
import json
import struct
from contextlib import ExitStack
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.datasets.part_state import options_from_plain, options_to_plain
from gtbridge.converters.formats import json_text
from gtbridge.converters.formats.annotation_envelope import read_envelope
from gtbridge.converters.formats.json_stream import read_json_records
from gtbridge.converters.formats.json_text import known_json, read_json, read_json_lines
from gtbridge.converters.formats.pulled_tasks import Header, read_pull, write_lines
from gtbridge.converters.formats.sent_back import set_aside
from gtbridge.converters.formats.sources_records import Record, RecordPlace
from gtbridge.converters.formats.sources_tables import arrow_tables, parquet_tables, table_records
from gtbridge.converters.formats.sources_texts import passage_records
from gtbridge.converters.formats.worker_response import document_to_answers
from gtbridge.converters.judged_datasets.reader import judged_lines
from gtbridge.converters.judged_datasets.values import optional_number
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Worker
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin import project_description
from gtbridge.plugin.label_studio.shelf import Shelf

DEEP = json_text.DEEPEST


def nested(levels: int) -> bytes:
    return (
        b"[" * (levels // 2)
        + b'{"a":' * (levels - levels // 2)
        + b"1"
        + b"}" * (levels - levels // 2)
        + b"]" * (levels // 2)
    )


@pytest.mark.parametrize("as_text", [False, True], ids=["bytes", "text"])
def test_json_has_so_many_levels_and_no_more(as_text: bool) -> None:
    def spelled(levels: int) -> Any:
        return nested(levels).decode() if as_text else nested(levels)

    assert read_json(spelled(DEEP), "in") == json.loads(nested(DEEP))
    for levels in (DEEP + 1, 600, 980, 100_000):
        with pytest.raises(InputError, match="in: not usable JSON: nested too deeply"):
            read_json(spelled(levels), "in")
        with pytest.raises(ValueError, match="nested too deeply"):
            known_json(nested(levels))


def test_brackets_within_texts_and_beside_each_other_are_no_levels() -> None:
    values: tuple[list[Any], ...] = (["[" * 500, "{" * 500], [[]] * 500, [{"a": ["]"]}] * 500)
    for value in values:
        assert read_json(json.dumps(value), "in") == value


def test_what_is_nested_deeply_within_a_list_is_not_gone_through() -> None:
    deep = io.BytesIO(b'[{"a": 1}, ' + b'{"a":' * 300_000)
    found = read_json_records(deep, "in")
    assert next(found).value == {"a": 1}
    with pytest.raises(InputError, match="nested too deeply"):
        next(found)
    assert deep.tell() < 2**20


def test_the_key_that_is_given_twice_is_found_among_very_many() -> None:
    members = ",".join(f'"k{number}":0' for number in range(200_000))
    with pytest.raises(InputError, match="the key 'k199999' is given twice"):
        read_json(f'{{{members},"k199999":1}}', "in")


def test_a_number_of_very_many_digits_is_refused_in_words_of_ours() -> None:
    with pytest.raises(InputError, match=r"^in: a number of 5,000 digits, which is too large$"):
        read_json("[" + "9" * 5000 + "]", "in")
    with pytest.raises(InputError, match=r"^in: the number 1e9{38} is too large$"):
        read_json("[1e" + "9" * 1000 + "]", "in")


def test_a_line_of_a_file_is_not_read_beyond_what_a_record_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_RECORD", 100)
    file = io.BytesIO(b'{"a": 1}\n"' + b"x" * 10_000)
    lines = read_json_lines(file, "in")
    assert next(lines)[2] == {"a": 1}
    with pytest.raises(InputError, match="in:2: a line of more than"):
        next(lines)
    assert file.tell() < 200


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "1e300"])
def test_a_number_that_no_dataset_has_room_for_is_no_time_and_no_score(number: str) -> None:
    dimension = {"name": "A", "responseRankings": [1, 2]}
    said = {"workerId": "w", "answerContent": {"x": {"ordinalRankingDimensions": [dimension]}}}
    document = json.loads(json.dumps({"answers": [{**said, "gtbridge": {"scores": {"A": [0, 1]}}}]}))
    answer = document["answers"][0]
    answer["timeSpentInSeconds"] = answer["gtbridge"]["scores"]["A"][0] = json.loads(number)
    (read,) = document_to_answers(document, "w.json")
    assert (read.seconds, read.rankings[0].scores) == (None, None)
    assert read_envelope({"lead_time": json.loads(number)}, Worker("w")).seconds is None


def test_a_rating_that_no_dataset_has_room_for_is_refused() -> None:
    completions = [{"response": "a", "annotations": {"x": {"Rating": 10**400}}}] * 2
    fields = {"instruction": "Why?", "completions": completions}
    with pytest.raises(InputError, match="expected a number or N/A"):
        list(judged_lines([Record(fields, RecordPlace("in"))], "ultrafeedback", "set", Ledger()))
    with pytest.raises(InputError, match="expected a number"):
        optional_number(10**400, RecordPlace("in"))


def test_a_fraction_of_very_many_digits_is_none() -> None:
    options = BuildOptions(pseudonym_key=b"k", threshold=Fraction(1, 3), weights=(("A", Fraction(2)),))
    plain = options_to_plain(options)
    assert options_from_plain(plain).threshold == Fraction(1, 3)
    for hostile in ({"threshold": "1e999999999"}, {"weights": [["A", "1e999999999"]]}):
        with pytest.raises(ValueError, match="1e999999999"):
            options_from_plain({**plain, **hostile})


def test_a_projects_description_of_very_many_levels_is_no_labeling_jobs() -> None:
    begin, end = project_description._BEGIN, project_description._END
    assert project_description.parse_description(f"{begin}\n{'[' * 100_000}\n{{}}\n{end}") is None


def test_blank_lines_in_a_text_take_no_time_by_their_square() -> None:
    lines = [b"a\n", *[b"\n"] * 300_000, b"b\n"]
    (record,) = passage_records(lines, "in.txt", Ledger(), "file")
    assert record.fields["source"] == "a\n" + "\n" * 300_000 + "b"


def test_what_was_set_aside_may_have_any_id() -> None:
    kept = [{"id": [1]}, {"id": {"a": 1}}, {"id": 3}, "none"]
    assert set_aside({"annotations": [{"id": 3}, {"id": [4]}], "meta": {"gtbridge_set_aside": kept}}) == kept[:2]


# Tables


def arrow(column: str = "source") -> bytes:
    file = io.BytesIO()
    table = pa.table({column: ["Why?"]})
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def rows(data: bytes) -> list[Any]:
    return [record.fields for record in table_records(arrow_tables(io.BytesIO(data), "t"), "t")]


def test_an_arrow_file_that_lies_about_its_rows_ends_nothing() -> None:
    sound = arrow()
    assert rows(sound) == [{"source": "Why?"}]
    lengths = [at for at in range(len(sound) - 8) if sound[at : at + 8] == struct.pack("q", 1)]
    assert lengths
    for at in lengths:
        with pytest.raises(InputError, match=r"^t: cannot be read as Arrow: "):
            rows(sound[:at] + struct.pack("q", 1000) + sound[at + 8 :])


def test_a_column_name_that_is_no_text_is_refused() -> None:
    sound = arrow("source")
    with pytest.raises(InputError, match=r"^t: cannot be read as Arrow: "):
        rows(sound.replace(b"source", b"sour\xb8e"))


def test_a_parquet_row_of_very_many_equal_values_is_not_unpacked() -> None:
    file = io.BytesIO()
    zeros = pa.ListArray.from_arrays([0, 20_000_000], pa.nulls(20_000_000, pa.int8()))
    write_table: Any = parquet.write_table
    write_table(pa.table({"x": zeros}), file, compression="zstd")
    assert len(file.getvalue()) < 100_000
    with pytest.raises(InputError, match="the column 'x' cannot be read: 20,000,000 values in 1 rows"):
        list(table_records(parquet_tables(file, "t"), "t"))


# Tasks that were pulled


def pulled(*lines: bytes) -> io.BytesIO:
    file = io.BytesIO()
    header = Header("https://x", 7, "2026", 1, "1.23.2", "d", "2026", (1, 2)).line()
    write_lines(file, [header, *lines])
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "task",
    [
        b'{"id": 1, "annotations": 5}',
        b'{"id": 1, "annotations": ["a"]}',
        b'{"id": 1, "annotations": [{}]}',
        b'{"id": 1, "annotations": [{"id": [1]}]}',
        b'{"id": 1, "annotations": [], "data": ' + nested(DEEP + 1) + b"}",
        b'{"id": 1.5}',
        b'{"id": true}',
        b'{"id": 9223372036854775808}',
        b'{"id": ' + b"1" * 400 + b"}",
    ],
    ids=lambda task: task[:40].decode(),
)
def test_a_pulled_task_that_is_none_makes_the_file_a_damaged_one(task: bytes) -> None:
    with ExitStack() as stack, pytest.raises(InputError, match="is damaged"):
        Shelf.of(pulled(task + b"\n"), "pull", stack)


def test_a_header_of_very_many_levels_is_none() -> None:
    file = io.BytesIO()
    write_lines(file, [b"[" * 100_000 + b"\n"])
    file.seek(0)
    with pytest.raises(InputError, match="is no pull file"):
        read_pull(file, "pull")


def test_a_packed_line_is_not_unpacked_beyond_what_a_record_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_RECORD", 1000)
    with pytest.raises(InputError, match="a line of more than"):
        list(read_pull(pulled(b'{"id": 1, "x": "' + b"x" * 5000 + b'"}\n'), "pull")[1])
