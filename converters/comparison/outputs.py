"""Two outputs of a labeling job, in step -> a Comparison. Holds one item of each at a time; opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...label_configs.tasks import TaskDefinition, definition_to_dict
from ..formats.job_output import AnsweredLine
from ..formats.json_text import read_json
from ..formats.manifest import METADATA_SUFFIX, OutputLine
from ..ledger import content
from ..records import Answer
from .answers import answer_findings, summary
from .findings import Comparison, Finding, difference, note
from .matching import match_answers
from .values import json_differences

__all__ = ["compare_definitions", "compare_outputs"]

# Compared as what they mean, or saying only where and when a file was written.
_NOT_METADATA = {
    name.replace("-", sign) for name in ("failure-reason", "worker-response-ref", "creation-date") for sign in "-_"
}


def compare_definitions(a: TaskDefinition | None, b: TaskDefinition | None, comparison: Comparison) -> None:
    """What two task definitions ask otherwise, as notes: answers may say the same under either. None is not known."""
    if a is not None and b is not None:
        for path, one, other in json_differences(definition_to_dict(a), definition_to_dict(b)):
            comparison.add([note("task definition", f"task/{path}", one, other)])


def compare_outputs(
    a: Iterable[AnsweredLine],
    b: Iterable[AnsweredLine],
    comparison: Comparison,
    on_progress: Callable[[int], None] | None = None,
) -> None:
    """Compare the items of two outputs by their object index, and their answers by worker, into ``comparison``.

    Both come in the order of their indices. All that the lines hold beside the job's own labels is compared; whether an
    item is labelled, failed or neither; and of each answer the worker, status, rankings as weak orders, tie rules,
    pairs, sections, comment, flags, reason, times, the shown order, and whatever else its document holds.
    """
    for index, one, other in _in_step(a, b):
        comparison.items.add(one is not None, other is not None, one is not None and other is not None)
        comparison.answers.add(_number(one), _number(other))
        if one is None or other is None:
            comparison.add([difference("item", str(index), _told(one), _told(other))])
            _weigh(comparison, *(() if side is None else side.answers for side in (one, other)))
        else:
            comparison.add(_line_findings(one.line, other.line, str(index)))
            _compare_answers(one, other, str(index), comparison)
        if on_progress:
            on_progress(1)


def _in_step(
    a: Iterable[AnsweredLine], b: Iterable[AnsweredLine]
) -> Iterator[tuple[int, AnsweredLine | None, AnsweredLine | None]]:
    """Each object index with what either side has for it."""
    left, right = iter(a), iter(b)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        index = min(side.line.item.index for side in (one, other) if side is not None)
        here = one if one is not None and one.line.item.index == index else None
        there = other if other is not None and other.line.item.index == index else None
        yield index, here, there
        one = one if here is None else next(left, None)
        other = other if there is None else next(right, None)


def _number(side: AnsweredLine | None) -> int:
    return 0 if side is None else len(side.answers)


def _state(side: AnsweredLine) -> str:
    """Of a running job an item may have answers before it is labelled; that it has them is what counts."""
    if side.line.failure is not None:
        return f"failed ({side.line.failure})"
    return _labelled(side.line) if not side.answers else "labelled"


def _labelled(line: OutputLine) -> str:
    return "labelled" if line.labelled else "not labelled"


def _told(side: AnsweredLine | None) -> str | None:
    return None if side is None else f"{_state(side)}, {_number(side)} answer{'' if _number(side) == 1 else 's'}"


# Lines


def _line_findings(one: OutputLine, other: OutputLine, place: str) -> Iterator[Finding]:
    fields, others = _fields(one), _fields(other)
    for path, a, b in json_differences(fields, others):
        yield difference("field", f"{place}/{path}", a, b)
    if "source" not in fields and "source" not in others and one.item.text != other.item.text:
        yield difference("text", f"{place}/source-ref", one.item.text, other.item.text)
    for path, a, b in json_differences(one.label or {}, other.label or {}):
        yield difference("label", f"{place}/{path}".rstrip("/"), a, b)
    if one.attribute and other.attribute and one.attribute != other.attribute:
        yield note("label attribute", place, one.attribute, other.attribute)
    metadata, others = _metadata(one), _metadata(other)
    if metadata and others:
        for path, a, b in json_differences(metadata, others):
            yield note("metadata", f"{place}/{path}", a, b)


def _fields(line: OutputLine) -> dict[str, Any]:
    """The line's fields without the labels that were read."""
    fields: dict[str, Any] = read_json(line.item.line, "")
    return {key: value for key, value in fields.items() if key not in _labels(line)}


def _labels(line: OutputLine) -> tuple[str, ...]:
    return () if line.attribute is None else (line.attribute, line.attribute + METADATA_SUFFIX)


def _metadata(line: OutputLine) -> dict[str, Any]:
    return {key: value for key, value in (line.metadata or {}).items() if key not in _NOT_METADATA}


# Answers


def _compare_answers(one: AnsweredLine, other: AnsweredLine, place: str, comparison: Comparison) -> None:
    if _state(one) != _state(other):
        comparison.add([difference("state", place, _told(one), _told(other))])
        if not (one.answers and other.answers):
            _weigh(comparison, one.answers, other.answers)
            return  # that says it all
    elif one.line.labelled != other.line.labelled:
        comparison.add([note("state", place, _labelled(one.line), _labelled(other.line))])
    found = match_answers(one.answers, other.answers)
    comparison.answers.compared += len(found.pairs) + len(found.renamed)
    matched = [*found.pairs, *found.renamed]
    _weigh(comparison, [*(a for a, _ in matched), *found.a], [*(b for _, b in matched), *found.b])
    for a, b in found.pairs:
        comparison.add(answer_findings(a, b, f"{place}/{a.worker.id}"))
    for a, b in found.reordered:
        comparison.add([difference("answer that counts", f"{place}/{a.worker.id}", summary(a), summary(b))])
    for a, b in found.renamed:
        comparison.add([difference("worker", place, a.worker.id, b.worker.id)])
        comparison.add(answer_findings(a, b, place, identity=False))
    comparison.add(difference("answer", f"{place}/{a.worker.id}", summary(a), None) for a in found.a)
    comparison.add(difference("answer", f"{place}/{b.worker.id}", None, summary(b)) for b in found.b)


def _weigh(comparison: Comparison, a: Iterable[Answer], b: Iterable[Answer]) -> None:
    for side, answers in zip(comparison.weighed, (a, b), strict=True):
        side.update(content(answers))
