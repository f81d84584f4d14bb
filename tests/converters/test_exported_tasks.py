"""Parts of exported tasks, and exported tasks of gtbridge's own projects: nothing of an answer is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from foreign_exports import annotation, task
from migration import answer as entry
from migration import ranks
from roads import RANKING_TASK, ranked
from strategies import make_item

from gtbridge.converters.comparison.answers import answer_findings
from gtbridge.converters.formats.exported_answers import exported_line
from gtbridge.converters.formats.exported_tasks import exported_as, merged, object_index
from gtbridge.converters.formats.job_output import document_to_job_answers
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.migrated import item_to_migrated_task
from gtbridge.converters.records import Answer, Worker
from gtbridge.label_configs.definition_files import definition_from_text

DEFINITION = definition_from_text(RANKING_TASK, "task.yaml")
ITEM = make_item(0, "Why?", ["a", "b"])
DATA = item_to_task_data(ITEM, DEFINITION)


def ids(found: dict[str, Any]) -> list[Any]:
    return [given.get("id") for given in found["annotations"]]


def test_an_annotation_is_as_it_was_last_even_in_a_part_that_is_dated_earlier() -> None:
    """Not every road to an annotation dates its task anew."""
    old = task(1, [annotation(5, 1, ["old"])], updated_at="2026-11-22T20:00:00Z")
    new = task(1, [annotation(5, 1, ["new"], updated_at="2026-11-22T19:00:00Z")], updated_at="2026-11-22T18:00:00Z")
    for parts in ([old, new], [new, old]):
        found = merged(parts)
        assert [given["result"] for given in found["annotations"]] == [["new"]]
        assert found["updated_at"] == "2026-11-22T20:00:00Z"


def test_annotations_without_a_number_are_all_kept() -> None:
    nameless = {"completed_by": 1, "result": []}
    assert ids(merged([{"annotations": [nameless, nameless, {"id": 3}, "?", None]}])) == [None, None, 3]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"data": {}, "annotations": []}, "task"),
        ({"data": {}}, None),
        ({"data": [], "annotations": []}, None),
        ({"result": [], "task": {"data": {}}}, "annotation"),
        ({"result": [], "task": 4}, None),
        ([], None),
    ],
)
def test_what_label_studio_exports_is_recognised_by_its_form(value: Any, kind: str | None) -> None:
    assert exported_as(value) == kind


def test_an_object_has_the_number_that_a_labeling_job_gave_it_else_its_tasks() -> None:
    assert object_index({"id": 7, "data": {"object_index": 0}}) == 0
    assert object_index({"id": 7, "data": {"object_index": True}}) == 7
    assert object_index({"id": 7, "data": {"object_index": -1}}) == 7
    assert object_index({"id": 2**63, "data": None}) is None


def own(*annotations: dict[str, Any]) -> tuple[Answer, ...]:
    found = exported_line(
        task(1, annotations, DATA), DEFINITION, lambda given: Worker(str(given["completed_by"])), "job"
    )
    assert found is not None
    return found.answers


def test_answers_stand_in_the_order_in_which_they_were_given() -> None:
    first, second = annotation(9, 1, ranked(DATA, [1, 2], [1, 2])), annotation(4, 2, ranked(DATA, [2, 1], [1, 2]))
    first |= {"created_at": "2026-11-21T00:00:00Z"}
    assert [answer.worker.id for answer in own(second, first)] == ["1", "2"]


def test_answers_that_were_brought_into_a_job_come_out_of_its_export_as_they_were() -> None:
    """Whether they became annotations or, breaking a rule, were set aside with their task."""
    given = [entry("w1", ranks([1, 2], [2, 1])), entry("w2", ranks([1, None], [1, 2]))]
    came = document_to_job_answers({"answers": given}, "a file", item=ITEM)
    made = json.loads(json.dumps(item_to_migrated_task(ITEM, came, DEFINITION, lambda _: 3).task))
    numbered = [{**brought, "id": 8 + at} for at, brought in enumerate(made["annotations"])]
    found = exported_line({**made, "id": 1, "annotations": numbered}, DEFINITION, lambda _: Worker("?"), "job")
    assert found is not None
    assert [replace(answer, definition=None) for answer in found.answers] == came


def test_an_identity_that_one_side_knows_less_of_is_a_note_and_another_one_a_difference() -> None:
    def kinds(one: dict[str, str] | None, other: dict[str, str] | None) -> list[tuple[str, bool]]:
        a, b = Answer(Worker("w", one)), Answer(Worker("w", other))
        return [(finding.kind, finding.note) for finding in answer_findings(a, b, "")]

    known = {"identityProviderType": "LabelStudio", "issuer": "http://a", "sub": "5"}
    less = {"identityProviderType": "LabelStudio", "sub": "5"}
    assert kinds(known, less) == kinds(less, known) == [("identity", True)]
    assert kinds(known, known) == []
    for other in ({**less, "sub": "6"}, {**known, "issuer": "http://b"}, None):
        assert kinds(known, other) == [("identity", False)]
