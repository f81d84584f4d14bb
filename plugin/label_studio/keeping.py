"""Where the tasks of a Label Studio project are kept between two pulls, and who is told what changed. Options only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...converters.formats.pulled_changes import Changes

__all__ = ["Keeping"]

ENDING = ".jsonl.gz"


@dataclass(frozen=True)
class Keeping:
    """``place(project)`` is the pull file of a project, local or in S3; its name ends in ``.jsonl.gz``.

    ``full``: everything is fetched anew, also what has not changed. ``told(project, changes)`` is called once a pull
    is whole; what it says is since the last one of which that is true. ``fetched(count, total)`` is called on the way,
    with how many more tasks were asked for, of how many.
    """

    place: Callable[[int], str]
    full: bool = False
    told: Callable[[int, Changes], None] = lambda project, changes: None
    fetched: Callable[[int, int], None] = lambda count, total: None

    def unfinished(self, project: int) -> str:
        """Where that which a pull had fetched when it was cut off waits for the next one."""
        return f"{self.place(project).removesuffix(ENDING)}.unfinished{ENDING}"
