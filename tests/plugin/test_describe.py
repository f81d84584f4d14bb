"""What `job describe` counts, on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from annotators import GOOD, ITEM, Crew
from roads import done, output_lines, ranked, worker_file

from gtbridge.converters.formats.response_order import with_recorded_order
from gtbridge.plugin.label_studio import server as label_studio_server
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

KINDS = ("Valid", "Declined", "Invalid", "SentBack", "Superseded", "ToNoObject")


def test_every_answer_is_counted_once_by_the_rules_of_the_export(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "counted", ["ann", "bob", "cy"], workers=3, items=[ITEM, ITEM])
    first, second = crew.task(0), crew.task(1)
    ann, bob, cy = crew.api.values()
    ann.annotate(first["id"], [])
    bob.annotate(first["id"], [], was_cancelled=True)
    cy.annotate(second["id"], ranked(second["data"], *GOOD))
    crew.export("--requeue")
    ann.annotate(second["id"], ranked(second["data"], *GOOD)[1:])
    cy.annotate(second["id"], ranked(second["data"], [2, 2, 2], [1, 2, 3]))
    counts = crew.describe()
    assert {kind: counts[kind] for kind in ("Answers", *KINDS)} == {
        "Answers": 5, "Valid": 1, "Declined": 1, "Invalid": 1, "SentBack": 1, "Superseded": 1, "ToNoObject": 0,
    }  # fmt: skip
    assert counts["Problems"] == {"Clarity: put the responses in order, then confirm": 1}
    ledger = crew.export()["ledger"]["answers"]
    assert (ledger["in"], ledger["out"]) == (5, 1)
    said = done("job", "describe", "counted", server=label_studio)
    assert "5 answers: 1 valid, 1 declined, 1 invalid, 1 sent back and not given again yet, 1 given again later" in said


def test_tasks_come_in_pages_and_each_once(
    label_studio: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(label_studio, tmp_path, "paged", ["ann"], items=[{**ITEM, "source": f"{n}?"} for n in range(5)])
    for task in crew.owner.tasks(crew.project):
        crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))
    for size in (2, 5, 500):
        monkeypatch.setattr(label_studio_server, "_PAGE", size)
        with label_studio_server.connect(label_studio.url, label_studio.api_key) as server:
            indices = [task["data"]["object_index"] for task in server.tasks(crew.project)]
        assert indices == [0, 1, 2, 3, 4]
        assert crew.describe()["Valid"] == 5


def test_an_answer_to_a_task_that_is_no_object_is_counted_apart(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "strays", ["ann"])
    task = crew.task()
    crew.update("tasks", task["id"], data={**task["data"], "object_index": 7})
    crew.api["ann"].annotate(task["id"], ranked(task["data"], *GOOD))
    counts = crew.describe()
    assert (counts["Answers"], counts["ToNoObject"], counts["Valid"]) == (1, 1, 0)


def test_the_job_is_described_where_its_manifest_is_not(label_studio: Embedded, tmp_path: Path) -> None:
    crew = Crew(label_studio, tmp_path, "elsewhere", ["ann"])
    crew.api["ann"].annotate(crew.task()["id"], ranked(crew.task()["data"], *GOOD))
    (tmp_path / "in.manifest").unlink()
    assert crew.describe()["Valid"] == 1


def test_the_order_that_an_annotation_records_reaches_output_and_sentences(
    label_studio: Embedded, tmp_path: Path
) -> None:
    crew = Crew(label_studio, tmp_path, "ordered", ["ann", "bob"], workers=2)
    task = crew.task()
    result = ranked(task["data"], *GOOD)
    crew.api["ann"].annotate(task["id"], with_recorded_order(result, (2, 0, 1)))
    unranked = [entry for entry in result if entry["value"].get("choices") != ["r0:1"]]
    crew.api["bob"].annotate(task["id"], with_recorded_order(unranked, (1, 2, 0)))
    sentence = "Helpfulness: Response C has no rank"
    assert crew.describe()["Problems"] == {sentence: 1}
    crew.export()
    document = worker_file(tmp_path / "out/ordered", output_lines(tmp_path / "out/ordered")[0])
    assert document["answers"][0]["gtbridge"]["responseOrder"] == [2, 0, 1]
    (invalid,) = document["gtbridge"]["invalid"]
    assert (invalid["gtbridge"]["responseOrder"], invalid["problems"]) == ([1, 2, 0], [sentence])
