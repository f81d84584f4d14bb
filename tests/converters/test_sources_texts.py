"""CSV and plain text -> records."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.formats import json_text, sources_texts
from gtbridge.converters.formats.sources_texts import Passage, bounded_lines, csv_records, passage_records
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError

# Alone on its line a carriage return ends lines for some programs and not for others; csv refuses it outside of quotes.
cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def rows(data: bytes, delimiter: str | None = None, ledger: Ledger | None = None) -> list[Any]:
    return [record.fields for record in csv_records(io.BytesIO(data), "in.csv", ledger or Ledger(), delimiter)]


def passages(data: bytes, passage: Passage, ledger: Ledger | None = None) -> list[str]:
    found = passage_records(io.BytesIO(data), "in.txt", ledger or Ledger(), passage)
    return [record.fields["source"] for record in found]


@given(st.lists(st.lists(cells, min_size=2, max_size=2).filter(any), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_table_holds_is_read_as_it_was_written(table: list[list[str]], end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows([["a", "b"], *table])
    assert rows(text.getvalue().encode()) == [{"a": left, "b": right} for left, right in table]


def test_quoted_line_ends_are_text_and_a_byte_order_mark_is_none() -> None:
    assert rows(b'\xef\xbb\xbfprompt,n\r\n"one\r\ntwo","say ""hi"""\r\n') == [{"prompt": "one\r\ntwo", "n": 'say "hi"'}]


def test_a_row_is_known_by_the_line_it_begins_on() -> None:
    found = csv_records(io.BytesIO(b'a\n"1\n2"\n3\n'), "in.csv", Ledger())
    assert [record.place.line for record in found] == [2, 4]


def test_empty_rows_are_dropped_and_counted() -> None:
    ledger = Ledger()
    assert rows(b"a,b\n\n1,2\n,\n", ledger=ledger) == [{"a": "1", "b": "2"}]
    assert ledger.drops["records", "empty rows"] == 2
    assert ledger.where["records", "empty rows"] == ["in.csv:2", "in.csv:4"]


def test_another_delimiter_is_taken_when_it_is_given() -> None:
    assert rows(b"a;b\n1,5;2\n", ";") == [{"a": "1,5", "b": "2"}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a;b\n1;2\n", "in.csv:1: has no comma in its header; is it --delimiter ';'?"),
        (b"a\tb\n", r"in.csv:1: has no comma in its header; is it --delimiter '\t'?"),
        (b"", "in.csv:1: has no header that names its columns"),
        (b"\na,b\n", "in.csv:1: has no header that names its columns"),
        (b"a,,b\n", "in.csv:1: column 2 has no name"),
        (b"a,b,a\n", "in.csv:1: the column 'a' is named twice"),
        (b"a,b\n1,2\n1,2,3\n", "in.csv:3: $: has 3 values; the header names 2 columns"),
        (b"a,b\n1\n", "in.csv:2: $: has 1 values; the header names 2 columns"),
        (b'a\n"1\n2\n', "in.csv:2: not CSV: unexpected end of data"),
        (b'a\n"1"2\n', "in.csv:2: not CSV: ',' expected after '\"'"),
        (b"a\n1\n\xff\n", "in.csv:3: not UTF-8 at byte 0"),
    ],
)
def test_a_table_that_is_none_is_refused_where_it_ceases_to_be(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(data)
    assert str(caught.value) == message


def test_a_long_value_is_read_and_the_limit_of_other_readers_stays() -> None:
    limit = csv.field_size_limit()
    assert rows(b"a\n" + b"x" * (limit + 1)) == [{"a": "x" * (limit + 1)}]
    assert csv.field_size_limit() == limit


TEXT = b"\xef\xbb\xbf\n  One \nline\t\r\n\r\n \t\n\x0cTwo\xc2\x85still\xe2\x80\xa8two\r\n\n"


def test_lines_are_passages_without_their_ends() -> None:
    assert passages(TEXT, "line") == ["  One ", "line\t", "\x0cTwo\x85still\u2028two"]


def test_paragraphs_go_from_blank_line_to_blank_line_and_keep_what_is_within() -> None:
    assert passages(TEXT, "paragraph") == ["  One \nline\t", "\x0cTwo\x85still\u2028two"]


def test_a_file_goes_from_its_first_to_its_last_line_that_is_not_blank() -> None:
    assert passages(TEXT, "file") == ["  One \nline\t\r\n\r\n \t\n\x0cTwo\x85still\u2028two"]


def test_a_passage_is_known_by_its_first_line() -> None:
    found = passage_records(io.BytesIO(TEXT), "in.txt", Ledger(), "paragraph")
    assert [record.place.line for record in found] == [2, 6]


def test_blank_lines_are_counted_where_lines_are_passages() -> None:
    ledger = Ledger()
    passages(TEXT, "line", ledger)
    assert ledger.drops == {("records", "blank lines"): 4}
    ledger = Ledger()
    passages(TEXT, "paragraph", ledger)
    assert ledger.drops == {}


@pytest.mark.parametrize("passage", ["paragraph", "file"])
def test_a_file_without_text_is_dropped_and_counted(passage: Passage) -> None:
    ledger = Ledger()
    assert passages(b" \n\n", passage, ledger) == []
    assert ledger.drops == {("records", "files without text"): 1}


def test_a_file_that_turns_out_to_be_one_paragraph_is_remarked_on() -> None:
    ledger = Ledger()
    assert passages(b"one\ntwo", "paragraph", ledger) == ["one\ntwo"]
    assert list(ledger.notes) == [("records", "that are a whole file, for want of blank lines; see --passage line")]
    ledger = Ledger()
    passages(b"one\n\ntwo\nthree", "paragraph", ledger)
    assert not ledger.notes


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), max_size=5))
def test_paragraphs_come_out_as_they_were(paragraphs: list[str]) -> None:
    paragraphs = [part.replace("\n", " ") for part in paragraphs if not part.startswith("\ufeff")]
    data = "\n\n".join(part.removesuffix("\r") for part in paragraphs).encode()
    assert passages(data, "paragraph") == [part.removesuffix("\r") for part in paragraphs if part.strip()]


def test_text_that_is_not_utf_8_is_named_by_its_line() -> None:
    with pytest.raises(InputError, match=r"^in\.txt:2: not UTF-8 at byte 3$"):
        passages(b"a\nb c\xe9", "file")


def test_a_line_or_passage_without_end_is_refused_before_it_fills_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sources_texts, json_text):
        monkeypatch.setattr(module, "MAX_RECORD", 2**20)
    long = cast(Any, io.BytesIO(b"x\n" + b"y" * 2**21))
    with pytest.raises(InputError, match=r"^in:2: a line of more than 1 MiB$"):
        list(bounded_lines(long, "in"))
    endless = (b"words\n" for _ in range(400_000))
    with pytest.raises(InputError, match=r"^in:1: \$: a passage of more than 1 Mi characters"):
        list(passage_records(endless, "in", Ledger(), "paragraph"))
