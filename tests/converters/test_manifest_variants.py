"""Every form of output manifests: a file each under ``tests/data/manifest``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.formats.json_members import without_members
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest import (
    OutputLine,
    blank_texts,
    check_task_fit,
    label_line,
    line_without,
    other_fields,
    read_output_manifest,
)
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

DATA = Path(__file__).parents[1] / "data" / "manifest"
REFERENCE = "s3://bucket/out/my-job/annotations/worker-response/iteration-1/{}/2026-01-02_03:04:05.json"
CREATED = "2026-01-02T03:04:05.111000"


def read(case: str, attribute: str | None = None) -> list[OutputLine]:
    with (DATA / case / "output.manifest").open("rb") as file:
        return list(read_output_manifest(file, "out.manifest", attribute))


def refused(case: str) -> str:
    with pytest.raises(InputError) as caught:
        read(case)
    return str(caught.value)


@pytest.mark.parametrize("case", ["real-jobs", "documentation"])
def test_metadata_are_read_as_jobs_write_them_and_as_the_documentation_does(case: str) -> None:
    for index, line in enumerate(read(case)):
        assert (line.attribute, line.job_name, line.created) == ("label", "my-job", CREATED)
        assert (line.labelled, line.failure, line.reference) == (True, None, REFERENCE.format(index))


def test_a_label_may_have_any_value_or_none() -> None:
    lines = read("label-values")
    assert [line.label for line in lines] == [None, {"any": [1]}, 3, None]
    assert all(line.labelled and line.reference for line in lines)


def test_a_failed_object_says_why_and_is_not_labelled() -> None:
    fine, failed = read("failed")
    assert (fine.labelled, fine.failure) == (True, None)
    assert failed.failure == "ClientError: Annotation tasks expired. Raise the task's time limit."
    assert (failed.labelled, failed.reference, failed.job_name) == (False, None, "my-job")


def test_lines_that_a_stopped_job_left_are_as_they_went_in() -> None:
    first, *rest = read("stopped")
    assert first.labelled
    assert [(line.labelled, line.metadata, line.attribute, line.failure) for line in rest] == [
        (False, None, None, None)
    ] * 2
    assert rest[1].item.line == '{ "source" : "Why 2?" ,"responses":["a","b"],"n":1.00}'


def test_of_chained_jobs_the_one_with_answers_is_read_and_the_others_are_there() -> None:
    for line in read("chained"):
        assert (line.attribute, line.job_name, set(line.others)) == ("label", "my-job", {"topic"})
        assert line.others["topic"]["job-name"] == "topics"


def test_chained_jobs_that_both_have_answers_are_asked_for_by_name() -> None:
    sentence = "out.manifest:1: several label attributes (first, second); name one with --label-attribute"
    assert refused("chained-two-jobs-with-answers") == sentence
    for attribute, job, index in (("first", "one", 0), ("second", "two", 1)):
        (line,) = read("chained-two-jobs-with-answers", attribute)
        assert (line.job_name, line.reference) == (job, REFERENCE.format(index))


def test_a_line_that_only_the_job_before_labelled_is_not_taken_for_this_ones() -> None:
    sentence = "out.manifest:2: several label attributes (label, topic); name one with --label-attribute"
    assert refused("chained-and-stopped") == sentence
    first, second = read("chained-and-stopped", "label")
    assert (first.labelled, second.labelled, second.metadata, set(second.others)) == (True, False, None, {"topic"})


def test_equal_lines_are_separate_objects_with_answers_of_their_own() -> None:
    lines = read("duplicates")
    assert [(line.item.index, line.reference) for line in lines] == [(i, REFERENCE.format(i)) for i in (0, 1)]


def test_line_ends_of_windows_are_no_part_of_the_line() -> None:
    (line,) = read("line-ends")
    assert (line.labelled, line.item.line[-1]) == (True, "}")


def test_responses_may_be_stripped_from_the_output() -> None:
    assert read("responses-stripped")[0].item.responses is None


def test_a_text_may_lie_elsewhere_unless_it_stands_there_itself() -> None:
    elsewhere, here = (line.item for line in read("references"))
    assert (elsewhere.text, elsewhere.text_ref) == ("", "s3://bucket/texts/0.txt")
    assert (here.text, here.text_ref) == ("here", None)


RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))


@pytest.mark.parametrize("task", [RANKING, QuestionAnswer()])
def test_no_task_can_be_done_on_a_text_that_nobody_fetched(task: Any) -> None:
    item = read("references")[0].item
    with pytest.raises(InputError) as caught:
        check_task_fit(item, task, "in.manifest")
    assert str(caught.value) == "in.manifest:1: $.source-ref: no text was read from there"
    assert list(blank_texts(item)) == ["$.source-ref"]
    check_task_fit(replace(item, text="Why?"), task, "in.manifest")


def test_the_address_of_a_text_is_no_field_to_publish() -> None:
    assert other_fields(read("references")[0].item) is None


members = st.dictionaries(text, st.none() | st.integers() | text | st.lists(text, max_size=2), max_size=4)
odd_json = st.sampled_from(["1.00", "1e5", '"\\u0041\\/"', '[ {"label" : 1 } , "}" ]', "-0", "{ }", '" , "'])


@st.composite
def odd_lines(draw: Any) -> str:
    """A JSON object with numbers, escapes and white space as nobody's writer would make them."""
    space = st.sampled_from(["", " ", "\t ", "  "])
    made = []
    for key, value in draw(members).items():
        plain = to_line(value) if draw(st.booleans()) else draw(odd_json)
        name = json.dumps(key, ensure_ascii=draw(st.booleans()))
        made.append("".join([draw(space), name, draw(space), ":", draw(space), plain, draw(space)]))
    return f"{draw(space)}{{{','.join(made) or draw(space)}}}{draw(space)}"


@given(odd_lines(), st.sampled_from(["label", "my-job", "a", 'odd"\\']), st.booleans())
def test_taking_a_label_away_leaves_the_line_as_it_was(line: str, attribute: str, failed: bool) -> None:
    if not {attribute, f"{attribute}-metadata"} & json.loads(line).keys():
        labelled = label_line(line, attribute, {"failure-reason": "x"} if failed else {"a": [1.0]})
        assert line_without(labelled, {attribute, f"{attribute}-metadata"}) == line


@given(odd_lines(), st.data())
def test_taking_members_away_leaves_the_others_as_they_were_written(line: str, data: Any) -> None:
    value = json.loads(line)
    keys = data.draw(st.sets(st.sampled_from([*value, "absent"])))
    left = without_members(line, keys)
    assert json.loads(left) == {key: member for key, member in value.items() if key not in keys}
    for key in value.keys() - keys:
        others = value.keys() - {key}
        assert without_members(left, others).strip(" \t{}") == without_members(line, others).strip(" \t{}")
    assert left == line or keys & value.keys()


@pytest.mark.parametrize(
    ("line", "keys", "left"),
    [
        ('{"a":1.00, "b" : 1e5 ,"c":"\\u00e9"}', {"b"}, '{"a":1.00,"c":"\\u00e9"}'),
        ('{"a":1, "b":2}', {"a"}, '{"b":2}'),
        ('{ "a":1 , "b":2 }', {"b"}, '{ "a":1  }'),
        ('{ "a":1, "b":2 }', {"a", "b"}, "{  }"),
        ('{"\\u0061":1,"b":{"a":2}}', {"a"}, '{"b":{"a":2}}'),
    ],
)
def test_a_comma_goes_with_the_member_after_it(line: str, keys: set[str], left: str) -> None:
    assert line_without(line, keys) == left


@pytest.mark.parametrize("line", ["", "[]", '{"a":1', '{"a":1}x', '{"a":1,}', '{"a" 1}', '{,"a":1}', "{1:2}"])
def test_members_are_taken_from_objects_only(line: str) -> None:
    with pytest.raises(ValueError, match=r"not a JSON object|Expecting|delimiter"):
        line_without(line, {"a"})
