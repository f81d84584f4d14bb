"""Documents damaged at random, the same for the same numbers: bytes anywhere, in JSON a value or member at a time.

Knows no reader. What it puts in are the things that readers were seen to fall over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

__all__ = ["mutated_bytes", "mutated_json", "mutated_text"]

DEEP = 100_000
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_BAD_BYTES = (b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b"\x1b[2J", b"\xe2\x80\xa8")

# Rare, as they are long: the fuzzers would do little else than read them.
_LONG_VALUES = (
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b"9" * 5_000,
    b'"' + b"x" * 100_000 + b'"',
    b'"' + b"\\ud83d\\ude00" * 5_000 + b'"',
    b"[" + b"0," * 20_000 + b"0]",
    b"{" + b",".join(b'"k%d":0' % n for n in range(5_000)) + b',"k0":1}',
)
# As deep as parsers still go, and what handles a value afterwards may not.
_DEEP_VALUES = tuple(b"[" * deep + b"]" * deep for deep in (90, 190, 250, 480, 900, 985)) + tuple(
    b'{"a":' * deep + b"0" + b"}" * deep for deep in (90, 190, 250, 480, 900, 985)
)
_VALUES = (
    *(b"null", b"true", b"false", b"0", b"1", b"2", b"3", b"-1", b"-0", b"1.0", b"1.5", b"1e2", b'"1"', b'"2"'),
    *(b"[]", b"{}", b'""', b'"a"', b"[null]", b'[""]', b"[[]]", b"[{}]", b'{"a":1}', b"[1]", b"[2,1]", b"[1,1,1]"),
    *(b"1" + b"0" * 400, b"-1" + b"0" * 400, b"1e400", b"-1e400", b"1e308", b"5e-324", b"2147483648", b"9" * 20),
    *(b"NaN", b"Infinity", b"-Infinity", b"nan", b"01", b"+1", b".5", b"1.", b"0x10", b"undefined", b"'a'"),
    *(b'"\\ud800"', b'"\\udc00x"', b'"\\u0000"', b'"\\u202e"', b'"\\u2028"', b'"\\ufeff"', b'"\\x"', b'"\0"'),
    *(b'"\n"', b'".."', b'"../../x"', b'"/etc/passwd"', b'"C:\\\\x"', b'"a\\\\..\\\\b"', b'"%2e%2e/x"'),
    *(b'"file:///etc/passwd"', b'"http://169.254.169.254/"', b'"s3://other/key"', b'"s3://"', b'"1e5"'),
    *(b'"\xd9\xa1"', b'"\xc2\xb2"', b'" 1 "', b'{"a":1,"a":2}', b'{"":0}', b'{"\\ud800":0}', b'{"__proto__":{}}'),
    *(b'{"$ref":"#"}', b"[" * 30 + b"]" * 30),
)
_KEYS = (
    *(b'""', b'"a"', b'"\\ud800"', b'"\\u0000"', b'"unknown"', b'"source"', b'"source-ref"', b'"gtbridge"'),
    *(b'"x-metadata"',),
)


class _Value(NamedTuple):
    """Where a value stands; ``key`` is where the member that it is of begins, or its own start in a list."""

    start: int
    end: int
    key: int


def mutated_bytes(data: bytes, random: Random) -> bytes:
    """``data`` with up to a few bytes changed, cut, doubled or put in."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(data) + 1)
        to = min(len(data), at + random.choice((1, 1, 2, 8, 64, len(data))))
        match random.randrange(6):
            case 0:
                data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:to] + data[at:to][:4096] + data[to:]
            case 3:
                data = data[:at] + random.choice(_BAD_BYTES) + data[at:]
            case 4:
                data = (
                    data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :] if at < len(data) else b""
                )
            case 5:
                other = random.randrange(len(data) + 1)
                data = data[:at] + data[other : other + 64] + data[at:]
    return _otherwise_encoded(data, random) if random.random() < 0.02 else data


def _otherwise_encoded(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return random.choice((b"\xef\xbb\xbf" + data, text.encode("utf-16"), text.encode("utf-16-le"), b"\0" + data, b""))


def mutated_json(data: bytes, random: Random) -> bytes:
    """The JSON ``data`` (a document, or lines of it) with a value or a member otherwise; at times with other bytes."""
    if random.random() < 0.15:
        return mutated_bytes(data, random)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = _values(data) if len(data) < 30_000 else ()
        if not places:
            return data
        data = _with_other_value(data, random.choice(places), places, random)
    return data


def _with_other_value(data: bytes, place: _Value, places: Sequence[_Value], random: Random) -> bytes:
    start, end, key = place
    match random.choices(range(7), weights=(40, 2, 2, 20, 12, 12, 12))[0]:
        case 0:
            return data[:start] + random.choice(_VALUES) + data[end:]
        case 1:
            return data[:start] + random.choice(_LONG_VALUES) + data[end:]
        case 2:
            return data[:start] + random.choice(_DEEP_VALUES) + data[end:]
        case 3:  # what stands elsewhere in it, so that types may fit
            other = random.choice(places)
            return data[:start] + data[other.start : other.end] + data[end:]
        case 4:  # twice, or once more under the same key
            return data[:end] + b"," + data[key:end] + data[end:]
        case 5:
            after = end + 1 if data[end : end + 1] == b"," else end
            return data[:key] + data[after:]
        case _:
            if key == start:
                return data[:start] + b"[" + data[start:end] + b"]" + data[end:]
            colon = data.find(b":", key, start)
            return data[:key] + random.choice(_KEYS) + data[colon:]


@lru_cache(maxsize=512)
def _values(data: bytes) -> tuple[_Value, ...]:
    """All values in the JSON text, whatever it is worth."""
    found: list[_Value] = []
    opened: list[tuple[int, int]] = []
    key, before = -1, b""
    for token in _TOKEN.finditer(data):
        text, start, end = token[0], token.start(), token.end()
        if text in (b"[", b"{"):
            opened.append((start, key if key >= 0 else start))
            key = -1
        elif text in (b"]", b"}"):
            if opened:
                begin, named = opened.pop()
                found.append(_Value(begin, end, named))
            key = -1
        elif text == b",":
            key = -1
        elif text == b":":
            if before[:1] == b'"' and found:
                key = found.pop().start
        else:
            found.append(_Value(start, end, key if key >= 0 else start))
            key = -1
        before = text
    return tuple(found)


def mutated_text(data: bytes, tokens: Sequence[str], random: Random) -> bytes:
    """The text with some of ``tokens`` put in or instead of something, or with parts moved; at times other bytes."""
    if random.random() < 0.3:
        return mutated_bytes(data, random)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        at = random.randrange(len(data) + 1)
        to = min(len(data), at + random.choice((0, 0, 1, 3, 10, 40)))
        if random.random() < 0.7:
            data = data[:at] + random.choice(tokens).encode() + data[to:]
        else:
            line, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at) + 1 or len(data)
            other = random.randrange(len(data) + 1)
            rest = data[:line] + data[end:]
            data = rest[:other] + data[line:end] + rest[other:] if random.random() < 0.5 else data[:end] + data[line:]
    return data
