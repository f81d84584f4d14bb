"""Asking again where a far side was busy, restarting or cut off: for requests that change nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = ["PAUSES_SECONDS", "TooMuch", "ask_patiently", "is_busy"]

# Label Studio's database may be locked for some seconds, and its server takes about ten to start.
PAUSES_SECONDS = (0.5, 1, 2, 4, 8, 16)
_LONGEST_PAUSE_SECONDS = 60
# A server that ran out of memory or was ended by its supervisor, and proxies that waited too long or have no room.
_TOO_MUCH = frozenset({413, 414, 500, 502, 504})


class TooMuch(Exception):
    """The far side did not manage what was asked for at once; a part of it may do."""


def is_busy(status: int | None) -> bool:
    """Whether an answer with this status says that the same request may do well later."""
    return status is not None and (status >= 500 or status in (408, 429))


def ask_patiently(ask: Callable[[], httpx.Response], *, divisible: bool = False) -> httpx.Response:
    """What ``ask`` gives, once it is neither a failure of the server (5xx, 408, 429) nor a broken connection.

    After the last try, that is given or raised. A pause is as long as the server's Retry-After asks, within a minute.
    If what is asked for is ``divisible``, TooMuch says at once that less should be: the answer came not at all, or not
    whole.
    """
    import httpx

    for pause in PAUSES_SECONDS:
        try:
            response = ask()
        except httpx.TransportError as error:  # time-outs are among them
            if divisible and not isinstance(error, httpx.ConnectError):
                raise TooMuch from None
            time.sleep(pause)
            continue
        if divisible and response.status_code in _TOO_MUCH:
            raise TooMuch
        if not is_busy(response.status_code):
            return response
        asked = response.headers.get("Retry-After", "")
        time.sleep(min(int(asked), _LONGEST_PAUSE_SECONDS) if asked.isdecimal() else pause)
    return ask()
