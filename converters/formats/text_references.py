"""The sections of a passage that a question-answer pair refers to, in whatever shape they come -> sections.

Offsets are found by the pairs of keys that annotation tools use; ``startOffset`` and ``endOffset``, half-open, are
Ground Truth's own in crowd-entity-annotation. AWS calls them Unicode offsets, browsers count UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..records import Section
from .key_names import plain, text_of, words
from .place import Place

__all__ = ["REFERENCES", "Reference", "holds_spans", "read_references", "sections_of"]

REFERENCES = "textReferences"
_SPANS = (("startoffset", "endoffset"), ("startindex", "endindex"), ("start", "end"), ("begin", "end"))
_SPAN_KEYS = {key for span in _SPANS for key in span}
_NAMES = {"reference", "references", "section", "sections", "highlight", "highlights"}
_LARGEST = 2**31 - 1  # what the rows of a dataset have room for


class Reference(NamedTuple):
    """A section as it was referred to: ``start`` and ``end`` as the form counts, ``text`` None if it is not told."""

    start: int
    end: int
    text: str | None
    place: Place


def read_references(
    holders: Sequence[tuple[Mapping[str, Any], Place]], keys: Mapping[str, str]
) -> tuple[list[Reference], list[str]]:
    """The references in a pair and in its parts, and a sentence for each that was not understood.

    Lists of objects with a start and an end are references; ``keys`` given by hand win over what is found.
    """
    lists = [(value, place[key]) for holder, place in holders for key, value in _candidates(holder, keys)]
    if len(lists) > 1:
        names = ", ".join(place.path.rpartition(".")[2] for _, place in lists)
        return [], [holders[0][1].says(f"refers to sections under several keys ({names}); name one with --key-map")]
    references: list[Reference] = []
    unread: list[str] = []
    for value, place in lists:
        if not isinstance(value, list):
            unread.append(place.says("expected a list"))
            continue
        for position, entry in enumerate(value):
            found = _reference(entry, place[position], keys)
            if isinstance(found, Reference):
                references.append(found)
            else:
                unread.append(found)
    return references, unread


def holds_spans(value: Any) -> bool:
    """Whether ``value`` is a list in which something has a start or an end."""
    return isinstance(value, list) and any(
        isinstance(entry, dict) and any(plain(key) in _SPAN_KEYS for key in entry) for entry in value
    )


def _candidates(holder: Mapping[str, Any], keys: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for key, value in holder.items():
        if "references" in keys:
            wanted = key == keys["references"]
        else:
            named = key == REFERENCES or (isinstance(value, list | dict) and not _NAMES.isdisjoint(words(key)))
            wanted = named or holds_spans(value)
        if wanted and value not in (None, [], {}):
            yield key, value


def _reference(entry: Any, place: Place, keys: Mapping[str, str]) -> Reference | str:
    """The reference, or why it is none."""
    if not isinstance(entry, dict):
        return place.says("expected where a section begins and where it ends")
    span = _span(entry, keys)
    if span is None:
        return place.says("does not tell where the section begins and where it ends")
    for key in span:
        offset = entry.get(key)
        if not isinstance(offset, int) or isinstance(offset, bool) or abs(offset) > _LARGEST:
            return place[key].says("expected a number of characters")
    key = keys.get("text", "text")
    text = text_of(entry.get(key, entry))
    if text is None and entry.get(key) is not None:
        return place[key].says("expected text")
    return Reference(entry[span[0]], entry[span[1]], text, place)


def _span(entry: Mapping[str, Any], keys: Mapping[str, str]) -> tuple[str, str] | None:
    names = {plain(key): key for key in entry}
    pairs = [(names.get(start), names.get(end)) for start, end in _SPANS]
    known = next(((start, end) for start, end in pairs if start is not None and end is not None), (None, None))
    start, end = keys.get("start", known[0]), keys.get("end", known[1])
    return None if start is None or end is None else (start, end)


def sections_of(references: Sequence[Reference], passage: str) -> list[Section]:
    """The sections in code points of ``passage``.

    They are counted in UTF-16 units if their texts say so of all of them together. One that fits neither way stays as
    it is, for the rules to report.
    """
    given = [(reference.start, reference.end) for reference in references]
    counted = given
    if not _fit(references, given, passage):
        units = passage.encode("utf-16-le", "surrogatepass")
        moved = [(_code_points(units, start), _code_points(units, end)) for start, end in given]
        counted = moved if _fit(references, moved, passage) else given
    return [
        Section(start, end, passage[max(start, 0) : max(end, 0)] if reference.text is None else reference.text)
        for reference, (start, end) in zip(references, counted, strict=True)
    ]


def _fit(references: Sequence[Reference], offsets: Sequence[tuple[int, int]], passage: str) -> bool:
    return all(
        0 <= start < end <= len(passage) and reference.text in (None, passage[start:end])
        for reference, (start, end) in zip(references, offsets, strict=True)
    )


def _code_points(units: bytes, offset: int) -> int:
    """How many code points the first ``offset`` UTF-16 units are; -1 if that is within one or outside of the text."""
    try:
        return len(units[: 2 * offset].decode("utf-16-le", "surrogatepass")) if 0 <= 2 * offset <= len(units) else -1
    except UnicodeDecodeError:
        return -1
