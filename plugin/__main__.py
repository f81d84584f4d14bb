"""Where ``gtbridge`` and ``python -m gtbridge.plugin`` begin."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from .files.interrupts import command_line_interrupts

__all__ = ["main"]


def main() -> None:
    """The console script. Takes signals in hand before it imports the command line, which takes a while."""
    if sys.platform == "linux":
        # Arrow reads this when it is imported. Its own choice, mimalloc, keeps ever more of what long builds give back.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    sys.excepthook = _report_bug
    with command_line_interrupts():
        from .cli import cli

        cli(prog_name="gtbridge")


def _report_bug(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Python's traceback, fit to be shown to others: libraries put requests and answers into their exceptions."""
    import traceback

    from .shown import shown

    told = "".join(traceback.format_exception(kind, error, where))
    sys.stderr.write(shown(told, lines=True))


if __name__ == "__main__":
    main()
