"""JSON as the formats here need it: strict to read, stable to write. Knows nothing of what the JSON says."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from io import IOBase
from itertools import chain
from typing import IO, Any, cast

import msgspec

from ...label_configs.errors import InputError

__all__ = [
    "DECLINED",
    "DEEPEST",
    "LARGEST_NUMBER",
    "MAX_RECORD",
    "TOO_DEEP",
    "bounded_lines",
    "document_to_text",
    "known_json",
    "quick_json",
    "read_json",
    "read_json_lines",
    "to_line",
]

# What is read as a count or a time: beyond it there are integers that no float holds. NaN is not smaller.
LARGEST_NUMBER = 2.0**63
MAX_RECORD = 64 * 2**20  # bytes

DECLINED: Any = object()
# Levels of lists and objects. Whatever handles a value later may take several of Python's own levels for each.
DEEPEST = 200
TOO_DEEP = "not usable JSON: nested too deeply"
_SHOWN = 40
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def read_json(text: str | bytes, source: str, line: int | None = None) -> Any:
    """The value that ``text`` spells; InputError with ``source``, ``line`` and what is wrong with it.

    Stricter than the standard library where leniency would lose data: a key given twice in an object, NaN and
    Infinity, lone surrogates and bytes that are not UTF-8 are refused, and so are more than 200 levels.
    """
    value = quick_json(text)
    return _read_slowly(text, source, line) if value is DECLINED else value


def quick_json(text: str | bytes) -> Any:
    """The value that ``text`` spells, as ``read_json`` gives it, only faster; DECLINED whenever that may refuse it."""
    mark, slash, escaped = ('"', "\\", "\\u0022") if isinstance(text, str) else (b'"', b"\\", b"\\u0022")
    try:
        value = _decode(text)
        # A key that was given twice is there once now. Every text and every quotation mark in it has its marks.
        all_there = text.count(mark) == _encode(value).count(b'"')  # type: ignore[arg-type]
        if all_there and (slash not in text or escaped not in text) and not _is_deep(text, value):  # type: ignore[operator]
            return value
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    return DECLINED


def known_json(text: bytes) -> Any:
    """The value of what was read or written before, so that nobody needs to look for what is wrong with it.

    ValueError if it is no JSON after all, or has more levels than ``read_json`` takes.
    """
    try:
        try:
            value = _decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            value = json.loads(text)  # as large, and as far from Unicode as that takes it
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if _is_deep(text, value):
        raise ValueError(TOO_DEEP)
    return value


def _is_deep(text: str | bytes, value: Any) -> bool:
    """Whether the ``value`` of ``text`` has more than so many levels."""
    if isinstance(text, str):
        if text.count("[") + text.count("{") <= DEEPEST:
            return False
        text = text.encode("utf-8", "surrogatepass")
    elif text.count(b"[") + text.count(b"{") <= DEEPEST:
        return False
    # Those within strings can only make it look deeper than it is.
    brackets, before = text.translate(None, _NO_BRACKETS), 0
    for _ in range(DEEPEST):
        if len(brackets) in (0, before):
            break
        before = len(brackets)
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets) and _levels_exceed(value)


def _levels_exceed(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        holders = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = list(chain.from_iterable(holders))
        if not holders:
            return False
    return True


def _read_slowly(text: str | bytes, source: str, line: int | None) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
        if _levels_exceed(value):
            raise _Refused(TOO_DEEP)
        if "\\u" in text or "\\U" in text:
            _refuse_surrogates(text)
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", source=source, line=line) from None
    except json.JSONDecodeError as error:
        at = line if line is not None else error.lineno
        raise InputError(f"not JSON: {error.msg} at column {error.colno}", source=source, line=at) from None
    except (_Refused, ValueError) as error:
        raise InputError(str(error), source=source, line=line) from None
    except RecursionError:
        raise InputError(TOO_DEEP, source=source, line=line) from None
    return value


class _Refused(Exception):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _Refused(f"the key {twice!r} is given twice in one object")
    return made


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Refused(f"the number {digits[:_SHOWN]} is too large")
    return number


def _int(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # Python's own limit, as reading them takes time by the square of their count
        raise _Refused(f"a number of {len(digits):,} digits, which is too large") from None


def _refuse_surrogates(text: str) -> None:
    # The decoder joins escaped pairs; what is left over cannot be written as UTF-8 again.
    decoded = json.dumps(json.loads(text), ensure_ascii=False)
    try:
        decoded.encode("utf-8")
    except UnicodeEncodeError as error:
        code = ord(decoded[error.start])
        raise _Refused(f"holds half of a surrogate pair (\\u{code:04x}), which is no character") from None


def bounded_lines(file: IO[bytes], source: str) -> Iterator[bytes]:
    """The lines of the file, with their ends. InputError for one that is too long to be a record."""
    number = 0
    while line := file.readline(MAX_RECORD + 1):
        number += 1
        if len(line) > MAX_RECORD:
            raise InputError(f"a line of more than {MAX_RECORD // 2**20} MiB", source=source, line=number)
        yield line


def read_json_lines(lines: IO[bytes] | Iterable[bytes], source: str) -> Iterator[tuple[int, str, Any]]:
    """(1-based line number, the line's text, its value) for each line of a JSON Lines file opened as bytes.

    Lines end at ``\\n`` or ``\\r\\n`` only: U+2028 and the like are text. InputError on a blank line between others,
    as the number of a line is what later files refer to, and, from a file, on one of more than 64 MiB.
    """
    blank = 0
    lines = bounded_lines(cast("IO[bytes]", lines), source) if isinstance(lines, IOBase) else lines
    for number, data in enumerate(lines, start=1):
        line = data.removesuffix(b"\n").removesuffix(b"\r")
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            raise InputError("begins with a byte order mark; save it as plain UTF-8", source=source, line=1)
        if not line.strip():
            blank = blank or number
            continue
        if blank:
            raise InputError("blank line", source=source, line=blank)
        value = read_json(line, source, number)
        yield number, line.decode("utf-8"), value


def to_line(value: Any) -> str:
    """Compact JSON on one line, without a line end; text of any script stays readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def document_to_text(value: Any) -> str:
    """Indented JSON with a line end, for documents that people open."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
