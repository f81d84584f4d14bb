"""The thread that writes row groups while the next rows are made."""

from __future__ import annotations

import io
from threading import Event, get_ident
from typing import Any

import pytest
from job_items import build_in_memory, options, ranking_job

from gtbridge.converters.datasets import parquet, writers
from gtbridge.converters.datasets.background import Background
from gtbridge.converters.datasets.build import build
from gtbridge.converters.ledger import Ledger


class _Full(io.BytesIO):
    """A file on a full disk. Parquet begins a file with four bytes, which still fit."""

    def write(self, data: Any) -> int:
        if self.tell() > 3:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_work_is_done_in_order_in_another_thread_a_piece_at_a_time() -> None:
    done: list[int] = []
    first_may_end, second_began = Event(), Event()

    def first() -> None:
        first_may_end.wait()
        done.append(get_ident())

    with Background() as background:
        background.begin(first)
        assert done == []
        first_may_end.set()
        background.begin(second_began.set)
        assert done != [get_ident()] and len(done) == 1
        background.wait()
        assert second_began.is_set()


def test_an_error_is_raised_once_by_whoever_comes_next() -> None:
    with Background() as background:
        background.begin(lambda: [][0])
        with pytest.raises(IndexError):
            background.begin(lambda: None)
        background.wait()
        background.begin(lambda: [][0])
        background.idle()
        with pytest.raises(IndexError):
            background.wait()
        background.wait()


@pytest.mark.parametrize("group", [1, 2**30])
def test_a_file_that_cannot_be_written_ends_the_build_with_its_error(
    group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROW_GROUP_BYTES", group)
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 2)
    made: list[int] = []

    def items() -> Any:
        for item in ranking_job(30):
            made.append(item.item.index)
            yield item

    with pytest.raises(OSError, match="No space left"):
        build(items(), ["Help"], options(), lambda *_: _Full(), Ledger())
    assert (len(made) < 30) is (group == 1)


def test_an_error_among_the_items_is_raised_as_it_is_while_rows_are_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 2)
    monkeypatch.setattr(writers, "_HELD_BYTES", 1)
    files: list[io.BytesIO] = []

    def items() -> Any:
        yield from ranking_job(9)
        raise RuntimeError("the next item is damaged")

    def open_shard(*_: Any) -> Any:
        files.append(io.BytesIO())
        return files[-1]

    with pytest.raises(RuntimeError, match="the next item is damaged"):
        build(items(), ["Help"], options(), open_shard, Ledger())
    assert files and all(file.closed for file in files)


def test_files_do_not_depend_on_how_fast_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 2)
    monkeypatch.setattr(writers, "_HELD_BYTES", 2_000)
    monkeypatch.setattr(parquet, "_ROW_GROUP_BYTES", 1_500)
    chosen = options(configs=("preference", "ranking"))
    beside = build_in_memory(ranking_job(20), ["Help"], chosen)[3]
    monkeypatch.setattr(Background, "begin", lambda self, work: work())
    assert build_in_memory(ranking_job(20), ["Help"], chosen)[3] == beside
