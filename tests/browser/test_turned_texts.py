"""Texts that turn the writing direction and do not turn it back: they turn themselves, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
from browser import FLAGS, chromium
from playwright.sync_api import Page, sync_playwright

from gtbridge.converters.records import Item
from gtbridge.converters.shown_html import prompt_html, reference_html, response_html

pytestmark = pytest.mark.server  # takes a browser

# Hebrew, which turns what is neutral beside it; two isolates and an override from right to left, none of them closed.
TURNING = "שלום abc \u2067\u2068\u202e"
BESIDE = "<b class=beside>1 (first) 2</b>"

_STYLES = ("screen.css", "text-ranking.css", "question-answer.css", "beyond.css")

# Where the first and the last letter of each text stand that is beside a turning one.
_ENDS = """() => [...document.querySelectorAll('.beside')].map(element => {
    const text = element.firstChild, range = document.createRange();
    return [0, text.length - 1].map(at => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
    });
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=list(FLAGS))
        yield browser.new_page()
        browser.close()


def is_turned(page: Page, html: str) -> list[bool]:
    """For each text beside a turning one, whether it runs from right to left."""
    style = "\n".join(files("gtbridge.label_configs").joinpath(name).read_text("utf-8") for name in _STYLES)
    style += files("gtbridge.plugin.reports").joinpath("report.css").read_text("utf-8")
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{style}</style><div class=gtb>{html}</div>")
    return [last < first for first, last in page.evaluate(_ENDS)]


def test_such_a_text_would_turn_round_what_is_beside_it(page: Page) -> None:
    assert is_turned(page, f"<p>{TURNING} {BESIDE}</p>") == [True]


def test_prompts_responses_and_references_turn_round_nothing_but_themselves(page: Page) -> None:
    talk = Item(0, "", "", messages=((TURNING, TURNING), ("user", TURNING)), reference=TURNING)
    plain = Item(0, "", TURNING)
    for markdown in (False, True):
        shown = [prompt_html(talk, markdown), prompt_html(plain, markdown), reference_html(talk, markdown)]
        shown += [response_html(f"- {TURNING}\n- b"), response_html(f"| {TURNING} | b |\n|---|---|\n| {TURNING} | c |")]
        assert is_turned(page, BESIDE.join(["", *shown, ""])) == [False] * (len(shown) + 1)


@pytest.mark.parametrize(
    "place",
    [
        '<div class="htx-ranker-item"><span>{}</span></div>',
        '<div class="lsf-richtext__container">{}</div>',
        '<div class="gtb-markdown"><p><code>{}</code></p></div>',
        '<bdi class="name">{}</bdi>',  # the page of the audit
    ],
)
def test_nor_do_options_and_names(page: Page, place: str) -> None:
    assert is_turned(page, f"<div>{BESIDE} {place.format(TURNING)} {BESIDE}</div>") == [False, False]
