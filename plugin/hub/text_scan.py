"""What in a text must not be published by accident: e-mail addresses, ARNs, places in S3 and AWS account ids.

Finds and masks; decides nothing, and keeps nothing of what it found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "SUSPICIOUS", "Hit", "hits"]

KINDS = ("email", "arn", "s3", "account")

# Whatever ``hits`` finds something in holds one of these. In the syntax of RE2 as well, which has no look-around.
SUSPICIOUS = r"(?i)@|arn:aws|s3[an]?:|amazonaws|[0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4}|\\u00[0-7]"

# Each quantifier is bounded, or ends its match: a text of a million letters costs no more than its length.
_S3 = re.compile(
    r"""(?<![a-z0-9]) s3[an]? : (?:\\?/){2} [^\s"'<>]+
      | (?<![a-z0-9]) s3 [a-z0-9.-]{0,80} \.amazonaws\.com""",
    re.IGNORECASE | re.VERBOSE,
)
_ARN = re.compile(r"""(?<![a-z0-9])arn:aws[a-z0-9-]{0,20}:[^\s"'<>]+""", re.IGNORECASE)
# The domain has a dot and ends in letters, which `@app.route` in code does as well, but nothing stands before its @.
_EMAIL = re.compile(r"[\w.+-]@(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
_LOCAL_PART = re.compile(r"[\w.+-]{1,64}\Z")
# Not a part of a longer number, and no decimal.
_ACCOUNT = re.compile(
    r"""(?<![0-9]) (?<![0-9][.]) [0-9]{12} (?![0-9]) (?![.][0-9])
      | (?<![0-9]) (?<![\w]-) [0-9]{4}-[0-9]{4}-[0-9]{4} (?![0-9]) (?!-\w)""",
    re.VERBOSE,
)
_OUR_PSEUDONYM = re.compile(r"(?:annotator|simulated)-\Z")  # ``rows.Pseudonyms``: 12 hexadecimal digits follow
_UUID = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-\Z", re.IGNORECASE)  # 12 hexadecimal digits follow as well
_HEXADECIMAL = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_LETTERS_BEFORE, _LETTERS_AFTER = re.compile(r"[0-9A-Za-z]{0,256}\Z"), re.compile(r"[0-9A-Za-z]{0,256}")
_ESCAPED = re.compile(r"\\u00[0-7]", re.IGNORECASE)
_LONGEST_LOOK_BACK = 256


@dataclass(frozen=True, slots=True)
class Hit:
    """One of KINDS, and a shape of what was found that is safe to show: ``jo…@…``."""

    kind: str
    masked: str


def hits(text: str) -> Iterator[Hit]:
    """What was found, each character of ``text`` in one hit at most: the account id of an ARN is a part of the ARN.

    Escapes are undone in a text that is JSON.
    """
    yield from _in_plain_text(text)
    if _ESCAPED.search(text):
        seen = list(_in_plain_text(text))
        for hit in _in_json(text):
            if hit in seen:
                seen.remove(hit)
            else:
                yield hit


def _in_plain_text(text: str) -> Iterator[Hit]:
    for kind, pattern, mask in _SEARCHES:
        found = [(match.span(), masked) for match in pattern.finditer(text) if (masked := mask(match))]
        yield from (Hit(kind, masked) for _, masked in found)
        text = _blanked(text, [span for span, _ in found])


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """``text`` with spaces in the place of these parts of it, which are in order."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _mask_email(match: re.Match[str]) -> str:
    end = match.start() + 1
    local = _LOCAL_PART.search(match.string, max(0, end - 64), end)
    return f"{local[0][:2] if local else ''}…@…"


def _mask_arn(match: re.Match[str]) -> str:
    return "arn:…"


def _mask_s3(match: re.Match[str]) -> str:
    return "s3://…" if ":" in match[0] else "s3….amazonaws.com"


def _mask_account(match: re.Match[str]) -> str | None:
    """None for twelve digits that are a hash, or a part of one."""
    text, start, end = match.string, match.start(), match.end()
    first = max(0, start - _LONGEST_LOOK_BACK)
    if "-" not in match[0]:
        if _OUR_PSEUDONYM.search(text, first, start) or _UUID.search(text, first, start):
            return None
        before, after = _LETTERS_BEFORE.search(text, first, start), _LETTERS_AFTER.match(text, end)
        if _HEXADECIMAL.fullmatch((before[0] if before else "") + (after[0] if after else "")):
            return None
    return f"{match[0][:2]}…"


# In this order: what one has found, the next does not see.
_SEARCHES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    ("s3", _S3, _mask_s3),
    ("arn", _ARN, _mask_arn),
    ("email", _EMAIL, _mask_email),
    ("account", _ACCOUNT, _mask_account),
)


def _in_json(text: str) -> Iterator[Hit]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    for part in _strings(value):
        yield from _in_plain_text(part)


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part
