"""Markdown -> HTML that is safe to show to annotators: raw HTML is shown as text, and nothing remote is loaded."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

__all__ = ["markdown_to_html"]


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether a link stays one: a path would lead into the annotation tool, other schemes start programs."""
        return re.match(r"https?://|mailto:", url, re.IGNORECASE) is not None


def _set_direction(state: StateCore) -> None:
    """Let lists, quotes and tables run the way their text does: where their marks stand follows from it."""
    for token in state.tokens:
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")


_DIRECTED = {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open"}

# Images are off because they would be fetched from wherever the text says.
_MARKDOWN = _Markdown("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
_MARKDOWN.core.ruler.push("direction", _set_direction)


def markdown_to_html(text: str) -> str:
    """HTML of CommonMark ``text`` with tables and strikethrough; links to web pages and e-mail addresses only."""
    rendered: str = _MARKDOWN.render(text)
    return rendered
