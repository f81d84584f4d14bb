"""What a Pairwise and Choices store -> rankings; and the form that the readers of all such controls have. Asks nothing.

The stored values are those of the editor's own source (tags/control, regions/Result) and of Label Studio's pages on
each tag; what older versions stored is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..records import Ranking
from .config import ControlTag
from .responses import ShownResponses
from .stored import Stored

__all__ = ["ChoiceReader", "OneControl", "PairwiseReader", "RankReader", "Ranks"]

Ranks = list[int | None]


class RankReader(Protocol):
    """How the controls of one dimension are read."""

    @property
    def dimension(self) -> str:
        """What the dimension is called."""

    @property
    def controls(self) -> tuple[ControlTag, ...]:
        """Whose answers it reads."""

    @property
    def may_tie(self) -> bool:
        """Whether two responses can be equal."""

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        """The ranking, with None for each response that it says nothing of. Adds to ``stored.unread``."""

    def declined(self, stored: Stored) -> str | None:
        """The option that says that nothing can be chosen, if it is the answer."""

    def untouched(self, ranking: Ranking, order: Sequence[int]) -> bool:
        """Whether the ranking is what the control holds, and stores, before anybody touches it."""


@dataclass(frozen=True)
class OneControl:
    """A dimension of which one control tells everything."""

    dimension: str
    control: ControlTag

    @property
    def controls(self) -> tuple[ControlTag, ...]:
        return (self.control,)

    def declined(self, stored: Stored) -> str | None:
        return None

    def untouched(self, ranking: Ranking, order: Sequence[int]) -> bool:
        return False

    def refuse(self, stored: Stored, sentence: str) -> None:
        """Say in ``stored.unread`` why the control's value cannot be read."""
        stored.unread.append(f"{self.control.name}: {sentence}")

    def two(self, stored: Stored, shown: ShownResponses) -> tuple[int, int] | None:
        """The two responses that it compares; None, with a sentence, if the task lacks one of them."""
        first, second = (shown.objects.get(name) for name in self.control.to_names)
        if first is not None and second is not None:
            return first, second
        self.refuse(stored, "compares something that is no response of this task")
        return None


class PairwiseReader(OneControl):
    """A Pairwise: ``{"selected": "left"}``. Deselected, the editor stores nothing; "none" says the same."""

    may_tie = False

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        ranks: Ranks = [None] * len(shown.texts)
        value = stored.one(self.control.name)
        selected = value.get("selected") if value else None
        if selected in ("left", "right"):
            if two := self.two(stored, shown):
                ranks[two[0]], ranks[two[1]] = (1, 2) if selected == "left" else (2, 1)
        elif value is not None and selected not in (None, "none"):
            self.refuse(stored, f"{selected!r} is neither left nor right")
        return Ranking(self.dimension, tuple(ranks), False)


@dataclass(frozen=True)
class ChoiceReader(OneControl):
    """Choices of which an option names a response, or says ``tie`` or ``none``: ``{"choices": [stored value]}``.

    ``said`` is what each option says beside those that are called as a response.
    """

    said: Mapping[str, str]
    may_tie: bool

    def read(self, stored: Stored, shown: ShownResponses) -> Ranking:
        count = len(shown.texts)
        nothing = Ranking(self.dimension, (None,) * count, self.may_tie)
        chosen = self._chosen(stored, shown)
        if not chosen or "none" in chosen:
            return nothing
        indices = set(range(count)) if "tie" in chosen else chosen
        return Ranking(self.dimension, tuple(1 if index in indices else 2 for index in range(count)), self.may_tie)

    def _chosen(self, stored: Stored, shown: ShownResponses) -> set[int | str]:
        """The responses that were chosen, or ``tie`` or ``none``; empty, with a sentence, if that cannot be told."""
        options = self._options(stored)
        chosen: set[int | str] = set()
        for option in options:
            said = self.said.get(option, option)
            index = shown.names.get(said)
            if option in self.said and said in ("tie", "none"):
                chosen.add(said)
            elif index is None:
                self.refuse(stored, f"{option!r} is no response of this task")
                return set()
            else:
                chosen.add(index)
        if len(chosen) > 1 and (chosen & {"tie", "none"} or not self.control.multiple):
            self.refuse(stored, f"{' and '.join(options)} cannot all be meant")
            return set()
        return chosen

    def _options(self, stored: Stored) -> list[str]:
        value = stored.one(self.control.name)
        options = value.get("choices") if value is not None else []
        if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
            self.refuse(stored, "does not hold a list of choices")
            return []
        return options

    def declined(self, stored: Stored) -> str | None:
        entries = stored.all(self.control.name)
        options = entries[0].value.get("choices") if len(entries) == 1 else None
        only = options[0] if isinstance(options, list) and len(options) == 1 else None
        return only if isinstance(only, str) and self.said.get(only) == "none" else None
