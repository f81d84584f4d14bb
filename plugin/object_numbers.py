"""Which object each line of a job's output is, where that is not its place: tasks of a project made by hand go by
their ids, of which some may be gone. Ground Truth has no place for it, so it stands in a file of gtbridge's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ..converters.formats.job_output import OBJECTS
from ..converters.formats.json_text import read_json
from ..label_configs.errors import InputError
from .storage import exists, join, read_text, write_bytes

__all__ = ["ObjectNumbers", "read_object_numbers", "write_object_numbers"]


@dataclass(frozen=True)
class ObjectNumbers:
    """The object of each line; None where lines are numbered by their place. ``source`` is the file that says so."""

    numbers: tuple[int, ...] | None
    source: str

    def of(self, line: int) -> int:
        """The object of the 0-based ``line``; InputError if there are more lines than objects."""
        if self.numbers is None:
            return line
        if line >= len(self.numbers):
            raise self._cut_off()
        return self.numbers[line]

    def check(self, lines: int) -> None:
        """InputError unless there are as many ``lines`` as objects."""
        if self.numbers is not None and lines != len(self.numbers):
            raise self._cut_off()

    def _cut_off(self) -> InputError:
        message = "belongs to another output manifest: the export was cut off; export again"
        return InputError(message, source=self.source)


def read_object_numbers(folder: str) -> ObjectNumbers:
    """What the job's ``folder`` says; InputError if it is damaged."""
    place = join(folder, OBJECTS)
    if not exists(place):
        return ObjectNumbers(None, place)
    numbers = read_json(read_text(place), place)
    known = isinstance(numbers, list) and all(type(number) is int and number >= 0 for number in numbers)
    if not known or numbers != sorted(set(numbers)):
        raise InputError("expected a list of numbers, each greater than the one before", source=place)
    return ObjectNumbers(tuple(numbers), place)


def write_object_numbers(folder: str, numbers: Iterable[int]) -> None:
    """Say which objects the lines of the output manifest in ``folder`` are, in their order."""
    write_bytes(join(folder, OBJECTS), f"{json.dumps(list(numbers))}\n".encode())
