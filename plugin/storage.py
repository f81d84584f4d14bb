"""Where files lie: local paths and standard streams behind a small interface. Whole files or none, never half."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..label_configs.errors import GtbridgeError, InputError, MissingError
from .interrupts import tidy_when_interrupted

__all__ = [
    "create_bytes",
    "exists",
    "is_folder",
    "join",
    "list_files",
    "local_path",
    "new_directory",
    "open_input",
    "open_output",
    "read_bytes",
    "read_each",
    "read_text",
    "write_bytes",
    "write_secret_once",
]


def local_path(path: str) -> Path:
    """The local file that ``path`` names; InputError for an address of another kind."""
    if "\0" in path:
        raise InputError("no file can have this name", source=repr(path))
    scheme, separator, _ = path.partition("://")
    if separator and scheme != "file":
        raise InputError("only local files can be read and written; copy it and give the local path", source=path)
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

    Left with an error, nothing has changed: what stood at ``path`` stands there still. InputError if it cannot be
    written. Devices and pipes have no name to take, and are written to directly.
    """
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = local_path(str(path))
    with _partial(target) as partial:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            yield file
        partial.replace(target)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write ``data`` as the whole file at ``path``."""
    with open_output(path) as file:
        file.write(data)


def create_bytes(path: str, data: bytes) -> bool:
    """Write ``data`` as the whole file at ``path`` if there is none yet; says whether it did. InputError if it cannot.

    Of several processes that do this at once one gets True, and the others' ``data`` is nowhere.
    """
    target = local_path(path)
    with _partial(target) as partial:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        try:
            os.link(partial, target)
        except FileExistsError:
            return False
        finally:
            partial.unlink()
    return True


def exists(path: str) -> bool:
    """Whether there is a file at ``path``."""
    return local_path(path).is_file()


def is_folder(path: str) -> bool:
    """Whether ``path`` names a folder; in S3, whether anything lies beneath it."""
    return local_path(path).is_dir()


def join(folder: str, path: str) -> str:
    """``path``, relative and with slashes, within ``folder``."""
    return f"{folder.rstrip('/')}/{path}"


def list_files(folder: str) -> Iterator[str]:
    """The paths of all files beneath ``folder``, relative to it and with slashes, sorted; none if it is not there."""
    root = local_path(folder)
    yield from sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def read_each(paths: Iterable[str]) -> Iterator[bytes | GtbridgeError]:
    """The bytes of each file, in order; for one that cannot be had, the error, not raised.

    Takes paths as it goes, a bounded number ahead, and reads those in S3 side by side.
    """
    for path in paths:
        try:
            yield read_bytes(path)
        except GtbridgeError as error:
            yield error


def write_secret_once(path: Path, secret: bytes) -> None:
    """Make the file at ``path``, readable by its owner alone; if there is one already, it stays. InputError if not.

    Of several processes that do this at once, the first one wins, and none reads half a secret.
    """
    with _partial(path) as partial:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_bytes(secret)
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """A name for the file while it is not whole; left with an error, nothing of that name is left."""
    partial = _beside(path)
    try:
        yield partial
    except BaseException as error:
        with suppress(OSError):
            partial.unlink()
        if isinstance(error, OSError):
            raise _unwritable(error, path) from None
        raise


@contextmanager
def new_directory(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes the name ``path`` once it is whole and then replaces what stood there.

    Left with an error, nothing has changed. InputError if it cannot be written.
    """
    path = path.absolute()
    scratch = _beside(path)
    new, old = scratch / "new", scratch / "old"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.mkdir()
        new.mkdir()
        yield new
        with suppress(FileNotFoundError):
            path.rename(old)
        new.rename(path)
        shutil.rmtree(scratch, ignore_errors=True)
    except BaseException as error:
        if old.exists() and not path.exists():
            old.rename(path)
        shutil.rmtree(scratch, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(error, path) from None
        raise


def _beside(path: Path) -> Path:
    """A name that nothing has. Known before anything is made, so that an interruption finds nothing unprotected."""
    tidy_when_interrupted()
    return path.parent / f".{path.name[:80]}.{secrets.token_hex(8)}"


def _unwritable(error: OSError, path: str | Path) -> InputError:
    return InputError(f"cannot be written: {error.strerror or error}", source=str(path))
