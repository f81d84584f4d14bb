"""User text on its way into a labeling config: what is shown reads like the text and is never interpreted by Label
Studio; what is embedded comes back exactly. Pure functions on strings.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

__all__ = ["embedded", "quoted", "shown"]

_WORD_JOINER = "\u2060"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_ISOLATES = {"LRI", "RLI", "FSI"}
_LEFT_TO_RIGHT = {"L", "EN", "ES", "ET", "CS", "NSM", "BN", "WS", "ON"}


def shown(text: str) -> str:
    """``text`` for a place where Label Studio would replace ``$name`` by task data and ``{{idx}}`` by a number.

    An invisible word joiner breaks both, so the result may differ from ``text``: where it is stored, an ``alias`` holds
    the exact text. (Label Studio's editor: utils/data.js, parseValue; core/Tree.tsx, deepReplaceAttributes.)
    """
    return re.sub(r"(?<=\$)(?=\S)|(?<=\{)(?=\{)", _WORD_JOINER, text)


def quoted(text: str) -> str:
    """``text`` inside a longer sentence: as ``shown``, and unable to change the direction of the words around it."""
    if all(unicodedata.bidirectional(character) in _LEFT_TO_RIGHT for character in text):
        return shown(text)
    return _FIRST_STRONG_ISOLATE + _balanced(shown(text)) + _POP_ISOLATE


def embedded(data: Any) -> str:
    """``data`` as one line of JSON in which nothing can be interpreted on the way through Label Studio.

    ``$``, the second of two braces, and all invisible or direction-changing characters are ``\\u`` escapes, so that
    the text survives copying by hand; other text, in whatever script, stays readable.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "".join(
        _escape(character)
        if character == "$" or text[max(at - 1, 0) : at + 1] == "{{" or _is_hidden(character)
        else character
        for at, character in enumerate(text)
    )


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Zl", "Zp"}


def _escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def _balanced(text: str) -> str:
    """``text`` with as many isolates opened as closed, each closed after it was opened."""
    depth, kept = 0, []
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _ISOLATES:
            depth += 1
        elif direction == "PDI":
            if depth == 0:
                continue
            depth -= 1
        kept.append(character)
    return "".join(kept) + _POP_ISOLATE * depth
