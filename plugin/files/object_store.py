"""The half of ``storage`` for ``s3://bucket/key``. Objects go through obstore, which is fast, and listings through
boto3, which gives keys as they are.
"""

from __future__ import annotations

import io
import mmap
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Literal

from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

from ...label_configs.errors import InputError
from .s3_clients import GIVE_UP_SECONDS, REQUEST_SECONDS, s3
from .s3_errors import is_broken_connection, s3_errors
from .s3_places import Place, file_place, folder_place, is_nameable

if TYPE_CHECKING:
    from obstore import PutMode
    from obstore.store import S3Store

__all__ = [
    "create",
    "exists",
    "is_folder",
    "list_files",
    "open_input",
    "open_output",
    "read",
    "reader",
    "remove",
    "stamp",
    "write",
]

# One read, or one part of an upload: the most that has to come through within REQUEST_SECONDS.
_CHUNK = 8 * 2**20
_UPLOADS_AT_ONCE = 4
_SLOWEST_BYTES_PER_SECOND = 128 * 1024
# Metadata that tell a write of ours from one of somebody else, where S3's reply was lost.
_MARK = "gtbridge-write"
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 10


def _store(place: Place) -> S3Store:
    with s3_errors(place.path):
        return s3().store(place.bucket)


def read(path: str) -> bytes:
    """All of the object, in one request; a body that breaks off is continued where it did."""
    return reader()(path)


def reader() -> Callable[[str], bytes]:
    """``read`` for many objects: asks for the clients once a bucket, by the options and settings of that moment."""
    stores: dict[str, S3Store] = {}

    def read_one(path: str) -> bytes:
        place = file_place(path)
        with s3_errors(path):
            store = stores.get(place.bucket)
            if store is None:
                store = stores[place.bucket] = s3().store(place.bucket)
            return bytes(store.get(place.key).bytes())

    return read_one


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """The object to read, some MB at a time. InputError if it is replaced meanwhile: nobody reads halves of two."""
    place = file_place(path)
    store = _store(place)
    with s3_errors(path):
        try:
            found = store.head(place.key)
        except (BaseError, FileNotFoundError):
            found = store.get(place.key).meta  # The reply to a HEAD has no body, so it cannot say why.
    with io.BufferedReader(_Object(place, store, found["size"], found["e_tag"]), _CHUNK) as file:
        yield file


class _Object(io.RawIOBase):
    """One version of an object, as a file. Each read is a request of its own, so that none lasts long."""

    def __init__(self, place: Place, store: S3Store, size: int, tag: str | None) -> None:
        self._place, self._store, self._size, self._tag = place, store, size, tag
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._get(len(view))
        view[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        return bytes(self._get(self._size - self._at))

    def _get(self, most: int) -> memoryview:
        end = min(self._at + most, self._size)
        if end <= self._at:
            return memoryview(b"")
        with s3_errors(self._place.path):
            try:
                reply = self._store.get(self._place.key, options={"range": (self._at, end), "if_match": self._tag})
                data = memoryview(reply.bytes())
            except PreconditionError:
                raise InputError("was replaced while it was read; run again", source=self._place.path) from None
        self._at += len(data)
        return data


def write(path: str, data: bytes) -> None:
    """Put ``data`` as the whole object."""
    place = file_place(path)
    with s3_errors(path):
        _store(place).put(place.key, data, use_multipart=False)


@contextmanager
def open_output(path: str, unchanged: str | Literal[False] | None, private: bool = False) -> Iterator[IO[bytes]]:
    """A file on disk that is put once it is whole, in several parts if it is big."""
    place = file_place(path)
    store = _store(place)  # Before all the work is done: whoever is not let in need not begin.
    with TemporaryFile() as file:
        try:
            yield file
            file.flush()
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", source=path) from None
        size = file.seek(0, io.SEEK_END)
        if unchanged is False:
            file.seek(0)
            with s3_errors(path):
                store.put(place.key, file, chunk_size=_CHUNK, max_concurrency=_UPLOADS_AT_ONCE)
            return
        if size > _CHUNK:
            # Conditions and several parts do not go together.
            store = s3().patient_store(place.bucket, REQUEST_SECONDS + size / _SLOWEST_BYTES_PER_SECOND)
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        if not _put_if(place, store, data, "create" if unchanged is None else {"e_tag": unchanged}):
            raise InputError("was replaced by another file meanwhile; run again", source=path)


def create(path: str, data: bytes) -> bool:
    """Put ``data`` as a new object if there is none; says whether it did."""
    place = file_place(path)
    return _put_if(place, _store(place), data, "create")


def _put_if(place: Place, store: S3Store, data: Any, condition: PutMode) -> bool:
    """Put ``data`` if the condition holds; says whether it did.

    Obstore does not repeat such a request after a lost connection, since S3 would refuse what it may have done itself.
    """
    mark = secrets.token_hex(8)
    end = time.monotonic() + GIVE_UP_SECONDS
    tried = 0
    while True:
        tried += 1
        with s3_errors(place.path):
            try:
                store.put(place.key, data, mode=condition, attributes={_MARK: mark}, use_multipart=False)
                return True
            except (AlreadyExistsError, PreconditionError):
                try:
                    return store.get(place.key, options={"head": True}).attributes.get(_MARK) == mark
                except FileNotFoundError:
                    # It was removed, or a write that was under way came to nothing.
                    if condition != "create":
                        return False
                if tried == s3().attempts:
                    raise
            except BaseError as error:
                if not is_broken_connection(error) or tried == s3().attempts or time.monotonic() > end:
                    raise
        time.sleep(min(_PAUSE_SECONDS * 2**tried, _LONGEST_PAUSE_SECONDS))


def remove(path: str) -> None:
    """Delete the object."""
    place = file_place(path)
    with s3_errors(path), suppress(FileNotFoundError):
        _store(place).delete(place.key)


def exists(path: str) -> bool:
    """Whether there is an object of this name."""
    place = folder_place(path)
    return bool(place.key) and not path.endswith("/") and stamp(path) is not None


def stamp(path: str) -> str | None:
    """The object's entity tag; None if there is no object."""
    place = file_place(path)
    with s3_errors(path):
        try:
            return _store(place).head(place.key)["e_tag"] or ""
        except FileNotFoundError:
            return None


def is_folder(path: str) -> bool:
    """Whether anything lies beneath it."""
    place = folder_place(path)
    with s3_errors(path):
        reply = s3().client.list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1, **s3().request_payer)
    return bool(reply.get("Contents"))


def list_files(folder: str) -> Iterator[str]:
    """What lies beneath it, all pages, sorted; without what consoles put there so that a folder shows."""
    place = folder_place(folder)
    with s3_errors(folder):
        pages = s3().client.get_paginator("list_objects_v2")
        replies = pages.paginate(Bucket=place.bucket, Prefix=place.key, **s3().request_payer)
        keys = [found["Key"] for reply in replies for found in reply.get("Contents", ())]
    names = (key.removeprefix(place.key) for key in keys)
    yield from sorted(filter(is_nameable, names))
