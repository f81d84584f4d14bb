"""Judged items -> rows of ``unpaired``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from job_items import HELP, TWO, build_in_memory, job_item, options, ranked
from strategies import make_item

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer
from gtbridge.label_configs.tasks import TextRanking

NAMES = ["Help", "Safe"]
LAST = "unpaired", "train"


def labels(
    responses: Any, *answers: Answer, task: TextRanking = HELP, models: Any = None, **chosen: Any
) -> tuple[dict[str, bool], dict[str, int]]:
    """The label of each response that has a row, and why the others have none."""
    item = replace(make_item(0, "p", list(responses)), models=models)
    entry = JobItem("job", item, task, judge(task, item, answers, partial=True))
    names = [dimension.name for dimension in task.dimensions]
    rows, _, ledger, _ = build_in_memory([entry], names, options(configs=("unpaired",), **chosen))
    found = {row["completion"][0]["content"]: row["label"] for row in rows.get(LAST, [])}
    assert len(found) == len(rows.get(LAST, []))
    return found, {reason: count for (kind, reason), count in ledger.drops.items() if kind.startswith("responses (")}


def test_the_best_and_the_worst_by_mean_are_labelled_and_the_middle_is_left_out() -> None:
    found, dropped = labels(
        "abcd", ranked("ann", (1, 2, 3, 4)), ranked("bob", (2, 1, 3, 4)), ranked("cy", (1, 2, 4, 3))
    )
    assert found == {"a": True, "d": False}
    assert dropped == {"in the middle": 2}


def test_all_that_share_an_end_are_at_it() -> None:
    assert labels("abc", ranked("ann", (1, 1, 3)))[0] == {"a": True, "b": True, "c": False}
    assert labels("abc", ranked("ann", (1, 2, 2)))[0] == {"a": True, "b": False, "c": False}
    assert labels("ab", ranked("ann", (1, 2)), ranked("bob", (2, 1))) == ({}, {"ranked like all others": 2})


def test_means_are_of_scaled_mid_ranks_and_not_of_ranks() -> None:
    # a and b: ranks 1 and 2, 2 and 1; but b shared its rank 2, so mid-ranks 0 and 3/4, 1/2 and 0.
    found, _ = labels("abc", ranked("ann", (1, 2, 2)), ranked("bob", (2, 1, 3)))
    assert found == {"a": True, "c": False}


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (Fraction(0), {"a": True, "e": False}),
        (Fraction(1, 4), {"a": True, "b": True, "d": False, "e": False}),
        (Fraction(24, 100), {"a": True, "e": False}),
        (Fraction(1, 2), {"a": True, "b": True, "d": False, "e": False}),
    ],
)
def test_a_threshold_takes_all_that_are_as_near_to_an_end(threshold: Fraction, expected: dict[str, bool]) -> None:
    found, dropped = labels("abcde", ranked("ann", (1, 2, 3, 4, 5)), threshold=threshold)
    assert found == expected
    assert dropped == {"in the middle": 5 - len(expected)}


def test_without_agreement_nothing_is_near_an_end() -> None:
    answers = ranked("ann", (1, 2)), ranked("bob", (2, 1))
    assert labels("ab", *answers, threshold=Fraction(1, 4)) == ({}, {"in the middle": 2})


def test_a_row_says_how_the_response_stands_and_among_how_many() -> None:
    item = replace(make_item(0, "p", ["a", "b", "c"]), models=("m", "n", "o"))
    entry = job_item(item, ranked("ann", (1, 2, 3)), ranked("bob", (1, 3, 3)))
    rows, built, _, _ = build_in_memory([entry], ["Help"], options(configs=("unpaired",)))
    first, last = rows[LAST]
    assert first["prompt"] == [{"role": "user", "content": "p"}]
    assert last["completion"] == [{"role": "assistant", "content": "c"}]
    told = {key: value for key, value in last["metadata"].items() if key != "id"}
    assert told == {
        "item": "job/0",
        "dimension": "Help",
        "index": 2,
        "model": "o",
        "score": pytest.approx((1 + 0.75) / 2),
        "n_annotators": 2,
        "simulated": False,
    }
    assert built.configs[0].labels == {"train": (1, 1)}


def test_a_response_stands_by_those_who_ranked_it() -> None:
    found, dropped = labels("abcd", ranked("ann", (1, 2, None, None)), ranked("bob", (None, 1, 2, None)))
    assert found == {"a": True, "c": False}
    assert dropped == {"in the middle": 1, "that nobody ranked": 1}


def test_empty_responses_have_no_row_but_keep_their_end() -> None:
    assert labels(["a", "b", " "], ranked("ann", (1, 2, 3))) == ({"a": True}, {"in the middle": 1, "that are empty": 1})


def test_a_text_has_one_row_at_most_and_none_if_it_is_at_both_ends() -> None:
    assert labels(["a", " a", "b"], ranked("ann", (1, 1, 2))) == (
        {" a": True, "b": False},
        {"said by another response as well": 1},
    )
    assert labels(["a", "b", "a\n"], ranked("ann", (1, 2, 3))) == (
        {},
        {"whose text is desirable and undesirable": 2, "in the middle": 1},
    )


def test_which_of_equal_texts_stays_does_not_depend_on_their_order() -> None:
    for models in (("m", "n", "o"), ("n", "m", "o")):
        item = replace(make_item(0, "p", ["a", "a", "b"]), models=models)
        rows, *_ = build_in_memory([job_item(item, ranked("ann", (1, 1, 3)))], ["Help"], options(configs=("unpaired",)))
        assert [row["metadata"]["model"] for row in rows[LAST]] == ["m", "o"]


def test_of_equal_texts_the_one_that_stands_best_stays_whatever_their_order() -> None:
    for order in ((0, 1, 2, 3, 4), (1, 0, 2, 3, 4)):
        item = make_item(0, "p", ["aabcd"[i] for i in order])
        entry = job_item(item, ranked("ann", [(1, 2, 3, 4, 5)[i] for i in order]))
        rows, *_ = build_in_memory([entry], ["Help"], options(configs=("unpaired",), threshold=Fraction(1, 4)))
        assert [row["metadata"]["score"] for row in rows[LAST] if row["label"]] == [0]


def test_only_those_who_ranked_a_response_are_counted_for_it() -> None:
    item = make_item(0, "p", ["a", "b", "c"])
    given = [ranked("ann", (1, 2, None)), ranked("bob", (1, 2, 3))]
    entry = JobItem("job", item, HELP, judge(HELP, item, given, partial=True))
    rows, *_ = build_in_memory([entry], ["Help"], options(configs=("unpaired",)))
    assert [(r["metadata"]["index"], r["metadata"]["n_annotators"]) for r in rows[LAST]] == [(0, 2), (2, 1)]


def test_for_pareto_a_response_is_at_the_same_end_of_every_dimension() -> None:
    answer = ranked("ann", (1, 2, 3, 4), (2, 1, 3, 4), task=TWO)
    assert labels("abcd", answer, task=TWO, aggregate="pareto") == ({"d": False}, {"in the middle": 3})
    level = ranked("ann", (1, 2), (1, 1), task=TWO)
    assert labels("ab", level, task=TWO, aggregate="pareto")[0] == {"a": True, "b": False}


def test_for_weighted_dimensions_the_weights_decide() -> None:
    answer = ranked("ann", (1, 2, 3), (3, 2, 1), task=TWO)
    for weights, expected in (((2, 1), {"a": True, "c": False}), ((1, 2), {"a": False, "c": True}), ((1, 1), {})):
        given = tuple(zip(NAMES, map(Fraction, weights), strict=True))
        assert labels("abc", answer, task=TWO, aggregate="weighted", weights=given)[0] == expected


def test_what_the_manifest_no_longer_holds_is_counted() -> None:
    entry = job_item(make_item(0, "p"), ranked("ann", (1, 2, 3)))
    rows, _, ledger, _ = build_in_memory([entry], ["Help"], options(configs=("unpaired",)))
    assert rows == {}
    assert ledger.drops["responses (Help)", "that the manifest no longer holds"] == 2
    assert ledger.drops["responses (Help)", "in the middle"] == 1
