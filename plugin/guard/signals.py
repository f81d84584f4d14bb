"""Label Studio turns signals off while it deletes a project. With this, for that deletion only; and the guard's never.

Its own way is to empty the lists of receivers that all threads share. Meanwhile nobody's answers are judged or counted;
and of two deletions at once, the later one finds the lists empty, and may leave them so until the process ends.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.dispatch import Signal

from ..versions import TESTED_LABEL_STUDIO

__all__ = ["keep_listening", "turn_off_here_only"]

# What each deletion that this thread, or asynchronous task, is in the middle of has turned off.
_turned_off: ContextVar[tuple[list[Any], ...]] = ContextVar("gtbridge turned off", default=())


def keep_listening() -> None:
    """Called once when the server starts. Raises ImproperlyConfigured as ``turn_off_here_only`` does."""
    from core.utils import common

    turn_off_here_only(getattr(common, "temporary_disconnect_all_signals", None))


def turn_off_here_only(switch: Any) -> None:
    """Change what entering and leaving ``switch``, Label Studio's class, does; in place, as others have imported it.

    Neither the class nor Django's look-up of receivers is a public interface. So both are tried out, and if another
    version of either does otherwise, ImproperlyConfigured keeps the server from starting: it would take any answer.
    """
    try:
        switch.__enter__, switch.__exit__ = _enter, _exit
        Signal._live_receivers = _heeding(Signal._live_receivers)
        works = _works(switch)
    except (AttributeError, TypeError, ValueError):
        works = False
    if not works:
        version = importlib.metadata.version("label-studio")
        raise ImproperlyConfigured(
            f"Label Studio {version} turns signals off in a way that gtbridge does not know, so that answers might be "
            f"stored unjudged: use a version that it is tested with ({', '.join(TESTED_LABEL_STUDIO)})"
        )


def _enter(switch: Any) -> None:
    _turned_off.set((*_turned_off.get(), switch.disabled_signals))


def _exit(switch: Any, *_: Any) -> None:
    _turned_off.set(_turned_off.get()[:-1])


def _heeding(find: Callable[..., Any]) -> Callable[..., Any]:
    """Django's look-up, through which all ways to send a signal go; what it caches is as before."""

    @wraps(find)
    def live_receivers(signal: Any, sender: Any) -> Any:
        found = find(signal, sender)
        if not any(signal in signals for signals in _turned_off.get()):
            return found
        synchronous, asynchronous = found
        return list(filter(_is_ours, synchronous)), list(filter(_is_ours, asynchronous))

    return live_receivers


def _is_ours(receiver: Any) -> bool:
    """A deletion stores no answers; but should anything do so with signals turned off, they are judged."""
    return str(getattr(receiver, "__module__", "")).startswith(f"{__package__}.")


def _works(switch: Any) -> bool:
    """Whether a signal that is turned off still reaches the guard, and nobody else until it is on again."""
    heard: list[str] = []

    def ours(**_: Any) -> None:
        heard.append("ours")

    def anybodys(**_: Any) -> None:
        heard.append("anybody's")

    anybodys.__module__ = "elsewhere"
    probe = Signal()
    probe.connect(ours)
    probe.connect(anybodys)
    with switch([probe]):
        probe.send(None)
    probe.send(None)
    return heard == ["ours", "ours", "anybody's"]
