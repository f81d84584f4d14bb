"""Texts of items as the HTML in which annotators read them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hostile_texts import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from gtbridge.converters.markdown import markdown_to_html
from gtbridge.converters.records import Item
from gtbridge.converters.shown_html import prompt_html, response_html

texts = st.sampled_from(HOSTILE) | text


class Blocks(HTMLParser):
    """[class, text] of every element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "div"
        ((name, value),) = attrs
        assert name == "class"
        self.found.append([value or "", ""])

    def handle_data(self, data: str) -> None:
        self.found[-1][1] += data


def item(source: str = "s", *messages: tuple[str, str]) -> Item:
    return Item(0, "", source, messages=messages or None)


@given(texts)
def test_a_text_is_one_block_that_holds_it_as_it_was_written(source: str) -> None:
    assert Blocks(prompt_html(item(source), markdown=False)).found == [["gtb-verbatim", source.replace("\r", "\n")]]


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_a_conversation_is_a_block_for_each_message_and_no_transcript(messages: list[tuple[str, str]]) -> None:
    found = Blocks(prompt_html(item("s", *messages), markdown=False)).found
    assert [block for block, _ in found] == ["gtb-message gtb-other", "gtb-role", "gtb-verbatim"] * len(messages)
    shown = [(role.replace("\r", "\n"), content.replace("\r", "\n")) for role, content in messages]
    assert [(role, content) for (_, role), (_, content) in zip(found[1::3], found[2::3], strict=True)] == shown


@pytest.mark.parametrize(
    ("role", "kind", "heading"),
    [
        ("user", "user", "User"),
        ("assistant", "assistant", "Assistant"),
        ("system", "system", "System"),
        ("User", "other", "User"),
        ("tool", "other", "tool"),
        ('" onclick="x', "other", '" onclick="x'),
    ],
)
def test_a_message_is_headed_by_its_role(role: str, kind: str, heading: str) -> None:
    found = Blocks(prompt_html(item("s", (role, "a")), markdown=False)).found
    assert found[:2] == [[f"gtb-message gtb-{kind}", ""], ["gtb-role", heading]]


def test_markdown_is_rendered_in_messages_prompts_and_responses_but_not_in_roles() -> None:
    rendered = f'<div class="gtb-markdown">{markdown_to_html("*a*")}</div>'
    assert prompt_html(item("*a*"), markdown=True) == response_html("*a*") == rendered
    shown = prompt_html(item("s", ("*r*", "*a*")), markdown=True)
    assert shown == f'<div class="gtb-message gtb-other"><div class="gtb-role">*r*</div>{rendered}</div>'
