"""What is found in texts and tables before they are published, and what is not taken for it."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.hub.table_scan import Scan, allowances
from gtbridge.plugin.hub.text_scan import KINDS, SUSPICIOUS, hits


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.masked) for hit in hits(text)]


def suspicious(text: str) -> bool:
    match: Any = pc.match_substring_regex  # type: ignore[attr-defined]
    answer: list[bool] = match(pa.array([text]), SUSPICIOUS).to_pylist()
    return answer[0]


FOUND = [
    ("Write to jo.doe+x@mail.example.org.", "email", "jo…@…"),
    ("a@b.co", "email", "a…@…"),
    ("mailto:Jörg@bücher.example", "email", "Jö…@…"),
    ("<jo@example.com>", "email", "jo…@…"),
    ('{"by":"jo@example.com"}', "email", "jo…@…"),
    (r'{"by":"jo\u0040example.com"}', "email", "jo…@…"),
    ("用户jo@例子.中国。", "email", "用户…@…"),
    ("arn:aws:iam::111122223333:role/Labeling", "arn", "arn:…"),
    ("ARN:AWS-CN:s3:::bucket", "arn", "arn:…"),
    ("see 'arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:workteam/x'", "arn", "arn:…"),
    ("s3://bucket/key", "s3", "s3://…"),
    ("in S3A://bucket/a@b.co", "s3", "s3://…"),
    ("s3n://b/123456789012", "s3", "s3://…"),
    (r'{"at":"s3:\/\/bucket\/key"}', "s3", "s3://…"),
    ("https://bucket.s3.us-east-1.amazonaws.com/key", "s3", "s3….amazonaws.com"),
    ("https://s3-us-west-2.amazonaws.com/bucket/key", "s3", "s3….amazonaws.com"),
    ("http://bucket.s3-website.eu-central-1.amazonaws.com.cn", "s3", "s3….amazonaws.com"),
    ("account 111122223333.", "account", "11…"),
    ("1111-2222-3333", "account", "11…"),
    ("sagemaker-us-east-1-111122223333", "account", "11…"),
    ("bucket_111122223333_x", "account", "11…"),
    ("id111122223333", "account", "11…"),
    ("111122223333.dkr.ecr.us-east-1.amazonaws.com", "account", "11…"),
    ("annotator 111122223333", "account", "11…"),
]


@pytest.mark.parametrize(("text", "kind", "masked"), FOUND, ids=[text for text, _, _ in FOUND])
def test_it_is_found_once_and_shown_masked(text: str, kind: str, masked: str) -> None:
    assert found(text) == [(kind, masked)]
    assert suspicious(text)


@pytest.mark.parametrize(
    "text",
    [
        "@app.route('/')",
        "`@app.route`",
        "meet @ 5.30",
        "foo@bar",
        "pkg@1.2.3",
        "x@y.",
        "a b@ c.de",
        "learn:aws:x arn:gcp:x",
        "ps3://x is no scheme, s3:/x neither, and s3: // no more",
        "us3.amazonaws.com, amazonaws.com",
        "1234567890123",
        "12345678901",
        "0.111122223333",
        "111122223333.5",
        "1111-2222-3333-4444",
        "4111-1111-2222-3333",
        "0-1111-2222-3333",
        "annotator-111122223333",
        "simulated-111122223333",
        "deadbeef-0000-4000-8000-111122223333",
        "00001111-2222-3333-4444-deadbeef0000",
        "ab111122223333cd",
        "e" * 26 + "111122223333" + "f" * 26,
        "\uff11\uff11\uff11\uff11\uff12\uff12\uff12\uff12\uff13\uff13\uff13\uff13",
    ],
)
def test_it_is_taken_for_nothing(text: str) -> None:
    assert found(text) == []


def test_each_of_several_is_found_and_none_twice() -> None:
    text = "jo@example.com, arn:aws:iam::111122223333:role/x s3://b/444455556666/jo@example.com 777788889999 jo@b.co"
    assert found(text) == [
        ("s3", "s3://…"),
        ("arn", "arn:…"),
        ("email", "jo…@…"),
        ("email", "jo…@…"),
        ("account", "77…"),
    ]


def test_escapes_in_json_hide_nothing_and_are_counted_once() -> None:
    text = json.dumps({"a@b.co": ["c@d.co", {"x": "0"}]}).replace("0", r"e\u0040f.co")
    assert sorted(found(text)) == [("email", "a…@…"), ("email", "c…@…"), ("email", "e…@…")]
    assert found(r"{not json \u0040") == []


@given(
    st.lists(st.sampled_from(["jo", "@", ".", "example.com", "arn:aws:", "s3://", "s3.", "1" * 12, "-", " ", "a", "1"]))
)
def test_arrow_hands_over_every_text_in_which_something_is_found(parts: list[str]) -> None:
    text = "".join(parts)
    assert suspicious(text) or not found(text)


@pytest.mark.parametrize("unit", ["a", "a.", "1", "a@", "s3", "arn:aws", "1111-", "[", '{"a":', "@a.", "f1"])
def test_a_long_text_takes_no_longer_than_its_length_asks_for(unit: str) -> None:
    # Were any pattern quadratic, it would take minutes.
    list(hits(unit * (200_000 // len(unit))))


def scan(rows: list[dict[str, Any]], schema: Any = None, *allow: str, times: int = 1, first: int = 0) -> Scan:
    file = io.BytesIO()
    write: Any = parquet.write_table
    write(pa.Table.from_pylist(rows * times, schema=schema), file, row_group_size=5)
    scan = Scan(allowances(allow))
    assert scan.table(file, "preference", "train", first, "x.parquet") == len(rows) * times
    return scan


def test_every_string_is_looked_at_however_deep_it_lies() -> None:
    text, column = (
        pa.string(),
        {"top": "x", "of": ["x"], "rows": [{"a": "x", "b": [{"c": "x"}]}], "in": {"d": {"e": "x"}}},
    )
    deep = pa.list_(pa.struct([("a", text), ("b", pa.list_(pa.struct([("c", text)])))]))
    schema = pa.schema(
        [
            ("top", pa.large_string()),
            ("of", pa.large_list(text)),
            ("rows", deep),
            ("in", pa.struct([("d", pa.struct([("e", text)]))])),
            ("kind", pa.dictionary(pa.int8(), text)),
            ("three", pa.list_(text, 3)),
            ("number", pa.int64()),
            ("share", pa.float64()),
        ]
    )
    filled = json.loads(json.dumps(column).replace('"x"', '"jo@example.com"'))
    filled |= {"kind": "a@b.co", "three": ["a@b.co"] * 3, "number": 111122223333, "share": 0.5}
    made = scan([filled], schema)
    assert {(one.kind, one.column, one.count) for one in made.refused} == {
        ("email", "top", 1),
        ("email", "of", 1),
        ("email", "rows.a", 1),
        ("email", "rows.b.c", 1),
        ("email", "in.d.e", 1),
        ("email", "kind", 1),
        ("email", "three", 3),
        ("account", "number", 1),
    }


def test_the_row_is_the_one_that_holds_it_however_many_values_come_before() -> None:
    rows: list[dict[str, Any]] = [
        {"texts": ["x"] * (number % 4), "metadata": {"id": f"r{number}"}} for number in range(12)
    ]
    rows[3]["texts"][2] = rows[10]["texts"][0] = rows[10]["texts"][1] = "jo@example.com"
    rows[5]["texts"] = None
    [one] = scan(rows, first=100).refused
    assert one.to_dict() == {
        "kind": "email",
        "config": "preference",
        "split": "train",
        "column": "texts",
        "count": 3,
        "rows": [{"row": 103, "id": "r3", "masked": "jo…@…"}, {"row": 110, "id": "r10", "masked": "jo…@…"}],
    }


def test_the_row_is_the_one_that_holds_it_in_lists_of_lists_as_well() -> None:
    turns = [[["x"] * (inner % 3) for inner in range(outer % 4)] for outer in range(12)]
    turns[10][1] = ["x", "jo@example.com"]
    [one] = scan([{"id": str(number), "turns": turn} for number, turn in enumerate(turns)]).refused
    assert [(example.row, example.id) for example in one.examples] == [(10, "10")]


def test_the_first_three_rows_are_named_and_all_are_counted() -> None:
    [one] = scan([{"id": 7, "text": "jo@example.com"}], times=9).refused
    assert (one.count, [(example.row, example.id) for example in one.examples]) == (9, [(0, "7"), (1, "7"), (2, "7")])


def test_what_is_found_is_nowhere_in_the_report() -> None:
    secrets = ["joanna@example.com", "arn:aws:iam::111122223333:role/x", "s3://bucket/key", "444455556666"]
    made = scan([{"text": " ".join(secrets)}])
    said = json.dumps(made.to_dict(), ensure_ascii=False) + repr(made)
    assert [one.kind for one in made.refused] == ["s3", "arn", "email", "account"]
    for part in ("joanna", "example.com", "1111", "bucket", "4444", "role"):
        assert part not in said


def test_names_of_columns_and_what_the_schema_carries_are_texts_as_well() -> None:
    schema = pa.schema([("jo@example.com", pa.int8())], {"from": "s3://bucket"})
    assert {(one.kind, one.column) for one in scan([], schema).refused} == {("email", "(schema)"), ("s3", "(schema)")}


@pytest.mark.parametrize("kind", [pa.binary(), pa.map_(pa.string(), pa.string()), pa.list_(pa.binary())])
def test_a_column_that_could_hide_text_is_refused(kind: Any) -> None:
    with pytest.raises(InputError, match=r"^x\.parquet: odd: holds values of the type .*, which cannot be scanned$"):
        scan([{"odd": None}], pa.schema([("odd", kind)]))


def test_what_is_no_parquet_is_refused() -> None:
    with pytest.raises(InputError, match=r"^x\.parquet: cannot be read as Parquet: "):
        Scan().table(io.BytesIO(b"nothing of the kind"), "c", "train", 0, "x.parquet")


def test_an_allowance_holds_for_its_kind_in_its_column_and_beneath() -> None:
    row = {"prompt": [{"content": "jo@example.com 111122223333"}], "prompts": "jo@example.com", "source": "s3://b/k"}
    made = scan([row], None, "email:prompt", "s3:*")
    assert [(one.kind, one.column) for one in made.allowed] == [("email", "prompt.content"), ("s3", "source")]
    assert [(one.kind, one.column) for one in made.refused] == [("account", "prompt.content"), ("email", "prompts")]


@pytest.mark.parametrize("given", ["email", "email:", "mail:prompt", ":prompt", "*:prompt"])
def test_an_allowance_that_means_nothing_is_refused(given: str) -> None:
    with pytest.raises(InputError, match=f"^--allow .*: give {', '.join(KINDS[:-1])} or account"):
        allowances((given,))


def test_lines_of_a_text_are_numbered_from_one() -> None:
    made = Scan(allowances(("email:--message",)))
    made.lines("first\nto jo@example.com\n\njo@example.com", "README.md")
    made.lines("jo@example.com", "--message")
    [one] = made.refused
    assert (one.column, one.count, [example.row for example in one.examples]) == ("README.md", 2, [2, 4])
    assert made.texts == 2
