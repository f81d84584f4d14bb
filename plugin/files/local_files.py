"""The half of ``storage`` for files on this machine. Whole files or none, never half, however a write ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from ...label_configs.errors import InputError, MissingError
from .unfinished import OLDER, sweep, unfinished_file, unfinished_folder

__all__ = [
    "create",
    "exists",
    "is_folder",
    "list_files",
    "local_path",
    "new_directory",
    "open_input",
    "open_output",
    "read",
    "remove",
    "stamp",
    "write",
    "write_secret_once",
]


def local_path(path: str) -> Path:
    """The local file that ``path`` names; InputError for an address of another kind."""
    if "\0" in path:
        raise InputError("no file can have this name", source=repr(path))
    scheme, separator, _ = path.partition("://")
    if separator and scheme == "s3":
        raise InputError("only a local path can be used here", source=path)
    if separator and scheme != "file":
        raise InputError("is neither a local path nor s3://bucket/key; copy it and give that path", source=path)
    return Path(path.removeprefix("file://")).expanduser()


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """The file to read."""
    with _open(path) as file:
        yield file


def read(path: str) -> bytes:
    """All of the file."""
    with _open(path, buffering=0) as file:
        return file.read()


def _open(path: str, buffering: int = -1) -> IO[bytes]:
    try:
        return open(_name(path), "rb", buffering)  # noqa: PTH123 - see _name
    except FileNotFoundError:
        raise MissingError("no such file", source=path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=path) from None


def _name(path: str) -> str | Path:
    """``path`` as the system takes it: of thousands of small files, a Path each would take longer than reading them."""
    as_it_is = path[-1:] not in ("", "/", ".") and path[0] != "~" and "://" not in path and "\0" not in path
    return path if as_it_is else local_path(path)


@contextmanager
def open_output(path: str, unchanged: str | Literal[False] | None, private: bool = False) -> Iterator[IO[bytes]]:
    """A new file beside ``path`` that takes its name in the end. Devices and pipes are written to directly."""
    target = local_path(path)
    with _writing(target):
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        with unfinished_file(target, 0o600 if private else 0o666) as (partial, descriptor):
            with open(descriptor, "wb", closefd=False) as file:
                yield file
            if unchanged is not False and stamp(path) != unchanged:
                raise InputError("was replaced by another file meanwhile; run again", source=path)
            partial.replace(target)


def write(path: str, data: bytes) -> None:
    """Write ``data`` as the whole file."""
    with open_output(path, False) as file:
        file.write(data)


def create(path: str, data: bytes) -> bool:
    """Write ``data`` as a new file if there is none; says whether it did."""
    target = local_path(path)
    with _writing(target):
        return _create(target, data, 0o666)


def _create(target: Path, data: bytes, mode: int) -> bool:
    with unfinished_file(target, mode) as (partial, descriptor):
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        try:
            os.link(partial, target)
        except FileExistsError:
            return False
    return True


def remove(path: str) -> None:
    """Delete the file."""
    with _writing(path):
        local_path(path).unlink(missing_ok=True)


def exists(path: str) -> bool:
    """Whether there is a file."""
    return local_path(path).is_file()


def stamp(path: str) -> str | None:
    """Which file it is, and when it was last written to; None if there is none."""
    try:
        found = local_path(path).stat()
    except OSError:
        return None
    return f"{found.st_dev}-{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"


def is_folder(path: str) -> bool:
    """Whether there is a folder."""
    return local_path(path).is_dir()


def list_files(folder: str) -> Iterator[str]:
    """What lies beneath it, sorted."""
    root = local_path(folder)
    yield from sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def write_secret_once(path: Path, secret: bytes) -> None:
    """Make the file at ``path``, readable by its owner alone; if there is one already, it stays. InputError if not.

    Of several processes that do this at once, the first one wins, and none reads half a secret.
    """
    with _writing(path):
        sweep(path.parent)  # a secret that came to nothing is to lie nowhere
        if not path.exists():
            _create(path, secret, 0o600)


@contextmanager
def new_directory(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes the name ``path`` once it is whole and then replaces what stood there.

    Left with an error, nothing has changed. InputError if it cannot be written. A program that is killed in the moment
    of change leaves nothing at ``path``; whoever makes something beside it next puts the older one back first.
    """
    path = path.absolute()
    with _writing(path), unfinished_folder(path) as scratch:
        new, older = scratch / "new", scratch / OLDER / path.name
        new.mkdir()
        yield new
        older.parent.mkdir()
        try:
            with suppress(FileNotFoundError):
                path.rename(older)
            new.rename(path)
        except BaseException:
            if older.exists() and not path.exists():
                older.rename(path)
            raise


@contextmanager
def _writing(path: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", source=str(path)) from None
