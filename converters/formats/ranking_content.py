"""What a worker's answer to a crowd-text-ranking says -> rankings. Refuses what could mean something else.

Source: Amazon SageMaker Developer Guide, "Crowd HTML Elements V2": ``ordinalRankingDimensions``, each with ``name``,
``allowTie`` and ``responseRankings``, under the element's name or, as AWS's own notebooks read it, not under any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..records import Item, Ranking
from .place import Place
from .reading import RankEncoding, Reading

__all__ = ["DIMENSIONS", "LARGEST", "read_rank", "read_rankings"]

DIMENSIONS = "ordinalRankingDimensions"
LARGEST = 2**31 - 1  # what the rows of a dataset have room for


def read_rankings(
    content: Mapping[str, Any], place: Place, reading: Reading, item: Item | None
) -> tuple[Ranking, ...] | None:
    """The rankings in ``content``, one a dimension; None if no element here ranks anything.

    Ranks are those of ``reading.rank_encoding``, 1 the best, ties as they were written, None where nothing was ranked.
    InputError if two elements rank, if a rank is none, or if there is not one for each of the item's responses.
    """
    found = _dimensions(content, place)
    if found is None:
        return None
    count = len(item.responses) if item is not None and item.responses is not None else None
    dimensions, place = found
    return tuple(_ranking(entry, place[i], i, reading.rank_encoding, count) for i, entry in enumerate(dimensions))


def _dimensions(content: Mapping[str, Any], place: Place) -> tuple[Sequence[Any], Place] | None:
    holders = [("the answer itself", content, place)]
    holders += [(name, value, place[name]) for name, value in content.items() if isinstance(value, dict)]
    found = [(name, holder[DIMENSIONS], where[DIMENSIONS]) for name, holder, where in holders if DIMENSIONS in holder]
    if not found:
        return None
    if len(found) > 1:
        names = ", ".join(name for name, *_ in found)
        raise place.refuse(f"several elements rank the responses ({names}); name the one to read with --element")
    _, dimensions, where = found[0]
    if not isinstance(dimensions, list):
        raise where.refuse("expected a list")
    return dimensions, where


def _ranking(entry: Any, place: Place, position: int, encoding: RankEncoding, count: int | None) -> Ranking:
    if not isinstance(entry, dict):
        raise place.refuse("expected an object with the list 'responseRankings'")
    name, allow_tie = entry.get("name", f"dimension {position + 1}"), entry.get("allowTie")
    if not isinstance(name, str):
        raise place["name"].refuse("expected text")
    if allow_tie is not None and not isinstance(allow_tie, bool):
        raise place["allowTie"].refuse("expected true or false")
    vector, place = entry.get("responseRankings"), place["responseRankings"]
    if vector is None or vector == []:
        return Ranking(name, (None,) * (count or 0), allow_tie)
    if not isinstance(vector, list):
        raise place.refuse("expected a list")
    if count is not None and len(vector) != count:
        raise place.refuse(f"{len(vector)} entries for {count} responses")
    decode = _places if encoding in ("order", "order-zero-based") else _ranks
    return Ranking(name, decode(vector, place, 0 if encoding.endswith("zero-based") else 1), allow_tie)


def _ranks(vector: Sequence[Any], place: Place, best: int) -> tuple[int | None, ...]:
    ranks = [read_rank(rank, place[i], best) for i, rank in enumerate(vector)]
    return tuple(None if rank is None else rank + 1 - best for rank in ranks)


def read_rank(value: Any, place: Place, best: int = 1) -> int | None:
    """One rank: an integer, an integral float or digits; null is not ranked. InputError unless it is ``best`` or more.

    In ranks that begin at 1, a 0 may be the best one of somebody who began at 0, or mean that nothing was ranked.
    """
    if value is None:
        return None
    number = float(value) if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}(\.0+)?\s*", value) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number % 1 or number > LARGEST:
        raise place.refuse(f"expected a rank, found {value!r}")
    if number == 0 < best:
        raise place.refuse("0 is no rank where 1 is best; say with --rank-encoding how these are written")
    if number < best:
        raise place.refuse(f"{int(number)} is no rank: {best} is best")
    return int(number)


def _places(vector: Sequence[Any], place: Place, first: int) -> tuple[int, ...]:
    """The ranks of responses that are listed from best to worst, the first of them being called ``first``."""
    order = [read_rank(entry, place[i], 0) for i, entry in enumerate(vector)]
    ranks = {response: rank for rank, response in enumerate(order, start=1)}
    names = range(first, first + len(vector))
    if not all(name in ranks for name in names):
        raise place.refuse(
            f"does not name each of the responses {first} to {names[-1]} once, so it is no order of them; "
            "if these are ranks, say so with --rank-encoding"
        )
    return tuple(ranks[name] for name in names)
