"""Answers -> Label Studio annotation results, in the form that the editor stores for gtbridge's labeling configs.

The Ground Truth document that an answer came from travels in the first result's ``meta``: the way back is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...label_configs import controls
from ...label_configs.errors import InputError
from ...label_configs.tasks import QuestionAnswer, TaskDefinition, TextRanking
from ..records import Answer, Item, Pair
from .given_under import with_recorded_rules
from .remarks import is_declined_on_screen, remark_results
from .response_order import with_recorded_order
from .result_meta import recorded, with_recorded, without_recorded
from .worker_response import is_response

__all__ = ["ORIGINAL", "answer_to_annotation", "original_of", "without_original"]

ORIGINAL = "gtbridge"


def answer_to_annotation(
    answer: Answer, item: Item, definition: TaskDefinition, order: Sequence[int] | None = None
) -> dict[str, Any]:
    """``result``, ``was_cancelled`` and ``lead_time`` (seconds) of the annotation that says what ``answer`` says.

    ``order`` is the order in which the task shows the responses; the one in which the worker saw them is recorded, if
    the answer tells it, and always the rules it was given under. InputError if the screen has no control for what the
    answer says: a dimension it lacks, a missing rank, more pairs than slots. A declined answer whose reason the task
    does not offer is a cancelled annotation, which says nothing.
    """
    definition = answer.rules or definition
    judged = answer.status == "given" or is_declined_on_screen(answer, definition)
    annotation: dict[str, Any] = {"result": [], "was_cancelled": answer.status == "declined" and not judged}
    if answer.seconds is not None:
        annotation["lead_time"] = answer.seconds
    if not judged:
        return annotation
    shown = list(range(len(item.responses or ())) if order is None else order)
    document = answer.raw if is_response(answer.raw) else None
    result = list(_results(answer, definition, shown, travels=document is not None))
    if document is not None:
        result = with_recorded(result, ORIGINAL, dict(document))
    elif answer.order is not None:
        result = with_recorded_order(result, answer.order)
    annotation["result"] = with_recorded_rules(result, definition)
    return annotation


def _results(
    answer: Answer, definition: TaskDefinition, order: list[int], *, travels: bool
) -> Iterator[dict[str, Any]]:
    if answer.status == "given" and isinstance(definition, TextRanking):
        yield from _ranking_results(answer, definition, order)
    elif answer.status == "given" and isinstance(definition, QuestionAnswer):
        yield from _pair_results(answer, definition)
    to_name = controls.PROMPT if isinstance(definition, TextRanking) else controls.PASSAGE
    for name, kind, value in remark_results(answer, definition, order, travels):
        yield _result(name, to_name, kind, value)


def original_of(result: Any) -> Mapping[str, Any] | None:
    """The worker-response answer that ``answer_to_annotation`` put into ``result``, if it is there."""
    return next(filter(is_response, recorded(result, ORIGINAL)), None)


def without_original(result: Sequence[Any]) -> list[Any]:
    """The result without what ``original_of`` finds, wherever it stands."""
    return without_recorded(result, ORIGINAL)


def _result(name: str, to_name: str, kind: str, value: dict[str, Any], identifier: str | None = None) -> dict[str, Any]:
    return {
        "id": identifier or name,
        "from_name": name,
        "to_name": to_name,
        "type": kind,
        "value": value,
        "origin": "manual",
    }


def _choices(name: str, to_name: str, choices: list[str]) -> dict[str, Any]:
    return _result(name, to_name, "choices", {"choices": choices})


# Text ranking


def _ranking_results(answer: Answer, definition: TextRanking, order: list[int]) -> Iterator[dict[str, Any]]:
    slugs = dict(zip([d.name for d in definition.dimensions], controls.dimension_slugs(definition), strict=True))
    ties = {dimension.name: dimension.allow_tie for dimension in definition.dimensions}
    for ranking in answer.rankings:
        name = ranking.dimension
        if name not in slugs:
            raise InputError(f"{name!r} is no dimension of this task")
        if len(ranking.ranks) != len(order):
            raise InputError(f"{name}: {len(ranking.ranks)} ranks for {len(order)} responses")
        if ties[name]:
            yield from _rank_choices(slugs[name], ranking.ranks, order)
        else:
            yield from _order(name, slugs[name], ranking.ranks)


def _rank_choices(slug: str, ranks: Sequence[int | None], order: list[int]) -> Iterator[dict[str, Any]]:
    for position, index in enumerate(order):
        rank = ranks[index]
        if rank is not None:
            value = controls.rank_value(index, rank)
            yield _choices(controls.rank_name(slug, position), controls.PROMPT, [value])


def _order(dimension: str, slug: str, ranks: Sequence[int | None]) -> Iterator[dict[str, Any]]:
    known = [rank for rank in ranks if rank is not None]
    if not known:
        return
    if sorted(known) != list(range(1, len(ranks) + 1)):
        raise InputError(f"{dimension}: the ranks {list(ranks)} are no order, and ties are not allowed")
    name = controls.order_name(slug)
    ids = [controls.response_id(ranks.index(rank)) for rank in sorted(known)]
    yield _result(name, controls.RESPONSES, "ranker", {"ranker": {name: ids}})
    yield _choices(controls.confirm_name(slug), controls.PROMPT, [controls.CONFIRMED])


# Question and answer


def _pair_results(answer: Answer, definition: QuestionAnswer) -> Iterator[dict[str, Any]]:
    slots = controls.slot_count(definition)
    if len(answer.pairs) > slots:
        raise InputError(f"{len(answer.pairs)} pairs, but the screen has room for {slots}")
    if slots > definition.questions.min:
        yield _choices(controls.PAIR_COUNT, controls.PASSAGE, [str(len(answer.pairs))])
    for number, pair in enumerate(answer.pairs, start=1):
        yield from _slot_results(pair, number, definition)


def _slot_results(pair: Pair, number: int, definition: QuestionAnswer) -> Iterator[dict[str, Any]]:
    def name(field: str) -> str:
        return controls.slot_name(field, number)

    def text(field: str, texts: Sequence[str]) -> dict[str, Any]:
        return _result(name(field), controls.PASSAGE, "textarea", {"text": list(texts)})

    yield text("question", [pair.question])
    yield text("answer", [pair.answer])
    if pair.scope is not None:
        scope = controls.WHOLE_PASSAGE if pair.scope == "passage" else controls.HIGHLIGHTED
        yield _choices(name("scope"), controls.PASSAGE, [scope])
    chosen = [tag for tag in pair.tags if tag in definition.tags]
    custom = [tag for tag in pair.tags if tag not in definition.tags]
    if chosen:
        yield _choices(name("tags"), controls.PASSAGE, chosen)
    if custom and not definition.allow_custom_tags:
        raise InputError(f"{custom[0]!r} is none of the task's tags, and custom tags are not allowed")
    if custom:
        yield text("custom_tags", custom)
    for count, section in enumerate(pair.sections, start=1):
        value = {
            "start": section.start,
            "end": section.end,
            "text": section.text,
            "labels": [controls.section_label(number)],
        }
        yield _result(controls.SECTION, controls.PASSAGE, "labels", value, f"section_{number}_{count}")
