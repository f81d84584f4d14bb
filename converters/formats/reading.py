"""How a job's files are to be understood where they can be understood in several ways. Options only; reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = ["RANK_ENCODINGS", "RankEncoding", "Reading"]

RankEncoding = Literal["rank", "zero-based", "order", "order-zero-based"]
RANK_ENCODINGS: tuple[str, ...] = get_args(RankEncoding)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files do not tell.

    ``rank_encoding``: ``rank`` has the 1-based rank of each response, ``zero-based`` the 0-based one, ``order`` the
    1-based responses from best to worst, ``order-zero-based`` the 0-based ones. ``element`` is the name of the one to
    read of several elements in a form. ``keys`` says under which key of a question-answer pair something stands:
    ``question``, ``answer``, ``tags``, ``references``, ``start``, ``end`` or ``text`` -> the key in the file; ``pairs``
    -> the key of the list of pairs.
    """

    rank_encoding: RankEncoding = "rank"
    element: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
