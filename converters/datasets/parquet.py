"""Rows -> Parquet as the Hub likes it: exact features, bounded row groups, content-defined chunks.

Handed open files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from .background import Background
from .features import schema_of

__all__ = ["SplitWriter", "table_of"]

_BATCH_ROWS = 1_000
_ROW_GROUP_BYTES = 32 * 2**20
_SHARD_BYTES = 500 * 2**20
# As `datasets` writes them (its config.DEFAULT_CDC_OPTIONS), so that the Hub stores equal stretches of files once.
_CHUNKS = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}


def table_of(rows: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """The rows, which fit the schema, as a table."""
    return pa.Table.from_pylist(rows, schema=schema)


def _as_made(table: pa.Table) -> pa.Table:
    """The table as ``table_of`` makes it of its rows: one piece, its size to the byte, whatever it was cut from."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:  # the format has no room for anything else
        stream.write_table(table.combine_chunks())
    return pa.ipc.open_stream(sink.getvalue()).read_all()


class SplitWriter:
    """Writes the rows of one split into as many shards as their size asks for.

    ``open_shard(number)`` gives a new binary file for shard ``number`` (0-based). Row groups are encoded and written in
    ``background``, where ``open_shard`` is called as well. Memory is bounded by two row groups, one that is filled and
    one that is encoded; the former can be had back earlier by ``flush``.
    A context manager; the shards are whole once it is left without an error.
    """

    def __init__(self, spec: dict[str, Any], open_shard: Callable[[int], IO[bytes]], background: Background):
        self.spec = spec
        self.bytes = 0
        self.held = 0  # bytes of rows that wait in memory for their row group
        self._schema = schema_of(spec)
        self._batch: list[dict[str, Any]] = []
        self._rest: list[pa.Table] = []
        self._resting = 0
        self._tables: list[pa.Table] = []
        self._background = background
        self._shards = _Shards(self._schema, open_shard)

    def __enter__(self) -> SplitWriter:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                if self._batch:
                    self._to_table(len(self._batch))
                if self._rest:
                    self._hold(_as_made(pa.concat_tables(self._rest)))
                self.flush()
                self._background.wait()
        finally:
            self._background.idle()  # after an error it may be writing to this very file
            self._shards.close()

    def write(self, rows: Sequence[dict[str, Any]]) -> bool:
        """Take rows that fit the spec. True if ``held`` has changed."""
        self._batch.extend(rows)
        if len(self._batch) < _BATCH_ROWS:
            return False
        while len(self._batch) >= _BATCH_ROWS:
            self._to_table(_BATCH_ROWS)
        return True

    def write_table(self, table: pa.Table) -> bool:
        """The same for rows that are a table already, and the same files in the end. Not beside ``write``."""
        self._rest.append(table)
        self._resting += table.num_rows
        if self._resting < _BATCH_ROWS:
            return False
        rest = pa.concat_tables(self._rest)
        cut = self._resting - self._resting % _BATCH_ROWS
        for start in range(0, cut, _BATCH_ROWS):
            self._hold(_as_made(rest.slice(start, _BATCH_ROWS)))
        self._resting -= cut
        self._rest = [rest.slice(cut)] if self._resting else []
        return True

    @property
    def rows(self) -> int:
        """How many rows are in the files: of all that were taken, once they are whole."""
        return self._shards.rows

    @property
    def room(self) -> int:
        """How many rows ``write_table`` takes before ``held`` changes."""
        return _BATCH_ROWS - self._resting

    def flush(self) -> None:
        """Write what is held, as a row group of its own. Raises what writing the one before it raised."""
        if self._tables:
            self._background.begin(partial(self._shards.write, pa.concat_tables(self._tables)))
            self._tables, self.held = [], 0

    def _to_table(self, count: int) -> None:
        table = table_of(self._batch[:count], self._schema)
        del self._batch[:count]
        self._hold(table)

    def _hold(self, table: pa.Table) -> None:
        self._tables.append(table)
        self.bytes += table.nbytes
        self.held += table.nbytes
        if self.held >= _ROW_GROUP_BYTES:
            self.flush()


class _Shards:
    """The files of a split, one after another."""

    def __init__(self, schema: pa.Schema, open_shard: Callable[[int], IO[bytes]]):
        self.rows = 0
        self._schema = schema
        self._open_shard = open_shard
        self._number = 0
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._writer: Any = None

    def write(self, table: pa.Table) -> None:
        """One row group more."""
        if self._writer is not None and self._bytes >= _SHARD_BYTES:
            self.close()
        if self._writer is None:
            self._start()
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._bytes += table.nbytes
        self.rows += table.num_rows

    def _start(self) -> None:
        self._file = self._open_shard(self._number)
        self._number += 1
        self._bytes = 0
        make: Any = ParquetWriter
        self._writer = make(
            self._file, self._schema, compression="zstd", write_page_index=True, use_content_defined_chunking=_CHUNKS
        )

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._file is not None:
            self._file.close()
        self._writer = self._file = None
