"""Consolidation requests as a second source of answers: which object an entry is, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from strategies import make_item

from gtbridge.converters.formats.consolidation import consolidation_request_to_answers
from gtbridge.converters.formats.json_text import read_json
from gtbridge.converters.formats.reading import Reading
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.records import Item, Ranking
from gtbridge.label_configs.errors import InputError

DATA = Path(__file__).parents[1] / "data" / "consolidation"
ITEMS = {index: make_item(index, f"Why {index}?", ["a", "b"]) for index in range(3)}
Found = dict[int, list[tuple[str, tuple[int | None, ...]]]]


def request(case: str) -> Any:
    return read_json((DATA / case / "request.json").read_bytes(), case)


def answers(document: Any, items: dict[int, Item] = ITEMS, **how: Any) -> Found:
    read = consolidation_request_to_answers(document, "request.json", items, Reading(**how))
    return {i: [(answer.worker.id, answer.rankings[0].ranks) for answer in found] for i, found in read.items()}


def refused(document: Any, items: dict[int, Item] = ITEMS) -> str:
    with pytest.raises(InputError) as caught:
        answers(document, items)
    return str(caught.value)


def test_objects_are_numbered_by_manifest_line() -> None:
    assert answers(request("by-number")) == {1: [("w1", (1, 2)), ("w2", (2, 1))], 0: [("w1", (2, 1))]}


def test_equal_texts_are_told_apart_by_their_numbers() -> None:
    document = request("by-number")
    for entry in document:
        entry["dataObject"]["content"] = "Same"
    same = {index: make_item(index, "Same", ["a", "b"]) for index in range(3)}
    assert answers(document, same) == {1: [("w1", (1, 2)), ("w2", (2, 1))], 0: [("w1", (2, 1))]}


def test_numbers_that_mean_something_else_are_given_up_for_what_the_objects_say() -> None:
    assert answers(request("other-numbers")) == {0: [("w1", (1, 2))], 1: [("w1", (2, 1))]}


def test_objects_that_could_be_several_or_none_are_refused() -> None:
    twins = {**ITEMS, 3: make_item(3, "Why 0?", ["a", "b"])}
    place = "request.json: $[0]: cannot tell which object of the manifest this is"
    assert refused(request("other-numbers"), twins) == f"{place}: 2 of its objects say the same"
    assert refused(request("other-numbers"), {1: ITEMS[1]}) == f"{place}: none of its objects says the same"


def test_a_number_alone_is_not_believed() -> None:
    document = request("by-number")
    del document[0]["dataObject"]["content"]
    assert "$[0]: cannot tell which object" in refused(document)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 5000])
def test_what_is_no_number_leaves_what_the_object_says(number: str) -> None:
    document = request("other-numbers")[:1]
    document[0]["datasetObjectId"] = number
    assert answers(document) == {0: [("w1", (1, 2))]}


def test_one_object_twice_is_refused() -> None:
    document = request("by-number")
    document[1] = document[0]
    assert refused(document) == "request.json: $[1]: object 1 of the manifest is here twice"


def test_objects_are_known_by_the_address_of_their_text() -> None:
    item = Item(0, "", "fetched", ("a", "b"), text_ref="s3://bucket/texts/0.txt")
    assert answers(request("addresses"), {0: item}) == {0: [("w1", (1, 2))]}
    assert "cannot tell" in refused(request("addresses"))


def test_the_answers_are_those_of_a_worker_response_file() -> None:
    document = request("by-number")
    document[0]["annotations"][0] |= {"more": 1}
    document[0]["annotations"][0]["annotationData"] |= {"s3Uri": "s3://b/k"}
    answer = consolidation_request_to_answers(document, "request.json", ITEMS)[1][0]
    content = document[0]["annotations"][0]["annotationData"]["content"]
    response = {"workerId": "w1", "more": 1, "answerContent": content, "annotationData": {"s3Uri": "s3://b/k"}}
    assert answer_to_response(answer) == response
    assert response_to_answer(response, "w.json") == answer
    assert (answer.submitted, answer.worker.identity) == (None, None)


def test_ranks_are_read_in_the_jobs_encoding_and_against_the_item() -> None:
    document = request("by-number")
    content = {"textRanking": {"ordinalRankingDimensions": [{"name": "Clarity", "responseRankings": [1, 0]}]}}
    for entry in document:
        for annotation in entry["annotations"]:
            annotation["annotationData"]["content"] = json.dumps(content)
    read = consolidation_request_to_answers(document, "r", ITEMS, Reading(rank_encoding="zero-based"))
    assert read[0][0].rankings == (Ranking("Clarity", (2, 1)),)
    three = {index: make_item(index, f"Why {index}?", ["a", "b", "c"]) for index in range(3)}
    assert refused(document, three).endswith("responseRankings: 2 entries for 3 responses")


def entry(**more: Any) -> list[Any]:
    return [{"datasetObjectId": "0", "dataObject": {"content": "Why 0?"}, "annotations": [], **more}]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "$: expected a list"),
        ([3], "$[0]: expected an object"),
        (entry(datasetObjectId=True), "$[0].datasetObjectId: expected text"),
        (entry(annotations={}), "$[0].annotations: expected a list"),
        (entry(annotations=[3]), "$[0].annotations[0].annotationData: expected an object"),
        (
            entry(annotations=[{"workerId": "w", "annotationData": {"s3Uri": "s3://b/k"}}]),
            "$[0].annotations[0].annotationData: has no content; answers that lie elsewhere are not followed from here",
        ),
        (
            entry(annotations=[{"annotationData": {"content": "{}"}}]),
            "$[0].annotations[0].workerId: expected text",
        ),
    ],
)
def test_a_request_that_cannot_be_used_is_refused_where_it_is_wrong(document: Any, message: str) -> None:
    assert refused(document) == f"request.json: {message}"
