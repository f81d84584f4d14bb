"""What a manifest may refer to: files of its own job, and what the user allows by name. Names paths; opens no file.

A manifest is data. It may have been written by anybody, so an address in it is no permission to read what is there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from ...converters.formats.job_output import reference_to_path
from ...label_configs.errors import InputError
from ..storage import in_s3, join, local_path

__all__ = ["References"]

_REMEMBERED = 128


class References:
    """The references of one manifest, with ``folder`` the job's (or the input manifest's) own.

    ``moves`` are pairs (from, to): what a manifest says lies beneath ``from`` is read beneath ``to``.
    """

    def __init__(self, folder: str, moves: Sequence[tuple[str, str]] = ()):
        self.folder = folder.rstrip("/")
        self.moves = [(begin.rstrip("/"), end.rstrip("/")) for begin, end in moves]
        self._local_folders: dict[str, _LocalFolder] = {}

    def answers(self, reference: str, source: str, line: int, *, of_several: bool = False) -> str:
        """The path of the worker-response file that a ``worker-response-ref`` means.

        A job that lies here was copied, so its addresses in S3 are looked for in the copy; unless the line is
        ``of_several`` jobs, as the labels of another job are not in this one's folder. InputError, with ``source`` and
        ``line``, for anything outside.
        """
        moved = self._moved(reference, source, line)
        if moved is not None:
            return moved
        if in_s3(reference) and not self._is_copy(reference, of_several):
            return self._inside(reference, source, line)
        return self._within(self.folder, reference_to_path(reference, source, line), reference, source, line)

    def text(self, reference: str, source: str, line: int) -> str:
        """The path of the text that a ``source-ref`` means. InputError for anything outside."""
        moved = self._moved(reference, source, line)
        if moved is not None:
            return moved
        if "://" in reference or reference.startswith("/"):
            return self._inside(reference, source, line)
        return self._within(self.folder, reference, reference, source, line)

    def _is_copy(self, reference: str, of_several: bool) -> bool:
        if in_s3(self.folder):
            return False
        job = reference.partition("/annotations/worker-response/")[0].rpartition("/")[2]
        return not of_several or job == local_path(self.folder).resolve().name

    def _moved(self, reference: str, source: str, line: int) -> str | None:
        for begin, end in self.moves:
            if reference.startswith(begin + "/"):
                return self._within(end, reference[len(begin) + 1 :], reference, source, line)
        return None

    def _inside(self, reference: str, source: str, line: int) -> str:
        if not reference.startswith(self.folder + "/"):
            raise self._outside(reference, source, line)
        return self._within(self.folder, reference[len(self.folder) + 1 :], reference, source, line)

    def _within(self, folder: str, path: str, reference: str, source: str, line: int) -> str:
        if any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path or "\0" in path:
            raise self._outside(reference, source, line)
        if not in_s3(folder):
            if folder not in self._local_folders:
                self._local_folders[folder] = _LocalFolder(folder)
            if not self._local_folders[folder].holds(path):
                raise self._outside(reference, source, line)
        return join(folder, path)

    def _outside(self, reference: str, source: str, line: int) -> InputError:
        begin = reference.rpartition("/")[0].partition("/annotations/")[0] or reference
        return InputError(
            f"refers to {reference}, which is outside of {self.folder}; if it is to be read, allow it with "
            f"--refs {begin}, or say where it lies now with --refs {begin}=PATH",
            source=source,
            line=line,
        )


class _LocalFolder:
    """A folder on this machine, of which many paths are asked."""

    def __init__(self, folder: str):
        self._path = local_path(folder or "/")
        self._root = str(self._path)
        # The folders that files share are looked at again and again, but not at the disk.
        self._has_no_link = lru_cache(maxsize=_REMEMBERED)(self._look)

    def holds(self, path: str) -> bool:
        """Whether ``path``, relative and without dots, is still in the folder once links are followed."""
        return self._has_no_link(path) or (self._path / path).resolve().is_relative_to(self._path.resolve())

    def _look(self, path: str) -> bool:
        folder, within, _ = path.rpartition("/")
        linked = os.path.islink(f"{self._root}/{path}")  # noqa: PTH114 - a Path each takes longer than to look
        return not linked and (not within or self._has_no_link(folder))
