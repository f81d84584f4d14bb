"""A project made by hand at a real browser: from the gallery to its screen, its answers and the dataset of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from browser import Annotator, saves_an_answer, several_people
from datasets import load_dataset
from playwright.sync_api import Page, expect
from roads import done, output_lines
from screens import RankingScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

RESPONSES = ["Rayleigh", "Because", "Sea"]
TASK = {"prompt": "Why is the sky blue?", "responses": [{"text": text, "model": f"m-{text}"} for text in RESPONSES]}
RANKS = {"Rayleigh": 1, "Because": 3, "Sea": 1}


def make_project(owner: Annotator, file: Path) -> int:
    """Create Project: a name, a file, our template, Save; as the owner clicks."""
    page = owner.page
    page.goto(f"{owner.server.url}/projects")
    page.get_by_role("button", name="Create").first.click()
    name = page.locator("#project_name")
    expect(name).not_to_have_value("")  # Label Studio proposes one as soon as it has made its draft
    name.fill("By hand")
    page.get_by_text("Data Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    page.get_by_text("Labeling Setup", exact=True).click()
    page.locator("aside li").filter(has_text="Generative AI").click()
    choose_template(page)
    with page.expect_response(re.compile(r"/reimport")) as imported:
        page.get_by_role("button", name="Save").click()
    assert imported.value.status == 201
    page.wait_for_url("**/projects/*/data**")
    return int(re.findall(r"/projects/(\d+)/", page.url)[0])


def choose_template(page: Page) -> None:
    """Ours is the first one, has a picture that loads, and a preview that shows a whole screen."""
    first = page.locator("main li").filter(has=page.locator("img")).first
    expect(first).to_have_text("Text Ranking")
    picture = first.locator("img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 640
    first.click()
    screen = RankingScreen(page)
    expect(page.locator(".htx-ranker-item")).to_have_count(3)
    assert screen.dimensions() == ["Helpfulness", "Clarity"]
    assert len(screen.cards()) == 3


def test_made_from_the_gallery_it_is_answered_refused_where_wrong_exported_and_built(
    guarded: Embedded, tmp_path: Path
) -> None:
    file = tmp_path / "hand.json"
    file.write_text(json.dumps([TASK]), encoding="utf-8")
    with several_people(guarded) as arrive:
        project = make_project(arrive(None), file)
        annotator = arrive("by-hand-in-the-browser")
        page, screen = annotator.page, RankingScreen(annotator.page)
        page.goto(f"{guarded.url}/projects/{project}/data?labeling=1")
        expect(page.locator(".htx-ranker-item")).to_have_count(3)
        assert sorted(text for _, text in screen.cards()) == sorted(RESPONSES)
        assert "m-Rayleigh" not in page.content()
        screen.give("Helpfulness", {text: RANKS[text] for text in RESPONSES[:2]})
        assert annotator.refusal() == [
            f"Helpfulness: {screen.title('Sea')} has no rank",
            "Clarity: put the responses in order, then confirm",
        ]
        screen.give("Helpfulness", {"Sea": RANKS["Sea"]})
        screen.confirm("Clarity")
        order = screen.order("Clarity")
        with page.expect_response(lambda response: saves_an_answer(response.request)) as saved:
            annotator.submit_button.click()
        assert saved.value.status == 201

    name = f"project-{project}"
    done("job", "export", str(project), "--to", str(tmp_path), server=guarded)
    [line] = output_lines(tmp_path / name)
    assert (line["source"], line["responses"]) == (TASK["prompt"], RESPONSES)
    done("dataset", "build", f"label-studio:{project}", "-o", str(tmp_path / "dataset"), server=guarded)
    rows = load_dataset(str(tmp_path / "dataset"), "annotations", cache_dir=str(tmp_path / "cache"))["train"].to_list()
    [row] = [{ranking["dimension"]: ranking["ranks"] for ranking in row["rankings"]} for row in rows]
    assert row == {
        "Helpfulness": [RANKS[text] for text in RESPONSES],
        "Clarity": [order.index(text) + 1 for text in RESPONSES],
    }
