"""What a manifest may refer to: files of its own job, and what the user allows by name. Names paths; opens no file.

A manifest is data. It may have been written by anybody, so an address in it is no permission to read what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...converters.formats.job_output import reference_to_path
from ...label_configs.errors import InputError
from ..storage import in_s3, join, local_path

__all__ = ["References"]


class References:
    """The references of one manifest, with ``folder`` the job's (or the input manifest's) own.

    ``moves`` are pairs (from, to): what a manifest says lies beneath ``from`` is read beneath ``to``.
    """

    def __init__(self, folder: str, moves: Sequence[tuple[str, str]] = ()):
        self.folder = folder.rstrip("/")
        self.moves = [(begin.rstrip("/"), end.rstrip("/")) for begin, end in moves]

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
        found = join(folder, path)
        if not in_s3(folder) and not _below(local_path(found), local_path(folder)):
            raise self._outside(reference, source, line)
        return found

    def _outside(self, reference: str, source: str, line: int) -> InputError:
        begin = reference.rpartition("/")[0].partition("/annotations/")[0] or reference
        return InputError(
            f"refers to {reference}, which is outside of {self.folder}; if it is to be read, allow it with "
            f"--refs {begin}, or say where it lies now with --refs {begin}=PATH",
            source=source,
            line=line,
        )


def _below(path: Path, folder: Path) -> bool:
    """Whether ``path`` is in ``folder`` once links are followed."""
    return path.resolve().is_relative_to(folder.resolve())
