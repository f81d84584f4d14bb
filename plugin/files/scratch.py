"""Room for what does not fit into memory: files without a name, which end with the program however it ends; and
folders, of which one that a killed program has left is taken away by the next.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from ...label_configs.errors import InputError
from .unfinished import unfinished_folder

__all__ = ["room_for_scratch", "scratch_copy", "scratch_folder"]


@contextmanager
def scratch_copy(chunks: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """All that ``chunks`` give, one after another, as a file to read from its beginning or any other place.

    InputError if there is no room for it; TMPDIR says where that is sought. Raises what ``chunks`` raise.
    """
    file = _new()
    try:
        for chunk in chunks:
            with room_for_scratch():
                file.write(chunk)
        with room_for_scratch():
            file.seek(0)
        yield file
    finally:
        with suppress(OSError):  # what did not fit does not fit now
            file.close()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder, for its owner alone, which is taken away in the end. InputError if there is no room for it."""
    with ExitStack() as stack:
        with room_for_scratch():
            folder = stack.enter_context(unfinished_folder(Path(tempfile.gettempdir(), "scratch")))
        yield folder


def _new() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise _no_room(error) from None


@contextmanager
def room_for_scratch() -> Iterator[None]:
    """InputError if a temporary file cannot be written to. The body is to do that only."""
    try:
        yield
    except OSError as error:
        raise _no_room(error) from None


def _no_room(error: OSError) -> InputError:
    return InputError(f"no room for temporary files (TMPDIR): {error.strerror}", source=tempfile.gettempdir())
