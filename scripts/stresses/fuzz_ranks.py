"""The ranks that a worker-response document says, read in the plainest way: what the real reader's must equal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gtbridge.converters.records import Answer

__all__ = ["ranks_are_said"]

_DIMENSIONS = "ordinalRankingDimensions"


def ranks_are_said(document: Any, answers: Sequence[Answer]) -> None:
    """AssertionError if an answer has a rank that the document does not say of it, or lacks one that it says."""
    for answer in answers:
        assert any(answer.raw == entry for entry in _entries(document)), "an answer of nobody's"
        said = list(_rankings(answer.raw))
        found = [(ranking.dimension, ranking.ranks) for ranking in answer.rankings]
        if answer.status == "declined" and not found:
            assert all(rank is None for _, ranks in said for rank in ranks), f"declined, but ranked: {said}"
        else:
            assert len(said) == len(found), f"{found} is not {said}"
            for (name, ranks), (dimension, given) in zip(said, found, strict=True):
                unsaid = not ranks and all(rank is None for rank in given)
                assert name == dimension and (unsaid or ranks == given), f"{found} is not {said}"


def _entries(document: Any) -> Iterator[Any]:
    yield from document["answers"]
    beside = document.get("gtbridge")
    for entries in beside.values() if isinstance(beside, dict) else ():
        yield from entries if isinstance(entries, list) else ()


def _rankings(entry: Any) -> Iterator[tuple[str, tuple[int | None, ...]]]:
    content = entry["answerContent"]
    if isinstance(content, str):
        content = json.loads(content)
    holders = [content, *(value for value in content.values() if isinstance(value, dict))]
    for holder in holders:
        for number, dimension in enumerate(holder.get(_DIMENSIONS, ()), start=1):
            ranks = tuple(map(_rank, dimension.get("responseRankings") or ()))
            yield dimension.get("name", f"dimension {number}"), ranks


def _rank(value: Any) -> int | None:
    if value is None:
        return None
    number = float(value)
    assert number == int(number) and number >= 1 and not isinstance(value, bool), f"{value!r} is no rank"
    return int(number)
