"""Human evaluations by Bedrock and Clarify: rankings of models, and what else was rated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gtbridge.converters.formats.human_evaluation import is_human_evaluation, read_human_evaluation
from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest import item_from_line, other_fields
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.records import Ranking
from gtbridge.label_configs.errors import InputError

DATA = Path(__file__).parents[1] / "data" / "human_evaluation"


def values(case: str) -> list[Any]:
    lines = (DATA / case / "output.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(*found: Any) -> list[AnsweredLine]:
    return list(read_human_evaluation([f"{to_line(value)}\n".encode() for value in found], "eval.jsonl"))


def test_evaluations_are_known_by_their_first_line() -> None:
    assert all(is_human_evaluation(value) for case in ("clarify", "bedrock") for value in values(case))
    assert not is_human_evaluation({"source": "Why?"})
    assert not is_human_evaluation(["humanEvaluationResult"])


def test_an_item_is_the_prompt_with_the_models_responses() -> None:
    item = read(*values("clarify"))[0].line.item
    assert (item.index, item.text) == (0, "What is interval training?")
    assert item.responses == ("Rest, then run.", "Bursts of effort.")
    assert item.models == ("endpoint-mistral", "endpoint-llama")


def test_models_are_named_for_all_responses_or_for_none() -> None:
    value = values("clarify")[0]
    del value["modelResponses"][1]["modelIdentifier"]
    assert read(value)[0].line.item.models is None


@pytest.mark.parametrize("case", ["clarify", "bedrock"])
def test_the_items_line_is_a_manifest_line_that_says_the_same(case: str) -> None:
    for answered in read(*values(case)):
        item = answered.line.item
        assert item_from_line(item.line, json.loads(item.line), item.index + 1, "x") == item


def test_the_users_own_fields_travel_and_the_machinery_does_not() -> None:
    fields = json.loads(other_fields(read(*values("clarify"))[0].line.item) or "")
    assert fields == {"category": "Fitness", "referenceResponse": {"text": "Bursts."}, "inputRecord.responses": []}
    assert "arn:" not in read(*values("bedrock"))[0].line.item.line


def test_ranks_belong_to_the_models_that_their_ids_stand_for() -> None:
    # Id 0 is the model of the second response.
    first, second, _ = read(*values("clarify"))[0].answers
    assert first.rankings == (Ranking("Toxicity", (1, 1), True), Ranking("Fluency", (1, 2), True))
    assert second.rankings == (Ranking("Toxicity", (1, 2), True), Ranking("Fluency", (1, None), True))
    assert (first.worker.id, first.seconds, first.submitted) == ("w1", 22.574, "2024-06-07T22:32:19.640Z")
    assert first.worker.identity is not None


@pytest.mark.parametrize("names", [{}, {"0": "unknown", "1": "endpoint-llama"}, None])
def test_ids_that_name_no_models_are_positions(names: Any) -> None:
    value = values("clarify")[0]
    value["humanEvaluationResult"]["modelResponseIdMap"] = names
    assert read(value)[0].answers[0].rankings[1] == Ranking("Fluency", (2, 1), True)


def test_responses_of_one_model_are_told_apart_by_position() -> None:
    value = values("clarify")[0]
    value["humanEvaluationResult"]["modelResponseIdMap"] = {"0": "endpoint-llama", "1": "endpoint-llama"}
    for response in value["modelResponses"]:
        response["modelIdentifier"] = "endpoint-llama"
    assert read(value)[0].answers[0].rankings[1].ranks == (2, 1)


def test_other_ways_to_rate_are_named_and_never_dropped_in_silence() -> None:
    answered = read(*values("clarify"))[0]
    first, _, third = answered.answers
    assert (first.unread, answered.remarks) == ((), ("thumbsUpDown is no ranking",))
    assert third.rankings == ()
    place = "$.humanEvaluationResult.humanAnswers[2].answerContent.evaluationResults"
    assert third.unread == (f"{place}: individualLikertScale is no ranking",)
    assert third.raw is not None
    assert third.raw["answerContent"]["evaluationResults"]["individualLikertScale"]


def test_answers_become_worker_responses_that_keep_the_original_content() -> None:
    value = values("clarify")[0]
    answered = read(value)[0]
    for answer, original in zip(answered.answers, value["humanEvaluationResult"]["humanAnswers"], strict=True):
        written = json.loads(to_line(answer_to_response(answer)))
        kept = {key: part for key, part in written["answerContent"].items() if key != "textRanking"}
        assert {**written, "answerContent": kept} == original
        if answer.rankings:
            assert response_to_answer(written, "w.json", item=answered.line.item).rankings == answer.rankings


def test_an_unanswered_prompt_is_an_item_that_is_not_labelled() -> None:
    answered = read(*values("clarify"))[1]
    assert (answered.line.item.index, answered.answers, answered.line.labelled) == (1, (), False)


def test_bedrock_writes_texts_and_lists_where_clarify_has_objects() -> None:
    (answered,) = read(*values("bedrock"))
    item = answered.line.item
    assert (item.text, item.responses) == ("Human: Mean of 2 and 4? Assistant:", ("3", "Three."))
    assert item.models == ("model-a", "model-b")
    assert [answer.rankings for answer in answered.answers] == [(Ranking("Relevance", (2, 1), True),)]
    assert answered.line.labelled


RANKS = ("humanEvaluationResult", "humanAnswers", 0, "answerContent", "evaluationResults", "comparisonRank")
METRIC = "$.humanEvaluationResult.humanAnswers[0].answerContent.evaluationResults.comparisonRank[0]"


def damaged(*path: str | int, to: Any) -> Callable[[Any], None]:
    def damage(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return damage


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damaged("modelResponses", to=None), "$.modelResponses: expected a list"),
        (damaged("modelResponses", 1, to={}), "$.modelResponses[1]: expected an object with the text of a response"),
        (damaged("inputRecord", "prompt", to=3), "$.inputRecord.prompt: expected text"),
        (damaged("inputRecord", to=None), "$.inputRecord.prompt: expected text"),
        (
            damaged("humanEvaluationResult", "humanAnswers", to=None),
            "$.humanEvaluationResult.humanAnswers: expected a list",
        ),
        (
            damaged(*RANKS[:-1], to=None),
            "$.humanEvaluationResult.humanAnswers[0].answerContent.evaluationResults: expected an object",
        ),
        (damaged(*RANKS, to={}), f"{METRIC.removesuffix('[0]')}: expected a list"),
        (damaged(*RANKS, 0, to={}), f"{METRIC}: expected an object with 'metricName' and the list 'result'"),
        (
            damaged(*RANKS, 0, "result", 1, "modelResponseId", to="7"),
            f"{METRIC}.result[1].modelResponseId: expected one of 0, 1, found '7'",
        ),
        (
            damaged(*RANKS, 0, "result", 1, "modelResponseId", to="0"),
            f"{METRIC}.result[1].modelResponseId: ranks 0 twice",
        ),
        (damaged(*RANKS, 0, "result", 0, "rank", to=True), f"{METRIC}.result[0].rank: expected a rank, found True"),
        (
            damaged("humanEvaluationResult", "humanAnswers", 0, "workerId", to=None),
            "$.humanEvaluationResult.humanAnswers[0].workerId: expected text",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_line_and_path(damage: Callable[[Any], None], message: str) -> None:
    value = values("clarify")[0]
    damage(value)
    with pytest.raises(InputError) as caught:
        read(values("clarify")[1], value)
    assert str(caught.value) == f"eval.jsonl:2: {message}"


def test_a_line_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"^eval.jsonl:1: \$: has no humanEvaluationResult, so it is no line"):
        read({"source": "Why?"})
