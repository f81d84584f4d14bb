"""Markdown -> HTML that is safe to show to annotators: raw HTML is shown as text, and nothing remote is loaded."""

from __future__ import annotations

from markdown_it import MarkdownIt

__all__ = ["markdown_to_html"]

# Images are off because they would be fetched from wherever the text says; links stay links, with safe schemes only.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def markdown_to_html(text: str) -> str:
    """HTML of CommonMark ``text`` with tables and strikethrough."""
    rendered: str = _MARKDOWN.render(text)
    return rendered
