"""Tasks that ask for comments, flags and reasons, with answers that hold all of it: by hand and for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from strategies import labels, make_item, pair_answers, question_tasks, ranking_answers, rankings_tasks, text

from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.records import Answer, Item, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

__all__ = [
    "ANN",
    "ASK",
    "GOOD",
    "ITEM",
    "ORDER",
    "PASSAGE",
    "RANK",
    "RANKS",
    "VAGUE",
    "chosen",
    "judgements",
    "read",
    "tasks_with_items",
    "wrote",
]

# By hand: a task of each kind that asks for all of it, and results as the editor stores them.
RANK = TextRanking(
    dimensions=(Dimension(name="Help", allow_tie=True), Dimension(name="Clear", allow_tie=False)),
    shuffle_responses=False,
    flags=("Unsafe", "Off topic"),
    comment="optional",
    cannot_judge=("Too vague", "Not my field"),
)
ASK = QuestionAnswer(comment="required", cannot_judge=("Too vague",))
ITEM = make_item(0, "Why?", ["a", "b", "c"])
ANN = Worker("ann")
PASSAGE = make_item(0, "The fox crossed.")


def chosen(name: str, *values: str) -> dict[str, Any]:
    """What the options ``values`` of a control are stored as."""
    return {"id": name, "from_name": name, "to_name": "prompt", "type": "choices", "value": {"choices": list(values)}}


def wrote(*texts: str) -> dict[str, Any]:
    """What a comment is stored as."""
    return {"id": "c", "from_name": "comment", "to_name": "prompt", "type": "textarea", "value": {"text": list(texts)}}


RANKS = [chosen(f"rank__help__{position}", f"r{position}:1") for position in range(3)]
ORDER = {
    "id": "o",
    "from_name": "order__clear",
    "to_name": "responses",
    "type": "ranker",
    "value": {"ranker": {"order__clear": ["r0", "r1", "r2"]}},
}
GOOD = [*RANKS, ORDER, chosen("done__clear", "confirmed")]
VAGUE = chosen("cannot_judge", "Too vague")


def read(result: list[dict[str, Any]], task: TaskDefinition = RANK, item: Item = ITEM) -> Answer:
    """What an annotation with this result says."""
    return annotation_to_answer({"result": result}, item, task, ANN)


_prompts = st.builds(make_item, st.just(0), text, st.lists(text, min_size=2, max_size=5))
_passages = st.builds(make_item, st.just(0), text.filter(str.strip))


@st.composite
def tasks_with_items(draw: Any) -> tuple[TaskDefinition, Item]:
    """A task of either kind that asks for any of it, or for nothing, and an item to do it on."""
    names = st.lists(labels, max_size=3, unique=True).map(tuple)
    more: dict[str, Any] = {"comment": draw(st.sampled_from([None, "optional"])), "cannot_judge": draw(names)}
    task: TaskDefinition = draw(st.one_of(rankings_tasks(), question_tasks()))
    if isinstance(task, TextRanking):
        more["flags"] = draw(names)
    return task.model_copy(update=more), draw(_prompts if isinstance(task, TextRanking) else _passages)


@st.composite
def judgements(draw: Any, task: TaskDefinition, item: Item) -> Answer:
    """An answer that says what the task asks for, or that the item cannot be judged."""
    answer: Answer = draw(ranking_answers(task, item) if isinstance(task, TextRanking) else pair_answers(task, item))
    if task.comment:
        answer = replace(answer, comment=draw(st.none() | text.filter(bool)))
    if isinstance(task, TextRanking) and task.flags:
        marks = st.lists(st.sampled_from(task.flags), unique=True).map(tuple)
        flags = [draw(marks) for _ in item.responses or ()]
        while flags and not flags[-1]:
            flags.pop()
        answer = replace(answer, flags=tuple(flags))
    if task.cannot_judge and draw(st.booleans()):
        reason = draw(st.sampled_from(task.cannot_judge))
        answer = replace(answer, status="declined", rankings=(), pairs=(), reason=reason)
    return answer
