"""Where ``gtbridge`` and ``python -m gtbridge.plugin`` begin."""

from __future__ import annotations

import os
import sys

from .files.interrupts import command_line_interrupts

__all__ = ["main"]


def main() -> None:
    """The console script. Takes signals in hand before it imports the command line, which takes a while."""
    if sys.platform == "linux":
        # Arrow reads this when it is imported. Its own choice, mimalloc, keeps ever more of what long builds give back.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    with command_line_interrupts():
        from .cli import cli

        cli(prog_name="gtbridge")


if __name__ == "__main__":
    main()
