"""An item of a labeling job with its judged answers: what datasets and statistics are made from. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from ...label_configs.tasks import TaskDefinition
from ..records import Item
from .judge import Judged

__all__ = ["JobItem"]


@dataclass(frozen=True, slots=True)
class JobItem:
    """``judged`` holds all answers to ``item`` that there are.

    ``failure`` is why the job gave the item no label, if it said so.
    """

    job: str
    item: Item
    definition: TaskDefinition
    judged: Judged
    failure: str | None = None

    @property
    def place(self) -> str:
        """``<job>/<object index>``: where a row comes from, without saying where the job lies."""
        return f"{self.job}/{self.item.index}"

    @property
    def answers_prompt(self) -> bool:
        """Whether the item's text is a prompt and annotators wrote answers to it, instead of pairs about a passage."""
        return self.definition.prompt_completion

    @property
    def simulated(self) -> bool:
        """Whether a program gave any of the answers that count."""
        return any(answer.worker.simulated for answer in self.judged.valid)
