"""Text that was typed and not entered, which Label Studio alone would lose: kept in the browser, for its writer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browser import Annotator, new_annotator
from playwright.sync_api import expect
from roads import done, prepare_job
from screens import QuestionScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

TASK = """\
task: question-answer
instructions: Ask what the passage answers.
questions: {min: 1, max: 1}
"""
PASSAGE = "The sea climbs twice a day."


def kept(annotator: Annotator) -> list[str]:
    """The names under which the browser keeps texts."""
    names: list[str] = annotator.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gtbridge'))")
    return names


def test_typed_text_survives_a_reload_is_its_writers_alone_and_is_gone_once_submitted(
    guarded: Embedded, tmp_path: Path
) -> None:
    path, _ = prepare_job(tmp_path, "live-typed", [{"source": PASSAGE}], TASK, workers=2)
    project = json.loads(done("job", "create", "--request", str(path), "--json", server=guarded))["ProjectId"]
    with new_annotator(guarded, "writer") as writer:
        screen = QuestionScreen(writer.page)
        question = screen.control("question_1").locator("textarea")
        answer = screen.control("answer_1").locator("textarea")
        writer.begin(project)
        expect(writer.page.locator(".gtb-todo")).to_be_visible()
        question.press_sequentially("How often?")
        answer.press_sequentially("T")
        assert len(kept(writer)) == 2
        answer.press("Backspace")
        assert len(kept(writer)) == 1
        writers_cookies = writer.page.context.cookies()
        writer.page.evaluate(
            """for (const days of [13, 15]) {
                const entry = {at: Date.now() - days * 86400000, text: "?", over: ""};
                localStorage.setItem(`gtbridge text|${days} days old`, JSON.stringify(entry));
            }"""
        )
        writer.begin(project)
        assert [name for name in kept(writer) if name.endswith("old")] == ["gtbridge text|13 days old"]
        writer.page.evaluate("localStorage.removeItem('gtbridge text|13 days old')")
        expect(question).to_have_value("How often?")
        expect(answer).to_have_value("")

        reader = writer.change_to("reader")
        reader.begin(project)
        expect(reader.page.locator(".gtb-todo")).to_be_visible()
        expect(question).to_have_value("")
        question.press_sequentially("My own?")
        assert len(kept(reader)) == 2
        reader.page.locator(".lsf-menu-header__user").click()
        reader.page.get_by_text("Log Out").click()
        reader.page.wait_for_url("**/user/login/**")
        assert len(kept(reader)) == 1

        writer.hand_over(writers_cookies)
        writer.begin(project)
        expect(question).to_have_value("How often?")
        answer.fill("Twice a day")
        screen.scope(1, "Whole passage")
        writer.submit()
        assert kept(writer) == []
