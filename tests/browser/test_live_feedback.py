"""The guard in a real browser: what annotators are told while they answer, and what happens at Submit and Update."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import Annotator, new_annotator, saves_an_answer
from one_item import make_job
from playwright.sync_api import expect
from roads import RANKING_TASK, done, prepare_job
from screens import Feedback, QuestionScreen, RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

TASK = """\
task: question-answer
instructions: Ask what the passage answers.
questions: {min: 1, max: 2}
question_words: {min: 3, max: 6}
answer_words: {min: 1, max: 20}
"""
TIDES, WINDS = "The sea climbs twice a day.", "The wind rests at noon."
PAIRS = "0 pairs of question and answer; 1 to 2 pairs are needed"
SHORT = "QA 1: the question has 2 words; 3 to 6 words are needed"
SCOPE = "QA 1: say whether it is about the whole passage or about highlighted sections"


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Annotator]:
    with new_annotator(guarded, "listener") as annotator:
        yield annotator


def test_lengths_and_marks_follow_the_work_and_a_new_item_begins_without_them(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    path, _ = prepare_job(tmp_path, "live-lengths", [{"source": TIDES}, {"source": WINDS}], TASK)
    made = json.loads(done("job", "create", "--request", str(path), "--json", server=guarded))
    annotator.begin(made["ProjectId"])
    screen, feedback = QuestionScreen(annotator.page), Feedback(annotator.page)
    expect(feedback.summary).to_have_text("1 thing is still to do")
    expect(feedback.sentences).to_have_text([PAIRS])
    feedback.expect_marked()

    screen.ask_for(1)
    feedback.expect_length("question_1", "0 words, 3 to 6")
    expect(feedback.summary).to_have_text("3 things are still to do")
    feedback.expect_marked()
    question = screen.control("question_1").locator("textarea")
    question.press_sequentially("How often")
    feedback.expect_length("question_1", "2 words, 3 to 6")
    expect(feedback.sentences).to_have_text([SHORT, "QA 1: write an answer", SCOPE])
    feedback.expect_marked("question_1")
    question.press_sequentially(" is high tide?")
    feedback.expect_length("question_1", "5 words, 3 to 6")
    feedback.expect_marked()
    screen.control("answer_1").locator("textarea").press_sequentially("Twice")
    screen.scope(1, "Highlighted sections")
    expect(feedback.sentences).to_have_text(["QA 1: highlight the sections that it is about"])
    feedback.expect_marked("scope_1")
    screen.highlight(1, "twice a day")
    expect(feedback.summary).to_have_count(0)
    feedback.expect_marked()

    annotator.page.keyboard.press("Control+z")
    expect(feedback.summary).to_have_text("1 thing is still to do")
    screen.highlight(1, "twice a day")
    annotator.submit_button.click()
    expect(screen.control("passage")).to_have_text(WINDS)
    expect(feedback.sentences).to_have_text([PAIRS])
    feedback.expect_length("question_1", "")
    feedback.expect_marked()


def test_submit_and_update_are_refused_with_every_reason_and_the_work_stays(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    item = {"source": "Which is warmer?", "responses": ["red", "blue"]}
    project = make_job(guarded, tmp_path, "live-refused", item, RANKING_TASK)
    annotator.begin(project)
    screen, feedback = RankingScreen(annotator.page), Feedback(annotator.page)
    expect(feedback.summary).to_be_visible()
    sent = []
    annotator.page.on("request", lambda request: sent.append(request) if saves_an_answer(request) else None)
    screen.give("Helpfulness", {"red": 2})
    position = [text for _, text in screen.cards()].index("blue")
    missing = f"Helpfulness: {screen.title('blue')} has no rank"
    confirm = "Clarity: put the responses in order, then confirm"
    feedback.expect_marked()
    assert annotator.refusal() == [missing, confirm]
    feedback.expect_marked(f"rank__helpfulness__{position}", "done__clarity")
    assert screen.given("Helpfulness") == {"red": ["2"], "blue": []}
    assert sent == []

    screen.give("Helpfulness", {"blue": 1})
    screen.confirm("Clarity")
    expect(feedback.summary).to_have_count(0)
    annotator.submit()
    assert len(sent) == 1

    annotator.reopen(project, "Which is warmer?")
    box = screen.dimension("Clarity").locator(".gtb-confirm label")
    box.click()
    assert annotator.refusal() == [confirm]
    assert len(sent) == 1
    box.click()
    screen.give("Helpfulness", {"red": 1})
    annotator.update()


def test_a_text_that_was_entered_is_counted_while_it_is_changed(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    annotator.begin(make_job(guarded, tmp_path, "live-changed", {"source": TIDES}, TASK))
    screen, feedback = QuestionScreen(annotator.page), Feedback(annotator.page)
    screen.ask_for(1)
    screen.write(1, "How often", "Twice")
    screen.scope(1, "Whole passage")
    assert annotator.refusal() == [SHORT]
    screen.control("question_1").hover()
    screen.control("question_1").get_by_role("button", name="Edit Region").click()
    screen.control("question_1").locator("textarea").press_sequentially(" is high tide?")
    feedback.expect_length("question_1", "5 words, 3 to 6")
    annotator.submit()


def test_without_a_check_the_servers_own_refusal_is_shown_and_the_work_stays(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(guarded, tmp_path, "live-unreachable", {"source": TIDES}, TASK)
    annotator.page.route("**/gtbridge/check", lambda route: route.abort())
    annotator.begin(project)
    screen = QuestionScreen(annotator.page)
    screen.ask_for(1)
    screen.write(1, "How often", "Twice")
    screen.scope(1, "Whole passage")
    with annotator.page.expect_response("**/api/tasks/*/annotations**") as saved:
        annotator.submit_button.click()
    assert saved.value.status == 400
    assert annotator.sentences() == [SHORT]
    assert screen.written(1) == ("How often", "Twice")

    annotator.page.unroute("**/gtbridge/check")
    assert annotator.refusal() == [SHORT]


def test_a_session_that_ended_says_so_and_the_work_can_be_sent_after_the_next_login(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    item = {"source": "Which is colder?", "responses": ["red", "blue"]}
    annotator.begin(make_job(guarded, tmp_path, "live-session", item, RANKING_TASK))
    screen, feedback = RankingScreen(annotator.page), Feedback(annotator.page)
    expect(feedback.summary).to_be_visible()
    annotator.page.wait_for_load_state("networkidle")  # an answer on its way would bring a session along
    cookies = annotator.page.context.cookies()
    annotator.page.context.clear_cookies(name="sessionid")
    with annotator.page.expect_response("**/drafts**") as draft:
        screen.give("Helpfulness", {"red": 2, "blue": 1})
        screen.confirm("Clarity")
    assert draft.value.status == 401
    (sentence,) = annotator.sentences()
    assert sentence.startswith("You are no longer logged in")
    assert annotator.refusal() == [sentence]
    assert screen.given("Helpfulness") == {"red": ["2"], "blue": ["1"]}

    annotator.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what comes out goes in
    annotator.submit()


def test_a_project_that_is_no_labeling_job_is_left_alone(guarded: Embedded, annotator: Annotator) -> None:
    config = '<View><Text name="text" value="$text"/><TextArea name="note" toName="text" required="true"/></View>'
    headers = {"Authorization": f"Token {guarded.api_key}"}
    with httpx.Client(base_url=guarded.url, headers=headers, timeout=60) as owner:
        project = owner.post("/api/projects", json={"title": "foreign", "label_config": config}).json()["id"]
        owner.post(f"/api/projects/{project}/import", json=[{"data": {"text": "one"}}]).raise_for_status()
        (task,) = owner.get("/api/tasks", params={"project": project}).json()["tasks"]
        reply = owner.post("/gtbridge/check", json={"task": task["id"], "result": []}).json()
    assert (reply["guarded"], reply["problems"]) == (False, [])
    page, asked = annotator.page, []
    page.on("request", lambda request: asked.append(request.url) if "/gtbridge/check" in request.url else None)
    with page.expect_response("**/gtbridge/check"):
        page.goto(f"{guarded.url}/projects/{project}/data?labeling=1")
    note = page.locator("input[name=note]")
    note.fill("some note")
    note.press("Enter")
    annotator.submit()  # three changes, each of which a guarded project's screen would ask about
    expect(page.locator(".gtb-todo")).to_have_count(0)
    # One question settles it; a second is asked if the text was written before the reply was read.
    assert 1 <= len(asked) <= 2
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gtbridge'))") == []
