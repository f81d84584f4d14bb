"""Ctrl-C and SIGTERM while the command line runs: until something is begun the program just ends; from then on an
interruption is an exception, so that whatever was begun is tidied up. Programs that use the library keep their own
handlers.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["command_line_interrupts", "tidy_when_interrupted"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_AGAIN_SECONDS = 0.2


class _Interrupted(SystemExit):
    """Ends the program. Click would turn a KeyboardInterrupt into exit code 1."""


class _Interrupt:
    """The handler of both signals: raises once, from wherever the program is."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        error = sys.exception()
        while error is not None:
            if isinstance(error, _Interrupted):
                return  # tidying up is under way, and must not be cut short
            error = error.__context__
        if not self.signal:
            self.signal = number
            # Past Python's buffers, which the signal may have caught in the middle of a write.
            os.write(2, b"\ninterrupted\n" if os.isatty(2) else b"interrupted\n")
            # Python drops an exception that is raised while it finalizes an object.
            signal.signal(signal.SIGALRM, self)
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
        raise _Interrupted(128 + self.signal)


def _unraisable(problem: Any) -> None:
    if not isinstance(problem.exc_value, _Interrupted):
        sys.__unraisablehook__(problem)


_nothing_begun = False


@contextmanager
def command_line_interrupts() -> Iterator[None]:
    """Take both signals in hand for the rest of the program: they end it at once, for nothing is begun yet.

    An exception would not do: raised in the middle of an import, it comes out as another one, or not at all.
    """
    global _nothing_begun
    sys.unraisablehook = _unraisable
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _nothing_begun = True
    try:
        yield
    finally:
        # All is done: Python's own end is not worth interrupting.
        for number in (*_SIGNALS, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)


def tidy_when_interrupted() -> None:
    """Say that something is about to begin that an interruption must not leave as it is.

    Only where ``command_line_interrupts`` is in force, and only the first call does anything.
    """
    global _nothing_begun
    if _nothing_begun:
        _nothing_begun = False
        interrupt = _Interrupt()
        for number in _SIGNALS:
            signal.signal(number, interrupt)
