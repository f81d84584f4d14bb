"""What is to be made of a project's tasks and results, once the config and the user have said enough: the form that
all such plans have, and the list of what has still to be said. Makes no plan itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..records import Item, Pair, Ranking
from .stored import Stored
from .task_data import TaskData

__all__ = ["Needs", "Plan", "Said", "among"]


@dataclass(frozen=True, slots=True)
class Said:
    """What an annotation says of its item. With ``declined`` it says nothing, for that reason."""

    rankings: tuple[Ranking, ...] = ()
    pairs: tuple[Pair, ...] = ()
    declined: str | None = None


class Plan(Protocol):
    """How one project is read."""

    @property
    def definition(self) -> TaskDefinition:
        """The task that its annotators were asked."""

    @property
    def controls(self) -> frozenset[str]:
        """The names of the controls that it reads, as the config writes them."""

    def item(self, data: TaskData) -> Item:
        """What the task shows; ``index``, ``line`` and ``reference`` are filled in by others.

        InputError if something is missing.
        """

    def order(self, data: TaskData) -> tuple[int, ...] | None:
        """The order in which the responses were shown: the index of the first, the second ...; None without any."""

    def said(self, stored: Stored, item: Item, data: TaskData) -> Said:
        """What the annotation says. Values that cannot be read become sentences in ``stored.unread``."""


@dataclass
class Needs:
    """What the config does not tell, and was not said either: one ``--map`` option each."""

    asked: list[str] = field(default_factory=list)

    def ask(self, option: str, why: str) -> None:
        """``option`` as it is to be typed after ``--map``, e.g. ``prompt=KEY``; ``why`` what it says."""
        sentence = f"--map {option} ({why})"
        if sentence not in self.asked:
            self.asked.append(sentence)

    def check(self, source: str) -> None:
        """InputError, with all that was asked, if anything was."""
        if self.asked:
            asked = "; ".join(self.asked)
            raise InputError(f"the labeling config does not tell everything; please say: {asked}", source=source)


def among(names: Iterable[str]) -> str:
    """``: one, other`` for the candidates of a question; nothing if there are none."""
    listed = ", ".join(dict.fromkeys(names))
    return f": {listed}" if listed else ""
