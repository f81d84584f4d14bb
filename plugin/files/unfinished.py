"""Names for what is not whole yet: hidden, and locked by the program that makes it for as long as that lives.

A program that is killed cannot tidy up. So whoever makes something in the same folder later takes away what lies there
under such a name and is locked no more. Where a file system has no locks it stays, and no reader takes it for anything.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from .interrupts import tidy_when_interrupted

__all__ = ["OLDER", "sweep", "unfinished_file", "unfinished_folder"]

# Within an unfinished folder: where the one that is to be replaced waits, under its own name, for the moment of change.
OLDER = "older"
_NAME = re.compile(r"\..*\.gtbridge-[0-9a-f]{16}", re.DOTALL)
_SHOWN = 40  # characters of the name that it is to have; a file name has room for 255 bytes


@contextmanager
def unfinished_file(path: Path, mode: int = 0o666) -> Iterator[tuple[Path, int]]:
    """A new empty file beside ``path`` and a descriptor of it; what has that name in the end is taken away.

    The folder is made if there is none. Raises OSError.
    """
    with _made(path, lambda name: os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode)) as made:
        yield made


@contextmanager
def unfinished_folder(path: Path) -> Iterator[Path]:
    """The same for a folder, its owner's alone, which is taken away with whatever is in it still."""

    def make(name: Path) -> int:
        name.mkdir(0o700)
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    with _made(path, make) as (name, _):
        yield name


@contextmanager
def _made(path: Path, make: Callable[[Path], int]) -> Iterator[tuple[Path, int]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    tidy_when_interrupted()
    while True:
        # Known before anything is made, so that an interruption finds nothing unprotected.
        name, descriptor = path.parent / f".{path.name[:_SHOWN]}.gtbridge-{secrets.token_hex(8)}", -1
        try:
            descriptor = make(name)
            if ours := _is_ours(name, descriptor):
                yield name, descriptor
            _take_away(name)
        except BaseException:
            _take_away(name)
            raise
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        if ours:
            return


def _is_ours(path: Path, descriptor: int) -> bool:
    """Lock it. False if another program, that found it in the moment before, has taken it away."""
    with suppress(OSError):  # no locks here: nobody else gets one either, and takes nothing away
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@lru_cache(maxsize=4096)  # once a folder and program: of many files in a folder, each would look at all
def sweep(folder: Path) -> None:
    """Take away what programs that are no more have left unfinished in the folder; raises nothing."""
    with suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if _NAME.fullmatch(entry.name)]:
            with suppress(OSError):
                _sweep_one(folder / name)


def _sweep_one(path: Path) -> None:
    # Some file systems lock nothing for whoever cannot write.
    is_folder = path.is_dir() and not path.is_symlink()
    how = os.O_RDONLY | os.O_DIRECTORY if is_folder else os.O_RDWR | os.O_NONBLOCK
    descriptor = os.open(path, how | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for older in (path / OLDER).iterdir() if is_folder and (path / OLDER).is_dir() else ():
            # It was set aside for a newer one, which never came.
            if not os.path.lexists(path.parent / older.name):
                older.rename(path.parent / older.name)
        _take_away(path)
    finally:
        os.close(descriptor)


def _take_away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
