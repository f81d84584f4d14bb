"""Markdown -> HTML that is safe to show to annotators: raw HTML is shown as text, and nothing remote is loaded."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

__all__ = ["markdown_to_html"]


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether a link stays one: a path would lead into the annotation tool, other schemes start programs."""
        return re.match(r"https?://|mailto:", url, re.IGNORECASE) is not None


# Images are off because they would be fetched from wherever the text says.
_MARKDOWN = _Markdown("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def markdown_to_html(text: str) -> str:
    """HTML of CommonMark ``text`` with tables and strikethrough; links to web pages and e-mail addresses only."""
    rendered: str = _MARKDOWN.render(text)
    return rendered
