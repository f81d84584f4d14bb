"""Every rule at the screen: broken by hand or by a draft, it is named at Submit, and once it is mended the answer goes.

``broken_answers`` says which case is which. The steps of a test build on one another, as a person's would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from broken_answers import CASES, Case
from browser import Annotator, new_annotator
from guarded_api import Caller, calling, open_desk
from judged_jobs import CLOSED, JOBS
from playwright.sync_api import Page, expect
from screen_steps import BEYOND_REPAIR, BY_HAND, DRAFTS
from screens import Feedback, QuestionScreen

from gtbridge.converters.formats.given_under import with_recorded_rules
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

BY_ID = {case.id: case for case in CASES}


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as owner:
        yield owner


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Annotator]:
    with new_annotator(guarded, "breaker") as annotator:
        yield annotator


def test_every_case_is_broken_by_hand_or_by_a_draft_or_says_why_not() -> None:
    by_hand = [name for _, steps, _ in BY_HAND.values() for name in steps]
    drafts = [name for steps in DRAFTS.values() for name in steps]
    assert sorted(by_hand) == sorted(case.id for case in CASES if case.by_hand)
    rest = {case.id for case in CASES if not case.by_hand and case.why_not_on_screen is None}
    assert {*drafts, *BEYOND_REPAIR} == rest


def expected(case: Case) -> list[str]:
    return list(case.on_screen or case.sentences)


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_broken_by_hand_is_named_at_submit_and_goes_once_it_is_mended(
    owner: Caller, annotator: Annotator, tmp_path: Path, name: str
) -> None:
    job, steps, mend = BY_HAND[name]
    desk = open_desk(owner, tmp_path, f"by-hand-{name}", job)
    annotator.begin(desk.project)
    judged(annotator.page)
    for identifier, step in steps.items():
        step(annotator.page)
        assert (identifier, annotator.refusal()) == (identifier, expected(BY_ID[identifier]))
    assert desk.stored() == []
    mend(annotator.page)
    annotator.submit()
    assert len(desk.stored()) == 1


@pytest.mark.parametrize("name", DRAFTS)
def test_what_a_draft_has_broken_is_named_at_submit_and_can_be_mended_by_hand(
    owner: Caller, annotator: Annotator, tmp_path: Path, name: str
) -> None:
    steps = DRAFTS[name]
    (job,) = [job for job in JOBS if job.name == name]
    desk = open_desk(owner, tmp_path, f"drafts-{name}", job, items=len(steps))
    for task, identifier in zip(desk.tasks, steps, strict=True):
        keep_draft(annotator, task["id"], BY_ID[identifier].broken)
    annotator.begin(desk.project)
    for number, (identifier, mend) in enumerate(steps.items()):
        shown(annotator.page, desk.tasks[number]["id"])
        case = BY_ID[identifier]
        if case.editor_says:
            assert case.editor_says in annotator.refused()
        else:
            assert (identifier, annotator.refusal()) == (identifier, expected(case))
        mend(annotator.page)
        submit_and_go_on(annotator, identifier)
    assert [len(desk.stored(number)) for number in range(len(steps))] == [1] * len(steps)


def test_an_answer_that_was_submitted_cannot_be_broken_by_an_update(
    owner: Caller, annotator: Annotator, tmp_path: Path
) -> None:
    desk = open_desk(owner, tmp_path, "updated", CLOSED)
    annotator.api.annotate(desk.tasks[0]["id"], CLOSED.good)
    annotator.reopen(desk.project, CLOSED.item["source"])
    screen = QuestionScreen(annotator.page)
    screen.scope(1, "Highlighted sections")
    assert annotator.refusal() == ["QA 1: highlight the sections that it is about"]
    assert [with_recorded_rules(answer["result"], None) for answer in desk.stored()] == [CLOSED.good]
    screen.highlight(1, "Tea")
    annotator.update()
    (stored,) = desk.stored()
    assert len(stored["result"]) == len(CLOSED.good) + 1


def test_whoever_takes_a_skip_back_is_held_to_the_rules(owner: Caller, annotator: Annotator, tmp_path: Path) -> None:
    desk = open_desk(owner, tmp_path, "taken-back", CLOSED)
    annotator.api.annotate(desk.tasks[0]["id"], BY_ID["too few characters"].broken, was_cancelled=True)
    annotator.page.goto(f"{owner.server.url}/projects/{desk.project}/data?task={desk.tasks[0]['id']}")
    annotator.page.get_by_role("button", name="cancel-skip").click()
    judged(annotator.page)
    assert annotator.refusal() == expected(BY_ID["too few characters"])
    assert [answer["was_cancelled"] for answer in desk.stored()] == [True]


def test_a_draft_beyond_repair_is_refused_all_the_same(owner: Caller, annotator: Annotator, tmp_path: Path) -> None:
    (case,) = [BY_ID[identifier] for identifier in BEYOND_REPAIR]
    desk = open_desk(owner, tmp_path, "beyond-repair", case.job)
    keep_draft(annotator, desk.tasks[0]["id"], case.broken)
    annotator.begin(desk.project)
    shown(annotator.page, desk.tasks[0]["id"])
    assert annotator.refusal() == expected(case)
    assert desk.stored() == []


def submit_and_go_on(annotator: Annotator, what: str) -> None:
    with annotator.page.expect_response(re.compile(r"/api/tasks/\d+/annotations")) as saved:
        annotator.submit_button.click()
    assert (what, saved.value.status) == (what, 201)


def keep_draft(annotator: Annotator, task: int, result: Any) -> None:
    url = f"{annotator.api.url}/api/tasks/{task}/drafts"
    kept = httpx.post(url, json={"result": result, "lead_time": 1}, headers=annotator.api.headers, timeout=60)
    assert kept.status_code == 201, kept.text


def shown(page: Page, task: int) -> None:
    """Wait until the editor shows the task with its draft."""
    page.wait_for_function("task => window.Htx?.task?.id === task && Htx.annotationStore.selected?.draftId", arg=task)
    judged(page)


def judged(page: Page) -> None:
    """Wait until the guard has found something to do; before that, Label Studio asks for one thing after the other."""
    expect(Feedback(page).summary).to_be_visible()
