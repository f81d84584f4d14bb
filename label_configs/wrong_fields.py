"""What pydantic finds wrong with a field -> a sentence, and the field's path. Short, whatever the field holds."""

from __future__ import annotations

import reprlib

from pydantic_core import ErrorDetails

__all__ = ["path_of", "sentence", "short"]


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxdict, self.maxlist, self.maxstring, self.maxother = 2, 3, 3, 200, 200

    def repr_int(self, number: int, level: int) -> str:
        return repr(number) if abs(number) < 10**self.maxlong else "a number of many digits"


def short(value: object) -> str:
    """``value`` in a few characters: the aliases of a small YAML file may spell one that is longer than memory."""
    return _SHORT.repr(value)


_SHORT = _Short()


def path_of(location: tuple[int | str, ...]) -> str:
    """The path of a field, as ``$.dimensions[0].name``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


_EXPECTED = {
    "string_type": "expected text (in quotes, if it looks like a number or yes/no)",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "tuple_type": "expected a list",
    "model_type": "expected a mapping",
}


def sentence(error: ErrorDetails) -> str:
    """One of pydantic's errors in the words of people who write task definitions."""
    kind = error["type"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field of this task"
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]}, found {short(error['input'])}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "too_short":
        return "must have at least one entry"
    message = error["msg"]
    return f"{message[0].lower()}{message[1:]}, found {short(error['input'])}"
