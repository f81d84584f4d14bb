"""An annotation's results, sorted by the controls that stored them. Knows Label Studio's shapes, not what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...label_configs import controls

__all__ = ["StoredResults", "stored_values"]


def stored_values(result: Any, unread: list[str]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """(control, the value it stored, the whole entry) for each entry of a result; ``unread`` takes what is none."""
    if not isinstance(result, list):
        unread.append("the result is not a list")
        return
    for entry in result:
        value, name = (entry.get("value"), entry.get("from_name")) if isinstance(entry, dict) else (None, None)
        if isinstance(value, dict) and isinstance(name, str):
            yield name, value, entry
        else:
            unread.append("holds something that no control made")


@dataclass
class StoredResults:
    """The results by control, taken out as they are understood; what remains, nobody asked for."""

    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sections: list[Mapping[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, result: Any) -> StoredResults:
        found = cls()
        for name, value, _ in stored_values(result, found.unread):
            if name == controls.SECTION:
                found.sections.append(value)
            elif name in found.results:
                found.unread.append(f"{name}: is answered twice")
            else:
                found.results[name] = value
        return found

    def texts(self, name: str, key: str, where: str) -> list[str]:
        """The list of texts that control ``name`` stored under ``key``; empty if it stored nothing."""
        value = self.results.pop(name, None)
        if value is None:
            return []
        texts = value.get(key)
        texts = [texts] if isinstance(texts, str) else texts
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return texts
        self.unread.append(f"{where}: {name} does not hold {key}")
        return []

    def one(self, name: str, key: str, where: str) -> str | None:
        """The single text that control ``name`` stored, None if it stored none."""
        value = self.results.get(name)
        if value is None:
            return None
        match value.get(key):
            case [str(text)]:  # as the editor stores it
                del self.results[name]
                return text
        texts = self.texts(name, key, where)
        if len(texts) > 1:
            self.unread.append(f"{where}: {name} holds {len(texts)} values")
        return texts[0] if len(texts) == 1 else None
