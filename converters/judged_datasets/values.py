"""What the readers of judged datasets share: values that are what they should be, workers, an order that tells nothing.

Reads no shape; opens nothing. A value that could mean something else is refused, never guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..formats.score_content import is_number
from ..formats.sources_records import Record, RecordPlace
from ..ledger import Ledger
from ..records import DATASET, SIMULATED, Answer, Worker

__all__ = [
    "DatasetPass",
    "Found",
    "entries",
    "flag",
    "mapping",
    "optional_number",
    "optional_text",
    "other_columns",
    "published_worker",
    "rank",
    "steady_order",
    "text",
    "texts",
    "whole",
]

_LINE_FIELDS = frozenset({"source", "source-ref", "messages", "responses", "models", "response_fields"})
_DIGITS = re.compile(r"\s*[0-9]{1,9}(\.0+)?\s*")
_LARGEST = 2**31 - 1  # what the rows of a dataset have room for


@dataclass(frozen=True, slots=True)
class Found:
    """An item as a dataset tells it: the ``fields`` of its manifest line, and all ``answers`` to it."""

    fields: Mapping[str, Any]
    answers: tuple[Answer, ...]
    place: RecordPlace


@dataclass
class DatasetPass:
    """One pass over ``dataset``. What is left out goes into ``ledger``, as ``records``; ``dropped`` counts it."""

    dataset: str
    ledger: Ledger
    dropped: int = field(default=0, init=False)

    def drop(self, record: Record, reason: str) -> None:
        """The record says nothing that could be used."""
        self.dropped += 1
        self.ledger.drop("records", reason, record.place.where)

    def note(self, record: Record, remark: str) -> None:
        """Something worth knowing about a record that is used all the same."""
        self.ledger.note("records", remark, record.place.where)

    def worker(self, *, simulated: bool = False) -> Worker:
        """Whoever judged, where the dataset names nobody: the dataset itself."""
        return Worker(self.dataset, {"identityProviderType": SIMULATED if simulated else DATASET})

    def worker_of(self, metadata: Mapping[str, Any], place: RecordPlace) -> Worker:
        """The annotator whom the ``metadata`` of one of gtbridge's own rows names, else the dataset."""
        name, simulated = optional_text(metadata, "annotator", place), flag(metadata, "simulated", place)
        return published_worker(name, simulated=simulated) if name else self.worker(simulated=simulated)


def published_worker(name: str, *, simulated: bool) -> Worker:
    """An annotator whom a dataset of gtbridge's own names: a pseudonym, which stays the same in what is made of it."""
    return Worker(name, {"identityProviderType": SIMULATED if simulated else DATASET, "pseudonym": True})


def steady_order(responses: Sequence[str]) -> list[int]:
    """The indices of the responses in an order that depends on their texts alone: that of the texts' SHA-256.

    In datasets of pairs and ranks the better response usually stands first. Kept, that order would show annotators the
    verdict, and would be a label that a model can learn.
    """
    return sorted(
        range(len(responses)),
        key=lambda index: (hashlib.sha256(responses[index].encode()).digest(), responses[index], index),
    )


def other_columns(fields: Mapping[str, Any], used: Iterable[str]) -> dict[str, Any]:
    """The columns that are not ``used``, for the item's line; one with the name of a field of the line is renamed."""
    left = {key: value for key, value in fields.items() if key not in used}
    return {_free_name(key, left): value for key, value in left.items()}


def _free_name(key: str, taken: Mapping[str, Any]) -> str:
    if key not in _LINE_FIELDS:
        return key
    name = f"dataset.{key}"
    while name in taken:
        name = f"dataset.{name}"
    return name


# Values


def text(fields: Mapping[str, Any], key: str, place: RecordPlace) -> str:
    """The text under ``key``. InputError if there is none."""
    value = fields.get(key)
    if not isinstance(value, str):
        raise place[key].refuse("is missing" if key not in fields else f"expected text, found {value!r}")
    return value


def optional_text(fields: Mapping[str, Any], key: str, place: RecordPlace) -> str | None:
    """The text under ``key``, or None if nothing stands there. InputError for anything else."""
    return None if fields.get(key) is None else text(fields, key, place)


def texts(value: Any, place: RecordPlace) -> list[str]:
    """A list of texts. InputError names the entry that is none."""
    found = entries(value, place)
    for position, entry in enumerate(found):
        if not isinstance(entry, str):
            raise place[position].refuse(f"expected text, found {entry!r}")
    return found


def entries(value: Any, place: RecordPlace) -> list[Any]:
    """A list; nothing is an empty one. InputError for anything else."""
    if not isinstance(value, list | None):
        raise place.refuse(f"expected a list, found {value!r}")
    return value or []


def mapping(value: Any, place: RecordPlace) -> Mapping[str, Any]:
    """An object; nothing is an empty one. InputError for anything else."""
    if not isinstance(value, dict | None):
        raise place.refuse(f"expected an object, found {value!r}")
    return value or {}


def flag(fields: Mapping[str, Any], key: str, place: RecordPlace) -> bool:
    """True or false; nothing is false. InputError for anything else."""
    value = fields.get(key)
    if not isinstance(value, bool | None):
        raise place[key].refuse(f"expected true or false, found {value!r}")
    return bool(value)


def whole(value: Any, place: RecordPlace, least: int = 0) -> int:
    """A whole number of at least ``least``. InputError for anything else, and for true and false."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
        raise place.refuse(f"expected a whole number of at least {least}, found {value!r}")
    return value


def optional_number(value: Any, place: RecordPlace) -> float | None:
    """A number, or None if nothing stands there. InputError for anything else, and for what no dataset can hold."""
    if value is not None and not is_number(value):
        raise place.refuse(f"expected a number, found {value!r}")
    number: float | None = value
    return number


def rank(value: Any, place: RecordPlace) -> int:
    """A rank, 1 or more: a whole number, also as 2.0 or in digits. InputError for anything else."""
    number = float(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number % 1 or not 1 <= number <= _LARGEST:
        raise place.refuse(f"expected a rank, 1 or more, found {value!r}")
    return int(number)
