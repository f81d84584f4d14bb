"""Records of text files: JSON, JSON Lines, CSV, plain text. Handed open files; holds one record at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import IO, Literal, get_args

from ...label_configs.errors import InputError
from ..ledger import Ledger
from .json_stream import read_json_records
from .json_text import MAX_RECORD, bounded_lines, read_json_lines
from .sources_records import Record, RecordPlace

__all__ = [
    "PASSAGES",
    "Passage",
    "bounded_lines",
    "csv_records",
    "json_line_records",
    "json_records",
    "passage_records",
]

Passage = Literal["line", "paragraph", "file"]
PASSAGES: tuple[str, ...] = get_args(Passage)
_BOM = b"\xef\xbb\xbf"


def json_records(file: IO[bytes], source: str) -> Iterator[Record]:
    """A record for each object of the list that a JSON document is; the document may be one object as well."""
    for found in read_json_records(file, source):
        yield _record(found.value, RecordPlace(source, found.path, found.line), found.text)


def json_line_records(lines: Iterable[bytes], source: str) -> Iterator[Record]:
    """A record for each line."""
    for number, text, value in read_json_lines(lines, source):
        yield _record(value, RecordPlace(source, line=number), text)


def _record(value: object, place: RecordPlace, text: str) -> Record:
    if not isinstance(value, dict):
        raise place.refuse("expected an object")
    return Record(value, place, text)


def csv_records(lines: Iterable[bytes], source: str, ledger: Ledger, delimiter: str | None = None) -> Iterator[Record]:
    """A record for each row of a CSV file (RFC 4180, UTF-8 with or without a byte order mark) that has a header.

    All values are texts, as they stand there; rows without any are dropped. ``delimiter`` None is a comma. InputError
    if the header does not name each column once, or a row has not one value for each.
    """
    rows = _csv_rows(lines, source, delimiter or ",")
    _, header = next(rows, (1, []))
    _check_header(header, source, guessed=delimiter is None)
    for line, row in rows:
        place = RecordPlace(source, line=line)
        if not any(row):
            _drop_blank(ledger, "empty rows", f"{source}:{line}")
        elif len(row) != len(header):
            raise place.refuse(f"has {len(row)} values; the header names {len(header)} columns")
        else:
            yield Record(dict(zip(header, row, strict=True)), place)


def _csv_rows(lines: Iterable[bytes], source: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line that the row begins on, its values)."""
    reader = csv.reader(_texts(lines, source), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        # The limit is the whole process's: it is ours only for as long as it takes to read a row.
        limit = csv.field_size_limit(MAX_RECORD)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"not CSV: {error}", source=source, line=line) from None
        finally:
            csv.field_size_limit(limit)
        yield line, row


def _check_header(header: list[str], source: str, *, guessed: bool) -> None:
    for number, name in enumerate(header):
        if not name.strip():
            raise InputError(f"column {number + 1} has no name", source=source, line=1)
        if name in header[:number]:
            raise InputError(f"the column {name!r} is named twice", source=source, line=1)
    other = next((mark for mark in ";\t|" if guessed and len(header) == 1 and mark in header[0]), None)
    if other is not None:
        shown = {"\t": r"'\t'"}.get(other, f"'{other}'")
        raise InputError(f"has no comma in its header; is it --delimiter {shown}?", source=source, line=1)
    if not header:
        raise InputError("has no header that names its columns", source=source, line=1)


def passage_records(lines: Iterable[bytes], source: str, ledger: Ledger, passage: Passage) -> Iterator[Record]:
    r"""A record for each ``line``, each ``paragraph`` (between blank lines) or the whole ``file``.

    A passage goes from its first line that is not blank to its last one, without that one's end; all within is as it
    was. Lines end at ``\n`` or ``\r\n``. Blank lines are dropped as lines, and so is a file of nothing else.
    """
    held: list[str] = []
    gap: list[str] = []
    place, size = RecordPlace(source), 0
    for number, text in enumerate(_texts(lines, source), start=1):
        if not text.strip():
            if passage == "line":
                _drop_blank(ledger, "blank lines", f"{source}:{number}")
            elif held:
                gap = gap if passage == "file" else []
                gap.append(text)
                _check_size(size + len(gap), place)
            continue
        if held and (passage == "line" or (passage == "paragraph" and gap)):
            yield _passage(held, place)
            held = []
        if not held:
            place, gap, size = RecordPlace(source, line=number), [], 0
        held += [*gap, text]
        size += sum(map(len, gap)) + len(text)
        gap = []
        _check_size(size, place)
    if not held:
        if place.line is None:
            _drop_blank(ledger, "files without text", source)
        return
    if passage == "paragraph" and place.line == 1 and len(held) > 1:
        ledger.note("records", "that are a whole file, for want of blank lines; see --passage line", source)
    yield _passage(held, place)


def _check_size(size: int, place: RecordPlace) -> None:
    if size > MAX_RECORD:
        raise place.refuse(f"a passage of more than {MAX_RECORD // 2**20} Mi characters, which nobody could read")


def _passage(lines: list[str], place: RecordPlace) -> Record:
    last = lines[-1].removesuffix("\n").removesuffix("\r")
    return Record({"source": "".join([*lines[:-1], last])}, place)


def _drop_blank(ledger: Ledger, reason: str, where: str) -> None:
    ledger.turn_away("records", reason, where)


def _texts(lines: Iterable[bytes], source: str) -> Iterator[str]:
    for number, data in enumerate(lines, start=1):
        try:
            yield (data.removeprefix(_BOM) if number == 1 else data).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 at byte {error.start}", source=source, line=number) from None
