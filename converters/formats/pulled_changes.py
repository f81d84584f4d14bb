"""What a pull found new, changed or withdrawn since the one before, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .pulled_tasks import Seen

__all__ = ["Changes", "changes_between"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Answers (annotations, skipped ones and those set aside among them) that are ``new``, ``changed``, ``withdrawn``
    or ``unchanged``, and tasks. ``fetched`` tasks were asked for in full. ``first``: nothing was there to compare with.
    ``anew`` is why everything was fetched; None if only what had to be.
    """

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    new_tasks: int = 0
    withdrawn_tasks: int = 0
    rewritten_tasks: int = 0
    fetched: int = 0
    first: bool = False
    anew: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is otherwise than it was."""
        return any((self.new, self.changed, self.withdrawn, *self._tasks().values()))

    def _tasks(self) -> dict[str, int]:
        return {"new": self.new_tasks, "rewritten": self.rewritten_tasks, "withdrawn": self.withdrawn_tasks}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    def notes(self) -> Iterator[tuple[str, str, int]]:
        """The same for a ledger: of which kind of thing, what, and how many."""
        answers = {
            "new": self.new,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "as they were": self.unchanged,
        }
        for kind, counts in (("answers pulled", answers), ("tasks pulled", self._tasks())):
            yield from ((kind, what, count) for what, count in counts.items() if count)

    def sentence(self) -> str:
        """The same for people."""
        if self.first:
            said = f"{_count(self.new, 'answer')} to {_count(self.new_tasks, 'task')}: the first pull"
        elif not self:
            said = (
                f"nothing new; {_count(self.unchanged, 'answer')} as {'it was' if self.unchanged == 1 else 'they were'}"
            )
        else:
            answers = {"new": self.new, "changed": self.changed, "withdrawn": self.withdrawn}
            first, *more = [(kind, count) for kind, count in answers.items() if count] or [("new", 0)]
            parts = [_count(first[1], f"{first[0]} answer"), *(f"{count:,} {kind}" for kind, count in more)]
            tasks = [f"{count:,} {what}" for what, count in self._tasks().items() if count]
            said = f"{', '.join(parts)}; {self.unchanged:,} as they were"
            said += f"; tasks: {', '.join(tasks)}" if tasks else ""
        return f"{said} ({self.anew}: everything was fetched anew)" if self.anew else said


def changes_between(
    before: Mapping[int, Seen] | None, now: Iterable[tuple[int, Seen]], fetched: int, anew: str | None
) -> Changes:
    """What differs between two pulls, each by the tasks' ids; ``before`` is None if there was none."""
    old = before or {}
    counts = dict.fromkeys(("new", "changed", "withdrawn", "unchanged"), 0)
    tasks = dict.fromkeys(("new_tasks", "rewritten_tasks", "withdrawn_tasks"), 0)
    left = dict.fromkeys(old)
    for number, task in now:
        left.pop(number, None)
        known = old.get(number)
        tasks["new_tasks"] += known is None
        tasks["rewritten_tasks"] += known is not None and known.data != task.data
        earlier = known.answers if known else {}
        counts["withdrawn"] += len(earlier.keys() - task.answers.keys())
        for key, said in task.answers.items():
            kind = "new" if key not in earlier else "unchanged" if earlier[key] == said else "changed"
            counts[kind] += 1
    for number in left:
        tasks["withdrawn_tasks"] += 1
        counts["withdrawn"] += len(old[number].answers)
    return Changes(**counts, **tasks, fetched=fetched, first=before is None, anew=anew)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
