"""What an annotator has on the screen -> what is wrong with it, and how many words each text has. Keeps nothing.

The same rules that judge an export, over the one item that a Label Studio task holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...label_configs.controls import PASSAGE, PROMPT, REFERENCE, RESPONSES, slot_name
from ...label_configs.tasks import QuestionAnswer, TaskDefinition, TextRanking
from ..judgement.rules import Problem, problems
from ..judgement.words import count_words
from ..records import Answer, Item, Worker
from .annotations import annotation_to_answer
from .given_under import with_recorded_rules
from .label_studio_tasks import OBJECT_INDEX, shown_order

__all__ = ["Screen", "WordCount", "judge_result", "task_data_to_item"]

_ANYBODY = Worker("")


@dataclass(frozen=True, slots=True)
class WordCount:
    """How long the text of ``control`` is, and may be; ``maximum`` None is no limit. ``unit``: word or character."""

    control: str
    count: int
    minimum: int
    maximum: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What is wrong with an answer, in the order of the screen, and the length of each of its texts."""

    problems: tuple[Problem, ...]
    counts: tuple[WordCount, ...]


def task_data_to_item(data: Any, definition: TaskDefinition) -> Item | None:
    """The item that a Label Studio task's ``data`` shows, its responses in their own order; None if it holds none."""
    if not isinstance(data, dict):
        return None
    index = data.get(OBJECT_INDEX)
    number = index if isinstance(index, int) else 0
    text = data.get(PROMPT if isinstance(definition, TextRanking) else PASSAGE)
    if not isinstance(text, str):
        return None
    if not isinstance(definition, TextRanking):
        return Item(number, "", text)
    order = shown_order(data)
    if order is None:
        return None
    texts = {index: str(response.get("text", "")) for index, response in zip(order, data[RESPONSES], strict=True)}
    responses = tuple(texts[index] for index in range(len(order)))
    reference = data.get(REFERENCE)
    return Item(number, "", text, responses, reference=reference if isinstance(reference, str) else None)


def judge_result(
    definition: TaskDefinition,
    data: Mapping[str, Any],
    result: Any,
    order: Sequence[int] | None = None,
    *,
    as_recorded: bool = False,
) -> Screen:
    """Judge the annotation ``result`` of the task with this ``data``, shown in ``order`` (None: the data's own).

    ``as_recorded`` judges it by the rules it was given under, if it records any, else by those of ``definition``.
    """
    item = task_data_to_item(data, definition)
    if item is None:
        return Screen((Problem("this task's data is not what the task definition needs, so nobody can answer it"),), ())
    result = result if as_recorded else with_recorded_rules(result, None)
    answer = annotation_to_answer({"result": result}, item, definition, _ANYBODY)
    definition = answer.rules or definition
    answer = replace(answer, order=tuple(order) if order is not None else shown_order(data))
    return Screen(tuple(problems(definition, item, answer)), tuple(_counts(definition, answer)))


def _counts(definition: TaskDefinition, answer: Answer) -> list[WordCount]:
    if not isinstance(definition, QuestionAnswer):
        return []
    unit = "character" if definition.count == "characters" else "word"
    return [
        WordCount(slot_name(field, number), count_words(text, definition.count), limits.min, limits.max, unit)
        for number, pair in enumerate(answer.pairs, start=1)
        for field, text, limits in (
            ("question", pair.question, definition.question_words),
            ("answer", pair.answer, definition.answer_words),
        )
    ]
