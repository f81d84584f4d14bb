"""Pull files: what proves a task unchanged, what is kept of it, and what a damaged file is taken for."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.formats.pulled_tasks import (
    LISTED,
    Header,
    kept_form,
    listed_proof,
    read_lines,
    read_pull,
    seen,
    task_line,
    write_lines,
)
from gtbridge.label_configs.errors import InputError

HEADER = Header("https://ls", 7, "2026-01-01", 1, "1.23.2", "c0ffee", "2026-02-02", (1, 2))
ANNOTATION: dict[str, Any] = {
    "id": 31,
    "created_at": "2026-01-01T00:00:00Z",
    "completed_by": 2,
    "updated_by": 3,
    "was_cancelled": False,
    "result": [{"value": "good"}],
    "lead_time": 1.5,
    "ground_truth": False,
}
TASK: dict[str, Any] = {
    "id": 5,
    "updated_at": "t1",
    "total_annotations": 1,
    "cancelled_annotations": 0,
    "total_predictions": 0,
    "data": {"text": "ü"},
    "meta": {},
    "drafts": [],
    "annotations": [ANNOTATION],
}
ROW: dict[str, Any] = {
    "id": 5,
    "updated_at": "t1",
    "total_annotations": 1,
    "cancelled_annotations": 0,
    "total_predictions": 0,
    "annotations_ids": "31",
    "draft_exists": False,
}


def packed(tasks: Iterable[Any], header: bytes = HEADER.line()) -> bytes:
    file = io.BytesIO()
    write_lines(file, [header])
    write_lines(file, map(task_line, tasks))
    return file.getvalue()


def read(data: bytes) -> tuple[Header, list[dict[str, Any]]]:
    header, tasks = read_pull(io.BytesIO(data), "kept")
    return header, list(tasks)


def test_a_listing_that_says_what_the_task_says_proves_it_unchanged() -> None:
    assert set(ROW) == set(LISTED)
    assert listed_proof(ROW) == seen(TASK).proof is not None


@pytest.mark.parametrize(
    "otherwise",
    [
        {"updated_at": "t2"},
        {"total_annotations": 2},
        {"cancelled_annotations": 1},
        {"total_predictions": 1},
        {"annotations_ids": "31,32"},
        {"annotations_ids": ""},
        {"annotations_ids": "3,1"},
    ],
)
def test_whatever_a_listing_says_otherwise_disproves_it(otherwise: dict[str, Any]) -> None:
    assert listed_proof({**ROW, **otherwise}) not in (seen(TASK).proof, None)


def test_annotation_ids_are_read_in_any_order_as_sqlite_and_postgres_list_them() -> None:
    task = {**TASK, "annotations": [{**ANNOTATION, "id": number} for number in (9, 31)]}
    for listed in ("31,9", "9, 31", "9,31"):
        assert listed_proof({**ROW, "annotations_ids": listed}) == seen(task).proof


def test_drafts_and_lists_that_are_cut_off_prove_nothing() -> None:
    assert listed_proof({**ROW, "draft_exists": True}) is None
    assert listed_proof({key: value for key, value in ROW.items() if key != "draft_exists"}) is None
    assert listed_proof({**ROW, "annotations_ids": "1" * 500}) is None
    assert seen({**TASK, "drafts": [{"id": 1}]}).proof is None


def test_a_task_is_kept_without_what_drafts_say_and_without_email_addresses() -> None:
    record = {**ANNOTATION, "id": 30, "created_username": " jo@example.com, 2", "created_ago": "a day"}
    meta = {"gtbridge_set_aside": [record], "own": [1]}
    kept = kept_form({**TASK, "drafts": [{"id": 4, "user": "jo@example.com", "result": []}], "meta": meta})
    assert kept["drafts"] == [{"id": 4}]
    assert kept["meta"] == {"gtbridge_set_aside": [{**ANNOTATION, "id": 30}], "own": [1]}
    assert "example.com" not in json.dumps(kept)
    assert kept_form(TASK) == TASK


def test_answers_that_were_set_aside_are_remembered_as_they_were_before() -> None:
    aside = {**TASK, "annotations": [], "meta": {"gtbridge_set_aside": [ANNOTATION]}}
    assert seen(aside).answers == seen(TASK).answers
    assert len(seen({**aside, "annotations": [ANNOTATION]}).answers) == 1


@pytest.mark.parametrize(
    "otherwise",
    [{"result": []}, {"was_cancelled": True}, {"ground_truth": True}, {"completed_by": None}, {"lead_time": 2}],
)
def test_an_answer_that_says_something_else_is_another(otherwise: dict[str, Any]) -> None:
    changed = {**TASK, "annotations": [{**ANNOTATION, **otherwise}]}
    assert seen(changed).answers.keys() == seen(TASK).answers.keys()
    assert seen(changed).answers != seen(TASK).answers
    assert seen({**TASK, "data": {"text": "u"}}).data != seen(TASK).data


def test_the_accounts_that_annotations_name_are_remembered() -> None:
    assert seen(TASK).people == {2, 3}


@given(st.lists(st.text(max_size=9), max_size=3))
def test_what_was_kept_comes_back(texts: list[str]) -> None:
    tasks = [{"id": number, text: [text, 2**70, 0.1, None]} for number, text in enumerate(texts, start=1)]
    assert read(packed(tasks)) == (HEADER, tasks)


def test_even_text_that_is_no_unicode_comes_back() -> None:
    assert read(packed([{"id": 1, "text": "\ud800"}]))[1] == [{"id": 1, "text": "\ud800"}]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no gzip",
        packed([TASK])[:-9],
        packed([TASK])[:-1],
        packed([TASK]) + b"more",
        packed([TASK, TASK]),
        packed([{"id": 2}, {"id": 1}]),
        packed([{}]),
        packed([[]]),
        packed([{"id": "x"}]),
        packed([TASK], b"{}\n"),
        packed([TASK], b"[]\n"),
        packed([TASK], b"{\n"),
        packed([TASK], HEADER.line().replace(b'"gtbridge_pull":1', b'"gtbridge_pull":2')),
        packed([TASK], HEADER.line().replace(b'"users"', b'"losers"')),
        gzip.compress(HEADER.line() + b"{\n", mtime=0),
    ],
)
def test_damaged_and_foreign_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert refused.value.message.startswith("is ")


def test_a_bit_that_fell_over_is_noticed() -> None:
    data = bytearray(packed([TASK]))
    data[-12] ^= 1
    with pytest.raises(InputError, match="is damaged"):
        read(bytes(data))


def test_members_written_one_after_another_read_as_one() -> None:
    file = io.BytesIO()
    for line in (b"a\n", b"b\n"):
        write_lines(file, [line])
    assert list(read_lines(io.BytesIO(file.getvalue()), "x")) == [b"a\n", b"b\n"]


def test_a_header_tells_whose_tasks_it_heads_and_why_they_may_look_otherwise() -> None:
    assert HEADER.is_of(replace(HEADER, user=9, release="2", config="x", time="y", users=()))
    for other in ({"server": "https://other"}, {"project": 8}, {"created": None}):
        assert not HEADER.is_of(replace(HEADER, **other))
    assert HEADER.outdated(replace(HEADER, time="later", users=())) is None
    reasons = [HEADER.outdated(replace(HEADER, **new)) for new in ({"user": 9}, {"release": "2"}, {"config": "x"})]
    assert None not in reasons and len(set(reasons)) == 3
