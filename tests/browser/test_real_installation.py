"""An annotator at Label Studio as teams run it: two processes, below a path, its content-security policy enforced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, new_annotator
from installation import Installation
from locked import locked
from one_item import export, make_job
from playwright.sync_api import ConsoleMessage, expect
from roads import done
from screens import Feedback, RankingScreen

pytestmark = pytest.mark.guarded

TASK = "task: text-ranking\ninstructions: Rank.\ndimensions: [{name: Help, allow_tie: true}]\n"
ITEM = {"source": "Why?", "responses": ["zero", "one"]}

# Said aloud, so that it is heard across pages.
_REPORT = """document.addEventListener('securitypolicyviolation', (event) => console.error('violation ' +
    JSON.stringify({page: location.href, blocked: event.blockedURI, sample: event.sample})))"""
# The one that Label Studio's own policy blocks on its own pages: it chooses the theme before anything is drawn.
_LABEL_STUDIOS_OWN = "function handleThemeColor()"


@dataclass
class Violations:
    """What the policy has blocked on the page so far."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith("violation "):
            self.found.append(json.loads(message.text.removeprefix("violation ")))


@pytest.fixture(scope="module")
def annotator(demanding: Installation) -> Iterator[Annotator]:
    with new_annotator(demanding.server, "under-the-policy") as annotator:
        yield annotator


def test_the_policy_blocks_nothing_of_ours(demanding: Installation, annotator: Annotator, tmp_path: Path) -> None:
    project = make_job(demanding.server, tmp_path, "policy", ITEM, TASK)
    page, violations = annotator.page, Violations()
    page.add_init_script(_REPORT)
    page.on("console", violations.hear)
    people = tmp_path / "people.csv"
    people.write_text("email\ninvited@example.com\n", encoding="utf-8")
    with page.expect_response(lambda response: "/gtbridge/guard.js" in response.url) as script:
        annotator.begin(project)
    assert script.value.status == 200
    assert script.value.url.startswith(f"{demanding.server.url}/gtbridge/")
    feedback = Feedback(page)
    expect(feedback.summary).to_have_text("1 thing is still to do")
    RankingScreen(page).give("Help", {"zero": 1})
    (sentence,) = annotator.refusal()
    assert sentence.endswith("has no rank")
    RankingScreen(page).give("Help", {"one": 2})
    expect(feedback.summary).to_have_count(0)

    made = done("workers", "add", "--job", "policy", str(people), "--json", server=demanding.server)
    (invited,) = json.loads(made)["workers"]
    assert invited["link"].startswith(f"{demanding.server.url}/gtbridge/welcome/")
    page.goto(invited["link"])
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(page.get_by_role("button", name="Choose this password")).to_have_css("cursor", "pointer")

    policy = page.request.get(invited["link"]).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert [found for found in violations.found if _LABEL_STUDIOS_OWN not in found["sample"]] == []


def test_while_the_database_is_locked_the_work_is_kept_and_can_be_sent_again(
    demanding: Installation, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(demanding.server, tmp_path, "locked-in-the-browser", ITEM, TASK)
    annotator.begin(project)
    screen = RankingScreen(annotator.page)
    screen.give("Help", {"zero": 2, "one": 1})
    (task,) = annotator.api.tasks(project)
    with locked(demanding, task["id"]):
        annotator.submit_button.click()
        (sentence,) = annotator.sentences()
        assert sentence.startswith("The server is busy just now")
        assert "press the button again" in sentence
        assert screen.given("Help") == {"zero": ["2"], "one": ["1"]}
    annotator.submit()
    answer = export(demanding.server, tmp_path, "locked-in-the-browser")
    (dimension,) = answer["answerContent"]["textRanking"]["ordinalRankingDimensions"]
    assert dimension["responseRankings"] == [2, 1]
