"""What an audit found beside the answers themselves, as data: the part ``remarks``. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Flag", "FlaggedModel", "FlaggedResponse", "Reason", "Remarks"]


@dataclass(frozen=True, slots=True)
class Reason:
    """How many answers say that the item cannot be judged, for this reason."""

    reason: str
    answers: int


@dataclass(frozen=True, slots=True)
class Flag:
    """How often a response was ``given`` the flag, of so many ``judged``: one response in one answer counts once."""

    flag: str
    given: int
    judged: int


@dataclass(frozen=True, slots=True)
class FlaggedModel:
    """How often the responses of a model were given each flag, of so many ``judged``."""

    model: str
    judged: int
    flags: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FlaggedResponse:
    """Response ``response`` (1-based) of an item, which ``annotators`` of the ``of`` who judged it gave the flag."""

    item: str
    response: int
    flag: str
    annotators: int
    of: int


@dataclass(frozen=True, slots=True)
class Remarks:
    """``reasons`` and ``flags`` as the tasks name them, also those that nobody gave.

    Of ``could_comment`` answers, valid ones and those that give a reason, ``commented`` have a comment. ``responses``
    are those that most annotators flagged.
    """

    reasons: tuple[Reason, ...]
    could_comment: int
    commented: int
    flags: tuple[Flag, ...]
    models: tuple[FlaggedModel, ...]
    responses: tuple[FlaggedResponse, ...]
