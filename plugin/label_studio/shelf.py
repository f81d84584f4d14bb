"""Tasks in a file without a name, which ends with the program, and what is remembered of each. Asks no server."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any

from ...converters.formats.pulled_tasks import Header, Seen, read_lines, read_pull, seen, task_line, write_lines
from ...label_configs.errors import InputError
from ..files.on_disk import OnDisk
from ..files.scratch import room_for_scratch, scratch_copy

__all__ = ["Shelf"]


class Shelf:
    """``seen`` has the tasks by id, in the order in which they lie there, which is ascending."""

    def __init__(self, file: IO[bytes], headers: int):
        self.seen: OnDisk[Seen] = OnDisk()
        self._file, self._headers = file, headers

    @classmethod
    def new(cls, files: ExitStack) -> Shelf:
        """An empty one, for as long as ``files`` are open."""
        return cls(files.enter_context(scratch_copy(())), 0)

    @classmethod
    def of(cls, file: IO[bytes], source: str, files: ExitStack) -> tuple[Header, Shelf]:
        """A copy of the pull file, with its header. InputError if it is none, or damaged."""
        shelf = cls(files.enter_context(scratch_copy(iter(lambda: file.read(2**20), b""))), 1)
        header, tasks = read_pull(_from_start(shelf._file), source)
        for task in tasks:
            try:
                known = seen(task)
            except (LookupError, TypeError, AttributeError):
                raise InputError("is damaged", source=source) from None
            shelf.seen.put(task["id"], known)
        return header, shelf

    def add(self, tasks: Iterable[Mapping[str, Any]]) -> None:
        """Put further tasks there, with ids above all that are there."""
        self._file.seek(0, io.SEEK_END)
        with room_for_scratch():
            write_lines(self._file, map(self._line, tasks))
            self._file.flush()

    def _line(self, task: Mapping[str, Any]) -> bytes:
        self.seen.put(task["id"], seen(task))
        return task_line(task)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each task's id and line. Several may read at once."""
        lines = read_lines(_from_start(self._file), "a temporary file")
        for _ in range(self._headers):
            next(lines)
        return zip(self.seen, lines, strict=True)

    def spelling(self) -> Iterator[bytes] | None:
        """All its tasks as ``write_lines`` wrote them, in pieces; None if something else stands before them."""
        file = _from_start(self._file)
        return None if self._headers else iter(lambda: file.read(2**20), b"")


def _from_start(file: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(_FromStart(file), 2**16)


class _FromStart(io.RawIOBase):
    """The file from its beginning, whoever else reads it and wherever they are."""

    def __init__(self, file: IO[bytes]):
        self._descriptor, self._at = file.fileno(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
