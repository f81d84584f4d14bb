"""Objects one after another in a JSON list -> where each ends, several at once, if they begin alike. Says nothing of
any that it does not find, and nothing of what they hold.
"""

from __future__ import annotations

import re

import msgspec

__all__ = ["AlikeObjects"]

_TAIL = 2**16
_KEY, _VALUE = rb'"[^"\\]*+"', rb'(?:"[^"\\]*+"|[^"{}\[\],]++)'
_FIRST_KEYS = re.compile(rb"\{\s*+(%b)\s*+:(?:\s*+%b\s*+,\s*+(%b)\s*+:)?+" % (_KEY, _VALUE, _KEY))
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


class AlikeObjects:
    """Those whose first two keys are those of ``first``; the second tells them from objects within, which often begin
    with an ``id`` as well. If the value of the first key is no text, number or literal, the first key has to do.
    """

    def __init__(self, first: bytes):
        found = _FIRST_KEYS.match(first)
        self._follows: re.Pattern[bytes] | None = None
        if found:
            key, second = (re.escape(key) if key else b"" for key in found.groups())
            rest = rb"\s*+%b\s*+,\s*+%b\s*+:" % (_VALUE, second) if second else b""
            self._follows = re.compile(rb"\}\s*+,\s*+\{\s*+%b\s*+:%b" % (key, rest))

    def lengths(self, buffer: bytearray, at: int) -> list[int]:
        """The lengths of the values from ``at`` to the last place where another such object follows. White space and a
        comma are between them; there may be none.

        A place within a value is none: what is before it is then no list, and nothing is looked for any more.
        """
        end = self._last_end(buffer, at)
        if end is None:
            return []
        try:
            # A list as far as there, with nothing left open: so these are the elements of the whole list, too.
            return [memoryview(spelling).nbytes for spelling in _split(b"[" + buffer[at:end] + b"]")]
        except (msgspec.MsgspecError, RecursionError):
            self._follows = None
            return []

    def _last_end(self, buffer: bytearray, at: int) -> int | None:
        if self._follows is None:
            return None
        for begin in dict.fromkeys((max(at, len(buffer) - _TAIL), at)):  # mostly there is one near the end
            ends = [found.start() + 1 for found in self._follows.finditer(buffer, begin)]
            if ends:
                return ends[-1]
        return None
