"""Conversations in manifest lines: read where they are understood, passed through where not."""

from __future__ import annotations

from typing import Any

import pytest

from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest import item_from_line, other_fields


def messages_of(messages: Any) -> tuple[tuple[str, str], ...] | None:
    value = {"source": "s", "messages": messages}
    return item_from_line(to_line(value), value, 1, "m").messages


def test_messages_are_read_in_their_order_whatever_else_they_hold() -> None:
    found = messages_of([{"role": "system", "content": ""}, {"role": "x y", "content": " a\n", "name": "n", "id": 1}])
    assert found == (("system", ""), ("x y", " a\n"))


def test_the_text_parts_of_a_message_are_paragraphs() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b\n", "cache": None}]
    assert messages_of([{"role": "user", "content": parts}]) == (("user", "a\n\nb\n"),)


@pytest.mark.parametrize(
    "messages",
    [
        *(None, "Hello", {}, {"role": "user", "content": "a"}, [], ["a"], [None], [[]]),
        *([{"role": "user"}], [{"content": "a"}], [{"role": 1, "content": "a"}], [{"role": "user", "content": None}]),
        [{"role": "user", "content": "a"}, {"role": "assistant", "content": None, "tool_calls": []}],
        [{"role": "user", "content": "a"}, {"role": "assistant", "content": "the chosen answer"}],
        [{"role": "user", "content": ["a"]}],
        [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": "b"}]}],
        [{"role": "user", "content": [{"type": "text", "text": 1}]}],
        [{"role": "user", "content": [{"type": "text"}]}],
        [{"role": "user", "content": [{"text": "a"}]}],
    ],
)
def test_messages_of_another_shape_are_a_field_of_the_users_own(messages: Any) -> None:
    assert messages_of(messages) is None


def test_a_conversation_may_hold_earlier_answers() -> None:
    found = messages_of([{"role": role, "content": role} for role in ("user", "assistant", "user")])
    assert found == (("user", "user"), ("assistant", "assistant"), ("user", "user"))


def test_messages_travel_with_the_line() -> None:
    value = {"source": "s", "messages": [{"role": "user", "content": "a"}]}
    item = item_from_line(to_line(value), value, 1, "m")
    assert item.line == to_line(value)
    assert other_fields(item) == to_line({"messages": value["messages"]})
