"""Projects of questions and answers about a passage -> pairs, with the sections that were highlighted. What belongs to
which pair is taken from the regions that results share, never from the order in which they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...label_configs.tasks import QuestionAnswer
from ..records import Item, Pair
from .config import ControlTag
from .plans import Said
from .prompts import PromptSource
from .regions import Region, regions_of
from .stored import Stored
from .task_data import TaskData
from .typed_texts import typed_once, typed_texts

__all__ = ["SectionPairs"]


@dataclass(frozen=True)
class SectionPairs:
    """How such a project is read.

    ``question`` is a TextArea, or the key of the task's data where it stands; ``answer`` a TextArea, or None if what
    was highlighted is the answer. ``marks`` are the Labels that make regions, if there are any, ``tags`` the control
    whose labels or choices are the tags of a pair.

    Where the answer is given for each region, or is the region, each region is a pair. Where it is given once for the
    task, and so is the question, all regions are sections of what was answered.
    """

    definition: QuestionAnswer
    passage: PromptSource
    question: ControlTag | str
    answer: ControlTag | None
    marks: ControlTag | None = None
    tags: ControlTag | None = None

    @property
    def controls(self) -> frozenset[str]:
        return frozenset(control.name for control in self._controls())

    def _controls(self) -> list[ControlTag]:
        named = (self.marks, self.question, self.answer, self.tags)
        return [control for control in named if isinstance(control, ControlTag)]

    def item(self, data: TaskData) -> Item:
        if isinstance(self.question, str):
            data.text(self.question)  # what lacks it cannot be answered
        if self.marks is not None and self.passage.key is not None:
            # Offsets count in a text: in a list that is joined to one, they would be off.
            return Item(0, "", data.text(self.passage.key))
        text, messages = self.passage.read(data)
        return Item(0, "", text, messages=messages)

    def order(self, data: TaskData) -> None:
        return None

    def said(self, stored: Stored, item: Item, data: TaskData) -> Said:
        regions: list[Region] = []
        if self.marks is not None:
            others = [control.name for control in self._controls() if control.per_region and control is not self.marks]
            regions = regions_of(stored, self.marks.name, dict.fromkeys(others), item.text)
        parts = [[region] for region in regions] if self._each_is_a_pair else [regions]
        return Said(pairs=tuple(pair for part in parts for pair in self._pairs(stored, data, part)))

    @property
    def _each_is_a_pair(self) -> bool:
        return self.answer is None or self.answer.per_region

    def _pairs(self, stored: Stored, data: TaskData, regions: Sequence[Region]) -> Iterator[Pair]:
        """The pairs whose sections are ``regions``: those of one region, or of the task."""
        typed = () if isinstance(self.question, str) else _typed(stored, self.question, regions)
        if self.answer is None:
            answers = tuple(region.section.text for region in regions)
        else:
            answers = _typed(stored, self.answer, regions)
        if not (typed or answers or regions):
            return
        questions = (data.text(self.question),) if isinstance(self.question, str) else typed
        if len(questions) > 1 or (len(answers) > 1 and regions and not self._each_is_a_pair):
            stored.unread.append(
                f"{len(questions)} questions, {len(answers)} answers and {len(regions)} highlighted parts: "
                "which belong together is not stored"
            )
            return
        sections = tuple(region.section for region in regions)
        tags = tuple(dict.fromkeys(self._chosen(stored, regions)))
        for answer in answers or ("",):
            yield Pair("".join(questions), answer, tags, sections, "sections" if sections else "passage")

    def _chosen(self, stored: Stored, regions: Sequence[Region]) -> Iterator[str]:
        if self.tags is None:
            return
        name, key = self.tags.name, self.tags.kind
        each = self.tags.per_region or self.tags is self.marks
        for value in [region.values.get(name) for region in regions] if each else [stored.one(name)]:
            chosen = [] if value is None else value.get(key)
            if isinstance(chosen, list) and all(isinstance(tag, str) for tag in chosen):
                yield from chosen
            else:
                stored.unread.append(f"{name}: does not hold {key}")


def _typed(stored: Stored, control: ControlTag, regions: Sequence[Region]) -> tuple[str, ...]:
    if not control.per_region:
        return typed_once(stored, control.name)
    return typed_texts(stored, control.name, [r.values[control.name] for r in regions if control.name in r.values])
