"""Two annotators at two browsers and a reviewer at a third, on one item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, option, several_people
from one_item import exported_line
from playwright.sync_api import expect
from roads import Api, done, prepare_job, worker_file
from screens import RankingScreen

from gtbridge.converters.formats.label_studio_tasks import shown_order
from gtbridge.converters.formats.response_order import order_for, recorded_order
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

NAME = "two-browsers"
ITEM = {"source": "Why is the sky blue?", "responses": ["Rayleigh", "Because", "Sea", "Ozone"]}
TASK = """
task: text-ranking
instructions: Rank the responses.
dimensions:
  - {name: Help, allow_tie: true}
  - {name: Clear, allow_tie: false}
"""
RANKS = {
    "left": {"Rayleigh": 1, "Because": 3, "Sea": 3, "Ozone": 2},
    "right": {"Rayleigh": 2, "Because": 4, "Sea": 1, "Ozone": 2},
}


def others_order(arrive: Callable[[str | None], Annotator], task: dict[str, Any], seen: tuple[int, ...]) -> Annotator:
    """Somebody who sees the responses in another order than ``seen``, as all but one in 24 do."""
    for attempt in range(10):
        somebody = arrive(f"right-{attempt}")
        if order_for(task["data"], task["id"], somebody.user) != seen:
            return somebody
    raise AssertionError("ten people in a row see the same order")


def rank(screen: RankingScreen, who: str) -> list[str]:
    """Give all ranks, by content; returns the order of the dimension without ties, best first."""
    screen.give("Help", RANKS[who])
    screen.move("Clear", "Sea", 1)
    screen.confirm("Clear")
    return screen.order("Clear")


def stored(owner: Api, task: int) -> dict[int, tuple[int, Any, Any]]:
    """(id, what each control stores, the order seen) of each answer, by annotator."""
    return {
        answer["completed_by"]: (
            answer["id"],
            {entry["from_name"]: entry["value"] for entry in answer["result"]},
            recorded_order(answer["result"]),
        )
        for answer in owner.get(f"/api/tasks/{task}/annotations").json()
    }


def test_they_see_different_orders_and_nothing_of_each_other_and_a_reviewer_sees_both_as_given(
    guarded: Embedded, tmp_path: Path
) -> None:
    request, _ = prepare_job(tmp_path, NAME, [ITEM], TASK, workers=2)
    done("job", "create", "--request", str(request), server=guarded)
    owner = Api(guarded)
    project = next(
        p["id"] for p in owner.get("/api/projects", page_size=500).json()["results"] if NAME in p["description"]
    )
    (task,) = owner.tasks(project)
    with several_people(guarded) as arrive:
        left = arrive("left-one")
        seen = order_for(task["data"], task["id"], left.user)
        assert seen is not None
        right = others_order(arrive, task, seen)

        texts = ITEM["responses"]
        screens = {"left": RankingScreen(left.page), "right": RankingScreen(right.page)}
        left.begin(project)
        right.begin(project)
        assert [text for _, text in screens["left"].cards()] == [texts[index] for index in seen]
        assert screens["left"].cards() != screens["right"].cards()
        orders = {"left": rank(screens["left"], "left")}
        left.submit()
        assert screens["right"].given("Help") == {text: [] for text in texts}
        orders["right"] = rank(screens["right"], "right")
        assert "left-one" not in right.page.content()
        right.submit()
        right.page.goto(f"{guarded.url}/projects/{project}/data?task={task['id']}")
        expect(right.submit_button).to_have_text("Update")
        assert "left-one" not in right.page.content()

        answers = stored(owner, task["id"])
        assert answers.keys() == {left.user, right.user}
        reviewer = arrive(None)
        screen = RankingScreen(reviewer.page)
        reviewer.page.goto(f"{guarded.url}/projects/{project}/data?task={task['id']}")
        for who, somebody in (("left", left), ("right", right)):
            reviewer.page.locator(f'[data-annotation-id="{answers[somebody.user][0]}"]').click()
            expect(screen.row("Help", "Ozone").locator(".ant-checkbox-wrapper-checked")).to_have_count(1)
            assert screen.given("Help") == {text: [str(rank)] for text, rank in RANKS[who].items()}
            assert screen.order("Clear") == orders[who]
            assert screen.confirmed("Clear")
            assert [text for _, text in screen.cards()] == [texts[index] for index in shown_order(task["data"]) or ()]
            # Label Studio saves only what was touched.
            option(screen.dimension("Clear").locator(".gtb-confirm"), "This is my order").click()
            screen.confirm("Clear")
            reviewer.update()
        assert stored(owner, task["id"]) == answers, "saving unchanged changes nothing"

    line = exported_line(guarded, tmp_path, NAME)
    exported = {answer["workerId"]: answer for answer in worker_file(tmp_path / "out" / NAME, line)["answers"]}
    for who, somebody in (("left", left), ("right", right)):
        by_name = {
            dimension["name"]: dimension["responseRankings"]
            for dimension in exported[somebody.worker]["answerContent"]["textRanking"]["ordinalRankingDimensions"]
        }
        assert by_name["Help"] == [RANKS[who][text] for text in texts]
        assert by_name["Clear"] == [orders[who].index(text) + 1 for text in texts]
    assert len(exported) == 2
