"""On whichever road a project changes: what was kept and what is fetched are together what a full pull gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from living_projects import ROADS, WIDE_ROADS, Living, leaver, living_project, said

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def test_each_road_on_which_a_task_changes_is_noticed_though_nothing_else_happens_to_the_task(
    label_studio: Embedded, tmp_path: Path
) -> None:
    with living_project(label_studio, tmp_path / "kept.jsonl.gz") as living:
        living.add(*([{"result": said(), "ground_truth": False}] for _ in ROADS), [])
        tasks = dict(zip(ROADS, living.ids(), strict=False))
        living.change(living.annotation(tasks["a skip taken back"]), was_cancelled=True)
        ROADS["a draft"](living, tasks["dropped drafts"])
        for road in ("deleted predictions", "predictions made answers"):
            ROADS["a prediction"](living, tasks[road])
        before = {task["id"]: task for task in living.pull()[0]}
        for road, task in tasks.items():
            ROADS[road](living, task)
        found, changes = living.pull()
        after = {task["id"]: task for task in found}
        assert found == living.fresh()
        assert [road for road, task in tasks.items() if after.get(task) == before[task]] == []
        assert changes.unchanged and (changes.new, changes.changed, changes.withdrawn) == (4, 4, 5)


def test_what_happens_to_many_tasks_at_once_is_noticed(label_studio: Embedded, tmp_path: Path) -> None:
    with living_project(label_studio, tmp_path / "kept.jsonl.gz") as living:
        living.add([{"result": said()}], [], [{"result": said()}, {"result": said("bad"), "was_cancelled": True}])
        living.add([{"result": said()}], [{"result": said("bad")}], text="twice the same")
        leaver(living, living.ids()[0])
        before, _ = living.pull()
        for road, go in WIDE_ROADS.items():
            go(living, before[0]["id"])
            found, changes = living.pull()
            assert found == living.fresh(), road
            assert road == "another labeling config" or found != before, road
            before = found
        assert (changes.anew, changes.fetched) == ("the labeling config was changed", len(found))


@pytest.mark.guarded
def test_whatever_happens_in_whatever_order_the_result_is_that_of_a_full_pull_also_under_the_guard(
    guarded: Embedded, tmp_path: Path
) -> None:
    random = Random(2)
    with living_project(guarded, tmp_path / "kept.jsonl.gz") as living:
        living.add(*([] for _ in range(6)))
        taken: list[str] = []
        for _ in range(2):
            living.pull()
            taken += [_some_road(living, random) for _ in range(5)]
        assert living.pull()[0] == living.fresh(), taken


def _some_road(living: Living, random: Random) -> str:
    road, go = random.choice(list({**ROADS, **WIDE_ROADS}.items()))
    go(living, random.choice(living.ids()))
    return road
