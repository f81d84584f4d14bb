"""How numbers and people's texts read on the page and in a terminal. Words only: knows neither HTML nor plots."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

__all__ = [
    "Fig",
    "Numbers",
    "coefficient",
    "count",
    "counted",
    "cut",
    "decimals",
    "for_terminal",
    "interval",
    "of_n",
    "percent",
    "plural",
    "seconds",
    "share",
    "shown",
]

Numbers = Mapping[str, Any]  # a part of AuditResult.to_dict()
Fig = Numbers  # a Figure.to_dict(): value, low, high, n, of

_NARROW = "\u202f"  # between a number and its unit, where no line breaks
_TO = "\u00a0to\u00a0"
_MINUS = "\u2212"
_PLAIN = str.maketrans({_NARROW: " ", "\u00a0": " ", _MINUS: "-"})
_NOT_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # which letters of some scripts, and some emoji, need


def shown(text: str) -> str:
    """``text`` on one line, with a mark for each character that is not to be seen or would turn the text around."""
    characters = (" " if c.isspace() else c for c in text)
    return "".join(c if c in _JOINERS or unicodedata.category(c) not in _NOT_SHOWN else "\ufffd" for c in characters)


def cut(text: str, columns: int) -> str:
    """``text``, or as much of its beginning and end as go into ``columns`` (wide characters take two)."""
    if _columns(text) <= columns:
        return text
    tail = columns // 3
    return f"{_fitting(text, columns - tail - 1).rstrip()}…{_fitting(text[::-1], tail)[::-1].lstrip()}"


def _fitting(text: str, columns: int) -> str:
    taken = 0
    for position, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:position]
    return text


def _columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text if not unicodedata.combining(c))


def decimals(value: float, places: int = 2) -> str:
    """0.31, −0.05; never −0.00."""
    text = f"{value:,.{places}f}"
    return f"{_MINUS if text.startswith('-') and text.strip('-0.,') else ''}{text.lstrip('-')}"


def _percent(value: float, places: int = 1) -> str:
    return f"{decimals(100 * value, places)}{_NARROW}%"


def interval(figure: Fig, *, percent: bool = False, places: int | None = None) -> str:
    """``0.25 to 0.37``; empty where there is none."""
    if figure["low"] is None or figure["high"] is None:
        return ""
    if percent:
        low, high = (decimals(100 * figure[end], 1 if places is None else places) for end in ("low", "high"))
        return f"{low}{_TO}{high}{_NARROW}%"
    return _TO.join(decimals(figure[end], 2 if places is None else places) for end in ("low", "high"))


def coefficient(figure: Fig) -> str:
    """``0.31 (0.25 to 0.37)`` of a figure that has a value."""
    between = interval(figure)
    return decimals(figure["value"]) + (f" ({between})" if between else "")


def share(figure: Fig) -> str:
    """``58 % (54 to 62 %)`` of a figure that has a value."""
    between = interval(figure, percent=True, places=0)
    return _percent(figure["value"], 0) + (f" ({between})" if between else "")


def percent(value: float) -> str:
    """``58.3 %``"""
    return _percent(value)


def count(number: int) -> str:
    """``12,345``"""
    return f"{number:,}"


def of_n(figure: Fig) -> str:
    """``n = 240``"""
    return f"n{_NARROW}={_NARROW}{count(figure['n'])}"


def counted(figure: Fig) -> str:
    """``240 items``, ``1 pair of verdicts``"""
    first, *rest = figure["of"].split(" ")
    return " ".join([count(figure["n"]), first.removesuffix("s") if figure["n"] == 1 else first, *rest])


def plural(number: int, what: str) -> str:
    """``1 item``, ``2 items``; "no items"."""
    return f"{count(number) if number else 'no'} {what}{'' if number == 1 else 's'}"


def for_terminal(text: str) -> str:
    """``text`` without the spaces and signs that a page needs and some terminals lack."""
    return text.translate(_PLAIN)


def seconds(value: float) -> str:
    """``8.5 s``, ``45 s``, ``2 min 5 s``, ``1 h 4 min``."""
    if value < 10:
        return f"{decimals(value, 1)}{_NARROW}s"
    whole = round(value)
    if whole < 60:
        return f"{whole}{_NARROW}s"
    if whole < 3600:
        return f"{whole // 60}{_NARROW}min" + (f" {whole % 60}{_NARROW}s" if whole % 60 else "")
    minutes = round(whole / 60)
    return f"{minutes // 60}{_NARROW}h" + (f" {minutes % 60}{_NARROW}min" if minutes % 60 else "")
