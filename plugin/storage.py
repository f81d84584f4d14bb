"""Where files lie: local paths, ``s3://bucket/key`` and standard streams behind one small interface.

Chooses by how the path begins, and does nothing else. Whole files or none, never half, on both sides. S3's options are
those of ``aws.s3_options``, and its settings those of the AWS SDKs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Literal, Protocol, TypeVar

from ..label_configs.errors import GtbridgeError, InputError
from .files import local_files
from .files.local_files import local_path, new_directory, write_secret_once
from .files.s3_places import SCHEME
from .files.side_by_side import side_by_side

__all__ = [
    "absolute",
    "as_text",
    "create_bytes",
    "exists",
    "in_s3",
    "is_folder",
    "join",
    "list_files",
    "local_path",
    "new_directory",
    "open_input",
    "open_output",
    "parent",
    "read_beside",
    "read_bytes",
    "read_each",
    "read_text",
    "remove",
    "stamp",
    "write_bytes",
    "write_secret_once",
]

_T = TypeVar("_T")

_READS_AT_ONCE = 96
_READS_A_SECOND = 3500  # small objects: more than one processor makes use of


class _Files(Protocol):
    """What ``local_files`` and ``object_store`` have in common."""

    def read(self, path: str) -> bytes: ...
    def open_input(self, path: str) -> AbstractContextManager[IO[bytes]]: ...
    def write(self, path: str, data: bytes) -> None: ...
    def open_output(
        self, path: str, unchanged: str | Literal[False] | None, private: bool
    ) -> AbstractContextManager[IO[bytes]]: ...
    def create(self, path: str, data: bytes) -> bool: ...
    def remove(self, path: str) -> None: ...
    def exists(self, path: str) -> bool: ...
    def stamp(self, path: str) -> str | None: ...
    def is_folder(self, path: str) -> bool: ...
    def list_files(self, folder: str) -> Iterator[str]: ...


def in_s3(path: str) -> bool:
    """Whether ``path`` is an address in S3."""
    return path.startswith(SCHEME)


def _files(path: str) -> _Files:
    if not in_s3(path):
        return local_files
    from .files import object_store

    return object_store


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """The file at ``path`` to read as bytes; ``-`` is standard input.

    MissingError if there is none, InputError if it cannot be read, or, in S3, is replaced while it is read; ServerError
    if S3 does not give it. From S3 it comes some MB at a time; it can be read from any place, as a local file can.
    """
    if path == "-":
        yield sys.stdin.buffer
    else:
        with _files(path).open_input(path) as file:
            yield file


def read_bytes(path: str) -> bytes:
    """All of the file at ``path``. Raises what ``open_input`` raises."""
    return sys.stdin.buffer.read() if path == "-" else _files(path).read(path)


def read_text(path: str) -> str:
    """All of the file at ``path``, which must be UTF-8."""
    return as_text(read_bytes(path), path)


def as_text(data: bytes, path: str) -> str:
    """The text that the file at ``path`` holds with this ``data``; InputError if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", source=path) from None


@contextmanager
def open_output(
    path: str | Path, *, unchanged: str | Literal[False] | None = False, private: bool = False
) -> Iterator[IO[bytes]]:
    """A new file for ``path``, which takes its name only once it is whole; ``-`` is standard output.

    Left with an error, nothing has changed: what stood at ``path`` stands there still. ``unchanged`` is a ``stamp``
    taken before: InputError if the file is another one by the end, or if there is one where the stamp is None.
    InputError too if it cannot be written, ServerError if S3 does not take it. A ``private`` local file is readable by
    its owner alone; in S3 the bucket says who may read.
    """
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with _files(str(path)).open_output(str(path), unchanged, private) as file:
            yield file


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write ``data`` as the whole file at ``path``. Raises what ``open_output`` raises."""
    if path == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _files(str(path)).write(str(path), data)


def create_bytes(path: str, data: bytes) -> bool:
    """Write ``data`` as the whole file at ``path`` if there is none yet; says whether it did.

    Of several processes that do this at once one gets True, and the others' ``data`` is nowhere. Raises what
    ``open_output`` raises.
    """
    return _files(path).create(path, data)


def remove(path: str) -> None:
    """Take the file at ``path`` away, if there is one. Raises what ``open_output`` raises."""
    _files(path).remove(path)


def absolute(path: str) -> str:
    """What ``path`` names wherever the working folder is: a local path in full, an address as it is."""
    return path if in_s3(path) else str(local_path(path).resolve())


def exists(path: str) -> bool:
    """Whether there is a file at ``path``."""
    return _files(path).exists(path)


def stamp(path: str) -> str | None:
    """What tells the file at ``path`` from one that replaces it; None if there is none. For ``open_output``."""
    return None if path == "-" else _files(path).stamp(path)


def is_folder(path: str) -> bool:
    """Whether ``path`` names a folder; in S3, whether anything lies beneath it. MissingError if there is no bucket."""
    return _files(path).is_folder(path)


def join(folder: str, path: str) -> str:
    """``path``, relative and with slashes, within ``folder``."""
    return f"{folder.rstrip('/')}/{path}"


def parent(path: str) -> str:
    """The folder that the file at ``path`` is in."""
    return path.rpartition("/")[0] if "://" in path else str(local_path(path).parent)


def list_files(folder: str) -> Iterator[str]:
    """The paths of all files beneath ``folder``, relative to it and with slashes, sorted; none if it is not there.

    In S3, keys that no path can name are left out, and MissingError if there is no such bucket.
    """
    return _files(folder).list_files(folder)


def read_each(paths: Iterable[str]) -> Iterator[bytes | GtbridgeError]:
    """The bytes of each file, in order; for one that cannot be had, the error, not raised.

    Takes paths as it goes, a bounded number ahead, and reads those in S3 side by side.
    """
    for _, (found,) in read_beside((None, (path,)) for path in paths):
        yield found


def read_beside(things: Iterable[tuple[_T, Sequence[str]]]) -> Iterator[tuple[_T, list[bytes | GtbridgeError]]]:
    """Each thing, in order, with the bytes of its files as ``read_each`` gives them; some may have none.

    What is wrong with ``things`` is raised in its turn, when all before it have come.
    """
    read = _reader()

    def with_files(entry: tuple[_T, Sequence[str]]) -> tuple[_T, list[bytes | GtbridgeError]]:
        return entry[0], [read(path) for path in entry[1]]

    def at_hand(entry: tuple[_T, Sequence[str]]) -> bool:
        return not any(map(in_s3, entry[1]))

    return side_by_side(with_files, things, _READS_AT_ONCE, at_hand, _READS_A_SECOND)


def _reader() -> Callable[[str], bytes | GtbridgeError]:
    remote: Callable[[str], bytes] | None = None

    def read(path: str) -> bytes | GtbridgeError:
        nonlocal remote
        try:
            if not in_s3(path):
                return read_bytes(path)
            if remote is None:
                from .files import object_store

                remote = object_store.reader()
            return remote(path)
        except GtbridgeError as error:
            return error

    return read
