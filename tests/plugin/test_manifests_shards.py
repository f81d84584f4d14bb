"""What ``manifest make`` writes: one manifest or several, all of them or none, however much there is."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from commands import refusal
from roads import done, write_lines

from gtbridge.plugin.manifests.manifests import make_manifest

RECORDS = [{"prompt": f"p{number}"} for number in range(5)]
LINES = [f'{{"source":"p{number}"}}' for number in range(5)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_more_objects_than_a_job_takes_become_several_manifests(folder: Path) -> None:
    write_lines(Path("in.jsonl"), RECORDS)
    done("manifest", "make", "in.jsonl", "-o", "out/x.manifest", "--max-objects", "2")
    names = [f"x-0000{number}-of-00003.manifest" for number in (1, 2, 3)]
    assert sorted(path.name for path in Path("out").iterdir()) == names
    texts = [Path("out", name).read_text("utf-8") for name in names]
    assert [len(text.splitlines()) for text in texts] == [2, 2, 1]
    assert "".join(texts).splitlines() == LINES


@pytest.mark.parametrize("most", ["5", "0"])
def test_as_many_objects_as_a_job_takes_are_one_manifest(folder: Path, most: str) -> None:
    write_lines(Path("in.jsonl"), RECORDS)
    done("manifest", "make", "in.jsonl", "-o", "x.manifest", "--max-objects", most)
    assert Path("x.manifest").read_text("utf-8").splitlines() == LINES
    assert not list(folder.glob("x-*"))


def test_of_several_manifests_there_are_all_or_none(folder: Path) -> None:
    write_lines(Path("in.jsonl"), [*RECORDS, {"prompt": 1}])
    refusal(folder, "manifest", "make", "in.jsonl", "-o", "x", "--max-objects", "2")
    write_lines(Path("in.jsonl"), RECORDS)
    Path("x-00003-of-00003").mkdir()
    say = refusal(folder, "manifest", "make", "in.jsonl", "-o", "x", "--max-objects", "2")
    assert say == "x-00003-of-00003: cannot be written: Is a directory"


@pytest.mark.parametrize("place", ["/dev/full", "/nowhere"])
def test_no_room_for_temporary_files_is_one_clear_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    write_lines(Path("in.jsonl"), RECORDS)
    if place == "/dev/full":
        monkeypatch.setattr(tempfile, "TemporaryFile", partial(open, place, "w+b"))
    monkeypatch.setattr(tempfile, "tempdir", place)
    say = refusal(folder, "manifest", "make", "in.jsonl", "-o", "out")
    assert say.startswith(f"{place}: no room for temporary files (TMPDIR): No ")


def test_memory_does_not_grow_with_the_input(folder: Path) -> None:
    def lines() -> Iterator[dict[str, Any]]:
        for number in range(4000):
            yield {"prompt": f"{number} {'x' * 2500}", "responses": ["y" * 2500]}

    size = write_lines(Path("in.jsonl"), lines()).stat().st_size
    tracemalloc.start()
    assert make_manifest(["in.jsonl"], "out").objects == 4000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 2**20 < size / 8
