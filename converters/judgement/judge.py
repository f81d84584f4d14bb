"""All answers to one item, sorted into those that count and those that do not. Uses the rules; adds none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...label_configs.tasks import TaskDefinition
from ..ledger import Ledger
from ..records import Answer, Item
from .rules import problems

__all__ = ["Judged", "judge", "note_earlier_rules"]


@dataclass(frozen=True, slots=True)
class Judged:
    """``valid`` holds at most one answer per worker; ``invalid`` pairs an answer with the rules that it breaks.

    ``superseded`` are valid answers that their worker gave again later (the last one counts), and declined ones of a
    worker who gave an answer as well. Each answer is in one place, and each place keeps the order of the answers.
    """

    valid: tuple[Answer, ...] = ()
    declined: tuple[Answer, ...] = ()
    invalid: tuple[tuple[Answer, tuple[str, ...]], ...] = ()
    superseded: tuple[Answer, ...] = ()

    @property
    def everyone(self) -> Iterator[Answer]:
        """All answers, of whatever place."""
        yield from self.valid
        yield from self.declined
        yield from self.superseded
        yield from (answer for answer, _ in self.invalid)


def judge(
    definition: TaskDefinition,
    item: Item,
    answers: Sequence[Answer],
    partial: bool | Callable[[Answer], bool] = False,
) -> Judged:
    """Sort ``answers``, which stand in the order in which they were submitted.

    With ``partial``, rankings of some of the responses are valid (see ``problems``): what they compare counts. It may
    depend on the answer. An answer that was given before the definition was edited is judged by its own ``rules``.
    """
    broken_rules = [
        problems(answer.rules or definition, item, answer, partial(answer) if callable(partial) else partial)
        for answer in answers
    ]
    if not any(broken_rules) and len({a.worker.id for a in answers if a.status == "given"}) == len(answers):
        return Judged(valid=tuple(answers))
    # An answer that was judged before brings its problems along; the rules find them again.
    rules = [tuple(dict.fromkeys(problem.message for problem in broken)) for broken in broken_rules]
    given = {answer.worker.id for answer in answers if answer.status == "given"}
    counts = {
        answer.worker.id: number
        for number, (answer, broken) in enumerate(zip(answers, rules, strict=True))
        if answer.status == "given" and not broken
    }
    valid: list[Answer] = []
    declined: list[Answer] = []
    invalid: list[tuple[Answer, tuple[str, ...]]] = []
    superseded: list[Answer] = []
    for number, (answer, broken) in enumerate(zip(answers, rules, strict=True)):
        worker = answer.worker.id
        if answer.status != "given" and (worker in given or not broken):
            (superseded if worker in given else declined).append(answer)
        elif broken:
            invalid.append((answer, broken))
        else:
            (valid if counts[worker] == number else superseded).append(answer)
    return Judged(tuple(valid), tuple(declined), tuple(invalid), tuple(superseded))


def note_earlier_rules(judged: Judged, where: str, ledger: Ledger) -> None:
    """Note each answer of the item ``where`` that was judged by rules of its own."""
    for answer in judged.everyone:
        if answer.rules is not None:
            ledger.note("answers", "given before the task was edited: judged by the rules of then", where)
