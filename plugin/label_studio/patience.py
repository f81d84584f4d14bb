"""Asking again where a far side was busy, restarting or cut off: for requests that change nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = ["ask_patiently", "is_busy"]

# Label Studio's database may be locked for some seconds, and its server takes about ten to start.
_PAUSES_SECONDS = (0.5, 1, 2, 4, 8, 16)
_LONGEST_PAUSE_SECONDS = 60


def is_busy(status: int | None) -> bool:
    """Whether an answer with this status says that the same request may do well later."""
    return status is not None and (status >= 500 or status in (408, 429))


def ask_patiently(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """What ``ask`` gives, once it is neither a failure of the server (5xx, 408, 429) nor a broken connection.

    After the last try, that is given or raised. A pause is as long as the server's Retry-After asks, within a minute.
    """
    import httpx

    for pause in _PAUSES_SECONDS:
        try:
            response = ask()
        except httpx.TransportError:  # time-outs are among them
            time.sleep(pause)
            continue
        if not is_busy(response.status_code):
            return response
        asked = response.headers.get("Retry-After", "")
        time.sleep(min(int(asked), _LONGEST_PAUSE_SECONDS) if asked.isdecimal() else pause)
    return ask()
