"""Addresses in S3 that name nothing: refused before any server is asked."""

from __future__ import annotations

import pytest

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.storage import (
    create_bytes,
    exists,
    is_folder,
    list_files,
    open_input,
    open_output,
    read_bytes,
    stamp,
    write_bytes,
)

USES = {
    "read": read_bytes,
    "open for reading": lambda path: open_input(path).__enter__(),
    "write": lambda path: write_bytes(path, b""),
    "open for writing": lambda path: open_output(path).__enter__(),
    "create": lambda path: create_bytes(path, b""),
    "stamp": stamp,
    "exists": exists,
    "is a folder": is_folder,
    "list": lambda path: list(list_files(path)),
}
NO_ADDRESS = "is no address in S3, which would be s3://bucket/key"
ODD_PART = "has an empty part, a part . or .. or a control character in its key"


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("s3://", NO_ADDRESS),
        ("s3:///key", NO_ADDRESS),
        ("s3://b/key", NO_ADDRESS),
        ("s3://my bucket/key", NO_ADDRESS),
        ("s3://user:password@bucket/key", NO_ADDRESS),
        ("s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/x/key", NO_ADDRESS),
        ("s3://bucket//key", ODD_PART),
        ("s3://bucket/a//b", ODD_PART),
        ("s3://bucket/a//", ODD_PART),
        ("s3://bucket/..", ODD_PART),
        ("s3://bucket/a/../b", ODD_PART),
        ("s3://bucket/./a", ODD_PART),
        ("s3://bucket/a\nb", ODD_PART),
        ("s3://bucket/a\x7fb", ODD_PART),
        ("s3://bucket/\udc80", "is not Unicode, as keys in S3 have to be"),
        ("s3://bucket/" + "é" * 513, "has a key of more than 1,024 bytes"),
    ],
    ids=ascii,
)
def test_an_address_that_names_nothing_is_refused_with_the_reason(use: object, path: str, reason: str) -> None:
    assert callable(use)
    with pytest.raises(InputError) as caught:
        use(path)
    assert str(caught.value) in (f"{path!r}: {reason}", f"{path}: {reason}")


@pytest.mark.parametrize("use", [use for name, use in USES.items() if name not in ("exists", "is a folder", "list")])
def test_a_folder_and_a_bucket_are_no_files(use: object) -> None:
    assert callable(use)
    with pytest.raises(InputError, match="s3://bucket/folder/: names a folder, not a file"):
        use("s3://bucket/folder/")
    for bucket in ("s3://bucket", "s3://bucket/"):
        with pytest.raises(InputError, match=f"{bucket}: names a bucket, not a file in it"):
            use(bucket)
