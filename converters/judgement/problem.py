"""A broken rule, and what the responses are called in sentences about them. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Problem", "response_title"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: a sentence for the annotator, and the control of the labeling config where it arises, if any."""

    message: str
    control: str | None = None


def response_title(position: int) -> str:
    """What the response shown at ``position`` (0-based) is called: Response A ... Response Z, Response AA ..."""
    letters = ""
    number = position + 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"Response {letters}"
