"""``s3://bucket/key`` taken apart, and refused where it names nothing. Asks no server.

Keys with an empty part, a part ``.`` or ``..`` or a control character have no path here: many tools and file systems
take them for other keys, and obstore cannot ask for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...label_configs.errors import InputError

__all__ = ["SCHEME", "Place", "file_place", "folder_place", "is_nameable"]

SCHEME = "s3://"

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
_UNNAMEABLE = re.compile(r"(^|/)\.{0,2}(/|$)|[\x00-\x1f\x7f]")
_KEY_BYTES = 1024


@dataclass(frozen=True)
class Place:
    """A bucket and a key in it; of a folder, ``key`` is what the keys of all that lies in it begin with."""

    path: str
    bucket: str
    key: str


def file_place(path: str) -> Place:
    """Where the file at ``path`` is. InputError if no file can be there."""
    place = _place(path, path.removeprefix(SCHEME).removesuffix("/"))
    if not place.key:
        raise InputError("names a bucket, not a file in it", source=path)
    if path.endswith("/"):
        raise InputError("names a folder, not a file", source=path)
    return place


def folder_place(path: str) -> Place:
    """Where the files of a folder are, or of a whole bucket. InputError if no file can be there."""
    place = _place(path, path.removeprefix(SCHEME).removesuffix("/"))
    return replace(place, key=f"{place.key}/" if place.key else "")


def is_nameable(key: str) -> bool:
    """Whether a file of this key can be named by a path."""
    return not _UNNAMEABLE.search(key)


def _place(path: str, address: str) -> Place:
    bucket, _, key = address.partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise InputError("is no address in S3, which would be s3://bucket/key", source=repr(path))
    if key and not is_nameable(key):
        raise InputError("has an empty part, a part . or .. or a control character in its key", source=repr(path))
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise InputError("is not Unicode, as keys in S3 have to be", source=repr(path)) from None
    if size > _KEY_BYTES:
        raise InputError(f"has a key of more than {_KEY_BYTES:,} bytes", source=path)
    return Place(path, bucket, key)
