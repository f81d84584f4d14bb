"""The screens that ask for more than ranks or pairs: a reference, flags, a comment, a reason not to judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, choose, new_annotator, option
from one_item import exported_line, make_job
from playwright.sync_api import expect
from roads import Api, done, prepare_job, worker_file
from screens import Feedback, QuestionScreen, RankingScreen

from gtbridge.converters.formats.label_studio_tasks import shown_order
from gtbridge.converters.formats.response_order import order_for
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

RAYLEIGH, BECAUSE, SEA, OZONE = TEXTS = ["Rayleigh scattering", "Because it is", "The sea", "Ozone"]
MODEL = "canary-model-7f"
REFERENCE = "Short waves are scattered *more*."
ITEM = {"source": "Why is the sky blue?", "responses": TEXTS, "reference": REFERENCE, "models": [MODEL] * 4}
RANKING_TASK = """\
task: text-ranking
instructions: Rank the responses.
dimensions:
  - {name: Help, allow_tie: true}
  - {name: Clear, allow_tie: false}
reference: true
flags: [Unsafe, "Made up: all of it"]
comment: required
cannot_judge: [Not my language, Needs an expert]
"""
PASSAGE = "The sea climbs the beach twice a day."
QUESTION_TASK = """\
task: question-answer
instructions: Ask what the passage answers.
questions: {min: 1, max: 2}
comment: optional
cannot_judge: [Not my language, Nothing to ask]
"""
RANKS = {RAYLEIGH: 1, BECAUSE: 3, SEA: 3, OZONE: 2}


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Annotator]:
    with new_annotator(guarded, "richer") as annotator:
        yield annotator


def in_another_order(annotator: Annotator, task: dict[str, Any]) -> Annotator:
    """Somebody else in the same browser, who sees the responses in another order, as all but one in 24 do."""
    seen = order_for(task["data"], task["id"], annotator.user)
    for attempt in range(10):
        somebody = annotator.change_to(f"richer-{attempt}")
        if order_for(task["data"], task["id"], somebody.user) != seen:
            return somebody
    raise AssertionError("ten people in a row see the same order")


def flag(screen: RankingScreen, text: str, *flags: str) -> None:
    """Mark the response with this text."""
    card = screen.page.locator(".gtb-card").nth([shown for _, shown in screen.cards()].index(text))
    for name in flags:
        choose(card.locator(".gtb-flags"), name)


def comment(screen: RankingScreen | QuestionScreen, text: str) -> None:
    screen.page.locator("#gtb-comment textarea").fill(text)


def decline(screen: RankingScreen | QuestionScreen, reason: str) -> None:
    choose(screen.page.locator("#gtb-cannot_judge"), reason)


def on_screen(screen: RankingScreen) -> set[str]:
    """What of the controls is to be seen."""
    controls = screen.page.locator('[id^="gtb-"]:visible').evaluate_all(
        "all => all.map(element => element.id.slice(4))"
    )
    return {name.rstrip("0123456789") for name in controls}


def stored(owner: Api, task: int, user: int) -> dict[str, Any]:
    """What each control of the person's answer stores."""
    (answer,) = [one for one in owner.get(f"/api/tasks/{task}/annotations").json() if one["completed_by"] == user]
    return {entry["from_name"]: next(iter(entry["value"].values())) for entry in answer["result"]}


def test_two_annotators_mark_comment_and_decline_and_each_value_names_its_response(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    name, owner = "richer-ranking", Api(guarded)
    path, _ = prepare_job(tmp_path, name, [ITEM], RANKING_TASK, workers=2)
    project = json.loads(done("job", "create", "--request", str(path), "--json", server=guarded))["ProjectId"]
    (task,) = owner.tasks(project)
    at = {index: position for position, index in enumerate(shown_order(task["data"]) or ())}
    annotator.begin(project)
    screen, feedback = RankingScreen(annotator.page), Feedback(annotator.page)
    assert annotator.page.locator("#gtb-reference").inner_text().split("\n") == ["Reference answer", REFERENCE]
    assert REFERENCE not in [text for _, text in screen.cards()]
    asked = on_screen(screen)

    screen.give("Help", RANKS)
    screen.move("Clear", SEA, 1)
    screen.confirm("Clear")
    flag(screen, BECAUSE, "Made up: all of it", "Unsafe")
    flag(screen, OZONE, "Unsafe")
    expect(feedback.summary).to_have_text("1 thing is still to do")
    feedback.expect_marked()
    (sentence,) = annotator.refusal()
    assert "comment" in sentence
    feedback.expect_marked("comment")
    order = screen.order("Clear")
    comment(screen, "One is made up.")
    expect(feedback.summary).to_have_count(0)
    feedback.expect_marked()
    annotator.submit()
    first = stored(owner, task["id"], annotator.user)
    assert first == {
        **{f"rank__help__{at[index]}": [f"r{index}:{RANKS[text]}"] for index, text in enumerate(TEXTS)},
        "order__clear": {"order__clear": [f"r{TEXTS.index(text)}" for text in order]},
        "done__clear": ["confirmed"],
        f"flags__{at[1]}": first[f"flags__{at[1]}"],
        f"flags__{at[3]}": ["r3:Unsafe"],
        "comment": ["One is made up."],
    }
    assert sorted(first[f"flags__{at[1]}"]) == ["r1:Made up: all of it", "r1:Unsafe"]

    other = in_another_order(annotator, task)
    other.begin(project)
    screen.give("Help", {SEA: 1})
    flag(screen, SEA, "Unsafe")
    decline(screen, "Needs an expert")
    assert on_screen(screen) == {"prompt", "reference", "response_", "comment", "cannot_judge"}
    comment(screen, "Ask a physicist.")
    expect(feedback.summary).to_have_count(0)
    other.submit()
    declined = {"cannot_judge": ["Needs an expert"], "comment": ["Ask a physicist."]}
    assert stored(owner, task["id"], other.user) == declined
    assert MODEL not in other.page.content()
    seen = [f"/api/tasks/{task['id']}", f"/api/projects/{project}", f"/api/tasks/{task['id']}/annotations"]
    assert not [path for path in seen if MODEL in other.api.get(path).text]

    other.reopen(project, str(ITEM["source"]))
    reason = option(annotator.page.locator("#gtb-cannot_judge"), "Needs an expert")
    reason.click()
    assert on_screen(screen) == asked
    screen.give("Help", {text: 5 - rank for text, rank in RANKS.items()})
    screen.confirm("Clear")  # as it stands
    flag(screen, RAYLEIGH, "Made up: all of it")
    expect(feedback.summary).to_have_count(0)
    other.update()
    second = stored(owner, task["id"], other.user)
    assert {key: value for key, value in second.items() if not key.startswith(("order", "done", "rank"))} == {
        f"flags__{at[0]}": ["r0:Made up: all of it"],
        "comment": ["Ask a physicist."],
    }
    assert [second[f"rank__help__{at[index]}"] for index in range(4)] == [
        [f"r{index}:{5 - RANKS[text]}"] for index, text in enumerate(TEXTS)
    ]

    line = exported_line(guarded, tmp_path, name)
    answers = {answer["workerId"]: answer for answer in worker_file(tmp_path / "out" / name, line)["answers"]}
    exported = [
        {key: value for key, value in answers[who.worker]["answerContent"].items() if key != "textRanking"}
        for who in (annotator, other)
    ]
    assert exported == [
        {
            "comment": "One is made up.",
            "flags-1": {"Made up: all of it": True, "Unsafe": True},
            "flags-3": {"Unsafe": True},
        },
        {"comment": "Ask a physicist.", "flags-0": {"Made up: all of it": True}},
    ]


def test_a_passage_is_declined_with_the_keyboard_and_nothing_that_was_begun_goes_along(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(guarded, tmp_path, "richer-questions", {"source": PASSAGE}, QUESTION_TASK)
    somebody = annotator.change_to("richer-decliner")
    page = somebody.page
    somebody.begin(project)
    screen, feedback = QuestionScreen(page), Feedback(page)
    screen.ask_for(2)
    screen.write(2, "How often?", "Twice")
    screen.highlight(1, "twice a day")
    with page.expect_response("**/drafts**"):
        comment(screen, "All is said.")
        screen.scope(1, "Highlighted sections")
    somebody.begin(project)  # the page anew, from the draft and from what the browser kept
    field = page.locator("#gtb-comment textarea")
    expect(field).to_have_value("All is said.")
    expect(page.locator(".htx-highlight")).to_have_count(1)

    expect(feedback.summary).to_be_visible()
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(option(page.locator("#gtb-cannot_judge"), "Nothing to ask")).to_contain_class("ant-checkbox-wrapper-checked")
    expect(page.locator(".gtb-pair:visible, .gtb-count:visible, .gtb-sections:visible")).to_have_count(0)
    expect(feedback.summary).to_have_count(0)
    somebody.submit()
    owner = Api(guarded)
    (task,) = owner.tasks(project)
    assert stored(owner, task["id"], somebody.user) == {"cannot_judge": ["Nothing to ask"], "comment": ["All is said."]}
