"""Where the members of a JSON object stand in its text, to take some out without touching the others."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

__all__ = ["without_members"]

_DECODER = json.JSONDecoder()
_WHITE_SPACE = re.compile(r"[ \t\n\r]*")


def without_members(text: str, keys: Collection[str]) -> str:
    """The object that ``text`` spells without its members of these names; every other character stays as it is.

    A comma belongs to the member after it, the white space before a comma to the one before. ValueError if ``text`` is
    no JSON object.
    """
    members = list(_members(text))
    if not any(member.key in keys for member in members):
        return text
    # The first that stays takes the place of the first that there was: what stood before that one, and no comma.
    begin, kept = members[0].start, [member for member in members if member.key not in keys]
    pieces = [text[member.comma if number else member.start : member.end] for number, member in enumerate(kept)]
    return text[:begin] + "".join(pieces) + text[members[-1].end :]


class _Member(NamedTuple):
    """``comma`` is where the comma (or brace) before it stands, ``start`` its key, and ``end`` the comma after it.

    Of the last member, ``end`` is where its value ends.
    """

    key: str
    comma: int
    start: int
    end: int


def _members(text: str) -> Iterator[_Member]:
    comma = _after_space(text, 0)
    at = _after_space(text, comma + 1)
    if text[comma : comma + 1] != "{":
        raise ValueError("not a JSON object")
    while text[at : at + 1] == '"':
        start = at
        key, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] != ":":
            raise ValueError("not a JSON object")
        _, end = _DECODER.raw_decode(text, _after_space(text, at + 1))
        at = _after_space(text, end)
        if text[at : at + 1] != ",":
            yield _Member(key, comma, start, end)
            break
        yield _Member(key, comma, start, at)
        comma, at = at, _after_space(text, at + 1)
        if text[at : at + 1] != '"':
            raise ValueError("not a JSON object")
    if text[at : at + 1] != "}" or _after_space(text, at + 1) != len(text):
        raise ValueError("not a JSON object")


def _after_space(text: str, at: int) -> int:
    match = _WHITE_SPACE.match(text, at)
    return match.end() if match else at
