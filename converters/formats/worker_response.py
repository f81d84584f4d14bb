"""Ground Truth worker-response documents <-> answers, for both tasks. Handed parsed documents; opens nothing.

Source: Amazon SageMaker Developer Guide, "Crowd HTML Elements V2" and "Labeling job output data". The nesting under the
element's name is what the documentation describes; the shape of question-answer content is this project's, as none is
published. What gtbridge knows beyond the format stands under the key ``gtbridge``, which other readers pass over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeGuard

from ...label_configs.errors import InputError
from ..judgement.remark_rules import claims_nothing
from ..records import Answer, Item, Pair, Ranking, Worker
from .given_under import rules_from_dict, rules_to_dict
from .json_text import read_json
from .pair_content import PAIRS, read_pairs
from .place import Place
from .ranking_content import DIMENSIONS, read_rankings
from .reading import PLAIN, Reading
from .remark_content import read_remark_content, remarks_to_content, without_remarks
from .score_content import is_number, scores_to_content, with_scores
from .usual_content import read_usual_content

__all__ = [
    "EXTENSION",
    "answer_to_response",
    "declined_in_form",
    "document_to_answers",
    "is_response",
    "response_to_answer",
]

EXTENSION = "gtbridge"
RANKING_NAME = "textRanking"
PAIRS_NAME = "questionAndAnswers"
_NOTHING: Mapping[str, Any] = {}


# Writing


def answer_to_response(answer: Answer) -> dict[str, Any]:
    """One entry of ``answers``. An answer that was read from one is written as it was, whatever else it holds."""
    if is_response(answer.raw):
        return dict(answer.raw)
    response: dict[str, Any] = {
        "acceptanceTime": answer.accepted,
        "submissionTime": answer.submitted,
        "timeSpentInSeconds": answer.seconds,
        "workerId": answer.worker.id,
        "workerMetadata": {"identityData": dict(answer.worker.identity)} if answer.worker.identity else None,
        "answerContent": _content(answer),
        EXTENSION: _extension(answer),
    }
    return {key: value for key, value in response.items() if value is not None}


def _content(answer: Answer) -> dict[str, Any]:
    element: dict[str, Any] = {}
    if answer.rankings:
        element = {RANKING_NAME: {DIMENSIONS: [_dimension(ranking) for ranking in answer.rankings]}}
    elif answer.pairs:
        element = {PAIRS_NAME: {PAIRS: [_pair(pair) for pair in answer.pairs]}}
    return {**element, **remarks_to_content(answer)}


def _dimension(ranking: Ranking) -> dict[str, Any]:
    tie = {} if ranking.allow_tie is None else {"allowTie": ranking.allow_tie}
    return {"name": ranking.dimension, **tie, "responseRankings": list(ranking.ranks)}


def _pair(pair: Pair) -> dict[str, Any]:
    references = [{"startOffset": s.start, "endOffset": s.end, "text": s.text} for s in pair.sections]
    return {"question": pair.question, "answer": pair.answer, "tags": list(pair.tags), "textReferences": references}


def _extension(answer: Answer) -> dict[str, Any] | None:
    known = {
        "definition": answer.definition,
        "rules": None if answer.rules is None else rules_to_dict(answer.rules),
        "responseOrder": None if answer.order is None else list(answer.order),
        "scores": scores_to_content(answer.rankings),
        "status": None if answer.status == "given" else answer.status,
        "reason": answer.reason,
        "labelStudio": None if answer.raw is None else dict(answer.raw),
    }
    return {key: value for key, value in known.items() if value is not None} or None


# Reading


def is_response(document: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether ``document``, such as an answer's ``raw``, is an entry of a worker-response file."""
    return isinstance(document, Mapping) and "answerContent" in document


def declined_in_form(answer: Answer) -> bool:
    """Whether what the form sent says that the item was declined, so that the answer stands among the others.

    Where gtbridge says it, in a key of its own, the answer stands apart: other readers would miss its content.
    """
    if answer.status != "declined" or answer.reason is None or not is_response(answer.raw):
        return False
    extension = answer.raw.get(EXTENSION)
    return not (isinstance(extension, Mapping) and "status" in extension)


def document_to_answers(document: Any, source: str, reading: Reading = PLAIN, item: Item | None = None) -> list[Answer]:
    """The answers of one worker-response file. If their ``item`` is given, lengths and offsets are checked against it.

    InputError names ``source`` and the path of what cannot be used.
    """
    answers = document.get("answers") if isinstance(document, dict) else None
    if not isinstance(answers, list):
        raise InputError("expected an object with the list 'answers'", source=source, path="$")
    return [response_to_answer(answer, source, f"$.answers[{i}]", reading, item) for i, answer in enumerate(answers)]


def response_to_answer(
    response: Any, source: str, path: str = "$", reading: Reading = PLAIN, item: Item | None = None
) -> Answer:
    """One entry of ``answers``. Times and identity may be missing, as in files of the old public workforce.

    InputError for ranks that cannot be used, as a guess would be a preference that nobody has. What is not understood
    of questions and answers, whose shape no documentation tells, stands in ``unread``.
    """
    if not isinstance(response, dict):
        raise Place(source, path).refuse("expected an object")
    worker = response.get("workerId")
    if not isinstance(worker, str):
        raise Place(source, path)["workerId"].refuse("expected text")
    metadata = response.get("workerMetadata")
    identity = metadata.get("identityData") if isinstance(metadata, dict) else None
    extension = response.get(EXTENSION)
    if isinstance(extension, dict):
        reading = PLAIN  # gtbridge's own writing, in whatever way the answers around it were written
    else:
        extension = _NOTHING
    said = _read_content(response, source, path, reading, item)
    status, rankings, pairs = _status(extension.get("status")), said.rankings, said.pairs
    if said.reason is not None and status == "given" and not said.unread and claims_nothing(rankings, pairs):
        status, rankings, pairs = "declined", (), ()
    return Answer(
        worker=Worker(worker, identity if isinstance(identity, dict) else None),
        status=status,
        rankings=with_scores(rankings, extension.get("scores")),
        pairs=pairs,
        accepted=_text(response, "acceptanceTime"),
        submitted=_text(response, "submissionTime"),
        seconds=_number(response, "timeSpentInSeconds"),
        reason=_text(extension, "reason") or said.reason,
        definition=_text(extension, "definition"),
        rules=rules_from_dict(extension["rules"]) if "rules" in extension else None,
        order=_order(extension.get("responseOrder")),
        comment=said.comment,
        flags=said.flags,
        unread=said.unread if status == "given" else (),
        raw=response,
    )


class _Said(NamedTuple):
    """What stands in the content of an answer, each as in ``Answer``."""

    rankings: tuple[Ranking, ...]
    pairs: tuple[Pair, ...]
    unread: tuple[str, ...] = ()
    comment: str | None = None
    flags: tuple[tuple[str, ...], ...] = ()
    reason: str | None = None


def _read_content(response: Mapping[str, Any], source: str, path: str, reading: Reading, item: Item | None) -> _Said:
    usual = read_usual_content(response.get("answerContent"), reading, item)
    if usual is not None:
        return _Said(*usual)
    place = Place(source, path)["answerContent"]
    content = _content_of(response, place)
    remarks, unmeant = read_remark_content(content, place, item)
    element = _element_of(without_remarks(content), place, reading)
    usual = read_usual_content(element, reading, item)
    rankings, pairs, unread = (*usual, ()) if usual is not None else _said(element, place, reading, item)
    return _Said(rankings, pairs, (*unread, *unmeant), remarks.comment, remarks.flags, remarks.reason)


def _content_of(response: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """What the form sent: an object, in consolidation requests one spelled as text."""
    content = response.get("answerContent")
    if isinstance(content, str):
        try:
            content = read_json(content, place.source)
        except InputError as error:
            raise place.refuse(error.message) from None
    if not isinstance(content, dict):
        raise place.refuse("expected an object")
    return content


def _element_of(content: Mapping[str, Any], place: Place, reading: Reading) -> Mapping[str, Any]:
    """Of what the form sent, the element to read, if one was named."""
    if reading.element is None or not content:
        return content
    if reading.element not in content:
        raise place.refuse(f"has no element {reading.element!r}; it has {', '.join(content)}")
    return {reading.element: content[reading.element]}


def _said(
    content: Mapping[str, Any], place: Place, reading: Reading, item: Item | None
) -> tuple[tuple[Ranking, ...], tuple[Pair, ...], tuple[str, ...]]:
    rankings = read_rankings(content, place, reading, item)
    found = read_pairs(content, place, reading, item)
    if found is None:
        nothing = rankings is None and not _blank(content)
        sentence = "neither ranks nor questions with answers were found here; name their keys with --key-map"
        return rankings or (), (), (place.says(sentence),) if nothing else ()
    return rankings or (), *found


def _blank(value: Any) -> bool:
    """Whether a form that sends this was left empty."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(_blank, parts)) if isinstance(value, dict | list) else value in (None, "")


def _text(holder: Mapping[str, Any], key: str) -> str | None:
    """The text under ``key``, if it is one; else None, as the raw document keeps what it was."""
    value = holder.get(key)
    return value if isinstance(value, str) else None


def _number(holder: Mapping[str, Any], key: str) -> float | None:
    value = holder.get(key)
    return value if is_number(value) else None


def _status(value: Any) -> Literal["given", "declined", "failed"]:
    """Ground Truth knows given answers only; what nobody wrote is one."""
    return value if value in ("declined", "failed") else "given"


def _order(value: Any) -> tuple[int, ...] | None:
    """The shown order, if it is one: each index of a response once."""
    if not isinstance(value, list):
        return None
    known = all(isinstance(index, int) and not isinstance(index, bool) for index in value)
    return tuple(value) if known and sorted(value) == list(range(len(value))) else None
