"""The one model in which all formats meet: items, and the answers that workers gave. Frozen; knows no format.

Ranks are 1-based, 1 is best, equal ranks are a tie, None is not ranked. Offsets are code points, half-open, into the
passage exactly as given. Times are the strings that were observed, never computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..label_configs.tasks import TaskDefinition

__all__ = ["Answer", "Item", "Pair", "Ranking", "Section", "Worker"]

SIMULATED = "Simulated"
DATASET = "Dataset"
# The reason of an answer that was declined by nobody, but sent back to its annotator.
SENT_BACK = "sent back"
_PSEUDONYM = re.compile(r"(annotator|simulated)-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Item:
    """What one answer is about: a prompt with responses, or a passage. Known by ``index``, never by its text.

    ``index`` is the 0-based line of the manifest, and ``line`` that line as it was, without its line end.
    ``responses`` and ``models`` (names beside the responses) are None where the item has none. ``messages`` is the
    conversation of which ``text`` is the transcript, as (role, content) in order; None if there is none. With a
    ``text_ref`` the text lies elsewhere, and ``text`` is empty until somebody has fetched it. ``reference`` is an
    answer that was given beforehand, shown beside the responses and none of them.
    """

    index: int
    line: str = field(repr=False)
    text: str
    responses: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    messages: tuple[tuple[str, str], ...] | None = None
    text_ref: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """Who answered. ``identity`` is Ground Truth's ``identityData``: provider type, issuer and subject, if known.

    The provider type is SIMULATED for a program, and DATASET for whoever a published dataset names.
    """

    id: str
    identity: Mapping[str, Any] | None = None

    @property
    def simulated(self) -> bool:
        """Whether a program answered, as in the demo."""
        return self.identity is not None and self.identity.get("identityProviderType") == SIMULATED

    @property
    def pseudonymous(self) -> bool:
        """Whether ``id`` is a pseudonym of gtbridge's own, read back from a dataset: it is no name to hide again."""
        known = self.identity is not None and self.identity.get("pseudonym") is True
        return known and _PSEUDONYM.fullmatch(self.id) is not None


@dataclass(frozen=True, slots=True)
class Ranking:
    """One dimension of an answer: ``ranks[i]`` is the rank of the item's response ``i``, as it was given.

    Where the worker gave each response a number instead, ``scores`` are these numbers, None where there is none, and
    ``ranks`` what follows from them.
    """

    dimension: str
    ranks: tuple[int | None, ...]
    allow_tie: bool | None = None
    scores: tuple[float | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A highlighted part of the passage: ``passage[start:end] == text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its answer. ``scope`` says what it is about; None if the worker did not say."""

    question: str
    answer: str
    tags: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    scope: Literal["passage", "sections"] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One worker's work on one item.

    ``order`` is the order in which the responses were shown (``order[0]`` is the index of the first), ``definition``
    the fingerprint of the task definition it was given under; ``rules`` is that definition as far as it rules answers,
    if the job's was edited since. ``comment`` is what the worker wrote beside the answer, ``flags[i]`` what they marked
    response ``i`` with, as far as the last one that is marked (see ``flags_on``). ``reason`` says why an item was
    declined; beside a given answer it contradicts that. ``raw`` is the document it was read from, whole, which is
    written back; ``unread`` says in sentences what of it was not understood, and makes the answer invalid.
    """

    worker: Worker
    status: Literal["given", "declined", "failed"] = "given"
    rankings: tuple[Ranking, ...] = ()
    pairs: tuple[Pair, ...] = ()
    reason: str | None = None
    accepted: str | None = None
    submitted: str | None = None
    seconds: float | None = None
    definition: str | None = None
    rules: TaskDefinition | None = None
    order: tuple[int, ...] | None = None
    comment: str | None = None
    flags: tuple[tuple[str, ...], ...] = ()
    unread: tuple[str, ...] = ()
    raw: Mapping[str, Any] | None = field(default=None, repr=False)

    def flags_on(self, response: int) -> tuple[str, ...]:
        """What the worker marked the item's response with; mostly nothing."""
        return self.flags[response] if response < len(self.flags) else ()
