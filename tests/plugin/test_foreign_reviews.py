"""Reviews in exports of Label Studio Enterprise: noted, and with --only accepted acted upon."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from foreign_exports import annotation, config_file, selected, task, write_json
from roads import run

from gtbridge.converters.ledger import Ledger
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, job_items, open_job_output

LEFT, RIGHT = selected("left"), selected("right")
EVE = {"id": 3, "email": "eve@example.com", "first_name": "Eve", "last_name": "E."}


def review(number: int, accepted: bool | None, **more: Any) -> dict[str, Any]:
    time = f"2026-11-22T12:00:{number:02}.000000Z"
    return {"id": number, "accepted": accepted, "created_by": EVE, "created_at": time, **more}


def reviewed(number: int, *reviews: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What person ``number`` answered, with its reviews; the latest comes first, as the interface lists them."""
    return annotation(number, number, LEFT, reviews=list(reviews[::-1]), **more)


def read(folder: Path, *given: dict[str, Any], only: Any = "accepted") -> tuple[dict[str, tuple[int, ...]], Ledger]:
    """The ranks of each annotator whose answer counts, by the number of their account; and the ledger."""
    path = write_json(folder / "export.json", [task(1, given)])
    output = open_job_output(str(path), JobOutputOptions(task=config_file(folder), only=only))
    ledger = Ledger()
    (item,) = job_items(output, ledger)
    ledger.check()
    assert "eve@" not in json.dumps([answer.raw for answer in item.judged.valid])
    return {answer.worker.id[13:]: answer.rankings[0].ranks for answer in item.judged.valid}, ledger  # type: ignore[misc]


def test_of_reviewed_answers_those_count_whose_last_review_accepts_them(tmp_path: Path) -> None:
    counted, ledger = read(
        tmp_path,
        reviewed(1, review(1, True)),
        reviewed(2, review(1, False)),
        reviewed(3, review(1, False), review(2, True)),
        reviewed(4, review(1, True), review(2, False)),
        reviewed(5),
        reviewed(6, review(1, None)),
        annotation(8, 8, LEFT, reviews=[review(1, True), review(2, False)]),
        annotation(7, 7, LEFT),
    )
    assert counted.keys() == {"1", "3"}
    assert ledger.drops == {("answers", "rejected by a reviewer"): 3, ("answers", "not reviewed"): 3}
    assert ledger.where["answers", "rejected by a reviewer"] == [
        "project-7, task 1, annotation 2",
        "project-7, task 1, annotation 4",
        "project-7, task 1, annotation 8",
    ]
    assert ledger.came["answers"] == 6


@pytest.mark.parametrize(
    ("action", "counts"),
    [("accepted", True), ("fixed_and_accepted", True), ("rejected", False), ("submitted", False), (None, False)],
)
def test_without_a_list_of_reviews_the_last_action_tells(action: str | None, counts: bool, tmp_path: Path) -> None:
    counted, _ = read(tmp_path, annotation(1, 1, LEFT, last_action=action), reviewed(2, review(1, True)))
    assert ("1" in counted) == counts


def test_a_deleted_review_is_none(tmp_path: Path) -> None:
    counted, ledger = read(tmp_path, reviewed(1, last_action="deleted_review"), reviewed(2, review(1, True)))
    assert counted.keys() == {"2"}
    assert ledger.drops == {("answers", "not reviewed"): 1}


def test_what_a_reviewer_corrected_is_read_as_corrected_and_keeps_what_was_given(tmp_path: Path) -> None:
    corrected = review(1, True, fixed_annotation_history=8, fixed_annotation_history_result=RIGHT)
    path = write_json(tmp_path / "export.json", [task(1, [reviewed(1, corrected), reviewed(2, review(1, True))])])
    options = JobOutputOptions(task=config_file(tmp_path), only="accepted")
    ledger = Ledger()
    (item,) = job_items(open_job_output(str(path), options), ledger)
    first, second = item.judged.valid
    assert (first.rankings[0].ranks, second.rankings[0].ranks) == ((2, 1), (1, 2))
    assert first.raw is not None
    assert first.raw["result_before_review"] == LEFT
    assert ledger.notes["answers", "that a reviewer corrected and accepted: read as corrected"] == 1


def test_a_correction_that_the_file_does_not_hold_is_noted(tmp_path: Path) -> None:
    counted, ledger = read(tmp_path, reviewed(1, review(1, True, fixed_annotation_history=8)))
    assert counted == {"1": (1, 2)}
    assert ledger.notes["answers", "that a reviewer corrected and accepted: the correction is not in the file"] == 1


def test_without_only_reviews_are_noted_and_change_nothing(tmp_path: Path) -> None:
    corrected = review(1, True, fixed_annotation_history_result=RIGHT)
    counted, ledger = read(tmp_path, reviewed(1, corrected), reviewed(2, review(1, False)), reviewed(3), only=None)
    assert counted == {"1": (1, 2), "2": (1, 2), "3": (1, 2)}
    assert ledger.drops == {}
    assert ledger.notes == {
        ("answers", "that a reviewer accepted; --only acts on it"): 1,
        ("answers", "that a reviewer rejected; --only acts on it"): 1,
    }


def test_an_answer_that_was_skipped_is_declined_whether_it_was_reviewed_or_not(tmp_path: Path) -> None:
    skipped = annotation(2, 2, [], was_cancelled=True, reviews=[review(1, False)], last_action="rejected")
    for only in ("accepted", None):
        counted, ledger = read(tmp_path, skipped, reviewed(1, review(1, True)), only=only)
        assert counted.keys() == {"1"}
        assert not ledger.drops
    assert ledger.notes == {("answers", "that a reviewer accepted; --only acts on it"): 1}


def test_where_there_can_be_no_reviews_only_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "p", "responses": ["a", "b"], "ranks": [1, 2]}\n', encoding="utf-8")
    result = run("audit", str(rows), "--only", "accepted", "--json")
    assert result.exit_code == 1
    assert result.stderr == f"error: {rows}: holds no reviews of Label Studio's, which --only asks for\n"
