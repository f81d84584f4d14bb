"""Highlighted parts of a passage, each with what annotators said of it. Checks where they lie; moves none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..formats.region_text import shows
from ..records import Section
from .stored import Entry, Stored

__all__ = ["Region", "regions_of"]


@dataclass(frozen=True, slots=True)
class Region:
    """A highlighted part of the passage, with the value that each control stored for it, by the control's name."""

    section: Section
    values: Mapping[str, Mapping[str, Any]]


def regions_of(stored: Stored, marks: str, others: Iterable[str], passage: str) -> list[Region]:
    """The regions that the control ``marks`` made or ``others`` speak of, in the order in which they stand.

    The parts of one region share its id. Offsets are code points, half-open. A region that does not lie in ``passage``,
    or of which the stored text says something else than the passage there, becomes a sentence in ``stored.unread``.
    """
    found: dict[object, dict[str, Entry]] = {}
    for name in (marks, *others):
        for entry in stored.all(name):
            parts = found.setdefault(object() if entry.id is None else entry.id, {})
            if name in parts:
                stored.unread.append(f"{name}: speaks of one region twice")
            parts[name] = entry
    regions = []
    for parts in found.values():
        values = {name: entry.value for name, entry in parts.items()}
        section = _section(stored, marks, values, passage)
        if section is not None:
            regions.append(Region(section, values))
    return sorted(regions, key=lambda region: (region.section.start, region.section.end))


def _section(stored: Stored, marks: str, values: Mapping[str, Mapping[str, Any]], passage: str) -> Section | None:
    name, value = next(iter(values.items()))
    start, end = _offset(value.get("start")), _offset(value.get("end"))
    if start is None or end is None:
        stored.unread.append(f"{name}: a region does not say where in the passage it is")
        return None
    if not 0 <= start < end <= len(passage):
        stored.unread.append(f"{name}: the region {start} to {end} is not in the passage")
        return None
    text = passage[start:end]
    shown = value.get("text") if name == marks else None  # a TextArea puts what was typed in its place
    if isinstance(shown, str) and not shows(shown, text):
        stored.unread.append(f"{name}: the region {start} to {end} is not what the passage says there")
        return None
    return Section(start, end, text)


def _offset(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
