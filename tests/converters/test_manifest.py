"""Manifest lines <-> items."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, ranking_items, text

from gtbridge.converters.formats.job_output import label_metadata
from gtbridge.converters.formats.json_text import read_json_lines, to_line
from gtbridge.converters.formats.manifest import (
    MAX_ATTRIBUTE,
    MAX_LINE,
    MAX_OBJECTS,
    OutputLine,
    check_task_fit,
    item_from_line,
    label_line,
    limit_problems,
    other_fields,
    read_manifest,
    read_output_manifest,
)
from gtbridge.converters.records import Item
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))
DATA = Path(__file__).parents[1] / "data" / "manifest"
REFERENCE = "annotations/worker-response/iteration-1/0/2026-01-02_03:04:05.json"
ODD = (
    '{"source":"a","n":12345678901234567890,"f":1.50,"e":1E+2}',
    '{ "source" : "\\u00e9\\/\\ud83d\\ude00" ,\t"responses" : [ "x" , "y" ] }',
    '  {"source": "a", "models": ["m", "n"], "responses": ["1", "2"]}  ',
    '{"source":"one\u2028two\u0085three","nested":{"b":[{}],"a":null}}',
)


def read(*lines: str, end: str = "\n") -> list[Item]:
    data = end.join(lines) + end
    return list(read_manifest(io.BytesIO(data.encode()), "in.manifest"))


def read_output(*lines: str, attribute: str | None = None) -> list[OutputLine]:
    data = "".join(f"{line}\n" for line in lines)
    return list(read_output_manifest(io.BytesIO(data.encode()), "out.manifest", attribute))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_is_kept_character_for_character(end: str) -> None:
    assert [item.line for item in read(*ODD, end=end)] == list(ODD)
    assert [item.index for item in read(*ODD, end=end)] == [0, 1, 2, 3]


def test_an_item_holds_prompt_responses_and_models() -> None:
    item = read(ODD[2])[0]
    assert (item.text, item.responses, item.models) == ("a", ("1", "2"), ("m", "n"))
    assert read(ODD[0])[0].responses is None


def test_equal_lines_are_different_items() -> None:
    assert [item.index for item in read(ODD[0], ODD[0])] == [0, 1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", '$: expected an object, e.g. {"source": "..."}'),
        ("{}", "$.source: is missing"),
        ('{"source": 3}', "$.source: expected text"),
        ('{"source": null}', "$.source: expected text"),
        ('{"source-ref": 3}', "$.source-ref: expected the address of a text"),
        ('{"source-ref": ""}', "$.source-ref: expected the address of a text"),
        ('{"source": "", "responses": "x"}', "$.responses: expected a list of texts"),
        ('{"source": "", "responses": ["x", null]}', "$.responses[1]: expected text, found None"),
        ('{"source": "a", "source": "b"}', "the key 'source' is given twice in one object"),
    ],
)
def test_a_line_that_is_no_item_is_refused_with_its_place(line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read('{"source": "fine"}', line)
    assert str(caught.value) == f"in.manifest:2: {message}"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "$.responses: is missing: a text ranking needs the responses to rank"),
        ({"responses": ["a"]}, "$.responses: holds 1 of the at least two responses that a ranking needs"),
        ({"responses": ["a", "b"], "models": ["m"]}, "$.models: names 1 models for 2 responses"),
    ],
)
def test_an_item_that_cannot_be_ranked_is_refused(more: dict[str, Any], message: str) -> None:
    item = read(to_line({"source": "a", **more}))[0]
    with pytest.raises(InputError) as caught:
        check_task_fit(item, RANKING, "in.manifest")
    assert str(caught.value) == f"in.manifest:1: {message}"


def test_models_of_the_users_own_shape_only_pass_through() -> None:
    (item,) = read('{"source": "a", "responses": ["x", "y"], "models": {"x": 1}}')
    assert item.models is None
    check_task_fit(item, RANKING, "in.manifest")


def test_a_blank_passage_is_refused_and_other_items_fit() -> None:
    with pytest.raises(InputError, match=r"^in\.manifest:5: \$\.source: is blank"):
        check_task_fit(make_item(4, " \n"), QuestionAnswer(), "in.manifest")
    check_task_fit(make_item(0, "text"), QuestionAnswer(), "in.manifest")
    check_task_fit(make_item(0, "text", ["a", "b"]), RANKING, "in.manifest")


def limits(line: str, index: int = 0) -> list[tuple[str, str]]:
    value = json.loads(line)
    return list(limit_problems(replace(item_from_line(line, value, 1, "x"), index=index), value))


def test_limits_of_ground_truth_are_met_up_to_the_last_character() -> None:
    line = to_line({"source": "é" * MAX_ATTRIBUTE})
    assert limits(line + " " * (MAX_LINE - len(line)), MAX_OBJECTS - 1) == []


@pytest.mark.parametrize(
    ("line", "index", "problem"),
    [
        (
            to_line({"source": "a"}).ljust(MAX_LINE + 1), 0,
            ("$", "100,001 characters; Ground Truth takes 100,000 a line"),
        ),
        (
            to_line({"source": "é" * (MAX_ATTRIBUTE + 1)}), 0,
            ("$.source", "20,001 characters; Ground Truth takes 20,000 an attribute"),
        ),
        (
            to_line({"source": "a", "list": ["x" * (MAX_ATTRIBUTE - 3)]}), 0,
            ("$.list", "20,001 characters; Ground Truth takes 20,000 an attribute"),
        ),
        ('{"source":"a","$b":1}', 0, ("$.$b", "Ground Truth takes no attribute whose name begins with $")),
        ('{"source":"a"}', MAX_OBJECTS, ("$", "Ground Truth takes 100,000 objects a job")),
    ],
)  # fmt: skip
def test_each_limit_that_is_broken_is_named(line: str, index: int, problem: tuple[str, str]) -> None:
    assert limits(line, index) == [problem]


@pytest.mark.parametrize("line", ODD)
def test_labelling_adds_to_the_end_and_changes_nothing_before(line: str) -> None:
    labelled = label_line(line, "label", {"a": 1})
    assert labelled.startswith(line.rstrip()[:-1])
    assert json.loads(labelled) == {**json.loads(line), "label": {}, "label-metadata": {"a": 1}}


def test_a_failed_object_has_metadata_but_no_label() -> None:
    labelled = json.loads(label_line('{"source":"a"}', "label", {"failure-reason": "nobody came"}))
    assert labelled == {"source": "a", "label-metadata": {"failure-reason": "nobody came"}}


def test_labelling_an_empty_object_needs_no_comma() -> None:
    assert label_line("{ }", "label", {}) == '{ "label":{},"label-metadata":{}}'


@pytest.mark.parametrize("line", ["", "[]", '{"a": 1', "1}"])
def test_only_objects_are_labelled(line: str) -> None:
    with pytest.raises(ValueError, match="not a manifest line"):
        label_line(line, "label", {})


@given(ranking_items(), text, st.sampled_from(["label", "my-job", "a-metadata"]), st.booleans())
def test_a_labelled_line_reads_back_as_item_and_metadata(item: Item, name: str, attribute: str, failed: bool) -> None:
    metadata = label_metadata(name, REFERENCE, "2026-01-02T03:04:05", failure="none came" if failed else None)
    found = read_output(label_line(item.line, attribute, metadata))[0]
    assert (found.item.text, found.item.responses, found.item.index) == (item.text, item.responses, 0)
    assert found.metadata == metadata
    assert found.reference == REFERENCE
    assert found.label == (None if failed else {})


def test_a_line_that_nobody_labelled_has_no_label() -> None:
    found = read_output('{"source":"a"}')[0]
    assert (found.label, found.metadata, found.reference) == (None, None, None)


def test_of_chained_jobs_the_one_with_answers_is_read() -> None:
    first = label_line('{"source":"a"}', "boxes", {"type": "groundtruth/object-detection"})
    found = read_output(label_line(first, "label", {"worker-response-ref": REFERENCE}))[0]
    assert found.reference == REFERENCE


def test_several_jobs_with_answers_are_not_guessed_between() -> None:
    first = label_line('{"source":"a"}', "one", {"worker-response-ref": REFERENCE})
    both = label_line(first, "two", {"worker-response-ref": "annotations/other.json"})
    with pytest.raises(InputError, match=r"^out\.manifest:2: several label attributes \(one, two\); name one with"):
        read_output(first, both)
    assert read_output(both, attribute="one")[0].reference == REFERENCE


def test_metadata_is_an_object_or_is_not_the_jobs() -> None:
    assert read_output('{"source":"a","note-metadata":"mine"}')[0].metadata is None
    with pytest.raises(InputError, match=r"^out\.manifest:1: \$\.note-metadata: expected an object$"):
        read_output('{"source":"a","note-metadata":"mine"}', attribute="note")


def test_a_reference_that_is_no_text_is_none() -> None:
    assert read_output('{"source":"a","l":{},"l-metadata":{"worker-response-ref":3}}')[0].reference is None


def test_output_lines_are_written_as_the_golden_file_has_them() -> None:
    metadata = label_metadata("my-job", f"s3://bucket/out/my-job/{REFERENCE}", "2026-01-02T03:04:05.111000")
    failed = {**metadata, "failure-reason": "No valid answer: 1 declined"}
    with (DATA / "input.manifest").open("rb") as file:
        lines = [text for _, text, _ in read_json_lines(file, "input.manifest")]
    written = [label_line(lines[0], "label", metadata), label_line(lines[1], "label", failed), lines[2]]
    assert "".join(f"{line}\n" for line in written).encode() == (DATA / "output.manifest").read_bytes()


def test_other_fields_are_the_users_own_and_no_jobs() -> None:
    own = {"id": 2**70, "models": "not names", "note-metadata": "text", "nested": {"source": None}}
    line = label_line(
        to_line({"source": "a", "responses": ["x", "y"], **own}), "label", {"worker-response-ref": "s3://b"}
    )
    assert json.loads(other_fields(read(line)[0]) or "") == own
    assert other_fields(read('{"source": "a", "responses": ["x"], "models": ["m"]}')[0]) is None
