"""How a job's files are to be understood where they can be understood in several ways. Options only; reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ...label_configs.errors import InputError

__all__ = ["KEYS", "PLAIN", "RANK_ENCODINGS", "RankEncoding", "Reading"]

RankEncoding = Literal["rank", "zero-based", "order", "order-zero-based"]
RANK_ENCODINGS: tuple[str, ...] = get_args(RankEncoding)
KEYS = ("pairs", "question", "answer", "tags", "references", "start", "end", "text")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files do not tell. InputError if an encoding or a key is none.

    ``rank_encoding``: ``rank`` has the 1-based rank of each response, ``zero-based`` the 0-based one, ``order`` the
    1-based responses from best to worst, ``order-zero-based`` the 0-based ones. ``element`` is the name of the one to
    read of several elements in a form. ``keys`` says under which key of a question-answer pair something stands:
    ``question``, ``answer``, ``tags``, ``references``, ``start``, ``end`` or ``text`` -> the key in the file; ``pairs``
    -> the key of the list of pairs.
    """

    rank_encoding: RankEncoding = "rank"
    element: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rank_encoding not in RANK_ENCODINGS:
            raise InputError(f"{self.rank_encoding!r} is no rank encoding; choose from {', '.join(RANK_ENCODINGS)}")
        for key in self.keys:
            if key not in KEYS:
                raise InputError(f"{key!r} is nothing that has a key; choose from {', '.join(KEYS)}")


PLAIN = Reading()
