"""JSON that is read strictly and written so that nothing changes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.formats.json_text import (
    DECLINED,
    _read_slowly,
    document_to_text,
    quick_json,
    read_json,
    read_json_lines,
    to_line,
)
from gtbridge.label_configs.errors import InputError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


# Documents as they are, and damaged in the ways that the two readers could take differently.
pieces = st.sampled_from(
    [
        *('"a":', '"\\u0022":', '"', ",", "{", "}", "[", "]", " ", "\t", "\ufeff"),
        *("\\", "\\ud83d", "\\ude00", "\\u0022", "\x00", "\x7f", "\ud800", "é"),
        *("NaN", "-0", "-0.0", "1e999", "1e-999", "01", "1.", "9" * 25, "0.1", "true", "nul"),
    ]
)
documents = st.one_of(
    st.builds(
        lambda value, ascii, indent: json.dumps(value, ensure_ascii=ascii, indent=indent),
        values,
        st.booleans(),
        st.none() | st.just(1),
    ),
    st.lists(pieces, max_size=8).map("".join),
)


@st.composite
def damaged(draw: Any) -> str:
    document = draw(documents)
    for piece in draw(st.lists(pieces, max_size=2)):
        at = draw(st.integers(0, len(document)))
        document = document[:at] + piece + document[at + draw(st.integers(0, 2)) :]
    return str(document)


def lines_of(data: bytes) -> list[tuple[int, str, Any]]:
    return list(read_json_lines(io.BytesIO(data), "in.jsonl"))


@given(values)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    assert read_json(to_line(value), "x") == value
    assert read_json(document_to_text(value).encode(), "x") == value
    assert lines_of(f"{to_line(value)}\n".encode()) == [(1, to_line(value), value)]


@settings(max_examples=2 * settings().max_examples)
@given(damaged(), st.booleans())
def test_whatever_is_read_fast_is_what_the_strict_reader_reads(text: str, encoded: bool) -> None:
    data = text.encode("utf-8", "surrogatepass") if encoded else text
    found = quick_json(data)
    if found is not DECLINED:
        assert repr(found) == repr(_read_slowly(data, "x", None))  # so that -0.0 is not 0


@given(values)
def test_whatever_is_written_without_need_of_escapes_is_read_fast(value: Any) -> None:
    assert quick_json(to_line(value)) == value


@given(values)
def test_a_line_has_no_line_feed_in_it(value: Any) -> None:
    assert "\n" not in to_line(value)
    assert "\r" not in to_line(value)


def test_text_of_any_script_stays_readable() -> None:
    assert to_line({"k": "好 é 👍"}) == '{"k":"好 é 👍"}'
    assert document_to_text({"k": ["好"]}) == '{\n "k": [\n  "好"\n ]\n}\n'


def test_what_is_no_json_is_not_written() -> None:
    for write in (to_line, document_to_text):
        with pytest.raises(ValueError, match="JSON compliant"):
            write(float("nan"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1, "a": 1}', "the key 'a' is given twice in one object"),
        (b'[{"b": {"a": 1, "c": 2, "a": 3}}]', "the key 'a' is given twice in one object"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[1e999]", "the number 1e999 is too large"),
        (b'["\\ud83d"]', r"holds half of a surrogate pair (\ud83d), which is no character"),
        (b'{"\\udc00": 1}', r"holds half of a surrogate pair (\udc00), which is no character"),
        (b'["\xff"]', "not UTF-8 at byte 2"),
        (b"{bad", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b"[" * 100_000, "not usable JSON: nested too deeply"),
    ],
)
def test_what_would_lose_data_is_refused_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_json(data, "in.json", 7)
    assert str(caught.value) == f"in.json:7: {message}"


def test_an_error_in_a_document_names_the_line_within_it() -> None:
    with pytest.raises(InputError, match=r"^in\.json:3: not JSON: Expecting value at column 2$"):
        read_json(b"[\n1,\n ?]", "in.json")


def test_an_escaped_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'["\\ud83d\\ude00", "\\\\ud83d"]', "x") == ["😀", "\\ud83d"]


def test_numbers_are_not_rounded_to_fit() -> None:
    assert read_json(b"[12345678901234567890123]", "x") == [12345678901234567890123]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_at_line_feeds_only(end: bytes) -> None:
    texts = ['"a\u2028b"', '"c\u0085d"', '"e\u000bf"'.replace("\u000b", "\u2029")]
    data = end.join(part.encode() for part in texts)
    expected = [(number, part, json.loads(part)) for number, part in enumerate(texts, start=1)]
    assert lines_of(data) == lines_of(data + end) == expected


def test_blank_lines_at_the_end_are_no_lines() -> None:
    assert [number for number, _, _ in lines_of(b"1\n2\n\n \r\n\t\n")] == [1, 2]
    assert lines_of(b"") == lines_of(b"\n\n") == []


def test_a_blank_line_between_others_is_refused_where_it_stands() -> None:
    with pytest.raises(InputError, match=r"^in\.jsonl:2: blank line$"):
        lines_of(b"1\n\n\n2\n")


def test_lines_before_a_wrong_one_are_read() -> None:
    reader = read_json_lines(io.BytesIO(b"1\n{\n"), "in.jsonl")
    assert next(reader) == (1, "1", 1)
    with pytest.raises(InputError, match=r"^in\.jsonl:2: not JSON"):
        next(reader)


def test_a_byte_order_mark_is_named() -> None:
    with pytest.raises(InputError, match=r"^in\.jsonl:1: begins with a byte order mark"):
        lines_of(b"\xef\xbb\xbf1\n")
