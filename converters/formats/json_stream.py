"""One JSON document of any size -> its records, one after another. Finds where each begins and ends; reading what is
between is left to ``json_text``, which is strict. Memory holds one record and one chunk of the file.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from ...label_configs.errors import InputError
from .json_alike import AlikeObjects
from .json_text import DECLINED, DEEPEST, MAX_RECORD, TOO_DEEP, read_json

__all__ = ["MAX_RECORD", "JsonRecord", "read_json_records"]

_CHUNK = 2**18
_BOM = b"\xef\xbb\xbf"
# All possessive, so that no byte is looked at twice.
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")
_BRACKETS = re.compile(rb'["\[\]{}]')
_DELIMITERS = re.compile(rb'[",\]]')
_LEVELS = 10


def _whole(levels: int) -> bytes:
    """A pattern for an object or a list that has at most so many levels within it.

    Brackets of one kind may close those of the other here: that is for whoever reads what is between.
    """
    string, other = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', rb'[^"{}\[\]]*+'
    pattern = string
    for _ in range(levels + 1):
        pattern = rb"[{\[]" + other + rb"(?:(?:" + string + rb"|" + pattern + rb")" + other + rb")*+[}\]]"
    return pattern


_WHOLE = re.compile(_whole(_LEVELS), re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """``data`` is the record's spelling, ``path`` its JSON path, ``line`` where it begins (None: it is all)."""

    data: bytes
    value: Any
    path: str
    line: int | None

    @property
    def text(self) -> str:
        """The spelling as a text."""
        return self.data.decode("utf-8")


def read_json_records(
    file: IO[bytes], source: str, glance: Callable[[bytes], Any] | None = None
) -> Iterator[JsonRecord]:
    """Each element of the list that the document is, or the one object that it is.

    With ``glance``, the value of an element is what that makes of its spelling, unless it is DECLINED: nobody has read
    the whole of it then.

    InputError if it is neither, is not JSON as ``read_json`` wants it, or holds a record of more than 64 MiB.
    """
    document = _Document(file, source, glance)
    first = document.peek()
    if first == b"[":
        yield from _elements(document)
    elif first == b"{":
        yield document.record("$", None)
        if document.peek() == b"{":
            raise document.refusal("holds one object after another, as JSON Lines do; read it with --format jsonl")
    else:
        document.rest()
        raise InputError("expected a list of objects, or an object", source=source, path="$")
    if document.peek():
        raise document.refusal("not JSON: there is more after the end")


def _elements(document: _Document) -> Iterator[JsonRecord]:
    document.skip()
    number = 0
    if document.peek() != b"]":
        first = document.record("$[0]", document.line)
        document.expect(AlikeObjects(first.data))
        yield first
        while document.peek() == b",":
            document.skip()
            document.peek()
            number += 1
            yield document.record(f"$[{number}]", document.line)
        if document.peek() != b"]":
            found = "the file ends" if not document.peek() else "there is something else"
            raise document.refusal(f"not JSON: where a comma or the end of the list should be, {found}")
    document.skip()


class _Document:
    """The file, from where it is read to: ``line`` is that place's line."""

    def __init__(self, file: IO[bytes], source: str, glance: Callable[[bytes], Any] | None):
        self.line = 1
        self._file, self._source, self._glance = file, source, glance
        self._buffer, self._at = bytearray(), 0
        self._alike: AlikeObjects | None = None
        self._lengths = deque[int]()  # of the values that come next, as far as they are known
        self._begin = self._look_from = 0  # in the file: where the buffer begins, where to look for further ones
        self._fill(len(_BOM))
        if self._buffer.startswith(_BOM):
            self._at = len(_BOM)

    def refusal(self, message: str) -> InputError:
        return InputError(message, source=self._source, line=self.line)

    def peek(self) -> bytes:
        """The next byte that is no white space, up to which it goes; none at the end."""
        while True:
            found = _NOT_SPACE.search(self._buffer, self._at)
            self._go_to(found.start() if found else len(self._buffer))
            if found or not self._fill():
                return bytes(self._buffer[self._at : self._at + 1])

    def skip(self) -> None:
        """Past the byte that ``peek`` gave."""
        self._at += 1

    def record(self, path: str, line: int | None) -> JsonRecord:
        """The value that begins here, and past it."""
        end = self._end_of_value()
        if end is None:
            self.rest()
            raise self.refusal("not JSON: the file ends too early")
        data = bytes(self._buffer[self._at : end])
        value = DECLINED if self._glance is None or line is None else self._glance(data)
        if value is DECLINED:
            value = self._read(data, path if line is not None else None)
        self._go_to(end)
        return JsonRecord(data, value, path, line)

    def expect(self, alike: AlikeObjects) -> None:
        """Such objects are found faster from here on, any others as before."""
        self._alike = alike

    def rest(self) -> Any:
        """All that is left, as one value; InputError if it is none."""
        while self._fill():
            pass
        return self._read(bytes(self._buffer[self._at :]), None)

    def _read(self, data: bytes, path: str | None) -> Any:
        try:
            return read_json(data, self._source)
        except InputError as error:
            if error.line is not None or path is not None:
                error.line = self.line + (error.line or 1) - 1
            error.path = path
            raise

    def _end_of_value(self) -> int | None:
        """Where in the buffer the value that begins here ends; None if the file ends first."""
        if self._alike is not None and not self._lengths and self._begin + self._at >= self._look_from:
            self._look_ahead(self._alike)
        if self._lengths:
            return self._at + self._lengths.popleft()
        brackets = self.peek() in (b"[", b"{")
        if brackets and (end := self._end_at_once()) is not None:
            return end
        at, depth = self._at, 0
        while True:
            found = (_BRACKETS if brackets else _DELIMITERS).search(self._buffer, at)
            if found is None:
                at = len(self._buffer)
                before = self._at
                if not self._fill():
                    return None
                at -= before
                continue
            mark, at = found.group(), found.end()
            if mark == b'"':
                past = self._past_string(at)
                if past is None:
                    return None
                at = past
            elif not brackets:
                return found.start()
            else:
                depth += 1 if mark in b"[{" else -1
                if depth > DEEPEST:  # refused once it is read, too, but slow to go through
                    raise InputError(TOO_DEEP, source=self._source)
                if depth == 0:
                    return at

    def _look_ahead(self, alike: AlikeObjects) -> None:
        if len(self._buffer) - self._at < _CHUNK:
            self._fill()
        self._lengths.extend(alike.lengths(self._buffer, self._at))
        if not self._lengths:
            self._look_from = self._begin + len(self._buffer)

    def _end_at_once(self) -> int | None:
        """The same of what begins with a bracket, unless it is longer than a chunk or nested deeper than most."""
        whole = _WHOLE.match(self._buffer, self._at)
        if whole is None and len(self._buffer) - self._at < _CHUNK and self._fill():
            whole = _WHOLE.match(self._buffer, self._at)
        return whole.end() if whole else None

    def _past_string(self, at: int) -> int | None:
        """Past the string of which ``at`` is inside; None if the file ends first."""
        while True:
            found = _REST_OF_STRING.match(self._buffer, at)
            at = found.end() if found else at
            # What stopped it is the quote, or a backslash whose second half is still in the file.
            if self._buffer[at : at + 1] == b'"':
                return at + 1
            before = self._at
            if not self._fill():
                return None
            at -= before

    def _go_to(self, at: int) -> None:
        if self._buffer.find(b"\n", self._at, at) >= 0:  # faster than counting, and mostly there is none
            self.line += self._buffer.count(b"\n", self._at, at)
        self._at = at

    def _fill(self, least: int = 1) -> bool:
        """Read on, and forget what is before the place read to; whether there was anything."""
        del self._buffer[: self._at]
        self._begin += self._at
        self._at = 0
        if len(self._buffer) > MAX_RECORD:
            raise self.refusal(f"a record of more than {MAX_RECORD // 2**20} MiB, which nobody could annotate")
        before = len(self._buffer)
        while len(self._buffer) < before + least and (chunk := self._file.read(_CHUNK)):
            self._buffer += chunk
        return len(self._buffer) > before
