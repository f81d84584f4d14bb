"""Tasks of projects that were made elsewhere: whose answers they have, and what was shown to them."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import answered, one_answer, read, whole
from foreign_configs import PAIR, PROMPT, RANKER, SIDES, TWO
from foreign_values import chosen, number, pairwise, ranked, rating

from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import SENT_BACK
from gtbridge.label_configs.tasks import fingerprint

# The order in which responses were shown


def test_responses_are_shown_in_the_order_of_the_document() -> None:
    reading = read(SIDES, "responses=right,left")
    answer = one_answer(reading, PAIR, pairwise("c", "left"))
    assert answer.order == (1, 0)
    assert [ranking.ranks for ranking in answer.rankings] == [(2, 1)]


def test_where_not_all_are_shown_the_order_is_the_one_that_was_said() -> None:
    reading = read(SIDES, "responses=right,hidden,left")
    assert one_answer(reading, {**PAIR, "hidden": "H"}, pairwise("c", "left")).order == (0, 1, 2)


def test_a_ranker_shows_ids_that_are_whole_numbers_first_by_size() -> None:
    ids = ["b", 10, "a", "2", "01"]
    data = {"prompt": "?", "items": [{"id": each, "body": str(each)} for each in ids]}
    assert one_answer(read(RANKER), data, ranked("r", {"r": ids})).order == (3, 1, 0, 2, 4)


def test_a_ranker_that_nobody_touched_is_counted() -> None:
    data = {"prompt": "?", "items": [{"id": each, "body": each} for each in ("y", "3")]}
    reading = read(RANKER)
    line = answered(reading, data, [ranked("r", {"r": ["3", "y"]})], [ranked("r", {"r": ["y", "3"]})])
    assert reading.untouched(line) == 1


def test_a_default_bucket_that_nobody_touched_is_counted() -> None:
    config = f'{PROMPT}<List name="l" value="$items"/><Ranker name="r" toName="l"><Bucket name="g" default="true"/>'
    data = {"prompt": "?", "items": [{"id": each, "body": each} for each in ("y", "x")]}
    counts = []
    for within in ("order", "tied"):
        reading = read(f"{config}</Ranker>", "bucket:g=1", f"within:r={within}")
        counts.append(reading.untouched(answered(reading, data, [ranked("r", {"g": ["y", "x"]})])))
    assert counts == [1, 1]


def test_items_that_nobody_moved_are_counted_where_that_ranks_them() -> None:
    config = f'{PROMPT}<List name="l" value="$items"/><Ranker name="r" toName="l"><Bucket name="g"/></Ranker>'
    data = {"prompt": "?", "items": [{"id": each, "body": each} for each in ("y", "x")]}
    results = [ranked("r", {"_": ["y", "x"], "g": []})], [ranked("r", {"_": ["y"], "g": ["x"]})]
    counts = []
    for level in ("2", "unranked"):
        reading = read(config, "bucket:g=1", f"bucket:_={level}", "within:r=order")
        counts.append(reading.untouched(answered(reading, data, *results)))
    assert counts == [1, 0]


def test_numbers_at_their_default_are_counted() -> None:
    numbers = "".join(f'<Number name="n{on}" toName="{on}" defaultValue="3"/>' for on in "ab")
    reading = read(TWO + numbers)
    untouched, touched = [number("na", 3), number("nb", 3)], [number("na", 3), number("nb", 4)]
    assert reading.untouched(answered(reading, PAIR, untouched, touched)) == 1
    plain = read(TWO + numbers.replace(' defaultValue="3"', ""))
    assert plain.untouched(answered(plain, PAIR, untouched)) == 0
    stars = read(TWO + numbers.replace("Number", "Rating"))
    assert stars.untouched(answered(stars, PAIR, [rating("na", 3), rating("nb", 3)])) == 0


# Answers


def test_all_annotators_are_kept_in_the_order_of_submission() -> None:
    task = {
        "id": 7,
        "data": PAIR,
        "annotations": [
            {"id": 12, "completed_by": 2, "created_at": "2026-02-02", "result": [pairwise("c", "right")]},
            {
                "id": 9,
                "completed_by": 1,
                "created_at": "2026-02-01",
                "lead_time": 4.5,
                "result": [pairwise("c", "left")],
            },
            {"id": 10, "completed_by": 3, "created_at": "2026-02-02", "result": [pairwise("c", "left")]},
        ],
        "drafts": [{"result": [pairwise("c", "left")]}],
        "predictions": [{"result": [pairwise("c", "left")]}],
    }
    reading = read(SIDES)
    line = whole(reading, task)
    assert [answer.worker.id for answer in line.answers] == ["u1", "u3", "u2"]
    first = line.answers[0]
    assert (first.submitted, first.seconds, first.definition) == ("2026-02-01", 4.5, fingerprint(reading.definition))
    assert line.line.labelled


def test_a_task_without_annotations_has_no_answer() -> None:
    for nobody in ([], None, "x", [None]):
        line = whole(read(SIDES), {"id": 1, "data": PAIR, "annotations": nobody})
        assert line.answers == ()
        assert not line.line.labelled


def test_the_annotation_is_kept_without_what_the_server_derives() -> None:
    annotation = {
        "id": 1,
        "completed_by": {"id": 5, "email": "ann@example.com"},
        "created_username": "ann@example.com",
        "created_ago": "a day",
        "result": [pairwise("c", "left")],
        "ground_truth": False,
    }
    (answer,) = whole(read(SIDES), {"id": 1, "data": PAIR, "annotations": [annotation]}).answers
    assert answer.raw == {"id": 1, "completed_by": 5, "result": [pairwise("c", "left")], "ground_truth": False}


def test_a_cancelled_annotation_is_declined_and_one_that_was_sent_back_says_so() -> None:
    cancelled = {"id": 1, "was_cancelled": True, "result": [pairwise("c", "left")]}
    task = {"id": 1, "data": PAIR, "annotations": [cancelled, {**cancelled, "id": 2, "last_action": "rejected"}]}
    found = [(answer.status, answer.reason, answer.rankings) for answer in whole(read(SIDES), task).answers]
    assert found == [("declined", None, ()), ("declined", SENT_BACK, ())]


def test_an_annotation_without_a_result_is_no_answer_by_name() -> None:
    reading = read(SIDES)
    line = answered(reading, PAIR, [])
    sentences = [problem.message for problem in problems(reading.definition, line.line.item, line.answers[0])]
    assert sentences[0] == "nothing was answered"


@pytest.mark.parametrize("result", [None, "x", [None], [{"from_name": "c"}], [{"value": {}}], [3]])
def test_a_result_of_another_shape_is_unread_and_never_raises(result: Any) -> None:
    task = {"id": 1, "data": PAIR, "annotations": [{"id": 1, "result": result}]}
    (answer,) = whole(read(SIDES), task).answers
    assert len(answer.unread) == 1


def test_relations_between_regions_are_no_answers() -> None:
    answer = one_answer(read(SIDES), PAIR, {"type": "relation", "from_id": "a", "to_id": "b"}, pairwise("c", "left"))
    assert answer.unread == ()


def test_what_the_config_does_not_have_any_more_is_remarked_and_harms_nothing() -> None:
    line = answered(read(SIDES), PAIR, [pairwise("c", "left"), chosen("old", "x")])
    assert line.remarks == ("'old' was answered, which the labeling config does not have (any more)",)
    assert line.answers[0].unread == ()
    assert line.answers[0].rankings[0].ranks == (1, 2)
