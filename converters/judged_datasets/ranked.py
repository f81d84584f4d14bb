"""Datasets that rank or rate several responses to a prompt -> items and rankings: Nectar's shape, and UltraFeedback's.

Sources: the columns of berkeley-nest/Nectar and of openbmb/UltraFeedback on the Hugging Face Hub.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..formats.score_content import is_number
from ..formats.sources_records import Record, RecordPlace
from ..formats.sources_responses import Response, read_responses
from ..records import Answer, Ranking
from .prompts import prompt_of
from .values import DatasetPass, Found, entries, mapping, other_columns, rank, steady_order

__all__ = ["read_nectar", "read_ultrafeedback"]

_NUMBER = re.compile(r"\s*[-+]?[0-9]{1,9}(\.[0-9]{1,9})?\s*")
_NOT_RATED = "n/a"


def read_nectar(record: Record, reading: DatasetPass) -> Found | None:
    """``prompt`` with ``answers``, each with its ``answer``, ``model`` and ``rank`` (1 is best): one dimension, rank.

    The answers, which mostly stand from best to worst, come in ``steady_order``. None if the record was left out.
    """
    place = record.place["answers"]
    given = _objects(record.fields.get("answers"), place)
    found = _responses(given, place)
    ranks = [rank(entry.get("rank"), place[i]["rank"]) for i, entry in enumerate(given)]
    order = steady_order([response.text for response in found])
    rankings = (Ranking("rank", tuple(ranks[i] for i in order)),)
    return _found(record, reading, ("prompt", "answers"), [found[i] for i in order], rankings)


def read_ultrafeedback(record: Record, reading: DatasetPass) -> Found | None:
    """``instruction`` with ``completions``, each with its ``response``, ``model`` and ``annotations``: a dimension for
    each aspect that is annotated.

    The rank on it is one more than the number of completions with a higher ``Rating``, so that equal ratings tie; one
    that is not rated (N/A, or nothing) is not ranked. The ratings stay in the item's ``response_fields``. The order of
    the completions is theirs, as it does not follow the ratings. None if the record was left out.
    """
    place = record.place["completions"]
    given = _objects(record.fields.get("completions"), place)
    found = _responses(given, place)
    annotated = [mapping(entry.get("annotations"), place[i]["annotations"]) for i, entry in enumerate(given)]
    aspects = dict.fromkeys(aspect for annotations in annotated for aspect in annotations)
    rankings = []
    for aspect in aspects:
        ratings = [
            _rating(annotations.get(aspect), place[i]["annotations"][aspect]) for i, annotations in enumerate(annotated)
        ]
        rankings.append(Ranking(aspect, _ranks(ratings)))
    return _found(record, reading, ("instruction", "completions"), found, tuple(rankings))


def _objects(value: Any, place: RecordPlace) -> list[Mapping[str, Any]]:
    return [mapping(entry, place[position]) for position, entry in enumerate(entries(value, place))]


def _responses(given: Sequence[Mapping[str, Any]], place: RecordPlace) -> list[Response]:
    return read_responses([(place[position], entry) for position, entry in enumerate(given)], None)[0]


def _found(
    record: Record,
    reading: DatasetPass,
    columns: tuple[str, str],
    responses: Sequence[Response],
    rankings: tuple[Ranking, ...],
) -> Found | None:
    prompt = prompt_of(record.fields.get(columns[0]), record.place[columns[0]])
    if prompt.answered:
        reading.drop(record, "whose prompt ends with the assistant")
        return None
    fields: dict[str, Any] = {**prompt.fields(), "responses": [response.text for response in responses]}
    models = [response.model for response in responses]
    if models and None not in models:
        fields["models"] = models
    own = [_own_fields(response, named="models" in fields) for response in responses]
    if any(own):
        fields["response_fields"] = own
    compared = any(sum(one is not None for one in ranking.ranks) > 1 for ranking in rankings)
    if not compared:
        reading.note(record, "with no two responses that are compared")
    answers = (Answer(reading.worker(), rankings=rankings),) if compared else ()
    return Found({**fields, **other_columns(record.fields, columns)}, answers, record.place)


def _own_fields(response: Response, *, named: bool) -> dict[str, Any]:
    return {**({} if named or response.model is None else {"model": response.model}), **response.others}


def _rating(annotation: Any, place: RecordPlace) -> float | None:
    """The ``Rating`` of an aspect; None if it is not rated. InputError for what is no number."""
    annotation = mapping(annotation, place)
    value = annotation.get("Rating")
    if value is None or (isinstance(value, str) and value.strip().casefold() == _NOT_RATED):
        return None
    number = float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if not is_number(number):
        raise place["Rating"].refuse(f"expected a number or N/A, found {value!r}")
    return number


def _ranks(ratings: Sequence[float | None]) -> tuple[int | None, ...]:
    known = [rating for rating in ratings if rating is not None]
    return tuple(None if rating is None else 1 + sum(other > rating for other in known) for rating in ratings)
