"""Reference answers of items: in manifests, in what people hold, and demanded by a task that shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from remarked import RANK

from gtbridge.converters.formats.manifest import check_task_fit, item_from_line, other_fields, read_manifest
from gtbridge.converters.formats.manifest_check import check_lines
from gtbridge.converters.formats.sources import Columns, json_lines_to_manifest
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import QuestionAnswer

SHOWING = RANK.model_copy(update={"reference": True})
FIELDS = {"source": "Why?", "responses": ["a", "b"]}


def item(**more: Any) -> Any:
    fields = {**FIELDS, **more}
    return item_from_line(json.dumps(fields), fields, 7, "a manifest")


def test_a_text_is_the_items_reference_answer_and_stays_a_field_of_the_users() -> None:
    found = item(reference=" Because.\n")
    assert found.reference == " Because.\n"
    assert other_fields(found) == '{"reference":" Because.\\n"}'


@pytest.mark.parametrize("own", [{}, {"reference": None}, {"reference": ["a"]}, {"reference": {"text": "a"}}])
def test_another_shape_is_a_field_of_the_users_until_a_task_shows_it(own: dict[str, Any]) -> None:
    found = item(**own)
    assert found.reference is None
    check_task_fit(found, RANK, "a manifest")
    with pytest.raises(InputError) as refused:
        check_task_fit(found, SHOWING, "a manifest")
    assert str(refused.value) == (
        "a manifest:7: $.reference: is missing, or no text: the task shows a reference answer beside the responses"
    )


def test_a_task_that_shows_it_takes_no_blank_one() -> None:
    check_task_fit(item(reference="x"), SHOWING, "a manifest")
    with pytest.raises(InputError, match=r"a manifest:7: \$\.reference: is blank: the task shows"):
        check_task_fit(item(reference=" \n"), SHOWING, "a manifest")


def test_a_question_task_never_asks_for_one() -> None:
    check_task_fit(item(), QuestionAnswer(), "a manifest")


def test_a_manifest_is_checked_line_by_line() -> None:
    lines = [f"{json.dumps(fields)}\n".encode() for fields in ({**FIELDS, "reference": "x"}, FIELDS, FIELDS)]
    assert [found.reference for found in read_manifest(lines, "a manifest")] == ["x", None, None]
    report = check_lines(lines, "a manifest", SHOWING, "label-studio")
    assert [problem.line for problem in report.problems.listed] == [2, 3]


def made(record: dict[str, Any], **columns: Any) -> dict[str, Any]:
    [line] = json_lines_to_manifest([f"{json.dumps(record)}\n".encode()], "in.jsonl", Columns(**columns))
    fields: dict[str, Any] = json.loads(line)
    return fields


def test_a_column_that_is_named_becomes_the_reference_answer() -> None:
    assert made({**FIELDS, "gold": "x", "id": 3}, reference="gold") == {**FIELDS, "reference": "x", "id": 3}
    assert made({**FIELDS, "reference": "x"}) == {**FIELDS, "reference": "x"}
    assert made({**FIELDS, "reference": "x"}, reference="reference") == {**FIELDS, "reference": "x"}
    assert made({"source-ref": "a.txt", "gold": "x"}, reference="gold") == {"source-ref": "a.txt", "reference": "x"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "has no field 'gold'"),
        ({"gold": None}, "expected text"),
        ({"gold": ["x"]}, "expected text"),
        ({"gold": "x", "reference": "y"}, "has a field 'reference' beside 'gold', which would take its name"),
    ],
)
def test_a_column_that_cannot_be_it_is_refused(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        made({**FIELDS, **more}, reference="gold")
