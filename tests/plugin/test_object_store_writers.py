"""Several writers at once in S3, against a real server: one of them wins, and the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from seaweedfs import BUCKET, ObjectServer

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.storage import create_bytes, list_files, open_output, read_bytes, stamp, write_bytes

WRITERS = 8


def test_of_several_that_create_a_file_at_once_one_has_made_it(bucket: str) -> None:
    together = Barrier(WRITERS)

    def create(writer: int, path: str) -> bool:
        together.wait()
        return create_bytes(path, f"by {writer}".encode())

    with ThreadPoolExecutor(WRITERS) as pool:
        for attempt in range(3):
            path = f"{bucket}/{attempt}"
            made = list(pool.map(create, range(WRITERS), [path] * WRITERS))
            assert sum(made) == 1
            assert read_bytes(path) == f"by {made.index(True)}".encode()


@pytest.mark.parametrize("older", [b"older", None])
@pytest.mark.parametrize("size", [1, 9 * 2**20], ids=["small", "big"])
def test_of_several_that_replace_what_they_have_seen_one_succeeds(bucket: str, older: bytes | None, size: int) -> None:
    path, together = f"{bucket}/file", Barrier(2)
    if older is not None:
        write_bytes(path, older)
    seen = stamp(path)

    def replace(writer: int) -> str:
        try:
            with open_output(path, unchanged=seen) as file:
                file.write(bytes([writer]) * size)
                together.wait()
        except InputError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(replace, range(2)))
    assert sorted(said) == ["", f"{path}: was replaced by another file meanwhile; run again"]
    assert read_bytes(path) == bytes([said.index("")]) * size


def test_a_file_that_was_removed_is_not_what_was_seen(bucket: str, objects: ObjectServer) -> None:
    write_bytes(f"{bucket}/file", b"older")
    seen = stamp(f"{bucket}/file")
    assert seen == stamp(f"{bucket}/file")
    key = bucket.partition(f"{BUCKET}/")[2] + "/file"
    objects.client().delete_object(Bucket=BUCKET, Key=key)
    with pytest.raises(InputError, match="replaced"), open_output(f"{bucket}/file", unchanged=seen):
        pass
    assert list(list_files(bucket)) == []


def test_an_empty_file_is_written_and_replaced_like_any_other(bucket: str) -> None:
    path = f"{bucket}/file"
    with ExitStack() as stack:
        stack.enter_context(open_output(path))
    with open_output(path, unchanged=stamp(path)) as file:
        file.write(b"")
    assert read_bytes(path) == b""
    assert not create_bytes(path, b"")


def test_who_is_not_let_in_is_told_before_any_work_is_done(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(ServerError, match="no AWS credentials were found"):
        open_output(f"{bucket}/file").__enter__()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    with pytest.raises(ServerError, match=r"S3 denies access \(403 InvalidAccessKeyId\)"):
        write_bytes(f"{bucket}/file", b"")
