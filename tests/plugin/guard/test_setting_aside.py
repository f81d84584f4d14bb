"""An item that its annotator skipped, or got back, and then answered: the old record blocks nobody and is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from annotators import GOOD, Crew, reasons
from roads import ranked

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded


@pytest.mark.parametrize("sent_back", [False, True], ids=["skipped", "sent back"])
def test_once_it_is_answered_again_the_others_get_the_item_and_the_record_is_kept(
    guarded: Embedded, tmp_path: Path, sent_back: bool
) -> None:
    crew = Crew(guarded, tmp_path, f"aside-{'back' if sent_back else 'skip'}", ["ann", "bob"], workers=2)
    assert crew.served("ann") == crew.task()["id"]
    task = crew.task()
    good = ranked(task["data"], *GOOD)
    if sent_back:
        number = crew.api["ann"].annotate(task["id"], good)
        crew.update("annotations", number, was_cancelled=True, last_action="rejected")
    else:
        number = crew.api["ann"].annotate(task["id"], [], was_cancelled=True)

    crew.export()
    assert crew.served("ann") == task["id"], "the item comes back to whoever gave it up"
    again = crew.api["ann"].annotate(task["id"], ranked(task["data"], [3, 2, 1], [3, 2, 1]))
    assert crew.served("ann") is None
    assert crew.served("bob") == task["id"], "nothing of the old record stands in the way"
    crew.api["bob"].annotate(task["id"], good)

    stored = crew.task()
    assert {answer["id"] for answer in stored["annotations"]} >= {again}
    assert number not in {answer["id"] for answer in stored["annotations"]}
    assert crew.api["ann"].get(f"/api/tasks/{task['id']}").json()["meta"] == {}
    assert (stored["total_annotations"], stored["cancelled_annotations"]) == (2, 0)
    report = crew.export()
    assert (report["pulled"]["new"], report["pulled"]["unchanged"]) == (2, 1), "what was set aside is what it was"
    assert (report["ledger"]["answers"]["in"], report["ledger"]["answers"]["out"]) == (3, 2)
    assert list(reasons(report, "dropped").values()) == [1]
