"""Where in a document something stands, so that errors can say it. Reads nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ...label_configs.errors import InputError

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """``path`` within the document ``source``, e.g. ``$.answers[0].workerId``."""

    source: str
    path: str = "$"

    def __getitem__(self, step: str | int) -> Place:
        """The place under a key, or at a position of a list."""
        path = f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}"
        return Place(self.source, path)

    def refuse(self, message: str) -> InputError:
        """The error that says ``message`` of this place."""
        return InputError(message, source=self.source, path=self.path)

    def says(self, message: str) -> str:
        """The sentence for ``Answer.unread``: the path within the document, without the document's address."""
        return f"{self.path}: {message}"
