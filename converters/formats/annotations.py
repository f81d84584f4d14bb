"""Label Studio annotations -> answers. Judges nothing: what cannot be read becomes a sentence in ``Answer.unread``,
which the rules report. The names and values are those of ``label_configs.controls``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...label_configs import controls
from ...label_configs.errors import InputError
from ...label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking, fingerprint
from ..judgement.remark_rules import claims_nothing
from ..records import Answer, Item, Pair, Ranking, Section, Worker
from .annotation_envelope import read_envelope
from .annotation_results import original_of
from .declined_results import without_leftovers
from .given_under import earlier_rules, recorded_rules
from .region_text import shows
from .remarks import is_declined_on_screen, read_remarks
from .response_order import recorded_order
from .stored_results import StoredResults
from .usual_annotations import read_usual_annotation
from .worker_response import response_to_answer

__all__ = ["annotation_to_answer"]

_RANK = re.compile(r"[1-9][0-9]{0,5}")


def annotation_to_answer(
    annotation: Mapping[str, Any],
    item: Item,
    definition: TaskDefinition,
    worker: Worker,
    order: tuple[int, ...] | None = None,
) -> Answer:
    """The answer that ``annotation`` (as Label Studio's API and JSON export give it) holds for ``item``.

    ``worker`` is who ``completed_by`` stands for, ``order`` the order that the task's data records: it holds unless the
    annotation records which one its annotator saw. A cancelled annotation is a declined answer, with the reason
    ``SENT_BACK`` if it was sent back; so is one that gives a reason not to judge the item, and judges nothing. One that
    was made from a Ground Truth answer, and says the same still, gives that answer back: its worker, times, order and
    raw. One that records other rules than those of ``definition`` is read by them, and they stand in ``rules``.
    """
    usual = read_usual_annotation(annotation, item, definition, worker, order)
    if usual is None:
        return _read(annotation, item, definition, worker, order)
    answer, original = usual
    return answer if original is None else _or_original(answer, original, item, definition)


def _read(
    annotation: Mapping[str, Any],
    item: Item,
    definition: TaskDefinition,
    worker: Worker,
    order: tuple[int, ...] | None,
) -> Answer:
    rules = earlier_rules(recorded_rules(annotation.get("result")), definition)
    definition = rules or definition
    seen = _order_seen(annotation.get("result"), item) or order
    answer = read_envelope(annotation, worker)
    if answer.status == "declined":
        return replace(answer, definition=_fingerprint(definition), rules=rules, order=seen)
    found = StoredResults.of(without_leftovers(annotation.get("result")))
    remarks = read_remarks(found, item, definition)
    rankings: tuple[Ranking, ...] = ()
    pairs: tuple[Pair, ...] = ()
    if isinstance(definition, TextRanking):
        rankings = tuple(_rankings(found, item, definition))
    else:
        pairs = tuple(_pairs(found, item, definition))
    found.unread += [f"{name}: is no part of this task" for name in found.results]
    declined = remarks.reason is not None and not found.unread and claims_nothing(rankings, pairs)
    answer = replace(
        answer,
        definition=_fingerprint(definition),
        rules=rules,
        order=seen,
        status="declined" if declined else answer.status,
        rankings=() if declined else rankings,
        pairs=() if declined else pairs,
        comment=remarks.comment,
        flags=remarks.flags,
        reason=remarks.reason,
        unread=tuple(found.unread),
    )
    original = original_of(annotation.get("result"))
    return answer if original is None or answer.unread else _or_original(answer, original, item, definition)


# Worked out once for each of the few definitions that the answers of a job were given under.
_fingerprint = lru_cache(maxsize=64)(fingerprint)
_slugs = lru_cache(maxsize=64)(controls.dimension_slugs)


def _order_seen(result: Any, item: Item) -> tuple[int, ...] | None:
    order = recorded_order(result)
    return order if order is not None and len(order) == len(item.responses or ()) else None


def _or_original(answer: Answer, document: Mapping[str, Any], item: Item, definition: TaskDefinition) -> Answer:
    try:
        original = response_to_answer(document, "the answer that the annotation was made from", item=item)
    except InputError as error:
        return replace(answer, unread=(str(error),))
    # Only what somebody said became an annotation, so a document of another kind was put there by hand.
    said = original.status == "given" or is_declined_on_screen(original, definition)
    same = said and _said(original, definition) == _said(answer, definition)
    if same and answer.rules is not None:
        return replace(original, rules=answer.rules)
    return original if same else answer


def _said(answer: Answer, definition: TaskDefinition) -> tuple[Any, ...]:
    """What the screen shows of the answer, so that it can have been changed there."""
    # Two controls hold the tags, so their order is not kept.
    pairs = [replace(pair, tags=tuple(sorted(pair.tags))) for pair in answer.pairs]
    ranks = {ranking.dimension: ranking.ranks for ranking in answer.rankings}
    comment = answer.comment if definition.comment else None
    flags = answer.flags if definition.flags else ()
    return answer.status, answer.reason, pairs, ranks, comment, [set(marks) for marks in flags]


# Text ranking


def _rankings(found: StoredResults, item: Item, definition: TextRanking) -> Iterator[Ranking]:
    count = len(item.responses or ())
    for dimension, slug in zip(definition.dimensions, _slugs(definition), strict=True):
        read = _chosen_ranks if dimension.allow_tie else _order_ranks
        yield Ranking(dimension.name, tuple(read(found, dimension, slug, count)), dimension.allow_tie)


def _chosen_ranks(found: StoredResults, dimension: Dimension, slug: str, count: int) -> list[int | None]:
    ranks: list[int | None] = [None] * count
    for position in range(count):
        value = found.one(controls.rank_name(slug, position), "choices", dimension.name)
        if value is None:
            continue
        identifier, _, rank = value.partition(":")
        index = controls.response_index(identifier, count)
        if index is None or not _RANK.fullmatch(rank):
            found.unread.append(f"{dimension.name}: {value!r} is no rank of a response")
        elif ranks[index] is not None:
            found.unread.append(f"{dimension.name}: a response is ranked twice")
        else:
            ranks[index] = int(rank)
    return ranks


def _order_ranks(found: StoredResults, dimension: Dimension, slug: str, count: int) -> list[int | None]:
    unranked: list[int | None] = [None] * count
    name = controls.order_name(slug)
    value = found.results.pop(name, None)
    confirmed = found.texts(controls.confirm_name(slug), "choices", dimension.name) == [controls.CONFIRMED]
    if value is None:
        return unranked
    stored = value.get("ranker")
    order = stored.get(name) if isinstance(stored, dict) else stored
    indices = [controls.response_index(entry, count) for entry in order] if isinstance(order, list) else []
    if sorted(index for index in indices if index is not None) != list(range(count)) or len(indices) != count:
        found.unread.append(f"{dimension.name}: the order does not name each response once")
        return unranked
    if not confirmed:
        # Label Studio stores a list that nobody touched; only the confirmation makes it an answer.
        return unranked
    return [indices.index(index) + 1 for index in range(count)]


# Question and answer


def _pairs(found: StoredResults, item: Item, definition: QuestionAnswer) -> Iterator[Pair]:
    counted = found.one(controls.PAIR_COUNT, "choices", "the number of pairs")
    sections = _sections(found, item)
    slots = range(1, controls.slot_count(definition) + 1)
    fields = ("question", "answer", "scope", "tags", "custom_tags")
    filled = [number for number in slots if any(controls.slot_name(f, number) in found.results for f in fields)]
    last = max(filled, default=0)
    if counted is not None and counted.isdecimal() and int(counted) in slots:
        if last > int(counted):
            found.unread.append(f"{controls.section_label(last)} is filled, but the number of pairs is {counted}")
        last = max(last, int(counted))
    elif counted is not None:
        found.unread.append(f"the number of pairs is {counted!r}")
    for number in range(1, last + 1):
        yield _pair(found, number, tuple(sections.pop(number, ())))
    found.unread += [
        f"{controls.section_label(number)}: sections are highlighted, but there is no such pair" for number in sections
    ]


def _pair(found: StoredResults, number: int, sections: tuple[Section, ...]) -> Pair:
    where = controls.section_label(number)
    scope = found.one(controls.slot_name("scope", number), "choices", where)
    if scope not in (None, controls.WHOLE_PASSAGE, controls.HIGHLIGHTED):
        found.unread.append(f"{where}: {scope!r} is neither the whole passage nor highlighted sections")
    return Pair(
        question=found.one(controls.slot_name("question", number), "text", where) or "",
        answer=found.one(controls.slot_name("answer", number), "text", where) or "",
        tags=(
            *found.texts(controls.slot_name("tags", number), "choices", where),
            *found.texts(controls.slot_name("custom_tags", number), "text", where),
        ),
        sections=sections,
        scope={controls.WHOLE_PASSAGE: "passage", controls.HIGHLIGHTED: "sections"}.get(scope or ""),  # type: ignore[arg-type]
    )


def _sections(found: StoredResults, item: Item) -> dict[int, list[Section]]:
    sections: dict[int, list[Section]] = {}
    for value in found.sections:
        start, end, labels = _offset(value.get("start")), _offset(value.get("end")), value.get("labels")
        numbers = [_section_number(label) for label in labels] if isinstance(labels, list) else []
        if start is None or end is None or not numbers or not all(numbers):
            found.unread.append("a highlighted section does not say where it is or whose it is")
            continue
        said, text = item.text[start:end], value.get("text")
        section = Section(start, end, said if not isinstance(text, str) or shows(text, said) else text)
        for number in numbers:
            sections.setdefault(number or 0, []).append(section)
    return sections


def _offset(value: Any) -> int | None:
    """An offset within what a dataset's rows have room for; the rules see whether it is in the passage."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None


def _section_number(label: Any) -> int | None:
    match = re.fullmatch(r"QA ([1-9][0-9]{0,3})", label) if isinstance(label, str) else None
    return int(match[1]) if match else None
