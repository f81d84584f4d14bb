"""Items that were answered elsewhere as Label Studio tasks, and these answers back. Judges by the rules; adds none.

What the screen can show and the rules allow becomes an annotation. Any other answer is *set aside*, like those that
were sent back: the task's ``meta`` keeps its document, from which the way back is as exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition
from ..judgement.judge import Judged, judge
from ..ledger import content
from ..records import Answer, Item, Worker
from .annotation_results import answer_to_annotation
from .annotations import annotation_to_answer
from .label_studio_tasks import item_to_task_data, shown_order
from .manifest import METADATA_SUFFIX, OutputLine, line_with, line_without
from .remarks import is_declined_on_screen
from .screens import judge_result
from .sent_back import set_aside, with_set_aside
from .worker_response import EXTENSION, answer_to_response, declined_in_form, is_response, response_to_answer

__all__ = [
    "MigratedTask",
    "document_as_it_was",
    "is_brought",
    "item_to_migrated_task",
    "kept_answer",
    "line_as_it_came",
    "metadata_without_reference",
    "task_content",
    "with_places",
]

# In the task's meta: how many answers came with it.
_META = "gtbridge_migrated"
_KEPT = "gtbridge"
_DECLINED, _INVALID, _SUPERSEDED, _ANSWERS = "declined", "invalid", "superseded", "answers"


@dataclass(frozen=True, slots=True)
class MigratedTask:
    """A ``task`` for Label Studio's import with its annotations, and the answers that could not be any, with why."""

    task: dict[str, Any]
    aside: tuple[tuple[Answer, str], ...]


def item_to_migrated_task(
    item: Item,
    answers: Sequence[Answer],
    definition: TaskDefinition,
    user_of: Callable[[str], int],
    order: Sequence[int] | None = None,
) -> MigratedTask:
    """The task for ``item`` with all its ``answers``, which stand in the order of their submission.

    ``user_of(worker)`` is the id of the Label Studio user who is to own that worker's annotations, ``order`` the one in
    which the task shows the responses. Each answer's document travels whole; one that is only understood with options
    (see ``Reading``) is written as gtbridge writes answers, with the document as it was beside it.
    """
    task: dict[str, Any] = {"data": item_to_task_data(item, definition, order), "annotations": []}
    judged = judge(definition, item, answers)
    refused = _refused(judged, definition)
    records, aside = [], []
    for position, answer in enumerate(answers):
        whole = replace(answer, raw=_document(answer, item))
        annotation, why = None, refused.get(id(answer))
        if why is None:
            annotation, why = _annotation(whole, item, definition, task["data"])
        if annotation is not None:
            # Label Studio takes imported annotations for ground truth unless told otherwise.
            owner = {"completed_by": user_of(answer.worker.id), "ground_truth": False}
            task["annotations"].append({**annotation, **owner})
        else:
            records.append(_record(whole, position, _place(answer, judged)))
            aside.append((answer, why))
    if answers:
        task["meta"] = {**(with_set_aside({}, records) if records else {}), _META: {"answers": len(answers)}}
    return MigratedTask(task, tuple(aside))


def task_content(made: MigratedTask, item: Item, definition: TaskDefinition) -> Counter[str]:
    """How much the task holds, in the kinds of the ledger: read from it, as whoever exports the job will.

    Answers that are set aside travel as they are; of them, the task is only asked how many it has.
    """
    order, nobody = shown_order(made.task["data"]), Worker("nobody")
    annotations = made.task["annotations"]
    shown = (annotation_to_answer(annotation, item, definition, nobody, order) for annotation in annotations)
    found = content([*shown, *(answer for answer, _ in made.aside)])
    found["answers"] = len(annotations) + sum(1 for _ in set_aside(made.task))
    return found


def _refused(judged: Judged, definition: TaskDefinition) -> dict[int, str]:
    """Why an answer cannot be shown as one, by its identity: two may be equal."""
    skipped = (answer for answer in judged.declined if not is_declined_on_screen(answer, definition))
    return {
        **{id(answer): "declined" for answer in skipped},
        **{id(answer): "given again later by the same worker" for answer in judged.superseded},
        **{id(answer): broken[0] for answer, broken in judged.invalid},
    }


def _document(answer: Answer, item: Item) -> Mapping[str, Any]:
    raw = answer_to_response(answer)
    try:
        known = response_to_answer(raw, "", item=item)
    except InputError:
        known = None
    same = ("worker", "rankings", "pairs")
    if known is not None and all(getattr(known, field) == getattr(answer, field) for field in same):
        return raw
    plain = answer_to_response(replace(answer, raw=None))
    return {**plain, EXTENSION: {**plain.get(EXTENSION, {}), "original": raw}}


def _annotation(
    answer: Answer, item: Item, definition: TaskDefinition, data: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, str]:
    """The annotation that says what the answer says, or None and why there can be none."""
    try:
        annotation = answer_to_annotation(answer, item, definition, shown_order(data))
    except InputError as error:
        return None, error.message
    # The server judges what the screen shows, and the way back begins there.
    if problems := judge_result(definition, data, annotation["result"]).problems:
        return None, problems[0].message
    back = annotation_to_answer(annotation, item, definition, answer.worker)
    return (annotation, "") if back.raw == answer.raw else (None, "the screen cannot show all that it says")


def _place(answer: Answer, judged: Judged) -> str:
    """Where in the job's output the answer stood: beside those that count, or under gtbridge's own key."""
    if any(answer is other for other in judged.superseded):
        return _SUPERSEDED
    if answer.status != "given":
        return _ANSWERS if declined_in_form(answer) else _DECLINED
    return _INVALID if "problems" in (answer.raw or {}) else _ANSWERS


def _record(answer: Answer, position: int, place: str) -> dict[str, Any]:
    """What ``kept_answer`` reads: an annotation that nobody owns, older than all others."""
    kept: dict[str, Any] = {"document": answer.raw, "position": position, "place": place}
    kept |= {"status": answer.status, "unread": list(answer.unread)}
    cancelled = answer.status != "given"
    return {"id": f"came-{position:03d}", "created_at": "", "was_cancelled": cancelled, "result": [], _KEPT: kept}


def kept_answer(annotation: Mapping[str, Any], item: Item) -> Answer | None:
    """The answer that was set aside when it came; None if this is an annotation of Label Studio's own."""
    kept = annotation.get(_KEPT)
    if not isinstance(kept, Mapping):
        return None
    try:
        answer = response_to_answer(kept.get("document"), "what an answer was set aside with", item=item)
    except InputError as error:
        return Answer(Worker("unknown"), unread=(str(error),), raw=annotation)
    return replace(answer, status=kept.get("status", answer.status), unread=tuple(kept.get("unread", ())))


def _brought_answers(task: Mapping[str, Any]) -> int:
    """How many answers came with the task."""
    meta = task.get("meta")
    known = meta.get(_META) if isinstance(meta, Mapping) else None
    count = known.get("answers") if isinstance(known, Mapping) else None
    return count if isinstance(count, int) else 0


def is_brought(answer: Answer) -> bool:
    """Whether the answer is what it was when it came: it was given elsewhere."""
    return is_response(answer.raw)


def document_as_it_was(
    task: Mapping[str, Any], stored: Sequence[tuple[Mapping[str, Any], Answer]]
) -> dict[str, Any] | None:
    """The worker-response file that the item had before it came, if nobody has said or changed anything since.

    ``stored`` are its annotations with their answers, in the order of their submission. Answers that break a rule stand
    where they stood: another tool gave them a place, and their readers know them there.
    """
    came = _brought_answers(task)
    if not came or len(stored) != came or not all(is_brought(answer) for _, answer in stored):
        return None
    places: dict[str, list[Any]] = {_ANSWERS: [], _DECLINED: [], _INVALID: [], _SUPERSEDED: []}
    for place, answer in _in_their_order(stored):
        places.get(place, places[_ANSWERS]).append(answer_to_response(answer))
    others = {place: entries for place, entries in places.items() if entries and place != _ANSWERS}
    return {_ANSWERS: places[_ANSWERS], **({EXTENSION: others} if others else {})}


def _in_their_order(stored: Sequence[tuple[Mapping[str, Any], Answer]]) -> list[tuple[str, Answer]]:
    """Each answer with its place. Those set aside know their positions; the others have the rest, in order."""
    kept = [(annotation.get(_KEPT), answer) for annotation, answer in stored]
    shown = [answer for known, answer in kept if not isinstance(known, Mapping)]
    apart = {id(answer) for answer in shown if answer.status != "given" and not declined_in_form(answer)}
    order = [(_DECLINED if id(answer) in apart else _ANSWERS, answer) for answer in shown]
    aside = [(known, answer) for known, answer in kept if isinstance(known, Mapping)]
    for known, answer in sorted(aside, key=lambda entry: int(entry[0].get("position", 0))):
        order.insert(int(known.get("position", 0)), (str(known.get("place")), answer))
    return order


def with_places(task: dict[str, Any], workers: int) -> tuple[dict[str, Any], int]:
    """The task as it is to be imported, and the overlap it must have, for ``workers`` answers in all.

    Label Studio has a task done when as many people have answered as its overlap says, but gives it out until there
    are as many annotations: for these to be the same, an owner of several answers has the others as ground truth, which
    are not counted. In a task that is done already, nothing needs to be.
    """
    annotations, people = task["annotations"], set[int]()
    missing = max(workers - len(annotations), 0)
    for annotation in annotations:
        annotation["ground_truth"] = bool(missing) and annotation["completed_by"] in people
        people.add(annotation["completed_by"])
    return task, len(people) + missing


def line_as_it_came(line: OutputLine, metadata: Mapping[str, Any] | None = None) -> str:
    """The text of a job's output line, with this ``metadata`` at its end in place of its own; all else stays as it is.

    None is its own without the reference to its answers, and changes nothing if there is none.
    """
    metadata = metadata_without_reference(line) if metadata is None else metadata
    if metadata == (line.metadata or {}):
        return line.item.line
    key = f"{line.attribute}{METADATA_SUFFIX}"
    return line_with(line_without(line.item.line, (key,)), {key: metadata})


def metadata_without_reference(line: OutputLine) -> dict[str, Any]:
    """What the job said of the item, but for where its answers were."""
    known = line.metadata or {}
    return {key: value for key, value in known.items() if key.replace("_", "-") != "worker-response-ref"}
