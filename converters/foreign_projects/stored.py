"""The result of one annotation, by the controls that stored its parts. Knows the envelope, not what a control means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..formats.stored_results import stored_values

__all__ = ["Entry", "Stored"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a result. Parts that speak of the same region have its ``id``."""

    name: str
    value: Mapping[str, Any]
    id: str | None


@dataclass
class Stored:
    """The parts by control, in their order. ``unread`` takes a sentence for each value that cannot be read."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, result: Any) -> Stored:
        """Sort ``result`` as Label Studio stores it. Relations between regions are no control's: passed over."""
        found = cls()
        parts = [part for part in result if not _is_relation(part)] if isinstance(result, list) else result
        for name, value, part in stored_values(parts, found.unread):
            identifier = part.get("id")
            entry = Entry(name, value, identifier if isinstance(identifier, str) else None)
            found.entries.setdefault(name, []).append(entry)
        return found

    def all(self, name: str) -> list[Entry]:
        """What the control stored, for each region or once."""
        return self.entries.get(name, [])

    def one(self, name: str) -> Mapping[str, Any] | None:
        """The value of a control that is answered once; None if it is not answered."""
        entries = self.all(name)
        if len(entries) > 1:
            self.unread.append(f"{name}: is answered {len(entries)} times")
            return None
        return entries[0].value if entries else None


def _is_relation(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "relation"
