"""Objects that begin alike are found several at once: the same ones as one by one, and never a part of one."""

from __future__ import annotations

import io
import json
import random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.formats import json_stream
from gtbridge.converters.formats.json_alike import AlikeObjects
from gtbridge.converters.formats.json_stream import JsonRecord, read_json_records
from gtbridge.label_configs.errors import InputError

inner = st.recursive(
    st.none() | st.integers() | text | st.sampled_from(['{"id": 1, "b": 2}', '}, {"id": 1', "\\", "]}]"]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["id", "b", "c"]), values),
    max_leaves=6,
)
alike = st.fixed_dictionaries({"id": st.integers() | text, "b": inner}, optional={"c": inner})
others = inner | st.fixed_dictionaries({"id": inner, "c": inner})


def lengths(first: str, following: str) -> list[int]:
    return AlikeObjects(first.encode()).lengths(bytearray(following.encode()), 0)


def one_by_one(data: bytes) -> list[JsonRecord] | str:
    with patch.object(AlikeObjects, "lengths", lambda *_: []):
        return as_read(data)


def as_read(data: bytes) -> list[JsonRecord] | str:
    try:
        return list(read_json_records(io.BytesIO(data), "in.json"))
    except InputError as error:
        return str(error)


@given(alike, st.lists(alike | others, max_size=8), st.sampled_from([None, 1]), st.booleans())
def test_records_are_those_that_are_found_one_by_one(
    first: Any, rest: list[Any], indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps([first, *rest], indent=indent, ensure_ascii=ascii_only).encode()
    assert as_read(data) == one_by_one(data)


@given(alike, st.lists(alike, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_what_is_damaged_is_refused_as_it_is_one_by_one(first: Any, rest: list[Any], chance: random.Random) -> None:
    data = bytearray(json.dumps([first, *rest]).encode())
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] = chance.choice(b'"\\{}[],: 1x\xff')
    assert as_read(bytes(data)) == one_by_one(bytes(data))


def test_those_that_lie_whole_in_the_buffer_are_found_at_once() -> None:
    following = '{"id": 2, "b": [{"id": 3}]} , {"id": "x", "b": "}, {"},{ "id" : null, "b": 1'
    assert lengths('{"id": 1, "b": []}', following) == [27, 24]


@pytest.mark.parametrize("first", ["{}", "[]", "1", '"a"'])
def test_nothing_is_found_after_what_has_no_keys(first: str) -> None:
    assert lengths(first, '{"id": 2, "b": 1}, {"id": 3, "b": 1}') == []


def test_the_first_key_has_to_do_if_its_value_holds_others() -> None:
    assert lengths('{"id": {"b": 1}, "c": 1}', '{"id": 2}, {"id": 3}') == [9]


def test_an_object_within_that_begins_likewise_ends_the_search() -> None:
    found = AlikeObjects(b'{"id": 1, "b": []}')
    within = b'{"id": 2, "b": [{"id": 3, "b": 1}, {"id": 4, "b": 1}'
    assert found.lengths(bytearray(within), 0) == []
    assert found.lengths(bytearray(b'{"id": 2, "b": 1}, {"id": 3, "b": 1}'), 0) == []


def test_objects_that_begin_otherwise_are_not_sought_again_and_again() -> None:
    data = json.dumps([{"id": 1, "b": 1}, *({"c": number} for number in range(100_000))]).encode()
    with patch.object(AlikeObjects, "lengths", autospec=True, side_effect=AlikeObjects.lengths) as looked:
        assert sum(1 for _ in read_json_records(io.BytesIO(data), "in.json")) == 100_001
    assert 1 <= looked.call_count <= len(data) // json_stream._CHUNK + 2
