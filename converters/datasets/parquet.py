"""Rows -> Parquet as the Hub likes it: exact features, bounded row groups, content-defined chunks.

Handed open files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

import datasets
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

__all__ = ["SplitWriter", "features_of"]

_BATCH_ROWS = 1_000
_ROW_GROUP_BYTES = 64 * 2**20
_SHARD_BYTES = 500 * 2**20


def features_of(spec: Any) -> Any:
    """``datasets`` features for a spec of dtype names, one-element lists and dicts: ``{"responses": ["string"]}``."""
    if isinstance(spec, dict):
        return {name: features_of(part) for name, part in spec.items()}
    if isinstance(spec, list):
        return datasets.List(features_of(spec[0]))
    return datasets.Value(spec)


class SplitWriter:
    """Writes the rows of one split into as many shards as their size asks for.

    ``open_shard(number)`` gives a new binary file for shard ``number`` (0-based). Memory is bounded by one row group,
    and can be had back earlier by ``flush``.
    A context manager; the shards are whole once it is left without an error.
    """

    def __init__(self, spec: dict[str, Any], open_shard: Callable[[int], IO[bytes]]):
        self.features = datasets.Features(features_of(spec))
        self.rows = 0
        self.bytes = 0
        self._schema = self.features.arrow_schema
        self._open_shard = open_shard
        self._shards = 0
        self._shard_bytes = 0
        self._file: IO[bytes] | None = None
        self._writer: Any = None
        self._batch: list[dict[str, Any]] = []
        self._tables: list[Any] = []

    def __enter__(self) -> SplitWriter:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                self._to_table()
                self._to_row_group()
        finally:
            self._close()

    def write(self, row: dict[str, Any]) -> bool:
        """Take one row that fits the spec. True if ``held`` has changed."""
        self._batch.append(row)
        self.rows += 1
        if len(self._batch) < _BATCH_ROWS:
            return False
        self._to_table()
        return True

    @property
    def held(self) -> int:
        """Bytes of rows that wait in memory for their row group."""
        return sum(part.nbytes for part in self._tables)

    def flush(self) -> None:
        """Write what is held, as a row group of its own."""
        self._to_row_group()

    def _to_table(self) -> None:
        if not self._batch:
            return
        table = pa.Table.from_pylist(self._batch, schema=self._schema)
        self._batch = []
        self._tables.append(table)
        self.bytes += table.nbytes
        if self.held >= _ROW_GROUP_BYTES:
            self._to_row_group()

    def _to_row_group(self) -> None:
        if not self._tables:
            return
        table = pa.concat_tables(self._tables)
        self._tables = []
        if self._writer is not None and self._shard_bytes >= _SHARD_BYTES:
            self._close()
        if self._writer is None:
            self._start_shard()
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._shard_bytes += table.nbytes

    def _start_shard(self) -> None:
        self._file = self._open_shard(self._shards)
        self._shards += 1
        self._shard_bytes = 0
        make: Any = ParquetWriter
        self._writer = make(
            self._file,
            self._schema,
            compression="zstd",
            write_page_index=True,
            use_content_defined_chunking=datasets.config.DEFAULT_CDC_OPTIONS,
        )

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._file is not None:
            self._file.close()
        self._writer = self._file = None
