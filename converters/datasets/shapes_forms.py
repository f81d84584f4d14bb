"""What a form of rows is: the columns that hold texts, and how they are made. Names no trainer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["TEXT_COLUMNS", "Form", "Message", "Row"]

# The columns of the rows that come in which a form replaces.
TEXT_COLUMNS = ("prompt", "chosen", "rejected", "completion")

Row = Mapping[str, Any]
Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """``say`` makes the columns that ``features`` describes from a row, or says why it cannot.

    The reason reads on after a number of rows: ``3 whose prompt is empty``.
    """

    features: Mapping[str, Any]
    say: Callable[[Row], dict[str, Any] | str]
