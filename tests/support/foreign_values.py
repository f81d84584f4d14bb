"""What Label Studio's stock controls store when responses are compared: the entries of an annotation's result."""

from __future__ import annotations

from typing import Any

__all__ = ["chosen", "number", "pairwise", "ranked", "rating"]


def _entry(name: str, kind: str, value: dict[str, Any], to_name: str = "x") -> dict[str, Any]:
    return {
        "id": f"of {name}",
        "from_name": name,
        "to_name": to_name,
        "type": kind,
        "value": value,
        "origin": "manual",
    }


def pairwise(name: str, selected: Any) -> dict[str, Any]:
    return _entry(name, "pairwise", {"selected": selected}, name)


def ranked(name: str, value: Any) -> dict[str, Any]:
    """``value`` is the list, or the object of lists, under ``ranker``."""
    return _entry(name, "ranker", {"ranker": value})


def rating(name: str, stars: Any) -> dict[str, Any]:
    return _entry(name, "rating", {"rating": stars})


def number(name: str, value: Any) -> dict[str, Any]:
    return _entry(name, "number", {"number": value})


def chosen(name: str, *options: Any) -> dict[str, Any]:
    return _entry(name, "choices", {"choices": list(options)})
