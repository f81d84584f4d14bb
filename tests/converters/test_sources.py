"""What people hold -> manifest lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest import read_manifest
from gtbridge.converters.formats.sources import Columns, json_lines_to_manifest, left_out, records_to_manifest
from gtbridge.converters.formats.sources_texts import json_line_records, json_records
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError

USUAL = Columns()


def from_document(data: bytes, columns: Columns = USUAL) -> list[str]:
    return list(records_to_manifest(json_records(io.BytesIO(data), "in.json"), columns, Ledger()))


def from_json(records: Any, columns: Columns = USUAL) -> list[str]:
    return from_document(json.dumps(records).encode(), columns)


def from_lines(data: bytes, columns: Columns = USUAL) -> list[str]:
    return list(json_lines_to_manifest(io.BytesIO(data), "in.jsonl", columns))


@pytest.mark.parametrize("field", ["source", "prompt", "passage", "text"])
def test_the_usual_field_names_are_known(field: str) -> None:
    assert json.loads(from_json([{"id": 1, field: "a"}])[0]) == {"source": "a", "id": 1}


def test_prompt_comes_before_passage_and_text_which_stay() -> None:
    made = json.loads(from_json([{"text": "t", "passage": "p", "prompt": "q"}])[0])
    assert made == {"source": "q", "text": "t", "passage": "p"}


def test_a_named_field_becomes_the_source() -> None:
    assert from_json([{"prompt": "p", "q": "a"}], Columns(source="q")) == ['{"source":"a","prompt":"p"}']


def test_fields_of_one_response_each_become_the_list_in_the_order_asked_for() -> None:
    made = from_json([{"prompt": "p", "b": "2", "a": "1", "c": 3}], Columns(responses=("a", "b")))
    assert made == ['{"source":"p","responses":["1","2"],"c":3}']


def test_a_named_list_becomes_the_responses() -> None:
    assert from_json([{"prompt": "p", "outs": ["x", ""]}], Columns(responses=("outs",))) == [
        '{"source":"p","responses":["x",""]}'
    ]


def test_responses_may_be_absent_unless_they_were_named() -> None:
    assert from_json([{"prompt": "p"}]) == ['{"source":"p"}']
    with pytest.raises(InputError, match=r"^in\.json:1: \$\[0\]: has no field 'outs'$"):
        from_json([{"prompt": "p"}], Columns(responses=("outs",)))


@given(st.dictionaries(text.filter(lambda k: k not in ("source", "responses")), st.integers() | text, max_size=4), text)
def test_every_other_field_comes_along(more: dict[str, Any], prompt: str) -> None:
    record = {**more, "the prompt": prompt, "responses": ["a", "b"]}
    expected = {**more, "source": prompt, "responses": ["a", "b"]}
    expected.pop("the prompt", None)
    for line in (from_json([record], Columns(source="the prompt")), from_lines(
        to_line(record).encode(), Columns(source="the prompt")
    )):  # fmt: skip
        assert json.loads(line[0]) == expected
        assert next(read_manifest(io.BytesIO(line[0].encode()), "m")).text == prompt


def test_a_line_that_is_a_manifest_line_already_is_not_rewritten() -> None:
    line = '{ "source":"caf\\u00e9", "big": 12345678901234567890, "f": 1.50, "responses": ["a","b"] }'
    assert from_lines(f"{line}\r\n".encode()) == [line]


NUMBERS = '"big": 12345678901234567890, "f": 1.50, "e": [1E+2, {"z": -0}], "long": 0.1234567890123456789012'


@pytest.mark.parametrize("numbers", [NUMBERS, '"z": -0'])
@pytest.mark.parametrize("shape", ['{{"prompt": "p", {}}}', '{{{},\n\n "prompt" :\t"p"}}'])
def test_numbers_keep_their_spelling_when_a_record_is_rewritten(numbers: str, shape: str) -> None:
    text, numbers = shape.format(numbers), numbers.replace(" ", "")
    assert from_document(f"[{text}]".encode()) == [f'{{"source":"p",{numbers}}}']


def test_a_record_on_several_lines_comes_out_on_one() -> None:
    assert from_document(b'[{"source":\n"a",\n"b": "c  d",\n"f": 1.0}]') == ['{"source":"a","b":"c  d","f":1.0}']


def test_a_document_may_be_one_object() -> None:
    assert from_document(b'\xef\xbb\xbf {"prompt":"p"}\n') == ['{"source":"p"}']


def test_a_line_whose_text_lies_elsewhere_stays_as_it_is() -> None:
    line = '{"source-ref": "s3://bucket/key", "text": "mine"}'
    assert from_lines(line.encode()) == [line]


def test_columns_are_left_out_and_counted() -> None:
    ledger = Ledger()
    lines = [b'{"source":"a","secret":1}', b'{"source":"b"}']
    records = json_line_records(lines, "in.jsonl")
    made = list(records_to_manifest(records, Columns(drop=("secret",)), ledger))
    assert made == ['{"source":"a"}', '{"source":"b"}']
    assert ledger.notes["records", left_out("secret")] == 1
    assert (ledger.came["records"], ledger.went["records"]) == (2, 2)


def test_a_column_that_is_in_the_way_can_be_left_out() -> None:
    columns = Columns(source="q", drop=("source",))
    assert from_json([{"q": "a", "source": "web"}], columns) == ['{"source":"a"}']


def test_the_name_of_the_file_is_added_when_asked_for() -> None:
    assert from_json([{"text": "t"}], Columns(name="file")) == ['{"source":"t","file":"in.json"}']
    with pytest.raises(InputError, match=r"has a field 'file' already, and another would take its name"):
        from_json([{"text": "t", "file": 1}], Columns(name="file"))


@pytest.mark.parametrize(
    ("records", "columns", "message"),
    [
        ([3], USUAL, "$[0]: expected an object"),
        (
            [{"source": "a"}, {"q": "b"}], USUAL,
            "$[1]: has none of source, prompt, passage, text; name the field with --source-column",
        ),
        ([{"q": "b"}], Columns(source="x"), "$[0]: has no field 'x'; name the field with --source-column"),
        ([{"prompt": None}], USUAL, "$[0].prompt: expected text"),
        (
            [{"q": "a", "source": "web"}], Columns(source="q"),
            "$[0]: has a field 'source' beside 'q', which would take its name; leave it out with --drop-column",
        ),
        (
            [{"prompt": "p", "a": "1", "b": "2", "responses": ["3"]}], Columns(responses=("a", "b")),
            "$[0]: has a field 'responses' beside 'a', which would take its name; leave it out with --drop-column",
        ),
        ([{"prompt": "p", "responses": "x"}], USUAL, "$[0].responses: expected a list of texts"),
        ([{"prompt": "p", "responses": ["x", 2]}], USUAL, "$[0].responses[1]: expected text, found 2"),
        ([{"prompt": "p", "a": "x", "b": 2}], Columns(responses=("a", "b")), "$[0].b: expected text, found 2"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_used_is_named(records: Any, columns: Columns, message: str) -> None:
    with pytest.raises(InputError) as caught:
        from_json(records, columns)
    assert str(caught.value) == f"in.json:1: {message}"


def test_a_line_that_cannot_be_used_is_named_by_its_number() -> None:
    with pytest.raises(InputError, match=r"^in\.jsonl:2: \$\.text: expected text$"):
        from_lines(b'{"text":"a"}\n{"text":[]}\n')
