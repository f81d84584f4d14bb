"""The data of one Label Studio task, looked into by path. Says which task and key it is where something is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError

__all__ = ["TaskData"]

_STEP = re.compile(r"\[([0-9]{1,6})\]|\.?([^.\[\]]+)")
_NOTHING = object()


@dataclass(frozen=True)
class TaskData:
    """``data`` of the task that is called ``task`` (its id) in ``source``.

    A path is what configs write after the ``$``: ``prompt``, ``answers[0].text``. A key of the data that has dots in
    its own name comes first, as in the editor.
    """

    data: Mapping[str, Any]
    task: str
    source: str

    def get(self, path: str) -> Any:
        """What lies at ``path``; None if nothing does."""
        found = self._find(path)
        return None if found is _NOTHING else found

    def at(self, path: str) -> Any:
        """What lies at ``path``. InputError if nothing does, with the keys that there are."""
        found = self._find(path)
        if found is _NOTHING or found is None:
            keys = ", ".join(self.data) or "none"
            raise self.refuse(f"its data has no {path!r}; there are the keys {keys}")
        return found

    def text(self, path: str) -> str:
        """The text at ``path``. InputError if there is none."""
        return self.as_text(self.at(path), path)

    def as_text(self, value: Any, where: str) -> str:
        """``value`` as the editor shows it: a number, such as CSV files bring, is its digits."""
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self.refuse(f"{where!r} is no text")
        return value

    def entries(self, path: str) -> tuple[str, list[Any], str | None]:
        """The list at ``path``, or the one whose entries have the field that the path ends with.

        The path of the list, its entries, and that field. InputError if there is no list.
        """
        found = self.get(path)
        head, _, field = path.rpartition(".")
        if not isinstance(found, list) and head and isinstance(self.get(head), list):
            return head, self.get(head), field
        if not isinstance(self.at(path), list):
            raise self.refuse(f"{path!r} is no list")
        return path, self.at(path), None

    def refuse(self, message: str) -> InputError:
        """The error that says ``message`` of this task."""
        return InputError(f"task {self.task}: {message}", source=self.source)

    def _find(self, path: str) -> Any:
        if path in self.data:
            return self.data[path]
        found: Any = self.data
        for index, name in _STEP.findall(path):
            if index:
                number = int(index)
                found = found[number] if isinstance(found, list) and number < len(found) else _NOTHING
            else:
                found = found.get(name, _NOTHING) if isinstance(found, Mapping) else _NOTHING
            if found is _NOTHING:
                break
        return found
