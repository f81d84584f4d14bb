"""What the user says of a labeling config that gtbridge did not make: the values of ``--map``. Knows no config."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ...label_configs.errors import InputError

__all__ = ["KEYS", "NOTHING_SAID", "ROLES", "ProjectMapping", "Task", "parse_mapping"]

Task = Literal["text-ranking", "question-answer", "prompt-completion"]
ROLES = ("user", "assistant", "system")

# What is typed, for helps and messages.
KEYS = (
    *("prompt=KEY", "prompt-text=TEXT", "passage=KEY", "responses=KEY[,KEY...]", "question=KEY_OR_CONTROL"),
    *("answer=CONTROL", "reference=KEY", "models=KEY[,KEY...]", "tags=CONTROL", "dimension:NAME=CONTROL[,CONTROL...]"),
    *("bucket:NAME=LEVEL", "within:CONTROL=order|tied", "choice:VALUE=RESPONSE|tie|none", "rest:CONTROL=tied"),
    *("better:CONTROL=higher|lower", "middle:CONTROL=NUMBER", "good:DIMENSION=NUMBER", "role:AUTHOR=user|assistant"),
    *("ignore=CONTROL[,CONTROL...]", "task=text-ranking|question-answer|prompt-completion"),
)


@dataclass(frozen=True)
class ProjectMapping:
    """What was said, None or empty where nothing was.

    Keys are paths in the data of the project's tasks: ``answers[0].text``. ``responses`` and ``models`` are one path of
    a list, with the field of its entries if they are objects, or a path for each. ``dimensions`` are the controls of
    each dimension; ``buckets`` the level of each bucket of a Ranker, 1 the best, None if what lies there is not ranked;
    ``within`` what a place in a bucket means, by control. ``choices`` is what each option says: a response, ``tie`` or
    ``none``. ``rest`` are the choices whose responses that were not chosen are tied, ``lower`` the controls where less
    is better. ``middle`` is the rating at which two responses are equal, by control; ``good`` the least number of a
    good response, by dimension or control; ``roles`` are the speakers of a dialogue. ``question`` is a key or a
    control, ``answer`` a control or ``section``.
    """

    prompt: str | None = None
    prompt_text: str | None = None
    passage: str | None = None
    responses: tuple[str, ...] = ()
    question: str | None = None
    answer: str | None = None
    reference: str | None = None
    models: tuple[str, ...] = ()
    tags: str | None = None
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    buckets: Mapping[str, int | None] = field(default_factory=dict)
    within: Mapping[str, Literal["order", "tied"]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    rest: frozenset[str] = frozenset()
    lower: frozenset[str] = frozenset()
    middle: Mapping[str, float] = field(default_factory=dict)
    good: Mapping[str, float] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    task: Task | None = None


NOTHING_SAID = ProjectMapping()


def parse_mapping(values: Iterable[str]) -> ProjectMapping:
    """The mapping that the values of ``--map`` spell. InputError names the first value that cannot be meant."""
    said: dict[str, Any] = {}
    for text in values:
        head, subject, value = _split(text)
        if head in _PLAIN and subject is None:
            name, read = _PLAIN[head]
            if name in said:
                raise InputError(f"{head} is given twice: --map {text}")
            said[name] = read(value, text)
        elif head in _ABOUT and subject:
            name, about = _ABOUT[head]
            if subject in said.setdefault(name, {}):
                raise InputError(f"{head}:{subject} is given twice: --map {text}")
            said[name][subject] = about(value, text)
        else:
            raise InputError(f"{text!r} is nothing that --map knows; it takes {'; '.join(KEYS)}")
    if "prompt" in said and "prompt_text" in said:
        raise InputError("prompt and prompt-text are both given; a prompt is either in the data or the same for all")
    _refuse_shared(said.get("dimensions", {}))
    for name, word in (("rest", "tied"), ("lower", "lower")):
        said[name] = frozenset(subject for subject, value in said.get(name, {}).items() if value == word)
    return ProjectMapping(**said)


def _split(text: str) -> tuple[str, str | None, str]:
    """``bucket:NAME=1`` -> ``bucket``, ``NAME``, ``1``. A name may hold an equals sign, a prompt may as well."""
    head, equals, value = text.partition("=")
    if ":" not in head:
        return head.strip(), None, value.strip() if equals else ""
    about, _, value = text.rpartition("=")
    head, _, subject = about.partition(":")
    return head.strip(), subject.strip(), value.strip()


def _refuse_shared(dimensions: Mapping[str, Sequence[str]]) -> None:
    owners: dict[str, str] = {}
    for name, controls in dimensions.items():
        for control in controls:
            if owners.setdefault(control, name) != name:
                raise InputError(f"{control!r} is in the dimensions {owners[control]!r} and {name!r}; choose one")


def _one(value: str, text: str) -> str:
    if not value:
        raise InputError(f"{text!r} gives no value")
    return value


def _several(value: str, text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in _one(value, text).split(","))
    if not all(parts) or len(set(parts)) != len(parts):
        raise InputError(f"--map {text}: expected different names, with commas between them")
    return parts


def _names(value: str, text: str) -> frozenset[str]:
    return frozenset(_several(value, text))


def _level(value: str, text: str) -> int | None:
    if value == "unranked":
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and int(value) > 0):
        raise InputError(f"--map {text}: a level is 1 (the best), 2, 3 ... or unranked")
    return int(value)


def _number(value: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"--map {text}: {value!r} is no number")
    return number


def _word(*words: str) -> Callable[[str, str], str]:
    def read(value: str, text: str) -> str:
        if value not in words:
            raise InputError(f"--map {text}: {value!r} is not {' or '.join(words)}")
        return value

    return read


_PLAIN: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "prompt": ("prompt", _one),
    "prompt-text": ("prompt_text", _one),
    "passage": ("passage", _one),
    "responses": ("responses", _several),
    "question": ("question", _one),
    "answer": ("answer", _one),
    "reference": ("reference", _one),
    "models": ("models", _several),
    "tags": ("tags", _one),
    "ignore": ("ignored", _names),
    "task": ("task", _word(*get_args(Task))),
}
_ABOUT: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "dimension": ("dimensions", _several),
    "bucket": ("buckets", _level),
    "within": ("within", _word("order", "tied")),
    "choice": ("choices", _one),
    "rest": ("rest", _word("tied")),
    "better": ("lower", _word("higher", "lower")),
    "middle": ("middle", _number),
    "good": ("good", _number),
    "role": ("roles", _word(*ROLES)),
}
