"""Projects in which annotators answer a prompt in a TextArea -> prompt-completion. Reads no regions."""

from __future__ import annotations

from dataclasses import dataclass

from ...label_configs.tasks import QuestionAnswer
from ..records import Item, Pair
from .config import Config, ControlTag
from .mapping import ProjectMapping
from .plans import Needs, Plan, Said
from .prompts import PromptSource, prompt_source
from .stored import Stored
from .task_data import TaskData
from .typed_texts import text_areas, typed_once

__all__ = ["completion_plan"]


@dataclass(frozen=True)
class _Completions:
    """``prompt`` is answered in the TextArea called ``answer``.

    The editor keeps what was submitted there in a list, each text by itself, added, edited and deleted by itself:
    each is an answer to the prompt. One that was typed and not added is added when the task is submitted.
    """

    prompt: PromptSource
    answer: str

    @property
    def definition(self) -> QuestionAnswer:
        return QuestionAnswer(prompt_completion=True)

    @property
    def controls(self) -> frozenset[str]:
        return frozenset({self.answer})

    def item(self, data: TaskData) -> Item:
        text, messages = self.prompt.read(data)
        return Item(0, "", text, messages=messages)

    def order(self, data: TaskData) -> None:
        return None

    def said(self, stored: Stored, item: Item, data: TaskData) -> Said:
        return Said(pairs=tuple(Pair("", text) for text in typed_once(stored, self.answer)))


def completion_plan(config: Config, mapping: ProjectMapping, needs: Needs) -> Plan | None:
    """How to read a project of answers to prompts; None, and asked for in ``needs``, if something is not said.

    The answer stands in the only TextArea, or in the one that ``answer`` names; the prompt is where ``prompt_source``
    finds it.
    """
    answer = _answer(config, mapping, needs)
    prompt = prompt_source(config, mapping, (), needs)
    if answer is None or prompt is None:
        return None
    return _Completions(prompt, answer.name)


def _answer(config: Config, mapping: ProjectMapping, needs: Needs) -> ControlTag | None:
    found = [control for control in text_areas(config) if not control.per_region]
    chosen = [control for control in found if mapping.answer in (None, control.name)]
    if len(chosen) != 1:
        names = ", ".join(control.name for control in found) or "none"
        needs.ask("answer=CONTROL", f"the TextArea in which the prompt is answered: {names}")
        return None
    return chosen[0]
