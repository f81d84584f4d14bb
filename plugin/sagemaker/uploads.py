"""What a labeling job on SageMaker needs in S3: manifest and worker template, compared first and then put there."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from ...label_configs.errors import InputError
from ..storage import open_input, open_output, stamp

__all__ = ["Upload", "planned_upload"]

_CHUNK = 2**20

State = Literal["new", "same", "replaces another"]


@dataclass(frozen=True)
class Upload:
    """A file for S3, made from the one at ``source``.

    ``state`` is what stands at ``target``: nothing, the same bytes, or others, which are to be replaced.
    """

    what: str
    source: str
    target: str
    size: int
    state: State
    content: Callable[[], AbstractContextManager[IO[bytes]]] = field(repr=False, compare=False)
    stamp: str | None = field(repr=False, compare=False)

    @property
    def needed(self) -> bool:
        """Whether there is anything to put."""
        return self.state != "same"

    def put(self) -> None:
        """Put it there, unless somebody else put something there since it was planned (InputError)."""
        if self.needed:
            with self.content() as source, open_output(self.target, unchanged=self.stamp) as file:
                shutil.copyfileobj(source, file, _CHUNK)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "what": self.what,
            "from": self.source,
            "to": self.target,
            "bytes": self.size,
            "state": self.state,
        }

    def __str__(self) -> str:
        remark = {"new": "", "same": ", which is there already", "replaces another": ", in place of another"}
        return f"{self.what} ({self.size:,} bytes) to {self.target}{remark[self.state]}"


def planned_upload(what: str, source: str, target: str, data: bytes | None, *, overwrite: bool) -> Upload:
    """The upload of ``data``, or else of the file at ``source``, to ``target``. Reads both sides, writes nothing.

    InputError if something else is there and may not be overwritten.
    """

    def content() -> AbstractContextManager[IO[bytes]]:
        return open_input(source) if data is None else io.BytesIO(data)

    state: State = "new"
    size, digest = _digest(content())
    found = stamp(target)
    if found is not None:
        state = "same" if _digest(open_input(target)) == (size, digest) else "replaces another"
    if state == "replaces another" and not overwrite:
        raise InputError(f"holds something else than {source}; replace it with --overwrite", source=target)
    return Upload(what, source, target, size, state, content, found)


def _digest(opened: AbstractContextManager[IO[bytes]]) -> tuple[int, bytes]:
    """How many bytes, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    with opened as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            digest.update(chunk)
    return size, digest.digest()
