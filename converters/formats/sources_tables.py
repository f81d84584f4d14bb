"""Records of tables: Parquet files, Arrow streams, and the tables that ``datasets`` gives. Handed open files."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeAlias

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from ...label_configs.errors import InputError
from .json_text import read_json
from .sources_records import Record, RecordPlace

__all__ = ["arrow_tables", "parquet_tables", "table_records"]

_ROWS = 256
_BUFFER = 2**20
_VALUES = 10_000_000

Table: TypeAlias = pa.RecordBatch | pa.Table
_Plain = Callable[[Any], Any]


def parquet_tables(file: IO[bytes], source: str, drop: Collection[str] = ()) -> Iterator[Table]:
    """The rows of a Parquet file, some hundred at a time. The columns ``drop`` are not read, but stay as nulls.

    ``file`` must be seekable. InputError if it is no whole Parquet file.
    """
    with _readable(source, "Parquet"):
        # Pages come through a buffer: a column of a row group may be larger than memory.
        parquet = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)  # type: ignore[no-untyped-call]
        schema = parquet.schema_arrow
        kept = [name for name in schema.names if name not in drop]
        columns = kept if len(kept) < len(schema.names) else None
        for batch in parquet.iter_batches(_ROWS, columns=columns):  # type: ignore[no-untyped-call]
            yield _with_nulls(batch, [name for name in schema.names if name in drop])


def arrow_tables(file: IO[bytes], source: str) -> Iterator[Table]:
    """The record batches of an Arrow stream, as ``Dataset.save_to_disk`` writes it. InputError if it is none."""
    with _readable(source, "Arrow"), pa.ipc.open_stream(file) as reader:
        yield from reader


@contextmanager
def _readable(source: str, kind: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise InputError(f"cannot be read as {kind}: {reason}", source=source) from None


def _with_nulls(batch: pa.RecordBatch, names: Iterable[str]) -> pa.RecordBatch:
    for name in names:
        batch = batch.append_column(name, pa.nulls(batch.num_rows))
    return batch


def table_records(tables: Iterable[Table], source: str, drop: Collection[str] = ()) -> Iterator[Record]:
    """A record for each row; of the columns ``drop`` it has nulls.

    What JSON has no value for is written as text where that loses nothing: dates and times as in ISO 8601, decimals
    by their digits. InputError names the column whose type has no such text (bytes, durations), or the row of a value
    that is no JSON (NaN).
    """
    number = 0
    schema: pa.Schema | None = None
    plain: dict[str, _Plain] = {}
    for table in tables:
        with _readable(source, "Arrow"):
            table.validate()  # what a file says of its own lengths would be believed, and end the process
            if table.schema != schema:
                schema = table.schema
                plain = _plain_columns(schema, source, drop)
        columns = [(field.name, None if field.name in drop else table.column(at)) for at, field in enumerate(schema)]
        for start in range(0, table.num_rows, _ROWS):
            rows = min(_ROWS, table.num_rows - start)
            lists = {name: _values(column, start, rows, name, source) for name, column in columns}
            for row in range(rows):
                place = RecordPlace(source, f"$[{number}]")
                fields = {}
                for name, values in lists.items():
                    fields[name] = _plain_value(values[row], plain.get(name), place, name)
                yield Record(fields, place)
                number += 1


def _values(column: Any, start: int, rows: int, name: str, source: str) -> list[Any]:
    if column is None:
        return [None] * rows
    try:
        some = column.slice(start, rows)
        some.validate(full=True)
        _refuse_endless(some)
        return list(some.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException) as error:
        raise InputError(f"the column {name!r} cannot be read: {error}", source=source) from None


def _refuse_endless(column: Any) -> None:
    """ValueError for lists of more values than Python should hold: a few bytes may spell any number of equal ones."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        compute: Any = pa.compute
        count = compute.sum(compute.list_value_length(column)).as_py() or 0
        if count > _VALUES:
            raise ValueError(f"{count:,} values in {len(column)} rows, which nobody could annotate")


def _plain_value(value: Any, plain: _Plain | None, place: RecordPlace, column: str) -> Any:
    if plain is None or value is None:
        return value
    try:
        return plain(value)
    except (InputError, ValueError) as error:
        reason = error.message if isinstance(error, InputError) else str(error)
        raise place[column].refuse(f"{reason}; leave the column out with --drop-column {column}") from None


def _plain_columns(schema: pa.Schema, source: str, drop: Collection[str]) -> dict[str, _Plain]:
    """For each column whose values are not JSON's already, what makes them so."""
    found: dict[str, _Plain] = {}
    for field in schema:
        if schema.names.count(field.name) > 1:
            raise InputError(f"the column {field.name!r} is there twice", source=source)
        if field.name in drop:
            continue
        try:
            plain = _plain(field.type)
        except TypeError as error:
            message = f"the column {field.name!r} holds {error}, for which JSON has no value; leave it out with "
            raise InputError(f"{message}--drop-column {field.name}", source=source) from None
        if plain is not None:
            found[field.name] = plain
    return found


def _plain(type_: pa.DataType) -> _Plain | None:
    """What makes the values of this type JSON's; None if they are. TypeError says what it holds that cannot be."""
    types = pa.types
    if isinstance(type_, pa.BaseExtensionType):
        return _json_text if type_.extension_name == "arrow.json" else _plain(type_.storage_type)
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _plain(type_.value_type)
    if types.is_map(type_):
        if not _is_text(type_.key_type):
            raise TypeError(f"values of type {type_}")
        return _map(_plain(type_.item_type))
    if types.is_struct(type_):
        return _struct({field.name: plain for field in type_ if (plain := _plain(field.type)) is not None})
    if hasattr(type_, "value_type"):  # lists of all kinds
        inner = _plain(type_.value_type)
        return None if inner is None else lambda values: [None if v is None else inner(v) for v in values]
    if types.is_temporal(type_) and not (types.is_duration(type_) or types.is_interval(type_)):
        return lambda value: value.isoformat()
    if types.is_decimal(type_):
        return lambda value: format(value, "f")
    if types.is_floating(type_):
        return _finite
    if _is_text(type_) or types.is_integer(type_) or types.is_boolean(type_) or types.is_null(type_):
        return None
    raise TypeError(f"values of type {type_}")


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _struct(fields: dict[str, _Plain]) -> _Plain | None:
    if not fields:
        return None
    return lambda value: {
        key: field if field is None or key not in fields else fields[key](field) for key, field in value.items()
    }


def _map(inner: _Plain | None) -> _Plain:
    def plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = {key: value if inner is None or value is None else inner(value) for key, value in pairs}
        if len(made) != len(pairs):
            raise ValueError("holds a map with a key given twice, which no JSON object can")
        return made

    return plain


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no JSON value")
    return value


def _json_text(value: str) -> Any:
    return read_json(value, "")
