"""What gtbridge built is read back: building once more gives the same rows.

An answer that was invalid brings the rules it broke along as what was not understood of it (``unread``): nothing else
may differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from job_items import ASK, HELP, TWO, job_item, ranked
from judged_rows import answered_items, build_rows, rejudged, rows_of
from strategies import make_item

from gtbridge.converters.judged_datasets.reader import judged_lines
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Worker
from gtbridge.label_configs.tasks import Dimension, TaskDefinition, TextRanking

STRICT = TextRanking(dimensions=(Dimension(name="Order", allow_tie=False),))
# Each builds two datasets, and the first of all imports `datasets`.
EXAMPLES = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
CONFIGS = ("annotations", "preference", "ranking", "qa", "squad")


def told(files: dict[str, list[bytes]], config: str) -> list[dict[str, Any]]:
    """The rows of a config, and of those for each dimension, without what names the item by its number."""
    found = []
    for name, data in files.items():
        if name.partition("-")[0] == config:
            found += [without_places(dict(record.fields)) for record in rows_of(data)]
    return found


def without_places(row: dict[str, Any]) -> dict[str, Any]:
    row["metadata"] = {key: value for key, value in row["metadata"].items() if key not in ("id", "item")}
    for key in ("id", "item"):
        row.pop(key, None)
    if row.get("status") == "invalid":
        row["unread"] = row["problems"]
    return row


def same(task: TaskDefinition, items: list[JobItem], read_from: str, *configs: str) -> None:
    first = build_rows(items, task, configs=CONFIGS)
    if read_from not in first:
        return
    second = build_rows(rejudged(first[read_from], task), task, configs=CONFIGS)
    for config in configs:
        assert told(second, config) == told(first, config), config


@pytest.mark.parametrize("task", [TWO, STRICT, ASK], ids=["ties", "no ties", "questions"])
@EXAMPLES
@given(data=st.data())
def test_annotations_read_back_give_all_the_same_rows(task: TaskDefinition, data: Any) -> None:
    same(task, data.draw(answered_items(task)), "annotations", *CONFIGS)


@EXAMPLES
@given(data=st.data())
def test_rankings_read_back_give_the_same_rankings_and_preferences(data: Any) -> None:
    same(TWO, data.draw(answered_items(TWO)), "ranking", "ranking", "preference")


@EXAMPLES
@given(data=st.data())
def test_questions_read_back_give_the_same_questions(data: Any) -> None:
    same(ASK, data.draw(answered_items(ASK)), "qa", "qa", "squad")


def test_an_annotator_keeps_the_pseudonym_and_a_program_stays_one() -> None:
    program = replace(ranked("demo", (1, 2)), worker=Worker("demo", {"identityProviderType": "Simulated"}))
    items = [job_item(make_item(0, "p", ["a", "b"]), ranked("ann", (1, 2)), program)]
    files = build_rows(items, HELP, configs=("annotations", "ranking"))
    names = [row.fields["annotator"] for row in rows_of(files["annotations"])]
    for config in files.values():
        [again] = rejudged(config, HELP)
        assert [answer.worker.id for answer in again.judged.valid] == names
        assert [answer.worker.simulated for answer in again.judged.valid] == [False, True]


def test_what_is_no_pseudonym_of_gtbridges_is_never_published_as_it_is() -> None:
    files = build_rows([job_item(make_item(0, "p", ["a", "b"]), ranked("ann", (1, 2)))], HELP, configs=("annotations",))
    [row] = rows_of(files["annotations"])
    named = replace(row, fields={**row.fields, "annotator": "jo@example.org"})
    [found] = judged_lines([named], "annotations", "set", Ledger())
    item = JobItem("job", found.line.item, HELP, judge(HELP, found.line.item, found.answers))
    [again] = rows_of(build_rows([item], HELP, configs=("annotations",))["annotations"])
    assert str(again.fields["annotator"]).startswith("annotator-")
