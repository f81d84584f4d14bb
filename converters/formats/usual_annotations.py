"""Annotations that rank, as the editor stores them when nothing is said beside it, read fast. Refuses nothing: what is
of another shape it leaves to ``annotations``, which reads it slowly and says what is wrong with it.

Whatever is read here, that reads as the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...label_configs import controls
from ...label_configs.tasks import TaskDefinition, TextRanking, fingerprint
from ..records import Answer, Item, Ranking, Worker
from .annotation_envelope import as_stored, read_seconds, read_submitted
from .annotation_results import ORIGINAL
from .given_under import RULES, earlier_rules, rules_from_text
from .response_order import ORDER, order_from_text
from .worker_response import is_response

__all__ = ["read_usual_annotation"]

_MOST_RESPONSES = 32  # of a screen whose possible values are listed


def read_usual_annotation(
    annotation: Mapping[str, Any],
    item: Item,
    definition: TaskDefinition,
    worker: Worker,
    order: tuple[int, ...] | None,
) -> tuple[Answer, Mapping[str, Any] | None] | None:
    """The answer that it holds, and the worker-response answer that it was made from, if any; None if it is not so."""
    result, count = annotation.get("result"), len(item.responses or ())
    if not isinstance(definition, TextRanking) or not isinstance(result, list) or count > _MOST_RESPONSES:
        return None
    if annotation.get("was_cancelled"):
        return None
    screen = _screen(definition, count)
    try:
        rankings, recorded = screen.read(result)
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    answer = Answer(
        worker=worker,
        rankings=rankings,
        submitted=read_submitted(annotation),
        seconds=read_seconds(annotation),
        definition=screen.fingerprint,
        order=recorded.get(ORDER) or order,
        raw=as_stored(annotation),
    )
    return answer, recorded.get(ORIGINAL)


class _Screen:
    """The controls on which ``count`` responses are ranked, by their names: which dimension each is of."""

    def __init__(self, definition: TextRanking, count: int):
        self.fingerprint = fingerprint(definition)
        self._definition, self._count = definition, count
        self._ranks: dict[str, int] = {}
        self._orders: dict[str, int] = {}
        self._confirmations: dict[str, int] = {}
        for number, slug in enumerate(controls.dimension_slugs(definition)):
            if definition.dimensions[number].allow_tie:
                self._ranks |= {controls.rank_name(slug, position): number for position in range(count)}
            else:
                self._orders[controls.order_name(slug)] = number
                self._confirmations[controls.confirm_name(slug)] = number
        self._values = {controls.rank_value(i, rank): (i, rank) for i in range(count) for rank in range(1, count + 1)}
        self._ids = {controls.response_id(index): index for index in range(count)}
        self._are_these_rules = lru_cache(maxsize=64)(self._mean_the_same)

    def read(self, result: Sequence[Any]) -> tuple[tuple[Ranking, ...], dict[str, Any]]:
        """The rankings, and what is recorded under ORDER and ORIGINAL. Some error of a wrong type or value if
        anything here is not what these controls store.
        """
        dimensions, rank_controls, values = self._definition.dimensions, self._ranks, self._values
        ranks: list[list[int | None]] = [[None] * self._count for _ in dimensions]
        names, ordered, confirmed, recorded = set[str](), set[int](), set[int](), dict[str, Any]()
        for entry in result:
            name, value = entry["from_name"], entry["value"]
            names.add(name)
            if (number := rank_controls.get(name)) is not None:
                index, rank = values[_one(value["choices"])]
                if ranks[number][index] is not None:
                    raise ValueError
                ranks[number][index] = rank
            elif (number := self._orders.get(name)) is not None:
                ranks[number] = self._places(value["ranker"][name])
                ordered.add(number)
            else:
                if _one(value["choices"]) != controls.CONFIRMED:
                    raise ValueError
                confirmed.add(self._confirmations[name])
            if "meta" in entry:
                self._record(entry["meta"], recorded)
        if len(names) != len(result) or ordered != confirmed:
            raise ValueError
        rankings = [_ranking(d.name, tuple(given), d.allow_tie) for d, given in zip(dimensions, ranks, strict=True)]
        return tuple(rankings), recorded

    def _places(self, order: Any) -> list[int | None]:
        if not isinstance(order, list) or len(order) != self._count:
            raise TypeError
        ranks: list[int | None] = [None] * self._count
        for rank, identifier in enumerate(order, start=1):
            ranks[self._ids[identifier]] = rank
        if None in ranks:
            raise ValueError
        return ranks

    def _record(self, meta: Any, recorded: dict[str, Any]) -> None:
        """Put what ``meta`` records there, if the rules in it are those of now, and nothing is recorded twice."""
        for key, value in meta.items():
            if key == RULES and self._are_these_rules(value):
                continue
            if key == ORDER:
                known = order_from_text(value)
                sound = known is not None and len(known) == self._count
            else:
                known, sound = value, key == ORIGINAL and is_response(value)
            if not sound or key in recorded:
                raise ValueError
            recorded[key] = known

    def _mean_the_same(self, text: Any) -> bool:
        rules = rules_from_text(text) if isinstance(text, str) else None
        return rules is not None and earlier_rules(rules, self._definition) is None


def _one(choices: Any) -> Any:
    if len(choices) != 1 or not isinstance(choices, list):
        raise TypeError
    return choices[0]


# For each of the few definitions that the answers of a job were given under, and the few rankings that are possible.
_screen = lru_cache(maxsize=64)(_Screen)
_ranking = lru_cache(maxsize=1024)(Ranking)
