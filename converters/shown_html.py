"""The texts of an item -> the HTML in which annotators read them. Its classes are styled in text-ranking.css.

Nothing in a text becomes an element of its own, save for what Markdown allows, if the task asks for Markdown.
"""

from __future__ import annotations

import html

from .markdown import markdown_to_html
from .records import Item

__all__ = ["prompt_html", "reference_html", "response_html"]

_ROLES = {"user": "User", "assistant": "Assistant", "system": "System"}


def prompt_html(item: Item, markdown: bool) -> str:
    """The prompt of ``item``: each message under its role if it is a conversation, otherwise its text."""
    if item.messages is None:
        return _text(item.text, markdown)
    return "".join(
        f'<div class="gtb-message gtb-{role if role in _ROLES else "other"}">'
        f'<div class="gtb-role">{_escaped(_ROLES.get(role, role))}</div>{_text(content, markdown)}</div>'
        for role, content in item.messages
    )


def reference_html(item: Item, markdown: bool) -> str:
    """The reference answer of ``item``; empty if it has none."""
    return "" if item.reference is None else _text(item.reference, markdown)


def response_html(text: str) -> str:
    """A response that is Markdown; other responses are shown by Label Studio's own ``Text``."""
    return _text(text, markdown=True)


def _text(text: str, markdown: bool) -> str:
    if markdown:
        return f'<div class="gtb-markdown">{markdown_to_html(text)}</div>'
    return f'<div class="gtb-verbatim">{_escaped(text)}</div>'


def _escaped(text: str) -> str:
    """``text`` with every line feed and carriage return a line break, as ``Text`` shows it."""
    return html.escape(text).replace("\r", "\n")
