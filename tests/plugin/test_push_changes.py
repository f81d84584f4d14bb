"""Which rows a push changes, and what the changelog says of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pushed_datasets import TODAY, row
from pyarrow import parquet

from gtbridge.plugin.hub.changelog import changelog_line, with_line
from gtbridge.plugin.hub.row_changes import RowChanges, Rows, compare_rows, count_rows, join_rows, read_rows


def table(rows: list[dict[str, Any]], *names: str) -> io.BytesIO:
    file, write = io.BytesIO(), parquet.write_table
    made = pa.Table.from_pylist(rows)
    write(made.select(names) if names else made, file, row_group_size=2)  # type: ignore[no-untyped-call]
    return io.BytesIO(file.getvalue())


def rows_of(texts: Mapping[Any, str], split: str = "train") -> Rows:
    made = [{"id": str(number), "text": text} for number, text in texts.items()]
    return read_rows(table(made), split) if made else join_rows([])


def test_rows_are_added_removed_and_changed_by_their_ids() -> None:
    before = rows_of({1: "a", 2: "b", 3: "c", 4: "d"})
    after = rows_of({4: "d", 5: "e", 2: "B", 6: "f", 1: "a"})
    assert compare_rows(before, after) == RowChanges(4, 5, added=2, removed=1, changed=1)


def test_a_row_in_another_split_is_a_changed_one_and_in_another_shard_the_same() -> None:
    before = join_rows([rows_of({1: "a"}), rows_of({2: "b"}, "test")])
    assert compare_rows(before, join_rows([rows_of({2: "b"}, "test"), rows_of({1: "a"})])).changed == 0
    assert compare_rows(before, rows_of({1: "a", 2: "b"})) == RowChanges(2, 2, 0, 0, changed=1)


def test_the_order_of_columns_says_nothing_and_each_value_says_something() -> None:
    first = [row(1, models=["m", None])]
    same = read_rows(table(first, "metadata", "chosen", "prompt"), "train")
    assert compare_rows(read_rows(table(first), "train"), same).changed == 0
    for other in (row(1, models=["m", ""]), row(1, "else", models=["m", None]), row(1, models=["m", None], more=1)):
        assert compare_rows(same, read_rows(table([other]), "train")) == RowChanges(1, 1, 0, 0, changed=1)


def test_ids_in_metadata_count_first() -> None:
    before, after = [{"id": "same", "metadata": {"id": "a"}}], [{"id": "same", "metadata": {"id": "b"}}]
    changes = compare_rows(read_rows(table(before), "train"), read_rows(table(after), "train"))
    assert changes == RowChanges(1, 1, added=1, removed=1, changed=0)


@pytest.mark.parametrize("rows", [[{"text": "a"}], [{"id": None, "text": "a"}], [{"metadata": {"n": 1}, "id": "a"}]])
def test_rows_without_ids_are_counted(rows: list[dict[str, Any]]) -> None:
    found = compare_rows(rows_of({1: "a", 2: "b"}), join_rows([rows_of({1: "a"}), read_rows(table(rows), "train")]))
    assert found == RowChanges(2, 2, None, None, None)


def test_rows_that_nothing_becomes_of_are_counted_on_both_sides() -> None:
    assert compare_rows(rows_of({1: "a"}), rows_of({1: "b"})).with_others(5) == RowChanges(6, 6, 0, 0, 1)


def test_the_footer_says_how_many_rows_there_are() -> None:
    assert count_rows(table([{"id": "1"}] * 7)) == 7


def counted(before: dict[str, list[str]], after: dict[str, list[str]]) -> tuple[int, int, int]:
    """Added, removed, changed: by the definition, row by row."""
    added = removed = changed = 0
    for key in before.keys() | after.keys():
        old, new = list(before.get(key, [])), list(after.get(key, []))
        for text in list(old):
            if text in new:
                old.remove(text)
                new.remove(text)
        pairs = min(len(old), len(new))
        added, removed, changed = added + len(new) - pairs, removed + len(old) - pairs, changed + pairs
    return added, removed, changed


_SIDE = st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from("xyz"), max_size=4), max_size=4)


@given(_SIDE, _SIDE)
def test_changes_are_as_counting_row_by_row_gives_them_also_where_ids_are_shared(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    sides = []
    for side in (before, after):
        rows = [{"id": key, "text": text} for key, texts in side.items() for text in texts]
        sides.append(read_rows(table(rows), "train") if rows else join_rows([]))
    assert astuple(compare_rows(*sides))[2:] == counted(before, after)


def test_the_line_says_what_became_of_each_config() -> None:
    changes = {
        "new": RowChanges(0, 1200, 1200, 0, 0),
        "preference": RowChanges(10, 14, 5, 1, 2),
        "sft": RowChanges(2, 2, 0, 0, 1),
        "old": RowChanges(1, 0, 0, 1, 0),
        "moved": RowChanges(3, 3, 0, 0, 0),
        "unknown": RowChanges(3, 4, None, None, None),
    }
    assert changelog_line(TODAY, "v2", changes) == (
        "2026-11-23 (v2): new: 1,200 rows added; preference: 5 rows added, 1 removed, 2 changed; sft: 1 row changed; "
        "old: taken out, with 1 row; moved: the same rows in other files; unknown: 3 rows before, 4 now"
    )
    assert changelog_line(TODAY, None, {}) == "2026-11-23: the card alone"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "# Changelog\n\n- new\n"),
        ("# Changelog\n\n- old\n- older\n", "# Changelog\n\n- new\n- old\n- older\n"),
        ("# Changelog of mine\n\nSince 2020.\n", "# Changelog of mine\n\n- new\n\nSince 2020.\n"),
        ("# Changelog", "# Changelog\n\n- new\n"),
        ("Mine\n\n- x\n", "# Changelog\n\n- new\n\nMine\n\n- x\n"),
    ],
)
def test_the_newest_line_comes_first_and_all_others_stay(before: str, after: str) -> None:
    assert with_line(before, "new") == after
