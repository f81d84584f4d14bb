"""Ground Truth worker-response documents <-> answers, for both tasks. Handed parsed documents; opens nothing.

Source: Amazon SageMaker Developer Guide, "Crowd HTML Elements V2" and "Labeling job output data". The nesting under the
element's name is what the documentation describes; the shape of question-answer content is this project's, as none is
published. What gtbridge knows beyond the format stands under the key ``gtbridge``, which other readers pass over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ...label_configs.errors import InputError
from ..records import Answer, Pair, Ranking, Section, Worker
from .json_text import read_json

__all__ = ["answer_to_response", "document_to_answers", "response_to_answer"]

EXTENSION = "gtbridge"
RANKING_NAME = "textRanking"
PAIRS_NAME = "questionAndAnswers"
_LARGEST = 2**31 - 1  # what the rows of a dataset have room for


# Writing


def answer_to_response(answer: Answer) -> dict[str, Any]:
    """One entry of ``answers``. An answer that was read from one is written as it was, whatever else it holds."""
    if answer.raw is not None and "answerContent" in answer.raw:
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
    if answer.rankings:
        return {RANKING_NAME: {"ordinalRankingDimensions": [_dimension(ranking) for ranking in answer.rankings]}}
    if answer.pairs:
        return {PAIRS_NAME: {"questionAnswerPairs": [_pair(pair) for pair in answer.pairs]}}
    return {}


def _dimension(ranking: Ranking) -> dict[str, Any]:
    tie = {} if ranking.allow_tie is None else {"allowTie": ranking.allow_tie}
    return {"name": ranking.dimension, **tie, "responseRankings": list(ranking.ranks)}


def _pair(pair: Pair) -> dict[str, Any]:
    references = [{"startOffset": s.start, "endOffset": s.end, "text": s.text} for s in pair.sections]
    return {"question": pair.question, "answer": pair.answer, "tags": list(pair.tags), "textReferences": references}


def _extension(answer: Answer) -> dict[str, Any] | None:
    known = {
        "definition": answer.definition,
        "responseOrder": None if answer.order is None else list(answer.order),
        "status": None if answer.status == "given" else answer.status,
        "reason": answer.reason,
        "labelStudio": None if answer.raw is None else dict(answer.raw),
    }
    return {key: value for key, value in known.items() if value is not None} or None


# Reading


def document_to_answers(document: Any, source: str) -> list[Answer]:
    """The answers of one worker-response file. InputError names ``source`` and the path of what cannot be used."""
    answers = document.get("answers") if isinstance(document, dict) else None
    if not isinstance(answers, list):
        raise InputError("expected an object with the list 'answers'", source=source, path="$")
    return [response_to_answer(answer, source, f"$.answers[{i}]") for i, answer in enumerate(answers)]


def response_to_answer(response: Any, source: str, path: str = "$") -> Answer:
    """One entry of ``answers``. Times and identity may be missing, as in files of the old public workforce."""
    if not isinstance(response, dict):
        raise InputError("expected an object", source=source, path=path)
    content = response.get("answerContent")
    if isinstance(content, str):
        try:
            content = read_json(content, source)
        except InputError as error:
            raise InputError(error.message, source=source, path=f"{path}.answerContent") from None
    if not isinstance(content, dict):
        raise InputError("expected an object", source=source, path=f"{path}.answerContent")
    worker = response.get("workerId")
    if not isinstance(worker, str):
        raise InputError("expected text", source=source, path=f"{path}.workerId")
    metadata = response.get("workerMetadata")
    identity = metadata.get("identityData") if isinstance(metadata, dict) else None
    extension = response.get(EXTENSION)
    extension = extension if isinstance(extension, dict) else {}
    return Answer(
        worker=Worker(worker, identity if isinstance(identity, dict) else None),
        status=_status(extension.get("status")),
        rankings=_rankings(content, source, f"{path}.answerContent"),
        pairs=_pairs(content, source, f"{path}.answerContent"),
        accepted=_typed(response, "acceptanceTime", str),
        submitted=_typed(response, "submissionTime", str),
        seconds=_typed(response, "timeSpentInSeconds", int | float),
        reason=_typed(extension, "reason", str),
        definition=_typed(extension, "definition", str),
        order=_order(extension.get("responseOrder")),
        raw=response,
    )


def _typed(holder: Mapping[str, Any], key: str, kind: Any) -> Any:
    """The value under ``key`` if it is of this kind; else None, as the raw document keeps what it was."""
    value = holder.get(key)
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def _status(value: Any) -> Literal["given", "declined", "failed"]:
    """Ground Truth knows given answers only; what nobody wrote is one."""
    return value if value in ("declined", "failed") else "given"


def _order(value: Any) -> tuple[int, ...] | None:
    """The shown order, if it is one: each index of a response once."""
    known = isinstance(value, list) and all(isinstance(index, int) and not isinstance(index, bool) for index in value)
    return tuple(value) if known and sorted(value) == list(range(len(value))) else None


def _find(content: Mapping[str, Any], key: str, source: str, path: str) -> tuple[Sequence[Any], str] | None:
    """The list under ``key``, in ``content`` itself or under one element's name, with its path."""
    holders = [(content, path)]
    holders += [(value, f"{path}.{name}") for name, value in content.items() if isinstance(value, dict)]
    found = [(holder[key], f"{where}.{key}") for holder, where in holders if key in holder]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"{key} stands here twice: two elements answered one item", source=source, path=path)
    if not isinstance(found[0][0], list):
        raise InputError("expected a list", source=source, path=found[0][1])
    return found[0]


def _rankings(content: Mapping[str, Any], source: str, path: str) -> tuple[Ranking, ...]:
    found = _find(content, "ordinalRankingDimensions", source, path)
    if found is None:
        return ()
    rankings = []
    for i, dimension in enumerate(found[0]):
        place = f"{found[1]}[{i}]"
        if not isinstance(dimension, dict) or not isinstance(dimension.get("responseRankings"), list):
            raise InputError("expected an object with the list 'responseRankings'", source=source, path=place)
        ranks = [
            _rank(rank, source, f"{place}.responseRankings[{j}]")
            for j, rank in enumerate(dimension["responseRankings"])
        ]
        name, allow_tie = dimension.get("name", f"dimension {i + 1}"), dimension.get("allowTie")
        if not isinstance(name, str):
            raise InputError("expected text", source=source, path=f"{place}.name")
        if allow_tie is not None and not isinstance(allow_tie, bool):
            raise InputError("expected true or false", source=source, path=f"{place}.allowTie")
        rankings.append(Ranking(name, tuple(ranks), allow_tie))
    return tuple(rankings)


def _rank(value: Any, source: str, path: str) -> int | None:
    """Ranks come as integers, integral floats or digits; null is not ranked. 0 may mean either, so it is refused."""
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}(\.0+)?\s*", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 or value > _LARGEST:
        raise InputError(f"expected a rank, found {value!r}", source=source, path=path)
    if value < 1:
        raise InputError(f"{int(value)} is no rank: 1 is best", source=source, path=path)
    return int(value)


def _pairs(content: Mapping[str, Any], source: str, path: str) -> tuple[Pair, ...]:
    found = _find(content, "questionAnswerPairs", source, path)
    if found is None:
        return ()
    return tuple(_read_pair(pair, source, f"{found[1]}[{i}]") for i, pair in enumerate(found[0]))


def _read_pair(pair: Any, source: str, path: str) -> Pair:
    def get(holder: Any, key: str, kind: type, where: str) -> Any:
        value = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(value, kind) or isinstance(value, bool) or (isinstance(value, int) and abs(value) > _LARGEST):
            wanted = "text" if kind is str else "a number of characters"
            raise InputError(f"expected {wanted}", source=source, path=f"{where}.{key}")
        return value

    references = pair.get("textReferences") or [] if isinstance(pair, dict) else []
    if not isinstance(references, list):
        raise InputError("expected a list", source=source, path=f"{path}.textReferences")
    sections = tuple(
        Section(*(get(ref, key, kind, f"{path}.textReferences[{i}]") for key, kind in _REFERENCE))
        for i, ref in enumerate(references)
    )
    tags = pair.get("tags", []) if isinstance(pair, dict) else []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InputError("expected a list of texts", source=source, path=f"{path}.tags")
    return Pair(
        question=get(pair, "question", str, path),
        answer=get(pair, "answer", str, path),
        tags=tuple(tags),
        sections=sections,
        scope="sections" if sections else "passage",
    )


_REFERENCE = (("startOffset", int), ("endOffset", int), ("text", str))
