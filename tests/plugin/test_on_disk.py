"""Values by number in a file: what comes back is what was put there, whatever came in between."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.files.on_disk import OnDisk, Pieces

_ADDED = st.lists(st.tuples(st.integers(0, 5) | st.just(2**63 - 1), st.binary(max_size=9)), max_size=12)


@given(_ADDED)
def test_pieces_stand_under_their_numbers_in_the_order_in_which_they_came(added: list[tuple[int, bytes]]) -> None:
    pieces, known = Pieces(), dict[int, list[bytes]]()
    for number, piece in added:
        pieces.add(number, piece)
        known.setdefault(number, []).append(piece)
        assert pieces.of(number) == known[number]
    assert {number: pieces.of(number) for number in pieces.numbers()} == known
    assert list(pieces.numbers()) == sorted(known)
    assert (len(pieces), pieces.of(4711)) == (len(added), [])


@given(st.dictionaries(st.integers(0, 99), st.text() | st.none(), max_size=9))
def test_a_mapping_on_disk_is_one(values: dict[int, str | None]) -> None:
    found = OnDisk(values.items())
    assert (dict(found), list(found)) == (values, sorted(values))
    assert (100 in found, found.get(100, "none")) == (False, "none")


def test_memory_holds_some_bytes_for_each_value_and_not_the_values() -> None:
    tracemalloc.start()
    found = OnDisk((number, "x" * 2_000) for number in range(3_000))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found[2_999]) == 2_000
    assert held < 2**18 + 120_000  # the buffer of the file, and a little for each of 6 MB


def test_without_room_it_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(InputError, match=r"no room for temporary files \(TMPDIR\)"):
        Pieces()
