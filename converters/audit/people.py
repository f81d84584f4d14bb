"""The annotators of an audit: names as numbers, and how many answers of each count. Knows nothing of what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ...label_configs.tasks import TaskDefinition
from ..formats.remarks import declined_for
from ..judgement.judge import Judged
from ..records import Answer

__all__ = ["People", "Person"]


@dataclass(slots=True)
class Person:
    """One annotator: a name, whether a program, and how many answers count, were declined and break a rule.

    ``declined_for`` counts those that were declined for a reason that the task offers, by reason.
    """

    name: str
    simulated: bool = False
    answers: int = 0
    declined: int = 0
    invalid: int = 0
    declined_for: Counter[str] = field(default_factory=Counter)


class People:
    """Everybody who answered, numbered from 0 in order of appearance. ``name_of`` gives an answer's pseudonym."""

    def __init__(self, name_of: Callable[[Answer], str]) -> None:
        self._name_of = name_of
        self._numbers: dict[str, int] = {}
        self._workers: dict[tuple[str, bool], int] = {}
        self._people: list[Person] = []

    def __getitem__(self, number: int) -> Person:
        return self._people[number]

    def see(self, judged: Judged, task: TaskDefinition) -> list[int]:
        """The answers to one more item of the task. Returns the numbers of those who gave the valid ones, in order."""
        numbers = [self._number_of(answer) for answer in judged.valid]
        for number in numbers:
            self._people[number].answers += 1
        for answer in judged.declined:
            person = self._people[self._number_of(answer)]
            person.declined += 1
            if reason := declined_for(answer, task):
                person.declined_for[reason] += 1
        for answer, _ in judged.invalid:
            self._people[self._number_of(answer)].invalid += 1
        return numbers

    def by_name(self) -> list[tuple[int, Person]]:
        """Everybody beside their number, in the order of their names."""
        return sorted(enumerate(self._people), key=lambda entry: entry[1].name)

    def _number_of(self, answer: Answer) -> int:
        # A pseudonym is costly; a worker is asked for once.
        worker = answer.worker.id, answer.worker.simulated
        if worker not in self._workers:
            name = self._name_of(answer)
            number = self._numbers.setdefault(name, len(self._people))
            if number == len(self._people):
                self._people.append(Person(name))
            self._people[number].simulated |= answer.worker.simulated
            self._workers[worker] = number
        return self._workers[worker]
