"""What a path may be, and which file it was: addresses of other kinds, URLs of local files, stamps."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import snapshot

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.storage import (
    exists,
    is_folder,
    local_path,
    open_output,
    read_bytes,
    stamp,
    write_bytes,
)


@pytest.mark.parametrize(
    "address", ["http://example.com/x", "https://example.com/x", "gs://bucket/x", "hf://datasets/x"]
)
def test_an_address_of_another_kind_is_refused_not_taken_for_a_file_name(address: str) -> None:
    for use in (local_path, read_bytes, exists, is_folder, stamp, lambda path: write_bytes(path, b"")):
        with pytest.raises(InputError) as caught:
            use(address)
        assert (
            str(caught.value) == f"{address}: is neither a local path nor s3://bucket/key; copy it and give that path"
        )


def test_what_can_only_be_local_says_so_of_s3() -> None:
    with pytest.raises(InputError, match="s3://bucket/key: only a local path can be used here"):
        local_path("s3://bucket/key")


def test_a_file_that_was_replaced_since_it_was_stamped_is_not_replaced_again(tmp_path: Path) -> None:
    target = str(tmp_path / "file")
    write_bytes(target, b"older")
    seen = stamp(target)
    write_bytes(target, b"other")
    for late in (seen, None):
        with pytest.raises(InputError, match="file: was replaced by another"), open_output(target, unchanged=late):
            pass
        assert snapshot(tmp_path) == {"file": b"other"}
    with open_output(target, unchanged=stamp(target)) as file:
        file.write(b"newer")
    assert snapshot(tmp_path) == {"file": b"newer"}


def test_a_file_that_was_not_there_is_new_or_refused(tmp_path: Path) -> None:
    target = str(tmp_path / "file")
    assert stamp(target) is None
    with open_output(target, unchanged=None) as file:
        file.write(b"first")
    with pytest.raises(InputError, match="replaced"), open_output(target, unchanged="a file that is gone"):
        pass
    assert snapshot(tmp_path) == {"file": b"first"}


def test_a_file_url_and_a_home_are_local_paths() -> None:
    assert local_path("file:///x/y") == Path("/x/y")
    assert local_path("~/x") == Path.home() / "x"
