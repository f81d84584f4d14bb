"""Which rows a push adds, removes and changes: two sets of Parquet files, compared by the ids of their rows.

Handed open files. Keeps 16 bytes of each row, and needs about 50 more of each while it compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

__all__ = ["RowChanges", "Rows", "compare_rows", "count_rows", "join_rows", "read_rows"]

_BATCH_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a config. ``ids`` and ``contents``: 64 bits of a hash of each one's id, and of its split and values.

    ``identified`` is False if some have no id; the hashes then say nothing.
    """

    count: int
    identified: bool
    ids: NDArray[np.uint64]
    contents: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What becomes of a config's rows: ``before`` and ``after`` count all. None where rows have no id to go by."""

    before: int
    after: int
    added: int | None
    removed: int | None
    changed: int | None

    def with_others(self, count: int) -> RowChanges:
        """The same beside ``count`` rows that nothing becomes of."""
        return replace(self, before=self.before + count, after=self.after + count)


def count_rows(file: IO[bytes]) -> int:
    """How many rows a Parquet file has, by its footer."""
    return int(_reader(file).metadata.num_rows)


def read_rows(file: IO[bytes], split: str) -> Rows:
    """The rows of a Parquet file, one row group at a time.

    A row's id is ``metadata.id``, else the column ``id``. Two rows are alike if Python prints them alike, whatever the
    order of their columns.
    """
    ids, contents, count, identified = [_NONE], [_NONE], 0, True
    reader = _reader(file)
    names = sorted(reader.schema_arrow.names)
    for batch in reader.iter_batches(_BATCH_ROWS):
        rows = batch.select(names).to_pylist()
        given = [_id(row) for row in rows]
        count += len(rows)
        identified = identified and None not in given
        if identified:
            ids.append(_hashes(given))
            contents.append(_hashes([f"{split}\0{row!r}" for row in rows]))
    return Rows(count, identified, np.concatenate(ids), np.concatenate(contents))


def join_rows(parts: Sequence[Rows]) -> Rows:
    """The rows of several files as those of one."""
    return Rows(
        sum(part.count for part in parts),
        all(part.identified for part in parts),
        np.concatenate([_NONE, *(part.ids for part in parts)]),
        np.concatenate([_NONE, *(part.contents for part in parts)]),
    )


_NONE: NDArray[np.uint64] = np.empty(0, np.uint64)


def _reader(file: IO[bytes]) -> Any:
    make: Any = parquet.ParquetFile
    return make(file)


def _id(row: dict[str, Any]) -> str | None:
    metadata = row.get("metadata")
    value = metadata.get("id") if isinstance(metadata, dict) else row.get("id")
    return None if value is None else str(value)


def _hashes(texts: Iterable[str | None]) -> NDArray[np.uint64]:
    digests = [blake2b((text or "").encode(errors="surrogatepass"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), np.uint64)


def compare_rows(before: Rows, after: Rows) -> RowChanges:
    """What was added, removed, and changed: the same id with other values, or in another split.

    Ids that several rows share are matched up one by one, equal rows first.
    """
    if not (before.identified and after.identified):
        return RowChanges(before.count, after.count, None, None, None)
    ids, contents = np.concatenate([before.ids, after.ids]), np.concatenate([before.contents, after.contents])
    sides = np.concatenate([np.full(before.count, -1, np.int64), np.full(after.count, 1, np.int64)])
    order = np.lexsort((contents, ids))
    ids, contents, sides = ids[order], contents[order], sides[order]
    alike = _starts((ids[1:] != ids[:-1]) | (contents[1:] != contents[:-1]), len(ids))
    surplus = _sums(sides, alike)  # of equal rows: how many more there are after than before
    by_id = _starts(ids[alike][1:] != ids[alike][:-1], len(alike))
    came, went = _sums(surplus.clip(min=0), by_id), _sums((-surplus).clip(min=0), by_id)
    changed = int(np.minimum(came, went).sum())
    added, removed = int(came.sum()) - changed, int(went.sum()) - changed
    return RowChanges(before.count, after.count, added, removed, changed)


def _starts(differs: NDArray[np.bool_], length: int) -> NDArray[np.int64]:
    """Where runs of equal things begin, given which of them differ from the one before."""
    return np.concatenate([np.arange(min(length, 1)), np.flatnonzero(differs) + 1])


def _sums(values: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.add.reduceat(values, starts) if len(starts) else values[:0]
