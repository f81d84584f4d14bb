"""Texts as an annotator reads them: white space, conversations, and the direction of each script.

Directions are measured where the characters stand on the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Annotator, new_annotator
from one_item import make_job
from playwright.sync_api import Locator, expect
from roads import RANKING_TASK
from screens import QuestionScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

# [character, left, top] of every visible letter and digit, from the corner of the element, to a quarter of a pixel.
_GLYPHS = """root => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
    const corner = root.getBoundingClientRect(), rounded = value => Math.round(value * 4) / 4;
    while (walker.nextNode()) [...walker.currentNode.data].reduce((at, character) => {
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + character.length);
        const box = range.getBoundingClientRect();
        if (box.width && /[\\p{L}\\p{N}]/u.test(character))
            found.push([character, rounded(box.left - corner.left), rounded(box.top - corner.top)]);
        return at + character.length;
    }, 0);
    return found;
}"""
_SAME_SIZE = """.gtb-prompt, .gtb-card { width: 400px; padding: 0 !important; border: 0 !important; }
    .gtb-body { padding: 0 !important; }"""


@pytest.fixture(scope="module")
def annotator(label_studio: Embedded) -> Iterator[Annotator]:
    with new_annotator(label_studio, "reader") as annotator:
        yield annotator


def glyphs(place: Locator) -> list[tuple[str, float, float]]:
    """Each letter and digit in the order of the text, with where it stands."""
    return [(character, left, top) for character, left, top in place.evaluate(_GLYPHS)]


def as_read(place: Locator) -> str:
    """The letters and digits of one line from left to right."""
    return "".join(character for character, _, _ in sorted(glyphs(place), key=lambda glyph: glyph[1]))


def test_a_prompt_looks_to_the_pixel_as_label_studios_own_text_tag_shows_it(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    text = (
        "\n\n  lead\n\ttab\ta  b\n\n\n\nfour blank   mid   \ntrail   \n   \ncrlf\r\ncrlf\r\n\r\nlone\rcr\r\rx\r"
        "<b>&amp; $prompt {{idx}} \"q\" 'x' &#10;z\n\u202eover 12\nplain\u2066 isolate\nمرحبا abc 12\nEnglish مرحبا\n"
        "v\x0bf\x0cn\x85l\u2028p\u2029e\x01\x7f\u00a0b\u200bc\u00ad\ufeffd\u3000e "
        f"{'x' * 90} {'long words ' * 12}  \n end \n"
    )
    item = {"source": text, "responses": [text, "other"]}
    annotator.begin(make_job(label_studio, tmp_path, "shown-space", item, RANKING_TASK))
    annotator.page.add_style_tag(content=_SAME_SIZE)
    prompt = annotator.page.locator("#gtb-prompt .lsf-richtext__container")
    response = annotator.page.locator(".gtb-body .lsf-richtext__container").filter(has_text="long words")
    assert glyphs(prompt) == glyphs(response)
    assert len({top for _, _, top in glyphs(prompt)}) > 15
    assert prompt.evaluate("box => box.scrollHeight") == response.evaluate("box => box.scrollHeight")


MARKDOWN = """\
# أ b

أ b

- أ b

> أ b

| أ b |
|--|
| أ b |"""


@pytest.mark.parametrize("markdown", ["false", "true"])
def test_a_conversation_shows_each_message_under_its_role_in_its_own_direction(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path, markdown: str
) -> None:
    messages = [
        ("system", "Be *brief*."),
        ("user", "أ b"),
        ("assistant", "\u202eabc\u2066\u2069\u2069\u2067"),
        ("\u202etool 1", "abc\u2069\u202e\u2067"),
        ("أ b", MARKDOWN),
        ("User", "  last"),
    ]
    item = {
        "source": "A transcript.",
        "messages": [{"role": role, "content": content} for role, content in messages],
        "responses": ["\u202ea b c", "\u2067\u2069\u2069\u202eabc"],
    }
    task = f"{RANKING_TASK}  - {{name: أ b, allow_tie: true}}\nmarkdown: {markdown}\n"
    annotator.begin(make_job(label_studio, tmp_path, f"shown-talk-{markdown}", item, task))
    page = annotator.page
    roles, texts = page.locator(".gtb-role"), page.locator("#gtb-prompt :is(.gtb-verbatim, .gtb-markdown)")
    assert roles.all_inner_texts() == ["System", "User", "Assistant", "\u202etool 1", "أ b", "User"]
    assert texts.first.inner_text() == ("Be brief." if markdown == "true" else "Be *brief*.")
    # What turns its direction is turned itself, and nothing else is.
    assert [as_read(texts.nth(at)) for at in (1, 2, 3, 5)] == ["bأ", "cba", "abc", "last"]
    assert [as_read(role) for role in roles.all()] == ["System", "User", "Assistant", "1loot", "bأ", "User"]
    assert [as_read(title) for title in page.locator(".gtb-card .gtb-title").all()] == ["ResponseA", "ResponseB"]
    assert [as_read(name) for name in page.locator(".gtb-name").all()] == ["Helpfulness", "Clarity", "bأ"]
    assert sorted(as_read(body) for body in page.locator(".gtb-body").all()) == ["cba", "cba"]
    if markdown == "true":
        places = texts.nth(4).locator(":is(h1, p, li, th, td)").all()
        assert [as_read(place) for place in places] == ["bأ"] * 6
        # Lists, quotes and tables stand at the side where their text begins.
        width = texts.nth(4).evaluate("text => text.clientWidth")
        assert [width - left < 60 for character, left, _ in glyphs(texts.nth(4)) if character == "أ"] == [True] * 6


def test_questions_answers_and_tags_run_in_their_own_direction(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    tags = ["abc", "\u202eabc\u2069\u2067", "def", "أ b"]
    task: dict[str, Any] = {"task": "question-answer", "instructions": "Ask.", "questions": {"min": 1, "max": 1}}
    task |= {"tags": tags, "allow_custom_tags": True}
    passage = "abc\u202edef\nأ b\nplain"
    item = {"source": passage}
    annotator.begin(make_job(label_studio, tmp_path, "shown-pairs", item, json.dumps(task)))
    screen = QuestionScreen(annotator.page)
    lines = screen.control("passage").locator(".lsf-richtext__line")
    assert [as_read(line) for line in lines.all()] == ["abcfed", "bأ", "plain"]
    labels = screen.control("tags_1").locator("label").all()
    assert [as_read(label) for label in labels] == ["abc", "cba", "def", "bأ"]
    for tag in ("\u202exyz\u2069", "أ b", "last"):
        screen.control("custom_tags_1").locator("input").fill(tag)
        screen.control("custom_tags_1").locator("input").press("Enter")
    shown = screen.control("custom_tags_1").get_by_test_id("htx-textbox-content")
    expect(shown).to_have_count(3)
    assert [as_read(tag) for tag in shown.all()] == ["zyx", "bأ", "last"]
    screen.write(1, "أ b", "\u202exyz")
    for name in ("question_1", "answer_1"):
        screen.control(name).locator("textarea").press("Shift+Enter")
    entered = [screen.control(name).get_by_test_id("htx-textbox-content") for name in ("question_1", "answer_1")]
    assert [as_read(text) for text in entered] == ["bأ", "zyx"]
