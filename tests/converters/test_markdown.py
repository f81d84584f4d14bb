"""Markdown from strangers, as it is shown to annotators."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hostile_texts import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.markdown import markdown_to_html

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    ("a", "href"): r"https?://.*|mailto:.*",
    ("a", "title"): r".*",
    ("code", "class"): r"language-\S*",
    ("ol", "start"): r"\d+",
    **{(tag, "dir"): "auto" for tag in ("ul", "ol", "blockquote", "table")},
    ("th", "style"): r"text-align:(left|right|center)",
    ("td", "style"): r"text-align:(left|right|center)",
}


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.open: list[str] = []
        self.other: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr"):
            assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


def assert_safe(html: str) -> None:
    page = Elements(html)
    assert page.open == page.other == []
    for tag, attributes in page.found:
        assert tag in TAGS
        for name, value in attributes:
            assert re.fullmatch(ATTRIBUTES[tag, name], value or "", re.DOTALL)


@pytest.mark.parametrize("attack", HOSTILE)
def test_no_attack_survives_as_an_element(attack: str) -> None:
    for where in (attack, f"> {attack}", f"a *b* {attack} c\n\n- {attack}"):
        assert_safe(markdown_to_html(where))


@given(st.lists(st.sampled_from(HOSTILE) | st.sampled_from(list("[]()<>!`\"'&;:|\n\\*_~-# ")) | text, max_size=8))
def test_attacks_together_are_no_worse(parts: list[str]) -> None:
    assert_safe(markdown_to_html("".join(parts)))


def test_html_is_shown_as_it_was_written() -> None:
    assert markdown_to_html("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"


@pytest.mark.parametrize(
    ("markdown", "part"),
    [
        ("# a", "<h1>a</h1>"),
        ("- a", "<li>a</li>"),
        ("~~a~~", "<s>a</s>"),
        ("| a |\n|--|\n| b |", "<td>b</td>"),
        ("[a](https://e.example)", '<a href="https://e.example">a</a>'),
        ("<ann@example.com>", '<a href="mailto:ann@example.com">ann@example.com</a>'),
    ],
)
def test_what_people_write_is_rendered(markdown: str, part: str) -> None:
    assert part in markdown_to_html(markdown)


@pytest.mark.parametrize(
    ("markdown", "tag"), [("1. أ", "ol"), ("- أ", "ul"), ("> أ", "blockquote"), ("|أ|\n|-|", "table")]
)
def test_lists_quotes_and_tables_run_the_way_their_text_does(markdown: str, tag: str) -> None:
    assert f'<{tag} dir="auto">' in markdown_to_html(markdown)
