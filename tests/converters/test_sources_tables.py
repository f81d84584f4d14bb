"""Parquet and Arrow -> records."""

from __future__ import annotations

import datetime
import decimal
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gtbridge.converters.formats.sources import Columns, records_to_manifest
from gtbridge.converters.formats.sources_tables import arrow_tables, parquet_tables, table_records
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError


def parquet(table: pa.Table, **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(table, file, **options)  # type: ignore[no-untyped-call]
    return file


def fields(table: pa.Table, drop: tuple[str, ...] = ()) -> list[Any]:
    found = table_records(parquet_tables(parquet(table), "in.parquet", drop), "in.parquet", drop)
    return [dict(record.fields) for record in found]


def column(values: list[Any], type_: pa.DataType) -> pa.Table:
    return pa.table({"source": pa.array(["s"] * len(values)), "c": pa.array(values, type_)})


TIME = datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)
SPELLED: dict[str, tuple[Any, pa.DataType, Any]] = {
    "large text": ("x", pa.large_string(), "x"),
    "a dictionary": ("x", pa.dictionary(pa.int32(), pa.string()), "x"),
    "a big integer": (2**63 - 1, pa.int64(), 2**63 - 1),
    "a struct in a list": ([{"a": 1, "b": None}, None], pa.list_(pa.struct([("a", pa.int8()), ("b", pa.string())])),
                           [{"a": 1, "b": None}, None]),
    "a map": ([("k", 1)], pa.map_(pa.string(), pa.int8()), {"k": 1}),
    "nothing": (None, pa.null(), None),
    "a time": (TIME, pa.timestamp("us"), "2024-01-02T03:04:05.678901"),
    "a time with a zone": (TIME.replace(tzinfo=datetime.UTC), pa.timestamp("us", "UTC"),
                           "2024-01-02T03:04:05.678901+00:00"),
    "nanoseconds": (1704164645678901234, pa.timestamp("ns"), "2024-01-02T03:04:05.678901234"),
    "a date in a struct": ({"d": TIME.date()}, pa.struct([("d", pa.date32())]), {"d": "2024-01-02"}),
    "a decimal": (decimal.Decimal("12345678901234567890.50"), pa.decimal128(25, 2), "12345678901234567890.50"),
    "floats": ([1.5, None], pa.list_(pa.float64()), [1.5, None]),
}  # fmt: skip


@pytest.mark.parametrize(("value", "type_", "spelled"), SPELLED.values(), ids=SPELLED)
def test_values_come_out_as_json_has_them_and_null_as_null(value: Any, type_: pa.DataType, spelled: Any) -> None:
    assert fields(column([value, None], type_)) == [{"source": "s", "c": spelled}, {"source": "s", "c": None}]


def test_json_text_that_is_marked_as_such_is_read() -> None:
    storage = pa.array([['{"x":1}', None]], pa.list_(pa.string()))
    table = pa.table({"c": storage.cast(pa.list_(pa.json_()))})
    found = list(table_records([table], "in"))
    assert [record.fields for record in found] == [{"c": [{"x": 1}, None]}]


REFUSED: dict[str, tuple[Any, pa.DataType, str]] = {
    "bytes": (b"x", pa.binary(), "in.parquet: the column 'c' holds values of type binary, for which JSON has no value"),
    "a picture": ({"bytes": b"x"}, pa.struct([("bytes", pa.binary())]),
                  "in.parquet: the column 'c' holds values of type binary"),
    "a duration": (datetime.timedelta(1), pa.duration("s"), "in.parquet: the column 'c' holds values of type duration"),
    "a map of numbers": ([(1, 1)], pa.map_(pa.int8(), pa.int8()),
                         "in.parquet: the column 'c' holds values of type map"),
    "not a number": (float("nan"), pa.float64(), "in.parquet: $[0].c: nan is no JSON value"),
    "infinity within": ([float("inf")], pa.list_(pa.float32()), "in.parquet: $[0].c: inf is no JSON value"),
    "a key twice": ([("k", 1), ("k", 2)], pa.map_(pa.string(), pa.int8()),
                    "in.parquet: $[0].c: holds a map with a key given twice"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "type_", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_json_value_is_refused_by_its_column_and_can_be_left_out(
    value: Any, type_: pa.DataType, message: str
) -> None:
    table = column([value], type_)
    with pytest.raises(InputError) as caught:
        fields(table)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("--drop-column c")
    assert fields(table, ("c",)) == [{"source": "s", "c": None}]
    assert [record.fields for record in table_records([table], "in", ("c",))] == [{"source": "s", "c": None}]


def test_a_column_that_is_left_out_is_counted_though_it_was_not_read() -> None:
    ledger = Ledger()
    records = table_records(parquet_tables(parquet(column([b"x"] * 3, pa.binary())), "in", ("c",)), "in", ("c",))
    assert list(records_to_manifest(records, Columns(drop=("c",)), ledger)) == ['{"source":"s"}'] * 3
    assert ledger.notes == {("records", "without the column 'c', as asked for"): 3}


def test_rows_are_counted_through_batches_and_row_groups() -> None:
    table = pa.table({"source": [str(number) for number in range(1000)]})
    file = parquet(table, row_group_size=300)
    found = list(table_records(parquet_tables(file, "in"), "in"))
    assert [record.fields["source"] for record in found] == [str(number) for number in range(1000)]
    assert found[999].place.path == "$[999]"


def test_text_that_is_not_utf_8_is_refused_by_its_column() -> None:
    damaged = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")])
    with pytest.raises(InputError, match=r"^in: the column 'c' cannot be read: .*UTF8"):
        list(table_records([pa.table({"c": damaged})], "in"))


def test_two_columns_of_one_name_are_refused() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["c", "c"])
    with pytest.raises(InputError, match=r"^in: the column 'c' is there twice$"):
        list(table_records([table], "in"))


@pytest.mark.parametrize("data", [b"", b"PAR1", b"source,responses\na,b\n"])
def test_what_is_no_parquet_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^in\.parquet: cannot be read as Parquet: \S"):
        list(parquet_tables(io.BytesIO(data), "in.parquet"))


def test_a_damaged_page_is_one_clear_error() -> None:
    data = bytearray(parquet(pa.table({"source": ["x" * 50] * 1000})).getvalue())
    data[20:60] = b"\xff" * 40
    with pytest.raises(InputError, match=r"^in\.parquet: cannot be read as Parquet: \S"):
        list(parquet_tables(io.BytesIO(bytes(data)), "in.parquet"))


def test_an_arrow_stream_that_breaks_off_is_refused() -> None:
    sink = io.BytesIO()
    table = pa.table({"source": ["x" * 50] * 1000})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data = sink.getvalue()
    assert sum(batch.num_rows for batch in arrow_tables(io.BytesIO(data), "in")) == 1000
    for length in (0, len(data) // 2):
        with pytest.raises(InputError, match=r"^in: cannot be read as Arrow: \S"):
            list(arrow_tables(io.BytesIO(data[:length]), "in"))


def test_memory_does_not_grow_with_a_row_group(tmp_path: Path) -> None:
    small, large = (peak_of_reading(tmp_path / "in.parquet", rows) for rows in (2000, 4000))
    assert 0 < large < 1.1 * small


def peak_of_reading(path: Path, rows: int) -> int:
    """The most that Arrow and Python hold while a file of one row group is read, of 10 KB a row."""
    text = json.dumps(list(range(2000)))
    table = pa.table({"source": pa.array([f"{number} {text}" for number in range(rows)])})
    pq.write_table(table, path, compression="none", use_dictionary=False, row_group_size=rows)  # type: ignore[no-untyped-call]
    del table
    before, peak = pa.total_allocated_bytes(), 0
    tracemalloc.start()
    with path.open("rb") as file:
        for number, _ in enumerate(table_records(parquet_tables(file, "in"), "in")):
            if number % 100 == 0:
                peak = max(peak, pa.total_allocated_bytes() - before)
    peak += tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
