"""The text of a highlighted region as Label Studio's editor stores it, beside what the passage says there."""

from __future__ import annotations

import re

__all__ = ["shows"]

_SHOWN_DIFFERENTLY = re.compile(r"\\n|\s+")


def shows(stored: str, said: str) -> bool:
    """Whether ``stored`` is what the editor makes of the part of a passage that says ``said``.

    It takes the text of a new region from the browser's selection, with white space as that is shown, and writes each
    line break as a backslash and an n (editor source, utils/selection-tools.js). The offsets are exact all the same.
    """
    return stored == said or _SHOWN_DIFFERENTLY.sub("", stored) == _SHOWN_DIFFERENTLY.sub("", said)
