"""Scans every string of a Parquet file, however nested, for what must not be published. Handed open files.

Arrow looks through whole columns for what is suspicious; Python looks at those few texts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ...label_configs.errors import InputError
from .text_scan import KINDS, SUSPICIOUS, hits

__all__ = ["Allowance", "Example", "Found", "Scan", "allowances"]

_BATCH_ROWS = 4096
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Allowance:
    """A kind of text_scan.KINDS that may stand in ``column`` and what is beneath it; ``*`` is every column."""

    kind: str
    column: str

    def covers(self, found: Found) -> bool:
        """Whether this finding is meant."""
        within = found.column == self.column or found.column.startswith(f"{self.column}.")
        return self.kind == found.kind and (self.column == "*" or within)


def allowances(given: tuple[str, ...]) -> tuple[Allowance, ...]:
    """``email:prompt`` and the like; InputError if one is something else."""
    made = []
    for text in given:
        kind, _, column = text.partition(":")
        if kind not in KINDS or not column:
            raise InputError(f"--allow {text}: give {', '.join(KINDS[:-1])} or {KINDS[-1]}, a colon, and a column or *")
        made.append(Allowance(kind, column))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Example:
    """Where: the row's number in its split, from 0 (in a text: the line's, from 1), its id, and what it looks like."""

    row: int
    id: str | None
    masked: str


@dataclass
class Found:
    """How often something of one kind stands in one column, and the first rows that hold it."""

    kind: str
    config: str
    split: str
    column: str
    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; no text is among them."""
        rows = [{"row": example.row, "id": example.id, "masked": example.masked} for example in self.examples]
        return {
            "kind": self.kind,
            "config": self.config,
            "split": self.split,
            "column": self.column,
            "count": self.count,
            "rows": rows,
        }


@dataclass
class Scan:
    """How many texts of how many bytes were looked at, and what was found, in the order in which it was."""

    allow: tuple[Allowance, ...] = ()
    texts: int = 0
    size: int = 0
    _found: dict[tuple[str, str, str, str], Found] = field(default_factory=dict)

    @property
    def refused(self) -> list[Found]:
        """What stands in the way."""
        return [found for found in self._found.values() if not self._is_allowed(found)]

    @property
    def allowed(self) -> list[Found]:
        """What was let through."""
        return [found for found in self._found.values() if self._is_allowed(found)]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "texts": self.texts,
            "bytes": self.size,
            "refused": [found.to_dict() for found in self.refused],
            "allowed": [found.to_dict() for found in self.allowed],
        }

    def _is_allowed(self, found: Found) -> bool:
        return any(allowance.covers(found) for allowance in self.allow)

    def table(self, file: IO[bytes], config: str, split: str, first_row: int, source: str) -> int:
        """Scan a Parquet file whose first row has this number in its split; says how many rows it has.

        InputError if it is no Parquet file or has a column that may hold text in a form unknown here. Memory is
        bounded by one row group.
        """
        row = first_row
        try:
            reader = _reader(file)
            self._schema(reader.schema_arrow, config, split)
            for batch in reader.iter_batches(_BATCH_ROWS):
                self._batch(batch, config, split, row)
                row += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"cannot be read as Parquet: {' '.join(str(error).split())[:200]}", source=source
            ) from None
        except InputError as error:
            raise error.at(source=source) from None
        return row - first_row

    def lines(self, text: str, name: str, skip: Any = None) -> None:
        """Scan a text that is no table; ``name`` stands for its column. ``skip`` is a pattern of lines to leave out."""
        for number, line in enumerate(text.splitlines(), 1):
            if skip is None or not skip.match(line):
                self._text(line, ("", "", name), number, None)
        self.texts += 1
        self.size += len(text.encode())

    def _schema(self, schema: Any, config: str, split: str) -> None:
        said = [schema.to_string(show_field_metadata=False, show_schema_metadata=False)]
        said += [value.decode(errors="replace") for value in (schema.metadata or {}).values()]
        for text in said:
            self._text(text, (config, split, "(schema)"), 0, None)

    def _batch(self, batch: Any, config: str, split: str, first_row: int) -> None:
        rows = np.arange(batch.num_rows)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for path, texts, row_of in _texts(name, column, rows):
                self.texts += len(texts)
                self.size += texts.nbytes
                for position in _suspicious(texts):
                    row = int(row_of[position])
                    self._text(texts[position].as_py(), (config, split, path), first_row + row, (batch, row))

    def _text(self, text: str, place: tuple[str, str, str], row: int, source: tuple[Any, int] | None) -> None:
        for hit in hits(text):
            found = self._found.setdefault((hit.kind, *place), Found(hit.kind, *place))
            found.count += 1
            if len(found.examples) < _EXAMPLES and all(example.row != row for example in found.examples):
                found.examples.append(Example(row, _id(*source) if source else None, hit.masked))


def _reader(file: IO[bytes]) -> Any:
    make: Any = parquet.ParquetFile
    return make(file)


def _suspicious(texts: Any) -> list[int]:
    match: Any = pc.match_substring_regex  # type: ignore[attr-defined]
    marked = match(texts, SUSPICIOUS).fill_null(False).to_numpy(zero_copy_only=False)
    return [int(position) for position in np.flatnonzero(marked)]


def _texts(path: str, array: Any, rows: Any) -> Iterator[tuple[str, Any, Any]]:
    """(path of the column, its strings, the row of each) for all strings within ``array``, whose rows are ``rows``."""
    kind: Any = array.type
    types: Any = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        yield from _texts(path, array.storage, rows)
    elif types.is_string(kind) or types.is_large_string(kind):
        yield path, array, rows
    elif types.is_int64(kind) or types.is_uint64(kind):  # smaller ones hold no twelve digits
        yield path, array.cast(pa.string()), rows
    elif types.is_dictionary(kind):
        yield from _texts(path, array.dictionary_decode(), rows)
    elif types.is_struct(kind):
        for part, values in zip(kind, array.flatten(), strict=True):
            yield from _texts(f"{path}.{part.name}", values, rows)
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        parents: Any = pc.list_parent_indices(array)  # type: ignore[attr-defined]
        flat: Any = pc.list_flatten(array)  # type: ignore[attr-defined]
        yield from _texts(path, flat, rows[parents.to_numpy(zero_copy_only=False)])
    elif not (types.is_primitive(kind) or types.is_decimal(kind) or types.is_null(kind)):
        raise InputError(f"holds values of the type {kind}, which cannot be scanned", path=path)


def _id(batch: Any, row: int) -> str | None:
    names = batch.schema.names
    value = None
    if "metadata" in names:
        metadata = batch.column("metadata")[row].as_py()
        value = metadata.get("id") if isinstance(metadata, dict) else None
    elif "id" in names:
        value = batch.column("id")[row].as_py()
    return None if value is None else str(value)
