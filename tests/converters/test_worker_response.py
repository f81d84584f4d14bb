"""Worker-response documents <-> answers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import make_item, pair_answers, question_tasks, ranking_answers, ranking_items, rankings_tasks, text

from gtbridge.converters.formats.json_text import document_to_text, read_json
from gtbridge.converters.formats.worker_response import answer_to_response, document_to_answers, response_to_answer
from gtbridge.converters.records import Answer, Pair, Ranking, Section, Worker

DATA = Path(__file__).parents[1] / "data" / "worker_response"
IDENTITY = {"identityProviderType": "Cognito", "issuer": "https://idp.example/pool", "sub": "aaaa-bbbb"}
OBSERVED: dict[str, Any] = {
    "accepted": "2025-06-20T18:59:15.191Z",
    "submitted": "2025-06-20T18:59:58.321Z",
    "seconds": 40.543,
}
RANKED = Answer(
    Worker("a12b3cdefg4h5i67", IDENTITY),
    rankings=(Ranking("Clarity", (1, 1, 2), True), Ranking("Inclusivity", (2, 1, 3), False)),
    **OBSERVED,
)
ASKED = Answer(
    Worker("a12b3cdefg4h5i67", IDENTITY),
    pairs=(
        Pair("Who opened?", "The manager", ("Who",), (Section(0, 7, "Manager"), Section(9, 11, "👩‍")), "sections"),
        Pair("何？", "全部", (), (), "passage"),
    ),
    **OBSERVED,
)
GOLDEN = pytest.mark.parametrize(("name", "answer"), [("ranking", RANKED), ("question_answer", ASKED)])


@GOLDEN
def test_answers_are_written_as_the_golden_files_have_them(name: str, answer: Answer) -> None:
    written = document_to_text({"answers": [answer_to_response(answer)]})
    assert written.encode() == (DATA / f"{name}.json").read_bytes()


@GOLDEN
def test_the_golden_files_read_as_the_answers(name: str, answer: Answer) -> None:
    document = read_json((DATA / f"{name}.json").read_bytes(), name)
    assert document_to_answers(document, name) == [replace(answer, raw=document["answers"][0])]


known = {
    "accepted": st.none() | text,
    "submitted": st.none() | text,
    "definition": st.none() | text,
    "order": st.none() | st.integers(0, 5).flatmap(lambda n: st.permutations(range(n))).map(tuple),
}


def written_and_read(answer: Answer) -> Answer:
    document = json.loads(document_to_text({"answers": [answer_to_response(answer)]}))
    back = document_to_answers(document, "w.json")[0]
    assert answer_to_response(back) == document["answers"][0]
    assert back.raw == document["answers"][0]
    return replace(back, raw=None)


@given(st.data())
def test_rankings_come_back_as_they_were(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    answer = replace(data.draw(ranking_answers(task, item)), **data.draw(st.fixed_dictionaries(known)))
    assert written_and_read(answer) == answer


@given(st.data())
def test_pairs_come_back_as_they_were(data: Any) -> None:
    answer = data.draw(pair_answers(data.draw(question_tasks()), make_item(0, data.draw(text))))
    answer = replace(answer, **data.draw(st.fixed_dictionaries(known)))
    assert written_and_read(answer) == answer


@given(st.dictionaries(text, text, max_size=3), st.lists(st.none() | st.integers(1, 9), max_size=5), text)
def test_a_document_is_written_back_with_keys_that_nobody_knows(more: Any, ranks: Any, name: str) -> None:
    dimension = {**more, "name": name, "responseRankings": ranks}
    response = {**more, "workerId": "w", "answerContent": {"any": {**more, "ordinalRankingDimensions": [dimension]}}}
    answer = response_to_answer(response, "w.json")
    assert answer.rankings == (Ranking(name, tuple(ranks)),)
    assert answer_to_response(answer) == response


def test_an_annotation_that_was_read_from_label_studio_travels_along() -> None:
    response = answer_to_response(replace(RANKED, raw={"id": 7, "extra": [1]}, definition="f", order=(2, 0, 1)))
    expected = {"definition": "f", "responseOrder": [2, 0, 1], "labelStudio": {"id": 7, "extra": [1]}}
    assert response["gtbridge"] == expected


def test_what_was_not_observed_is_not_written() -> None:
    assert answer_to_response(Answer(Worker("w"))) == {"workerId": "w", "answerContent": {}}


def test_files_of_the_old_public_workforce_are_read() -> None:
    content = {"ordinalRankingDimensions": [{"responseRankings": [1, 3]}, {"responseRankings": [2, 1]}]}
    old = {"answerContent": content, "submissionTime": "2019-06-20T18:59:58Z", "workerId": "public.us-east-1.A1"}
    assert document_to_answers({"answers": [old]}, "w.json") == [
        Answer(
            Worker("public.us-east-1.A1"),
            rankings=(Ranking("dimension 1", (1, 3)), Ranking("dimension 2", (2, 1))),
            submitted="2019-06-20T18:59:58Z",
            raw=old,
        )
    ]
