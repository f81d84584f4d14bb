"""Text that people wrote -> Markdown that shows it and cannot act. Knows Markdown alone."""

from __future__ import annotations

import re

__all__ = ["CARD_MARK", "KEPT_NEWLINE", "code", "escaped", "fenced"]

# In every card: tells a dataset of ours, which may be replaced, from other people's folders.
CARD_MARK = "Human feedback collected with gtbridge"

KEPT_NEWLINE = "\0"  # in texts that blank lines are not taken out of; no task definition can hold it


def _inline(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    """User text as Markdown that shows it on one line."""
    return re.sub(r"[\\`*<&#\[\]~|]|(?<!\w)_|_(?!\w)", r"\\\g<0>", _inline(text))


def code(text: str) -> str:
    """User text as inline code."""
    text = _inline(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def fenced(text: str, language: str = "text") -> str:
    """User text as a Markdown block that is shown as it was written, its line ends as KEPT_NEWLINE."""
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}".replace("\n", KEPT_NEWLINE)
