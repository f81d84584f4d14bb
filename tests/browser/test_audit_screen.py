"""The audit's page in Chromium: it fits every width, follows the colour scheme, and nothing on it acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from audit_page import hostile, page
from browser import FLAGS, chromium
from playwright.sync_api import Browser, sync_playwright

pytestmark = pytest.mark.server

_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is drawn past the left or right edge of a plot's card, in pixels.
_CUT_OFF = """() => [...document.querySelectorAll('figure')].flatMap(card => {
    const box = card.getBoundingClientRect();
    return [...card.querySelectorAll('svg text')].filter(text => {
        const at = text.getBoundingClientRect();
        return at.left < box.left || at.right > box.right;
    }).map(text => text.textContent);
})"""
_COLOURS = """() => {
    const svg = document.querySelector('figure svg'), style = element => getComputedStyle(element);
    const dot = svg.querySelector("use[style*='--mark']");
    return [style(document.body).backgroundColor, style(svg.querySelector('text')).fill, style(document.body).color,
            style(dot).fill, style(svg.querySelector('text')).fontFamily === style(document.body).fontFamily];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of a plain page and of one whose texts are all hostile."""
    folder: Path = tmp_path_factory.mktemp("audit")
    (folder / "plain.html").write_bytes(page())
    (folder / "hostile.html").write_bytes(hostile()[0])
    return {path.stem: path.as_uri() for path in folder.iterdir()}


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_it_fits_its_window_says_nothing_and_asks_for_nothing(
    browser: Browser, files: dict[str, str], name: str, width: int
) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(files[name])
    assert opened.evaluate(_TOO_WIDE) <= 0
    assert opened.evaluate(_CUT_OFF) == []
    opened.emulate_media(media="print")
    if width > 400:
        opened.set_viewport_size({"width": 760, "height": 900})
        assert opened.evaluate(_TOO_WIDE) <= 0
    assert said == []
    assert asked == [files[name]]
    opened.close()


def test_plots_have_the_fonts_and_colours_of_the_page_in_the_light_and_in_the_dark(
    browser: Browser, files: dict[str, str]
) -> None:
    opened = browser.new_page(color_scheme="light")
    opened.goto(files["plain"])
    light = opened.evaluate(_COLOURS)
    opened.emulate_media(color_scheme="dark")
    dark = opened.evaluate(_COLOURS)
    for ground, text, ink, mark, same_font in (light, dark):
        assert text == ink
        assert mark not in (ground, ink)
        assert same_font
    assert [one == other for one, other in zip(light, dark, strict=True)] == [False, False, False, False, True]
    opened.close()
