"""Files and folders on disk: whole or untouched, wherever an error or an interruption strikes."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from commands import refusal, snapshot

from gtbridge.label_configs.errors import InputError, MissingError
from gtbridge.plugin.storage import (
    new_directory,
    open_input,
    open_output,
    read_text,
    remove,
    write_bytes,
    write_secret_once,
)


class Interruption(BaseException):
    pass


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file"
    with open_output(target) as file:
        file.write(b"half")
        file.flush()
        assert not target.exists()
    assert snapshot(target.parent) == {"file": b"half"}


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt(), InputError("bad line"), Interruption()])
@pytest.mark.parametrize("older", [b"older", None])
def test_an_interrupted_write_leaves_what_was_there(tmp_path: Path, older: bytes | None, error: BaseException) -> None:
    if older:
        (tmp_path / "file").write_bytes(older)
    with pytest.raises(type(error)) as caught, open_output(tmp_path / "file") as file:
        file.write(b"new")
        raise error
    assert caught.value is error
    assert snapshot(tmp_path) == ({"file": older} if older else {})


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt(), InputError("bad line"), Interruption()])
@pytest.mark.parametrize("older", [b"older", None])
def test_an_interrupted_folder_leaves_what_was_there(tmp_path: Path, older: bytes | None, error: BaseException) -> None:
    if older:
        write_bytes(tmp_path / "folder/file", older)
    before = snapshot(tmp_path)
    with pytest.raises(type(error)) as caught, new_directory(tmp_path / "folder") as new:
        write_bytes(new / "deep/file", b"new")
        raise error
    assert caught.value is error
    assert snapshot(tmp_path) == before


def test_a_folder_replaces_all_that_was_in_the_older_one(tmp_path: Path) -> None:
    write_bytes(tmp_path / "folder/older", b"older")
    with new_directory(tmp_path / "folder") as new:
        write_bytes(new / "newer", b"newer")
        assert (tmp_path / "folder/older").exists()
    assert snapshot(tmp_path) == {"folder": None, "folder/newer": b"newer"}


_TRACED = tuple(f"plugin/{name}.py" for name in ("storage", "files/local_files", "files/unfinished"))


@contextmanager
def interrupted_at_line(number: int) -> Iterator[None]:
    """The so many-th line that the storage modules run inside is interrupted before it does anything."""
    remaining = number

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal remaining
        if not frame.f_code.co_filename.endswith(_TRACED):
            return None
        if event == "line":
            remaining -= 1
            if remaining == 0:
                raise Interruption
        return trace

    tracing = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(tracing)


def _file(tmp_path: Path) -> None:
    write_bytes(tmp_path / "place", b"newer")


def _folder(tmp_path: Path) -> None:
    with new_directory(tmp_path / "place") as new:
        (new / "file").write_bytes(b"newer")


def _secret(tmp_path: Path) -> None:
    write_secret_once(tmp_path / "place", b"newer")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a file that is closed by its end
@pytest.mark.parametrize("write", [_file, _folder, _secret])
@pytest.mark.parametrize("older", [True, False], ids=["replacing", "new"])
def test_an_interruption_at_any_line_leaves_the_older_or_the_newer_and_nothing_else(
    tmp_path: Path, write: Callable[[Path], None], older: bool
) -> None:
    kept = []
    for line in count(1):
        place = tmp_path / str(line)
        write_bytes(place / "place/file" if write is _folder else place / "place", b"older")
        if not older:
            shutil.rmtree(place)
            place.mkdir()
        before = snapshot(place)
        try:
            with interrupted_at_line(line):
                write(place)
        except Interruption:
            after = snapshot(place)
            assert after == before or set(after.values()) - {None} == {b"newer"}, (line, after)
            assert not [name for name in after if name.startswith(".")], (line, after)
            kept.append(after == before)
        else:
            break
    assert len(kept) >= (5 if older and write is _secret else 10)  # where one is there already, it stays
    assert kept[0]


def test_a_secret_is_its_owners_alone_and_the_first_one_stays(tmp_path: Path) -> None:
    key = tmp_path / "new" / "key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_secret_once(key, bytes([number]) * 32), range(8)))
    first = key.read_bytes()
    assert len(first) == 32
    assert len(set(first)) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    write_secret_once(key, b"late")
    assert snapshot(key.parent) == {"key": first}


def test_a_private_file_is_its_owners_alone_whatever_stood_there(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.write_bytes(b"older")
    with open_output(str(place), private=True) as file:
        file.write(b"newer")
    assert (stat.S_IMODE(place.stat().st_mode), place.read_bytes()) == (0o600, b"newer")


def test_what_is_removed_is_gone_and_what_is_not_there_needs_no_removing(tmp_path: Path) -> None:
    (tmp_path / "place").touch()
    for _ in range(2):
        remove(str(tmp_path / "place"))
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="cannot be written"):
        remove(str(tmp_path))


def test_files_and_folders_get_the_permissions_that_the_user_gives_new_ones(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "file", b"")
        with new_directory(tmp_path / "folder"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750


def test_a_device_or_pipe_is_written_to_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        write_bytes(pipe, b"through")
        assert read.result() == b"through"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(InputError, match="full: cannot be written: No space left on device"):
        write_bytes(tmp_path / "full", b"x")


OUTPUTS = {
    "task new": ["task", "new", "text-ranking", "-o"],
    "task render": ["task", "render", "task.yaml", "-o"],
    "task read": ["task", "read", "task.yaml", "-o"],
    "manifest make": ["manifest", "make", "in.jsonl", "-o"],
}


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("folder", "Is a directory"),
        (".", "Is a directory"),
        ("in.jsonl/deeper", "File exists"),
        ("in.jsonl/deeper/still", "Not a directory"),
        ("n" * 300, "File name too long"),
        ("/proc/nowhere/file", "No such file or directory"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], place: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text('{"source": "x"}\n', encoding="utf-8")
    Path("task.yaml").write_text("task: question-answer\n", encoding="utf-8")
    Path("folder").mkdir()
    assert refusal(tmp_path, "--quiet", *command, place) == f"{place}: cannot be written: {reason}"


def test_the_standard_streams_are_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfin")))
    monkeypatch.setattr(sys, "stdout", out)
    write_bytes("-", read_text("-").encode())
    assert out.buffer.read() == b"" and out.buffer.getvalue() == b"in"


def test_a_missing_file_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MissingError), open_input(str(tmp_path / "none")):
        pass
    with pytest.raises(InputError, match="Is a directory"), open_input(str(tmp_path)):
        pass
    with pytest.raises(InputError, match="no file can have this name"), open_input("a\0b"):
        pass
