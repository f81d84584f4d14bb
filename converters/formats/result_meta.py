"""What gtbridge records in an annotation's result: under keys of its own in the ``meta`` of the first entry.

Label Studio keeps it there, beside whatever else stands in ``meta``, but its editor may bring the entries into another
order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["recorded", "with_recorded", "without_recorded"]


def recorded(result: Any, key: str) -> Iterator[Any]:
    """What stands under ``key``, wherever in the result it now is; nothing in what is no result."""
    for entry in result if isinstance(result, list) else ():
        meta = entry.get("meta") if isinstance(entry, dict) else None
        if isinstance(meta, dict) and key in meta:
            yield meta[key]


def with_recorded(result: Sequence[Mapping[str, Any]], key: str, value: Any) -> list[dict[str, Any]]:
    """The result with ``value`` under ``key`` in its first entry, and nowhere else; an empty one stays empty."""
    entries: list[dict[str, Any]] = without_recorded(result, key)
    if entries:
        meta = entries[0].get("meta")
        entries[0]["meta"] = {**(meta if isinstance(meta, dict) else {}), key: value}
    return entries


def without_recorded(result: Sequence[Any], key: str) -> list[Any]:
    """The result without anything under ``key``; of what is no entry nothing is taken."""
    return [_without(entry, key) if isinstance(entry, Mapping) else entry for entry in result]


def _without(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    meta = entry.get("meta")
    if not isinstance(meta, Mapping) or key not in meta:
        return dict(entry)
    kept = {name: value for name, value in meta.items() if name != key}
    rest = {name: value for name, value in entry.items() if name != "meta"}
    return {**rest, "meta": kept} if kept else rest
