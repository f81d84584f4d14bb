"""What people hold -> manifest lines. The files ``sources_...`` read records and say which column is what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..ledger import Ledger
from .json_members import without_members
from .json_text import to_line
from .sources_columns import Columns, Fields, record_to_fields
from .sources_records import Record
from .sources_texts import json_line_records

__all__ = ["Columns", "Record", "json_lines_to_manifest", "left_out", "records_to_manifest"]

_STRING_OR_SPACE = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")|[ \t\r\n]++')


def records_to_manifest(records: Iterable[Record], columns: Columns, ledger: Ledger) -> Iterator[str]:
    """A manifest line for each record, without its line end. A record that is a manifest line already stays as it is.

    The ledger counts ``records``, and notes how many had which of the columns that are left out. InputError names the
    record that cannot be used.
    """
    for record in records:
        ledger.enter("records")
        for column in columns.drop:
            if column in record.fields:
                ledger.note("records", left_out(column))
        fields = record_to_fields(record, columns)
        made = {**fields.made, **fields.kept}
        # What stands on one line of JSON needs no other spelling, unless something of it changed.
        unchanged = record.text is not None and "\n" not in record.text and made == record.fields
        yield str(record.text).strip() if unchanged else _line(record, fields)
        ledger.leave("records")


def left_out(column: str) -> str:
    """The ledger's note on records that had ``column``, which was to be left out."""
    return f"without the column {column!r}, as asked for"


def json_lines_to_manifest(lines: Iterable[bytes], name: str, columns: Columns) -> Iterator[str]:
    """The manifest lines for JSON Lines. InputError names the line, and the field that is wrong."""
    return records_to_manifest(json_line_records(lines, name), columns, Ledger())


def _line(record: Record, fields: Fields) -> str:
    made = to_line(fields.made)
    if not fields.kept:
        return made
    kept = to_line(fields.kept)
    if record.text is not None and ("-0" in record.text or _has_float(fields.kept)):
        # Not every spelling of a number survives being read: 1.50, 1e3, -0, more digits than a float holds.
        others = [key for key in record.fields if key not in fields.kept]
        kept = _compact(without_members(record.text, others))
    return f"{made[:-1]},{kept[1:]}" if fields.made else kept


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)


def _compact(text: str) -> str:
    return _STRING_OR_SPACE.sub(lambda found: found.group(1) or "", text)
