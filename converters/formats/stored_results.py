"""An annotation's results, sorted by the controls that stored them. Knows Label Studio's shapes, not what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...label_configs import controls

__all__ = ["StoredResults"]


@dataclass
class StoredResults:
    """The results by control, taken out as they are understood; what remains, nobody asked for."""

    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sections: list[Mapping[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, result: Any) -> StoredResults:
        found = cls()
        if not isinstance(result, list):
            found.unread.append("the result is not a list")
            return found
        for entry in result:
            value = entry.get("value") if isinstance(entry, dict) else None
            name = entry.get("from_name") if isinstance(entry, dict) else None
            if not isinstance(value, dict) or not isinstance(name, str):
                found.unread.append("holds something that no control made")
            elif name == controls.SECTION:
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
        texts = self.texts(name, key, where)
        if len(texts) > 1:
            self.unread.append(f"{where}: {name} holds {len(texts)} values")
        return texts[0] if len(texts) == 1 else None
