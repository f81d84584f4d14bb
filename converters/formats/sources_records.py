"""What every source gives: a record, and where it stands. Knows no file format, and no manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError

__all__ = ["Record", "RecordPlace"]


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A record of the file ``source``, or a place in it: its 1-based ``line`` where it has one, and its JSON ``path``.

    In lists and tables the record itself is at ``$[number]``, counted from 0.
    """

    source: str
    path: str = "$"
    line: int | None = None

    def __getitem__(self, step: str | int) -> RecordPlace:
        """The place under a key, or at a position of a list."""
        path = f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}"
        return RecordPlace(self.source, path, self.line)

    @property
    def where(self) -> str:
        """The place in a few characters, for a ledger."""
        path = "" if self.path == "$" else self.path.removeprefix("$")
        return f"{self.source}:{self.line}{path}" if self.line is not None else f"{self.source}{path}"

    def refuse(self, message: str) -> InputError:
        """The error that says ``message`` of this place."""
        return InputError(message, source=self.source, line=self.line, path=self.path)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its fields, where it stands, and its exact spelling if that was JSON."""

    fields: Mapping[str, Any]
    place: RecordPlace
    text: str | None = None
