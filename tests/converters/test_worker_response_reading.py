"""What worker-response documents are read, and what is refused, with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gtbridge.converters.formats.worker_response import document_to_answers, response_to_answer
from gtbridge.converters.records import Answer, Ranking
from gtbridge.label_configs.errors import InputError


def read(content: Any, **more: Any) -> Answer:
    return response_to_answer({"workerId": "w", "answerContent": content, **more}, "w.json", "$.answers[3]")


CONTENT = {"ordinalRankingDimensions": [{"name": "Help", "responseRankings": [2, 1]}]}


@pytest.mark.parametrize(
    "content",
    [CONTENT, {"textRanking": CONTENT}, {"anything": CONTENT, "other": 3}, json.dumps({"textRanking": CONTENT})],
)
def test_content_is_found_nested_or_not_and_as_text(content: Any) -> None:
    assert read(content).rankings == (Ranking("Help", (2, 1)),)


def ranked(*ranks: Any) -> dict[str, Any]:
    return {"textRanking": {"ordinalRankingDimensions": [{"name": "Help", "responseRankings": list(ranks)}]}}


@pytest.mark.parametrize(
    ("found", "rank"), [(1, 1), (2.0, 2), ("3", 3), (" 4 ", 4), ("5.0", 5), (None, None), (2**31 - 1, 2**31 - 1)]
)
def test_ranks_come_as_integers_floats_digits_or_null(found: Any, rank: int | None) -> None:
    ranks = read(ranked(found)).rankings[0].ranks
    assert ranks == (rank,)
    assert type(ranks[0]) is type(rank)


PLACE = "$.answers[3].answerContent"
RANK = f"{PLACE}.textRanking.ordinalRankingDimensions[0]"


@pytest.mark.parametrize(
    ("rank", "message"),
    [
        (0, "0 is no rank where 1 is best; say with --rank-encoding how these are written"),
        ("0", "0 is no rank where 1 is best; say with --rank-encoding how these are written"),
        (-2, "-2 is no rank: 1 is best"),
        (True, "expected a rank, found True"),
        (1.5, "expected a rank, found 1.5"),
        ("", "expected a rank, found ''"),
        ("first", "expected a rank, found 'first'"),
        ("２", "expected a rank, found '２'"),
        ([1], "expected a rank, found [1]"),
        (2**31, "expected a rank, found 2147483648"),
        (float("inf"), "expected a rank, found inf"),
        ("9" * 12, "expected a rank, found '999999999999'"),
    ],
)
def test_what_is_no_rank_is_refused_where_it_stands(rank: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(ranked(1, rank))
    assert str(caught.value) == f"w.json: {RANK}.responseRankings[1]: {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, f"{PLACE}: expected an object"),
        ("[]", f"{PLACE}: expected an object"),
        ("{bad", f"{PLACE}: not JSON: Expecting property name enclosed in double quotes at column 2"),
        ({"x": {"ordinalRankingDimensions": {}}}, f"{PLACE}.x.ordinalRankingDimensions: expected a list"),
        (
            {"ordinalRankingDimensions": [3]},
            f"{PLACE}.ordinalRankingDimensions[0]: expected an object with the list 'responseRankings'",
        ),
        (
            {"ordinalRankingDimensions": [{"name": "Help", "responseRankings": {"0": 1}}]},
            f"{PLACE}.ordinalRankingDimensions[0].responseRankings: expected a list",
        ),
        (
            {"ordinalRankingDimensions": [{"name": 5, "responseRankings": [1]}]},
            f"{PLACE}.ordinalRankingDimensions[0].name: expected text",
        ),
        (
            {"ordinalRankingDimensions": [{"allowTie": "no", "responseRankings": [1]}]},
            f"{PLACE}.ordinalRankingDimensions[0].allowTie: expected true or false",
        ),
    ],
)
def test_content_that_cannot_be_used_is_refused_where_it_stands(content: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert str(caught.value) == f"w.json: {message}"


@pytest.mark.parametrize("status", ["declined", "failed"])
def test_what_was_declined_leaves_nothing_unread(status: str) -> None:
    assert read({"some": "thing"}, gtbridge={"status": status}).unread == ()
    assert read({"some": "thing"}, gtbridge={}).unread != ()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "$: expected an object with the list 'answers'"),
        ({"answers": {}}, "$: expected an object with the list 'answers'"),
        ({"answers": [{"workerId": "w", "answerContent": {}}, 3]}, "$.answers[1]: expected an object"),
        ({"answers": [{"workerId": 3, "answerContent": {}}]}, "$.answers[0].workerId: expected text"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_where_it_is_wrong(document: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        document_to_answers(document, "w.json")
    assert str(caught.value) == f"w.json: {message}"


@pytest.mark.parametrize("order", [[1, 1], [1, 2], ["0"], [True, False], {"0": 1}, [0, None]])
def test_an_order_that_is_none_is_not_taken_for_one(order: Any) -> None:
    assert read(CONTENT, gtbridge={"responseOrder": order}).order is None


def test_facts_of_another_kind_are_unknown_and_stay_in_the_raw_document() -> None:
    answer = read(CONTENT, timeSpentInSeconds=True, acceptanceTime=3, workerMetadata=[], gtbridge="x")
    assert (answer.seconds, answer.accepted, answer.worker.identity, answer.definition) == (None, None, None, None)
    assert answer.raw is not None and answer.raw["timeSpentInSeconds"] is True
