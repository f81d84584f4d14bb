"""The errors of all floors, and nothing else.

    GtbridgeError
    ├── DefinitionError   a task definition or labeling config is wrong
    ├── InputError        a file or document that was handed in cannot be used
    ├── LedgerError       gtbridge itself lost count of something: a bug, of which nothing was written
    ├── MissingError      something that was asked for by name does not exist
    └── ServerError       the other side refused, failed or cannot be reached

Each message is one sentence that begins with the place: ``answers.manifest:12: $.responses[0]: expected a string``.
The command line turns a GtbridgeError into exit code 1; any other exception is a bug.
"""

from __future__ import annotations

__all__ = ["DefinitionError", "GtbridgeError", "InputError", "LedgerError", "MissingError", "ServerError"]


class GtbridgeError(Exception):
    """The root: a ``message``, and the ``source`` (file or address), ``line`` (1-based) and ``path`` it is about."""

    def __init__(self, message: str, *, source: str | None = None, line: int | None = None, path: str | None = None):
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.path = path

    def __str__(self) -> str:
        place = self.source or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
        parts = [part for part in (place, self.path, self.message) if part]
        return ": ".join(parts)

    def at(self, *, source: str | None = None, line: int | None = None, path: str | None = None) -> GtbridgeError:
        """The same error, with the places filled in that the raiser could not know."""
        self.source = self.source or source
        self.line = self.line if self.line is not None else line
        self.path = self.path or path
        return self


class DefinitionError(GtbridgeError, ValueError):
    """A task definition, labeling config or worker template asks for something that cannot be."""


class InputError(GtbridgeError, ValueError):
    """A manifest, answer file, request or option holds something that cannot be used."""


class LedgerError(GtbridgeError, AssertionError):
    """What went out and what was dropped is not what came in: a bug, so the command does not write its output."""


class MissingError(GtbridgeError, LookupError):
    """A file, labeling job, dimension or item that was asked for by name does not exist."""


class ServerError(GtbridgeError, RuntimeError):
    """Label Studio, S3 or another far side refused, failed or did not answer."""
