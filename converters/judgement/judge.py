"""All answers to one item, sorted into those that count and those that do not. Uses the rules; adds none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...label_configs.tasks import TaskDefinition
from ..records import Answer, Item
from .rules import problems

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Judged:
    """``valid`` holds at most one answer per worker; ``invalid`` pairs an answer with the rules that it breaks.

    ``superseded`` are valid answers that their worker gave again later: the last one counts.
    """

    valid: tuple[Answer, ...] = ()
    declined: tuple[Answer, ...] = ()
    invalid: tuple[tuple[Answer, tuple[str, ...]], ...] = ()
    superseded: tuple[Answer, ...] = ()


def judge(definition: TaskDefinition, item: Item, answers: Sequence[Answer]) -> Judged:
    """Sort ``answers``, which stand in the order in which they were submitted."""
    valid: list[Answer] = []
    declined, invalid = [], []
    for answer in answers:
        # An answer that was judged before brings its problems along; the rules find them again.
        broken = tuple(dict.fromkeys(problem.message for problem in problems(definition, item, answer)))
        if answer.status != "given":
            declined.append(answer)
        elif broken:
            invalid.append((answer, broken))
        else:
            valid.append(answer)
    last = {answer.worker.id: number for number, answer in enumerate(valid)}
    counts = [last[answer.worker.id] == number for number, answer in enumerate(valid)]
    return Judged(
        valid=tuple(answer for answer, counted in zip(valid, counts, strict=True) if counted),
        declined=tuple(declined),
        invalid=tuple(invalid),
        superseded=tuple(answer for answer, counted in zip(valid, counts, strict=True) if not counted),
    )
