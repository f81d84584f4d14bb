"""Worker-response content of the documented shape, read fast. Refuses nothing: what is of another shape it leaves to
``ranking_content`` and ``pair_content``, which read it slowly and say what is wrong with it.

Whatever is read here, they read as the same. Source of the shapes: see there and ``worker_response``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct, ValidationError, convert

from ..records import Item, Pair, Ranking, Section
from .pair_content import PAIRS
from .ranking_content import DIMENSIONS, LARGEST
from .reading import Reading

__all__ = ["read_usual_content"]

_Rank = Annotated[int, Meta(ge=1, le=LARGEST)]


class _Dimension(Struct, forbid_unknown_fields=True):
    name: str
    responseRankings: Annotated[tuple[_Rank, ...], Meta(min_length=1)]
    allowTie: bool | None = None


class _Ranking(Struct, forbid_unknown_fields=True):
    ordinalRankingDimensions: tuple[_Dimension, ...]


class _Reference(Struct, forbid_unknown_fields=True):
    startOffset: int
    endOffset: int
    text: str


class _Pair(Struct, forbid_unknown_fields=True):
    question: str
    answer: str
    tags: tuple[str, ...] = ()
    textReferences: tuple[_Reference, ...] = ()


class _Pairs(Struct, forbid_unknown_fields=True):
    questionAnswerPairs: tuple[_Pair, ...]


_Shape = TypeVar("_Shape", _Ranking, _Pairs)


def read_usual_content(
    content: Any, reading: Reading, item: Item | None
) -> tuple[tuple[Ranking, ...], tuple[Pair, ...]] | None:
    """What a form sent that holds one element and nothing beside it: rankings or pairs. None if it is not so."""
    if reading.rank_encoding != "rank" or reading.element is not None or reading.keys:
        return None
    if not isinstance(content, dict) or len(content) != 1:
        return None
    ((name, element),) = content.items()
    if name in (DIMENSIONS, PAIRS):  # without an element's name, as AWS's own notebooks read it
        element = content
    elif not isinstance(element, dict):
        return None
    if DIMENSIONS in element:
        rankings = _rankings(element, item)
        return None if rankings is None else (rankings, ())
    if PAIRS in element:
        pairs = _pairs(element, item)
        return None if pairs is None else ((), pairs)
    return None


def _rankings(element: Mapping[str, Any], item: Item | None) -> tuple[Ranking, ...] | None:
    read = _as(_Ranking, element)
    if read is None:
        return None
    count = len(item.responses) if item is not None and item.responses is not None else None
    rankings = []
    for dimension in read.ordinalRankingDimensions:
        if count is not None and len(dimension.responseRankings) != count:
            return None
        rankings.append(Ranking(dimension.name, dimension.responseRankings, dimension.allowTie))
    return tuple(rankings)


def _pairs(element: Mapping[str, Any], item: Item | None) -> tuple[Pair, ...] | None:
    read = _as(_Pairs, element)
    if read is None:
        return None
    pairs = []
    for pair in read.questionAnswerPairs:
        sections = tuple([Section(r.startOffset, r.endOffset, r.text) for r in pair.textReferences])
        if sections and (item is None or not all(_stands_there(section, item.text) for section in sections)):
            return None  # perhaps they are counted in another way
        scope = "sections" if sections else "passage"
        pairs.append(Pair(pair.question, pair.answer, pair.tags, sections, scope))  # type: ignore[arg-type]
    return tuple(pairs)


def _stands_there(section: Section, passage: str) -> bool:
    start, end = section.start, section.end
    return 0 <= start < end <= len(passage) and passage[start:end] == section.text


def _as(shape: type[_Shape], element: Mapping[str, Any]) -> _Shape | None:
    try:
        return convert(element, shape)
    except ValidationError:
        return None
