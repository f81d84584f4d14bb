"""What the editor sends beside the reason for which an item was declined, although it hid it. Judges nothing."""

from __future__ import annotations

from typing import Any

from ...label_configs.controls import CANNOT_JUDGE, SECTION, confirm_name, order_name

__all__ = ["without_leftovers"]

_ORDER = order_name("")


def without_leftovers(result: Any) -> Any:
    """An annotation's result without what says nothing once a reason to decline is chosen; any other as it is.

    Label Studio leaves out what a hidden control holds, but for the list of a Ranker, which it sends even untouched,
    and for highlighted sections. So these go: an order that is not confirmed, and all sections. What is left beside
    the reason was said on purpose. (Label Studio's editor: regions/Result.js, canBeSubmitted.)
    """
    entries = result if isinstance(result, list) else []
    chosen = {_name(entry) for entry in entries if _has_choices(entry)}
    return [entry for entry in entries if not _left_over(_name(entry), chosen)] if CANNOT_JUDGE in chosen else result


def _name(entry: Any) -> str:
    name = entry.get("from_name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


def _has_choices(entry: Any) -> bool:
    value = entry.get("value") if isinstance(entry, dict) else None
    return isinstance(value, dict) and bool(value.get("choices"))


def _left_over(name: str, chosen: set[str]) -> bool:
    unconfirmed = name.startswith(_ORDER) and confirm_name(name.removeprefix(_ORDER)) not in chosen
    return unconfirmed or name == SECTION
