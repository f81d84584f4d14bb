"""A JSON document read record by record: whatever the pieces it comes in, the same as read whole; and as strict."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from typing import IO, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.formats import json_stream
from gtbridge.converters.formats.json_stream import read_json_records
from gtbridge.label_configs.errors import InputError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | text | st.sampled_from(['"', "\\", '\\"', "[{", "]},"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


class Pieces:
    """A file that gives a few bytes at a time, as a pipe may."""

    def __init__(self, pieces: Iterator[bytes]):
        self.pieces = pieces

    def read(self, size: int) -> bytes:
        return next(self.pieces, b"")


def in_pieces(data: bytes, size: int) -> IO[bytes]:
    return cast(IO[bytes], Pieces(data[at : at + size] for at in range(0, len(data), size)))


def refusal(data: bytes, size: int = 100_000) -> str:
    with pytest.raises(InputError) as caught:
        list(read_json_records(in_pieces(data, size), "in.json"))
    return str(caught.value)


@given(st.lists(values, max_size=4), st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
def test_elements_are_those_of_the_document_read_whole(
    elements: list[Any], size: int, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(elements, indent=indent, ensure_ascii=ascii_only).encode()
    found = list(read_json_records(in_pieces(data, size), "in.json"))
    assert [record.value for record in found] == elements
    assert [json.loads(record.text) for record in found] == elements
    assert [record.path for record in found] == [f"$[{number}]" for number in range(len(elements))]


@pytest.mark.parametrize("size", [5_000, 2**18, 2**22])
def test_elements_of_any_depth_and_length_are_found_whole(size: int) -> None:
    elements: list[Any] = [{"long": 'x\\"{[' * 150_000}]
    for depth in (1, 9, 10, 11, 12, 13, 60):
        nested: Any = {"]": "}"}
        for level in range(depth):
            nested = [nested, "\\"] if level % 2 else {"a": [], "b": nested}
        elements.append(nested)
    data = json.dumps(elements).encode()
    assert [record.value for record in read_json_records(in_pieces(data, size), "in.json")] == elements


def test_an_element_knows_its_line_and_its_exact_spelling() -> None:
    found = list(read_json_records(io.BytesIO(b'[\n {"a": 1.50},\n\n [\n2 ] ]'), "in.json"))
    assert [(record.line, record.text) for record in found] == [(2, '{"a": 1.50}'), (4, "[\n2 ]")]


@pytest.mark.parametrize("size", [1, 100_000])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "in.json:1: not JSON: Expecting value at column 1"),
        (b"\n[1,", "in.json:2: not JSON: Expecting value at column 1"),
        (b"[1,]", "in.json:1: $[1]: not JSON: Expecting value at column 1"),
        (b"[,1]", "in.json:1: $[0]: not JSON: Expecting value at column 1"),
        (b"[1\n2]", "in.json:2: $[0]: not JSON: Extra data at column 1"),
        (b"[{}\n{}]", "in.json:2: not JSON: where a comma or the end of the list should be, there is something else"),
        (b"[{},\n{}", "in.json:2: not JSON: where a comma or the end of the list should be, the file ends"),
        (b"[\n{]}]", "in.json:2: $[0]: not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b"[{}]]", "in.json:1: not JSON: there is more after the end"),
        (b'{"a": 1}\nx', "in.json:2: not JSON: there is more after the end"),
        (
            b'{"a":1}\n{"a":2}',
            "in.json:2: holds one object after another, as JSON Lines do; read it with --format jsonl",
        ),
        (b'"text"', "in.json: $: expected a list of objects, or an object"),
        (b'[{"a":1,\n"a":2}]', "in.json:1: $[0]: the key 'a' is given twice in one object"),
        (b'[\n{"a":NaN}]', "in.json:2: $[0]: NaN is not JSON"),
        (b'["\\ud800"]', r"in.json:1: $[0]: holds half of a surrogate pair (\ud800), which is no character"),
        (b'[1,\n"\xff"]', "in.json:2: $[1]: not UTF-8 at byte 1"),
        (b'["abc\\', "in.json:1: not JSON: Unterminated string starting at at column 1"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_where_it_stands(data: bytes, message: str, size: int) -> None:
    assert refusal(data, size) == message


def test_elements_before_a_wrong_one_are_read() -> None:
    found = read_json_records(io.BytesIO(b"[1, 2, ?]"), "in.json")
    assert [next(found).value, next(found).value] == [1, 2]
    with pytest.raises(InputError):
        next(found)


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000], ids=["lists", "objects"])
def test_what_is_nested_too_deeply_is_refused(data: bytes) -> None:
    assert refusal(data) == "in.json: not usable JSON: nested too deeply"


@pytest.mark.parametrize("start", [b'["', b"[{", b'{"a": "', b"x"])
def test_a_record_without_end_is_refused_before_it_fills_memory(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(json_stream, "MAX_RECORD", 2**20)
    endless = (start if number == 0 else b"x" * 2**16 for number in range(400))
    with pytest.raises(InputError, match=r"^in\.json:1: a record of more than 1 MiB, which nobody could annotate$"):
        list(read_json_records(cast(IO[bytes], Pieces(endless)), "in.json"))


def test_memory_does_not_grow_with_the_document() -> None:
    element = json.dumps({"prompt": "x" * 2000, "responses": ["y" * 2000] * 2}, indent=1).encode()
    pieces = itertools.chain([b"[", element], itertools.repeat(b",\n" + element, 3499), [b"]"])
    tracemalloc.start()
    count = sum(1 for _ in read_json_records(cast(IO[bytes], Pieces(pieces)), "in.json"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3500
    assert peak < 3 * 2**20 < count * len(element) / 6
