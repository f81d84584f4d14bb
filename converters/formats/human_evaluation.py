"""Results of human evaluations of models by Amazon Bedrock and SageMaker Clarify -> items and rankings. Opens nothing.

Sources: Amazon SageMaker Developer Guide, "Understand the results of a human evaluation job"; Amazon Bedrock User
Guide, "Understand how the results of your model evaluation job are saved in Amazon S3". JSON Lines, an object for each
prompt. Of the ways to rate, only ``comparisonRank`` ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...label_configs.errors import InputError
from ..records import Answer, Item
from .job_output import AnsweredLine
from .json_text import read_json_lines, to_line
from .key_names import text_of
from .manifest import OutputLine
from .place import Place
from .ranking_content import DIMENSIONS, read_rank
from .worker_response import RANKING_NAME, response_to_answer

__all__ = ["is_human_evaluation", "read_human_evaluation"]

_RESULT = "humanEvaluationResult"
_RATINGS = "evaluationResults"
_RANKS = "comparisonRank"


def is_human_evaluation(value: Any) -> bool:
    """Whether the parsed line is one of a human evaluation."""
    return isinstance(value, dict) and _RESULT in value


def read_human_evaluation(lines: Iterable[bytes], source: str) -> Iterator[AnsweredLine]:
    """Each prompt with its responses and models, and the answers to it, a ranking for each metric that was ranked.

    The item's line is the manifest line that says the same: prompt, responses, models (by the last part of their
    address) and the other fields of the input record. An answer's raw document is the one that stands there, with the
    rankings added in Ground Truth's own form. ``remarks`` names what was rated in other ways. InputError names the line
    and the path of what cannot be used.
    """
    for number, _, value in read_json_lines(lines, source):
        try:
            answered = _answered_line(value, number - 1, Place(source))
        except InputError as error:
            raise error.at(line=number) from None
        yield answered


def _answered_line(value: Any, index: int, place: Place) -> AnsweredLine:
    if not is_human_evaluation(value):
        raise place.refuse(f"has no {_RESULT}, so it is no line of a human evaluation")
    responses = _responses(value.get("modelResponses"), place["modelResponses"])
    item = _item(index, value.get("inputRecord"), responses, place["inputRecord"])
    answers, remarks = _answers(value, responses, item, place[_RESULT])
    line = OutputLine(item, {}, {}) if answers else OutputLine(item, None, None)
    return AnsweredLine(line, tuple(answers), tuple(dict.fromkeys(remarks)))


@dataclass(frozen=True, slots=True)
class _Response:
    text: str
    model: str | None

    @property
    def short_model(self) -> str:
        """The model's name without the account and region that an ARN begins with."""
        model = self.model or ""
        return model.rpartition("/")[2] if model.startswith("arn:") else model


def _responses(found: Any, place: Place) -> list[_Response]:
    if not isinstance(found, list):
        raise place.refuse("expected a list")
    responses = []
    for i, entry in enumerate(found):
        # Clarify writes ``text``, Bedrock ``response``.
        text = text_of(entry.get("text", entry.get("response"))) if isinstance(entry, dict) else None
        if text is None:
            raise place[i].refuse("expected an object with the text of a response")
        model = entry.get("modelIdentifier")
        responses.append(_Response(text, model if isinstance(model, str) else None))
    return responses


def _item(index: int, record: Any, responses: list[_Response], place: Place) -> Item:
    record = record if isinstance(record, dict) else {}
    prompt = text_of(record.get("prompt"))  # Clarify writes an object with a ``text``, Bedrock the text itself
    if prompt is None:
        raise place["prompt"].refuse("expected text")
    texts = tuple(response.text for response in responses)
    models = tuple(response.short_model for response in responses) if all(r.model for r in responses) else None
    line = {"source": prompt, "responses": texts, **({"models": models} if models else {})}
    for key, value in record.items():
        if key != "prompt":
            line[f"inputRecord.{key}" if key in line else key] = value
    return Item(index, to_line(line), prompt, texts, models)


def _answers(
    line: Mapping[str, Any], responses: list[_Response], item: Item, place: Place
) -> tuple[list[Answer], list[str]]:
    answers, remarks = [], []
    # Bedrock writes a list of results, Clarify the one.
    results = line[_RESULT] if isinstance(line[_RESULT], list) else [line[_RESULT]]
    for result in results:
        if not isinstance(result, dict) or not isinstance(result.get("humanAnswers"), list):
            raise place["humanAnswers"].refuse("expected a list")
        names = result.get("modelResponseIdMap", line.get("modelResponseIdMap"))
        ids = _positions(names if isinstance(names, dict) else {}, responses)
        for i, entry in enumerate(result["humanAnswers"]):
            answer, remark = _answer(entry, ids, item, place["humanAnswers"][i])
            answers.append(answer)
            remarks += remark
    return answers, remarks


def _positions(names: Mapping[str, Any], responses: list[_Response]) -> dict[str, int]:
    """Which response each ``modelResponseId`` means: the one of that model, or the one at that position."""
    models = [response.model for response in responses]
    positions = {str(position): position for position in range(len(responses))}
    named = {key: models.index(model) for key, model in names.items() if models.count(model) == 1}
    return named if len(named) == len(names) > 0 else positions


def _answer(entry: Any, ids: Mapping[str, int], item: Item, place: Place) -> tuple[Answer, list[str]]:
    content = entry.get("answerContent") if isinstance(entry, dict) else None
    ratings = content.get(_RATINGS) if isinstance(content, dict) else None
    where = place["answerContent"][_RATINGS]
    if not isinstance(content, dict) or not isinstance(ratings, dict):
        raise where.refuse("expected an object")
    others = [where.says(f"{kind} is no ranking") for kind in ratings if kind != _RANKS]
    ranked = ratings.get(_RANKS)
    if ranked is None:
        answer = response_to_answer(entry, place.source, place.path)
        return replace(answer, unread=tuple(others)), []
    if not isinstance(ranked, list):
        raise where[_RANKS].refuse("expected a list")
    dimensions = [_dimension(metric, ids, item, where[_RANKS][i]) for i, metric in enumerate(ranked)]
    own = {**entry, "answerContent": {**content, RANKING_NAME: {DIMENSIONS: dimensions}}}
    remarks = [f"{kind} is no ranking" for kind in ratings if kind != _RANKS]
    return response_to_answer(own, place.source, place.path, item=item), remarks


def _dimension(metric: Any, ids: Mapping[str, int], item: Item, place: Place) -> dict[str, Any]:
    """The metric as a dimension of a text ranking. Models may share a rank here, whatever the metric."""
    name, result = (metric.get("metricName"), metric.get("result")) if isinstance(metric, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(result, list):
        raise place.refuse("expected an object with 'metricName' and the list 'result'")
    ranks: list[int | None] = [None] * len(item.responses or ())
    for i, entry in enumerate(result):
        where = place["result"][i]
        identifier, rank = (
            (entry.get("modelResponseId"), entry.get("rank")) if isinstance(entry, dict) else (None, None)
        )
        if str(identifier) not in ids:
            raise where["modelResponseId"].refuse(f"expected one of {', '.join(ids)}, found {identifier!r}")
        if ranks[ids[str(identifier)]] is not None:
            raise where["modelResponseId"].refuse(f"ranks {identifier} twice")
        ranks[ids[str(identifier)]] = read_rank(rank, where["rank"])
    return {"name": name, "allowTie": True, "responseRankings": ranks}
