"""How much it takes to show help."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .comparison import Comparison, at_most, ratios
from .measuring import Contender, take_turns
from .setting import Setting, gtbridge

__all__ = ["compare_start"]

HELP, CLICK = "gtbridge -h", "python -c 'import click'"


def compare_start(setting: Setting) -> Iterator[Comparison]:
    """A contender's turn is several starts."""
    starts, environment = setting.size.starts, setting.environment()
    contenders = [
        Contender(HELP, [gtbridge("-h")] * starts, starts, None, environment),
        Contender(CLICK, [[sys.executable, "-c", "import click"]] * starts, starts, None, environment),
    ]
    figures = take_turns(contenders, setting.size.rounds)
    about = "One start after another, with everything in the page cache."
    found = Comparison("start", "Showing help", "starts", about, contenders, figures)
    found.goals = [
        at_most("times the CPU of importing click, at most 1.5", ratios(found.cpu(HELP), found.cpu(CLICK)), 1.5)
    ]
    yield found
