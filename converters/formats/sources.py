"""What people hold (.json, .jsonl) -> manifest lines. Renames columns; keeps every other field. Handed open files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError
from .json_text import read_json, read_json_lines, to_line

__all__ = ["Columns", "json_lines_to_manifest", "json_to_manifest"]

_USUAL_SOURCES = ("source", "prompt", "passage", "text")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which fields hold the prompt or passage, and the responses.

    ``source`` None takes the first of source, prompt, passage and text that a record has. ``responses`` is one field
    that holds a list, or several that hold a response each.
    """

    source: str | None = None
    responses: Sequence[str] = ("responses",)


def json_to_manifest(text: bytes, name: str, columns: Columns) -> Iterator[str]:
    """The manifest lines for a JSON array of objects. InputError names the record, counted from 0, and the field."""
    value = read_json(text.removeprefix(b"\xef\xbb\xbf"), name)
    if not isinstance(value, list):
        raise InputError("expected a list of objects", source=name, path="$")
    for number, record in enumerate(value):
        yield to_line(_renamed(record, columns, name, None, f"$[{number}]"))


def json_lines_to_manifest(lines: Iterable[bytes], name: str, columns: Columns) -> Iterator[str]:
    """The manifest lines for JSON Lines; a line that is a manifest line already stays as it is."""
    for number, text, record in read_json_lines(lines, name):
        renamed = _renamed(record, columns, name, number, "$")
        yield text.strip() if renamed == record else to_line(renamed)


def _renamed(record: Any, columns: Columns, name: str, line: int | None, path: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise InputError("expected an object", source=name, line=line, path=path)
    source = columns.source or next((key for key in _USUAL_SOURCES if key in record), None)
    if source is None or source not in record:
        wanted = f"has no field {columns.source!r}" if columns.source else f"has none of {', '.join(_USUAL_SOURCES)}"
        raise InputError(f"{wanted}; name the field with --source-column", source=name, line=line, path=path)
    if not isinstance(record[source], str):
        raise InputError("expected text", source=name, line=line, path=f"{path}.{source}")
    if source != "source" and "source" in record:
        raise InputError(
            f"has a field 'source' beside {source!r}, which would take its name", source=name, line=line, path=path
        )
    made: dict[str, Any] = {"source": record[source]}
    responses = _responses(record, columns.responses, name, line, path)
    if responses is not None:
        if "responses" in record and "responses" not in columns.responses:
            message = f"has a field 'responses' beside {columns.responses[0]!r}, which would take its name"
            raise InputError(message, source=name, line=line, path=path)
        made["responses"] = responses
    taken = {source, *(columns.responses if responses is not None else ())}
    return made | {key: value for key, value in record.items() if key not in taken and key not in made}


def _responses(
    record: Mapping[str, Any], fields: Sequence[str], name: str, line: int | None, path: str
) -> list[str] | None:
    missing = [field for field in fields if field not in record]
    if missing:
        if tuple(fields) == Columns().responses:
            return None
        raise InputError(f"has no field {missing[0]!r}", source=name, line=line, path=path)
    if len(fields) == 1:
        found = record[fields[0]]
        if not isinstance(found, list):
            raise InputError("expected a list of texts", source=name, line=line, path=f"{path}.{fields[0]}")
        where = [f"{path}.{fields[0]}[{position}]" for position in range(len(found))]
    else:
        found, where = [record[field] for field in fields], [f"{path}.{field}" for field in fields]
    for text, place in zip(found, where, strict=True):
        if not isinstance(text, str):
            raise InputError(f"expected text, found {text!r}", source=name, line=line, path=place)
    return found
