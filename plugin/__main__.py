"""Where ``gtbridge`` and ``python -m gtbridge.plugin`` begin."""

from __future__ import annotations

from .files.interrupts import command_line_interrupts

__all__ = ["main"]


def main() -> None:
    """The console script. Takes signals in hand before it imports the command line, which takes a while."""
    with command_line_interrupts():
        from .cli import cli

        cli(prog_name="gtbridge")


if __name__ == "__main__":
    main()
