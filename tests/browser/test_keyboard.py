"""The keyboard alone: both tasks can be done with it, and no stray key changes or sends an answer."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Annotator, new_annotator, saves_an_answer
from one_item import export, make_job
from playwright.sync_api import Locator, Page, expect
from roads import RANKING_TASK, done, prepare_job
from screens import Feedback, QuestionScreen, RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

RED, GREEN, BLUE = "red, as rust", "green, as grass", "blue, as the sea"
ITEM = {"source": "Which colour?", "responses": [RED, GREEN, BLUE]}
PASSAGE = "The sea climbs the beach twice a day. The wind rests at noon."
QUESTION_TASK = """\
task: question-answer
instructions: Ask what the passage answers.
questions: {min: 1, max: 2}
tags: [What, How]
allow_custom_tags: true
"""
_FOCUSED = "element => element.contains(document.activeElement)"

KEYS = (
    *string.ascii_lowercase,
    *string.digits,
    *"-=[];',./\\`",
    *("Enter", "Space", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "F1", "F2", "F8", "F9", "Numpad0", "Numpad1", "Numpad5"),
)
MODIFIERS = ("", "Shift+", "Control+", "Alt+")
UNDO = {"Control+z"}
SUBMIT = {"Control+Enter"}


@pytest.fixture(scope="module")
def annotator(guarded: Embedded) -> Iterator[Annotator]:
    with new_annotator(guarded, "typist") as annotator:
        yield annotator


def begin(annotator: Annotator, project: int) -> None:
    """Open the label stream, and close the instructions, with the keyboard only."""
    page = annotator.page
    page.goto(f"{annotator.api.url}/projects/{project}/data?labeling=1")
    expect(page.locator(".lsf-modal-ls_visible").get_by_role("button", name="Close modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lsf-modal-ls_visible")).to_have_count(0)
    expect(Feedback(page).summary).to_be_visible()


def tab_to(page: Page, selector: str, number: int = 0, key: str = "Tab") -> None:
    """Press Tab until the focus is in the element ``number`` (from 0) of those found."""
    wanted = page.locator(selector).nth(number)
    for _ in range(80):
        if wanted.evaluate(_FOCUSED):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no way to {selector} {number}")


def tick(page: Page, control: str, number: int = 0) -> None:
    """Go on to an option and choose it."""
    tab_to(page, f"#gtb-{control} label", number)
    page.keyboard.press("Space")
    chosen = re.compile("ant-checkbox-wrapper-checked")
    expect(page.locator(f"#gtb-{control} label").nth(number)).to_have_class(chosen)


def write(page: Page, control: str, text: str) -> None:
    tab_to(page, f"#gtb-{control} :is(textarea, input)")
    page.keyboard.type(text)


def press_submit(page: Page) -> None:
    """Go on to the button, and press it."""
    expect(page.locator("button[name=submit]")).to_be_enabled()
    tab_to(page, "button[name=submit]")
    page.keyboard.press("Enter")


def test_a_ranking_is_done_and_sent_without_a_mouse(guarded: Embedded, annotator: Annotator, tmp_path: Path) -> None:
    begin(annotator, make_job(guarded, tmp_path, "keys-ranking", ITEM, RANKING_TASK))
    page, screen = annotator.page, RankingScreen(annotator.page)
    ranks = {RED: 2, GREEN: 1, BLUE: 2}
    for position, (_, text) in enumerate(screen.cards()):
        tick(page, f"rank__helpfulness__{position}", ranks[text] - 1)
    assert screen.given("Helpfulness") == {text: [str(rank)] for text, rank in ranks.items()}

    last = screen.order("Clarity")[2]
    tab_to(page, "#gtb-order__clarity .htx-ranker-item", 2)
    spoken = page.locator("[id^=rbd-announcement]")
    for key, announced in (
        ("Space", "lifted an item in position 3"),
        ("ArrowUp", "to position 2"),
        ("ArrowUp", "to position 1"),
        ("Space", "dropped the item"),
    ):
        page.keyboard.press(key)
        expect(spoken).to_contain_text(announced)
    order = screen.order("Clarity")
    assert order[0] == last
    tick(page, "done__clarity")

    press_submit(page)
    expect(page.get_by_text("No More Tasks Left in Queue")).to_be_visible()
    answer = export(guarded, tmp_path, "keys-ranking")["answerContent"]["textRanking"]["ordinalRankingDimensions"]
    assert [ranking["responseRankings"] for ranking in answer] == [
        [2, 1, 2],
        [order.index(text) + 1 for text in (RED, GREEN, BLUE)],
    ]


def test_pairs_are_written_tagged_and_sent_without_a_mouse(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    """Label Studio marks sections with the mouse or a finger only; a pair about the whole passage needs none."""
    begin(annotator, make_job(guarded, tmp_path, "keys-pairs", {"source": PASSAGE}, QUESTION_TASK))
    page = annotator.page
    tick(page, "pair_count", 1)
    for number, (question, answer) in enumerate((("How often?", "Twice a day"), ("When is it calm?", "At noon")), 1):
        write(page, f"question_{number}", question)
        write(page, f"answer_{number}", answer)
        tick(page, f"scope_{number}")
        tick(page, f"tags_{number}", 1)
    write(page, "custom_tags_2", "winds")
    page.keyboard.press("Enter")
    expect(page.locator("#gtb-custom_tags_2").get_by_test_id("htx-textbox-content")).to_have_text("winds")

    tab_to(page, "#gtb-tags_2 label", 0, "Shift+Tab")
    page.keyboard.press("Space")
    press_submit(page)
    expect(page.get_by_text("No More Tasks Left in Queue")).to_be_visible()
    pairs = export(guarded, tmp_path, "keys-pairs")["answerContent"]["questionAndAnswers"]["questionAnswerPairs"]
    assert [(pair["question"], pair["answer"], pair["tags"], pair["textReferences"]) for pair in pairs] == [
        ("How often?", "Twice a day", ["How"], []),
        ("When is it calm?", "At noon", ["What", "How", "winds"], []),
    ]


# The answer, where the page is, and whether a box is open or a section is selected; then back to the focus.
_STATE = """focus => {
    const {selected} = Htx.annotationStore;
    const regions = selected.regions.map(({hidden, locked}) => [hidden, locked]);
    const box = document.querySelectorAll('dialog[open], .lsf-modal-ls_visible').length;
    const seen = JSON.stringify([selected.serializeAnnotation(), regions, location.href, box]);
    if (focus) document.querySelector(focus).focus();
    else document.activeElement.blur();
    return [seen, selected.selectedRegions.length];
}"""


def changing_keys(page: Page, meant: set[str], focus: str = "", section: Locator | None = None) -> list[str]:
    """Press every key alone and with modifiers, save for those ``meant``; returns those that changed anything.

    ``focus`` is where, by default on no element; ``section`` is kept selected.
    """
    found = []
    state, selected = page.evaluate(_STATE, focus)
    for key in (modifier + key for modifier in MODIFIERS for key in KEYS):
        if key in meant:
            continue
        if section and not selected:
            section.click()
        page.keyboard.press(key)
        before = state
        state, selected = page.evaluate(_STATE, focus)
        if state != before:
            found.append(key)
    return found


def test_no_stray_key_changes_a_ranking(guarded: Embedded, annotator: Annotator, tmp_path: Path) -> None:
    begin(annotator, make_job(guarded, tmp_path, "keys-stray", ITEM, RANKING_TASK))
    page, screen = annotator.page, RankingScreen(annotator.page)
    screen.give("Helpfulness", {RED: 2})
    assert changing_keys(page, UNDO | SUBMIT) == []
    space = {modifier + "Space" for modifier in MODIFIERS}
    assert changing_keys(page, UNDO | space, "#gtb-rank__helpfulness__1 input") == []
    assert screen.given("Helpfulness") == {RED: ["2"], GREEN: [], BLUE: []}


def test_no_stray_key_changes_or_hides_a_section_that_is_selected(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    begin(annotator, make_job(guarded, tmp_path, "keys-section", {"source": PASSAGE}, QUESTION_TASK))
    page, screen = annotator.page, QuestionScreen(annotator.page)
    screen.ask_for(2)
    screen.highlight(1, "twice a day")
    section = page.locator(".htx-highlight")
    removes = {modifier + key for modifier in MODIFIERS for key in ("Backspace", "Delete")}
    assert changing_keys(page, UNDO | SUBMIT | removes, section=section) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+.")  # the next section
    page.keyboard.press("Backspace")
    expect(section).to_have_count(0)


def test_submitting_by_hotkey_or_with_exit_is_refused_alike_and_nothing_skips(
    guarded: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    path, _ = prepare_job(tmp_path, "keys-submit", [ITEM, {**ITEM, "source": "Which one now?"}], RANKING_TASK)
    project = json.loads(done("job", "create", "--request", str(path), "--json", server=guarded))["ProjectId"]
    begin(annotator, project)
    page, screen = annotator.page, RankingScreen(annotator.page)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if saves_an_answer(request) else None)
    screen.give("Helpfulness", {RED: 1, GREEN: 2})
    for key in ("Control+Space", "Alt+Enter"):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    refusal = annotator.sentences()
    assert len(refusal) == 2
    page.get_by_role("button", name="Submit annotation").click()
    page.get_by_role("button", name="Submit and exit").click()
    assert annotator.sentences() == refusal
    assert sent == []

    # What a refused Submit leaves behind in the editor: drafts go on, and the next Submit does not exit.
    with page.expect_response(re.compile(r"/drafts")) as draft:
        screen.give("Helpfulness", {BLUE: 3})
    assert draft.value.ok
    screen.confirm("Clarity")
    expect(Feedback(page).summary).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#gtb-prompt")).to_have_text("Which one now?")
    assert len(sent) == 1
