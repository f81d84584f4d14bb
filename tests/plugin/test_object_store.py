"""Files in S3, against a real server: what is written is read, listed and told apart, whatever its name and size."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fault_proxy import fault_proxy
from seaweedfs import BUCKET, ObjectServer

from gtbridge.label_configs.errors import GtbridgeError, InputError, MissingError
from gtbridge.plugin.files.aws import s3_options
from gtbridge.plugin.files.side_by_side import side_by_side
from gtbridge.plugin.storage import (
    create_bytes,
    exists,
    is_folder,
    join,
    list_files,
    open_input,
    open_output,
    read_bytes,
    read_each,
    read_text,
    stamp,
    write_bytes,
)

MEGABYTES = 2**20
KEYS = [
    "annotations/worker-response/iteration-1/0/2025-06-20_18:59:58.json",
    *("a b", " leading", "trailing ", "\u00e4", "a\u0308", "日本語", "🙂", "%41", "100%", "a+b", "a?b", "a#b", "a&b=c"),
    *("quote'", 'double"', "[x]", "{x}", "<x>", "a|b", "^", "`", "~", "*", "$x", "a;b", "a,b"),
    *("...", ".hidden", "a..b"),
]
NO_BUCKET = re.escape("s3://no-such-bucket/x: there is no such bucket")


@pytest.fixture
def big(bucket: str) -> tuple[str, bytes]:
    """An object that takes several requests in either direction."""
    content = b"".join(bytes([number]) * MEGABYTES for number in range(20))
    with open_output(f"{bucket}/big") as file:
        for start in range(0, len(content), MEGABYTES):
            file.write(content[start : start + MEGABYTES])
    return f"{bucket}/big", content


def test_any_name_that_a_path_can_have_is_written_read_and_listed_as_it_is(bucket: str, objects: ObjectServer) -> None:
    for key in KEYS:
        write_bytes(join(bucket, key), key.encode())
    assert [read_text(join(bucket, key)) for key in KEYS] == KEYS
    assert list(list_files(bucket)) == sorted(KEYS)
    prefix = bucket.partition(f"{BUCKET}/")[2]
    for key in KEYS:
        assert objects.client().get_object(Bucket=BUCKET, Key=f"{prefix}/{key}")["Body"].read() == key.encode()


def test_a_folder_is_what_lies_beneath_its_name_and_not_what_begins_like_it(bucket: str) -> None:
    for name in ("job/a/b", "job/c", "job-2/d"):
        write_bytes(join(bucket, name), b"")
    assert list(list_files(f"{bucket}/job")) == list(list_files(f"{bucket}/job/")) == ["a/b", "c"]
    assert [is_folder(f"{bucket}/{name}") for name in ("job", "job/", "job/a", "jo", "job/c")] == [1, 1, 1, 0, 0]
    assert [exists(f"{bucket}/{name}") for name in ("job/c", "job", "job/", "none")] == [1, 0, 0, 0]
    assert is_folder(f"s3://{BUCKET}")
    assert not exists(f"s3://{BUCKET}")
    assert list(list_files(f"{bucket}/none")) == []


def test_a_folder_that_a_console_has_made_is_no_file(bucket: str, objects: ObjectServer) -> None:
    prefix = bucket.partition(f"{BUCKET}/")[2]
    objects.client().put_object(Bucket=BUCKET, Key=f"{prefix}/job/empty/")
    write_bytes(f"{bucket}/job/file", b"")
    assert list(list_files(f"{bucket}/job")) == ["file"]


def test_all_pages_of_a_listing_are_read(bucket: str) -> None:
    names = [f"{number:04}" for number in range(1001)]
    list(side_by_side(lambda name: write_bytes(f"{bucket}/{name}", b""), names))
    assert list(list_files(bucket)) == names


def test_what_is_not_there_is_missing_by_its_own_name(bucket: str) -> None:
    for read in (read_bytes, lambda path: open_input(path).__enter__()):
        with pytest.raises(MissingError) as caught:
            read(f"{bucket}/none")
        assert str(caught.value) == f"{bucket}/none: no such file"
        with pytest.raises(MissingError, match=NO_BUCKET):
            read("s3://no-such-bucket/x")
    for use in (is_folder, lambda path: list(list_files(path)), lambda path: write_bytes(path, b"")):
        with pytest.raises(MissingError, match=NO_BUCKET):
            use("s3://no-such-bucket/x")
    assert stamp(f"{bucket}/none") is None


def test_a_big_object_comes_and_goes_in_parts(bucket: str, objects: ObjectServer, big: tuple[str, bytes]) -> None:
    path, content = big
    with fault_proxy(objects.url) as proxy, s3_options(endpoint_url=proxy.url):
        digest = hashlib.sha256()
        with open_input(path) as file:
            while chunk := file.read(10_000):
                digest.update(chunk)
        with open_output(f"{bucket}/copy") as copy:
            copy.write(content)
    assert digest.digest() == hashlib.sha256(content).digest()
    assert read_bytes(f"{bucket}/copy") == content
    ranges = [request.headers["range"] for request in proxy.requests if request.method == "GET"]
    assert ranges == ["bytes=0-8388607", "bytes=8388608-16777215", "bytes=16777216-20971519"]
    parts = [int(request.headers["content-length"]) for request in proxy.requests if request.method == "PUT"]
    assert sorted(parts) == [4 * MEGABYTES, 8 * MEGABYTES, 8 * MEGABYTES]


def test_an_object_is_read_from_any_place_as_a_file_is(bucket: str, big: tuple[str, bytes]) -> None:
    path, content = big
    twin = io.BytesIO(content)
    with open_input(path) as file:
        steps = [(0, 9 * MEGABYTES, 3), (1, -5, 9), (2, -3, 9), (0, 5, -1), (0, 10**9, 1), (0, 0, 1)]
        for whence, offset, size in steps:
            assert file.seek(offset, whence) == twin.seek(offset, whence)
            assert file.read(size) == twin.read(size)
            assert file.tell() == twin.tell()


def test_lines_and_parquet_are_read_from_an_object(bucket: str) -> None:
    write_bytes(f"{bucket}/lines", b"one\r\ntwo\n\nlast")
    with open_input(f"{bucket}/lines") as file:
        assert list(file) == [b"one\r\n", b"two\n", b"\n", b"last"]
    write_bytes(f"{bucket}/empty", b"")
    with open_input(f"{bucket}/empty") as file:
        assert (file.read(), list(file)) == (b"", [])
    table = pa.table({"source": [f"passage {number}" for number in range(1000)]})
    with open_output(f"{bucket}/table.parquet") as file:
        pq.write_table(table, file)  # type: ignore[no-untyped-call]
    with open_input(f"{bucket}/table.parquet") as file:
        assert pq.read_table(file) == table  # type: ignore[no-untyped-call]


def test_an_object_that_is_replaced_while_it_is_read_is_an_error_not_halves_of_two(big: tuple[str, bytes]) -> None:
    path, content = big
    with open_input(path) as file:
        assert file.read(5) == content[:5]
        write_bytes(path, b"x" * len(content))
        with pytest.raises(InputError) as caught:
            file.read()
    assert str(caught.value) == f"{path}: was replaced while it was read; run again"


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt(), InputError("bad line")])
def test_what_is_left_with_an_error_is_never_put(bucket: str, error: BaseException) -> None:
    write_bytes(f"{bucket}/older", b"older")
    for name in ("older", "new"):
        with pytest.raises(type(error)) as caught, open_output(f"{bucket}/{name}") as file:
            file.write(b"half")
            raise error
        assert caught.value is error
    assert list(list_files(bucket)) == ["older"]
    assert read_bytes(f"{bucket}/older") == b"older"


def test_many_files_come_in_order_with_the_error_in_the_place_of_what_cannot_be_had(
    bucket: str, tmp_path: Path
) -> None:
    local = tmp_path / "local"
    local.write_bytes(b"local")
    for number in range(40):
        assert create_bytes(f"{bucket}/{number}", str(number).encode())
    paths = [f"{bucket}/{number}" for number in range(40)]
    paths[7], paths[11], paths[13] = f"{bucket}/none", str(local), f"{bucket}//x"
    found = list(read_each(paths))
    assert [str(one) for one in found if isinstance(one, GtbridgeError)] == [
        f"{bucket}/none: no such file",
        f"'{bucket}//x': has an empty part, a part . or .. or a control character in its key",
    ]
    assert isinstance(found[7], MissingError)
    assert isinstance(found[13], InputError)
    assert found[11] == b"local"
    others = [number for number in range(40) if number not in (7, 11, 13)]
    assert [found[number] for number in others] == [str(number).encode() for number in others]


def test_many_files_are_asked_for_a_few_ahead_only(bucket: str) -> None:
    write_bytes(f"{bucket}/file", b"x")
    numbers = count()

    def endless() -> Iterator[str]:
        while True:
            next(numbers)
            yield f"{bucket}/file"

    coming = read_each(endless())
    assert [next(coming) for _ in range(10)] == [b"x"] * 10
    coming.close()  # type: ignore[attr-defined]
    assert next(numbers) < 100
