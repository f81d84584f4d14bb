"""The text ranking screen in a real browser: what an annotator does there is what the job output says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, new_annotator
from one_item import export, make_job
from playwright.sync_api import expect
from screens import RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

TASK = """\
task: text-ranking
title: Which answer helps more?
instructions: |
  Read the prompt,
  then rank the responses.
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
shuffle_responses: true
"""
ENGLISH, JAPANESE, ARABIC, HINDI = RESPONSES = (
    "Air scatters blue light more than red.",
    "空気は青い光をよく散乱するからです。",
    "لأن الهواء يشتت الضوء الأزرق.",
    "क्योंकि हवा नीले प्रकाश को बिखेरती है।",
)
ITEM = {"source": "Why is the sky blue?", "responses": list(RESPONSES)}


@pytest.fixture(scope="module")
def annotator(label_studio: Embedded) -> Iterator[Annotator]:
    with new_annotator(label_studio, "ranker") as annotator:
        yield annotator


def content(*rankings: tuple[str, bool, list[int]]) -> dict[str, Any]:
    """An answer's content: each dimension with its tie rule and the rank of each response in the item's order."""
    return {
        "textRanking": {
            "ordinalRankingDimensions": [
                {"name": name, "allowTie": allow_tie, "responseRankings": ranks} for name, allow_tie, ranks in rankings
            ]
        }
    }


def test_ranks_given_by_mouse_and_keyboard_reach_the_responses_they_were_given_to(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(label_studio, tmp_path, "screen-ranks", ITEM, TASK)
    assert annotator.begin(project) == "Read the prompt,\nthen rank the responses."
    screen = RankingScreen(annotator.page)
    expect(annotator.page.locator("#gtb-prompt")).to_have_text("Why is the sky blue?")
    assert {text for _, text in screen.cards()} == set(RESPONSES)

    screen.give("Helpfulness", {HINDI: 1, ARABIC: 4, ENGLISH: 2, JAPANESE: 2})
    first, *_, last = screen.order("Clarity")
    screen.drag("Clarity", last, 1)
    screen.drag("Clarity", first, 4)
    screen.move("Clarity", JAPANESE, 1)
    screen.move("Clarity", ENGLISH, 4)
    order = screen.order("Clarity")
    assert (order[0], order[3]) == (JAPANESE, ENGLISH)
    screen.confirm("Clarity")
    annotator.submit()

    answer = export(label_studio, tmp_path, "screen-ranks")
    assert answer["workerId"] == annotator.worker
    assert answer["answerContent"] == content(
        ("Helpfulness", True, [2, 2, 4, 1]), ("Clarity", False, [order.index(text) + 1 for text in RESPONSES])
    )


def test_an_unfinished_ranking_is_refused_by_name_and_kept(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(label_studio, tmp_path, "screen-early", ITEM, TASK)
    annotator.begin(project)
    screen = RankingScreen(annotator.page)
    expect(annotator.submit_button).to_be_disabled()

    screen.give("Helpfulness", {ENGLISH: 1, JAPANESE: 2, ARABIC: 2})
    assert annotator.refused() == "Helpfulness: rank every response."
    assert screen.given("Helpfulness") == {ENGLISH: ["1"], JAPANESE: ["2"], ARABIC: ["2"], HINDI: []}
    screen.give("Helpfulness", {HINDI: 4})
    screen.drag("Clarity", HINDI, 1 if screen.order("Clarity")[0] != HINDI else 4)
    order = screen.order("Clarity")
    assert annotator.refused() == "Clarity: put the responses in order, then tick the box below them."
    assert screen.order("Clarity") == order
    assert annotator.api.tasks(project)[0]["annotations"] == []

    screen.confirm("Clarity")
    annotator.submit()
    answer = export(label_studio, tmp_path, "screen-early")
    assert answer["answerContent"] == content(
        ("Helpfulness", True, [1, 2, 2, 4]), ("Clarity", False, [order.index(text) + 1 for text in RESPONSES])
    )


def test_a_submitted_ranking_opens_as_it_was_given_and_saving_it_again_changes_nothing(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(label_studio, tmp_path, "screen-reopened", ITEM, TASK)
    annotator.begin(project)
    screen = RankingScreen(annotator.page)
    screen.give("Helpfulness", {ENGLISH: 3, JAPANESE: 1, ARABIC: 2, HINDI: 3})
    screen.drag("Clarity", screen.order("Clarity")[2], 1)
    order = screen.order("Clarity")
    screen.confirm("Clarity")
    annotator.submit()
    before = export(label_studio, tmp_path, "screen-reopened")

    annotator.reopen(project, "Why is the sky blue?")
    assert screen.given("Helpfulness") == {ENGLISH: ["3"], JAPANESE: ["1"], ARABIC: ["2"], HINDI: ["3"]}
    assert screen.order("Clarity") == order
    assert screen.confirmed("Clarity")
    expect(annotator.submit_button).to_be_disabled()
    # Only a change makes Label Studio offer Update: make one, and take it back.
    screen.give("Helpfulness", {ENGLISH: 4})
    screen.give("Helpfulness", {ENGLISH: 3})
    annotator.update()
    after = export(label_studio, tmp_path, "screen-reopened")
    assert after["answerContent"] == before["answerContent"]
    assert after["workerId"] == before["workerId"] == annotator.worker


NASTY = ("$x {{idx}}", '"quotes" & <b>', "وضوح")


def test_nasty_dimension_names_are_shown_as_written_and_exported_exactly(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    dimensions = [{"name": name, "allow_tie": name != NASTY[1]} for name in NASTY]
    task = json.dumps({"task": "text-ranking", "instructions": "Rank.", "dimensions": dimensions})
    project = make_job(label_studio, tmp_path, "screen-nasty", {"source": "?", "responses": ["yes", "no"]}, task)
    annotator.begin(project)
    screen = RankingScreen(annotator.page)
    assert screen.dimensions() == list(NASTY)

    screen.give(NASTY[0], {"yes": 1, "no": 2})
    assert annotator.refused() == f"{NASTY[1]}: put the responses in order, then tick the box below them."
    screen.confirm(NASTY[1])
    order = screen.order(NASTY[1])
    assert annotator.refused() == f"{NASTY[2]}: rank every response."
    screen.give(NASTY[2], {"yes": 1, "no": 1})
    annotator.submit()
    answer = export(label_studio, tmp_path, "screen-nasty")
    assert answer["answerContent"] == content(
        (NASTY[0], True, [1, 2]),
        (NASTY[1], False, [order.index("yes") + 1, order.index("no") + 1]),
        (NASTY[2], True, [1, 1]),
    )


@pytest.mark.parametrize("markdown", ["false", "true"])
def test_an_empty_response_says_so_and_can_be_ranked(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path, markdown: str
) -> None:
    name = f"screen-empty-{markdown}"
    item = {"source": "Say nothing.", "responses": ["Nothing.", ""]}
    project = make_job(label_studio, tmp_path, name, item, f"{TASK}markdown: {markdown}\n")
    annotator.begin(project)
    screen = RankingScreen(annotator.page)
    notes = [screen.note(text) for text in ("Nothing.", "")]
    assert notes == ["", "(empty)"]
    screen.give("Helpfulness", {"Nothing.": 2, "": 1})
    if screen.order("Clarity")[0] != "":
        screen.move("Clarity", "", 1)
    screen.confirm("Clarity")
    annotator.submit()
    answer = export(label_studio, tmp_path, name)
    assert answer["answerContent"] == content(("Helpfulness", True, [2, 1]), ("Clarity", False, [2, 1]))
