"""Where files lie: local paths and standard streams behind a small interface. Whole files or none, never half."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..label_configs.errors import InputError, MissingError

__all__ = ["local_path", "new_directory", "open_input", "open_output", "read_bytes", "read_text", "write_bytes"]


def local_path(path: str) -> Path:
    """The local file that ``path`` names; InputError for an address of another kind."""
    scheme, separator, _ = path.partition("://")
    if separator and scheme != "file":
        raise InputError("only local files can be used here", source=path)
    return Path(path.removeprefix("file://")).expanduser()


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """The file at ``path`` to read as bytes; ``-`` is standard input. MissingError or InputError if it cannot be."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = local_path(path).open("rb")
    except FileNotFoundError:
        raise MissingError("no such file", source=path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=path) from None
    with file:
        yield file


def read_bytes(path: str) -> bytes:
    """All of the file at ``path``."""
    with open_input(path) as file:
        return file.read()


def read_text(path: str) -> str:
    """All of the file at ``path``, which must be UTF-8."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", source=path) from None


@contextmanager
def open_output(path: str | Path) -> Iterator[IO[bytes]]:
    """A new file for ``path``, which takes its name only once it is whole; ``-`` is standard output.

    Left with an error, nothing has changed: what stood at ``path`` stands there still.
    """
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = local_path(str(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}.")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", source=str(path)) from None
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write ``data`` as the whole file at ``path``."""
    with open_output(path) as file:
        file.write(data)


@contextmanager
def new_directory(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes the name ``path`` once it is whole and then replaces what stood there.

    Left with an error, nothing has changed.
    """
    path = path.absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:80]}."))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", source=str(path)) from None
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        _exchange(partial, path)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _exchange(new: Path, path: Path) -> None:
    if not path.exists():
        new.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:80]}."))
    path.rename(old / "old")
    try:
        new.rename(path)
    except BaseException:
        (old / "old").rename(path)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
