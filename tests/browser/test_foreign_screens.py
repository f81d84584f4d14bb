"""What Label Studio's own editor stores for the controls of its LLM templates: what tests/data/foreign/ says.

That file holds one answer to each template, given in Chromium. Here the controls that it is about are answered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from browser import Annotator, new_annotator, saves_an_answer
from foreign_projects import new_project
from foreign_templates import TEMPLATES, Template, answered_in_the_editor, labeling_config
from playwright.sync_api import Page, expect

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server


def carry(page: Page, title: str, column: str) -> None:
    """Take an item from the first column of a Ranker to another one's top, with the keyboard."""
    said = page.locator("[id^=rbd-announcement]")
    page.locator(".htx-ranker-item").filter(has_text=title).focus()
    page.keyboard.press("Space")
    expect(said.get_by_text("You have lifted")).to_have_count(1)
    for name in ("relevant_results", "biased_results"):
        page.keyboard.press("ArrowRight")
        # On its way through a column that is filled, it may come to stand anywhere in it.
        place = " 1" if name == column else ""
        expect(said.get_by_text(f"to list {name} in position{place}")).to_have_count(1)
        if name == column:
            break
    page.keyboard.press("Space")
    expect(page.locator(".htx-ranker-item").and_(page.locator("[style*=fixed]"))).to_have_count(0)


def rank(page: Page) -> None:
    for title, column in (("Puma", "relevant_results"), ("Llama", "relevant_results"), ("Cobra", "biased_results")):
        carry(page, title, column)


# By template, what was done there.
STEPS: dict[str, Callable[[Page], None]] = {
    "llm-ranker": rank,
    "human-feedback-collection": lambda page: page.get_by_text("A kind of weather, wet.").click(),
    "response-grading": lambda page: page.locator(".ant-rate-star").nth(3).click(),
    "supervised-llm": lambda page: page.locator("textarea").fill("Tea steams in the pot."),
    "response-selection": lambda page: page.locator("label").filter(has_text="Two").click(),
}


@pytest.fixture(scope="module")
def annotator(label_studio: Embedded) -> Iterator[Annotator]:
    with new_annotator(label_studio, "elsewhere") as annotator:
        yield annotator


def begin(annotator: Annotator, config: str, data: dict[str, Any]) -> None:
    """Open the one task of a new project."""
    project, _ = new_project(annotator.server, config, [data])
    annotator.page.goto(f"{annotator.api.url}/projects/{project}/data?labeling=1")
    expect(annotator.submit_button).to_be_visible()


def submitted(annotator: Annotator) -> dict[str, dict[str, Any]]:
    """What is stored when Submit is pressed, by control; the ids of results are made up anew each time."""
    with annotator.page.expect_response(lambda response: saves_an_answer(response.request)) as saved:
        annotator.submit_button.click()
    return by_control(saved.value.json()["result"])


def by_control(result: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["from_name"]: {key: value for key, value in entry.items() if key != "id"} for entry in result}


def joined(templates: list[Template]) -> str:
    """One config with all that these templates show and ask; what several of them show, it shows once."""
    whole, names = ElementTree.Element("View"), set[str]()
    for template in templates:
        root = ElementTree.fromstring(labeling_config(template.path))
        for parent in list(root.iter()):
            for child in list(parent):
                name = child.get("name")
                if child.tag == "Style" or (child.tag == "Text" and name in names):
                    parent.remove(child)
                elif child.tag == "Text" and name:
                    names.add(name)
        whole.append(root)
    return ElementTree.tostring(whole, encoding="unicode")


def test_the_editor_still_stores_what_the_answers_in_the_tests_hold(annotator: Annotator) -> None:
    templates = [template for template in TEMPLATES if template.name in STEPS]
    data = {key: value for template in templates for key, value in template.data.items()}
    begin(annotator, joined(templates), data)
    expect(annotator.page.locator(".htx-ranker-item")).to_have_count(4)
    for step in STEPS.values():
        step(annotator.page)
    expected = [entry for template in templates for entry in answered_in_the_editor(template)]
    assert submitted(annotator) == by_control(expected)


def test_the_editor_stores_nothing_for_a_rating_of_two_things_at_once(annotator: Annotator) -> None:
    """A fault of Label Studio's 1.23.2 in a template of its own: the stars light up, and the answer is empty."""
    regression = next(template for template in TEMPLATES if template.name == "pairwise-regression")
    begin(annotator, labeling_config(regression.path), regression.data)
    stars = annotator.page.locator(".ant-rate-star")
    stars.nth(1).click()
    expect(stars.nth(1)).to_contain_class("ant-rate-star-full")
    assert submitted(annotator) == by_control(answered_in_the_editor(regression)) == {}
