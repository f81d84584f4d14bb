"""Answers that rank only some responses or dimensions: when they count, and that what they leave out is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_items import HELP, TWO, build_in_memory, options
from strategies import make_item, ranking_answers, ranking_items, rankings_tasks

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.judgement.ranks import verdicts
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import Answer, Item, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

ITEM = make_item(0, "Why?", ["a", "b", "c"])
STRICT = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False), Dimension(name="Safe", allow_tie=True)))


def ranked(worker: str, *ranks: int | None, dimension: str = "Help", **more: Any) -> Answer:
    return Answer(Worker(worker), rankings=(Ranking(dimension, ranks),), **more)


@pytest.mark.parametrize(
    "answer",
    [
        ranked("ann", 2, None, 1),
        ranked("ann", None, 3, 1),
        ranked("ann", 1, 2, 3),
        ranked("ann", None, 2, 2, dimension="Safe"),
        replace(ranked("ann"), rankings=(Ranking("Help", (None, None, None)), Ranking("Safe", (1, None, 1)))),
    ],
)
def test_an_answer_that_compares_two_responses_counts_if_it_was_delivered_so(answer: Answer) -> None:
    assert judge(STRICT, ITEM, [answer], partial=True).valid == (answer,)
    assert judge(STRICT, ITEM, [answer]).valid == ()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (ranked("ann", None, 1, None), "Help: Response A has no rank"),
        (ranked("ann", None, None, None), "Help: put the responses in order, then confirm"),
        (Answer(Worker("ann")), "Help: put the responses in order, then confirm"),
        (ranked("ann", 1, 1, None), "Help: Response A and Response B share rank 1; ties are not allowed"),
        (ranked("ann", 1, 4, None), "Help: Response B has rank 4, which is not in 1 to 3"),
        (ranked("ann", 1, 2), "Help: 2 ranks for 3 responses"),
        (ranked("ann", 1, 2, None, unread=("x: not read",)), "x: not read"),
        (
            replace(ranked("ann", 1, 2, None), rankings=(Ranking("Help", (1, 2, None)), Ranking("Odd", (1, 2, 3)))),
            "Odd: is not a dimension of this task",
        ),
        (ranked("ann", 1, 2, 3, dimension="Odd"), "Help: put the responses in order, then confirm"),
    ],
)
def test_an_answer_that_breaks_another_rule_or_compares_nothing_is_invalid(answer: Answer, sentence: str) -> None:
    ((_, broken),) = judge(STRICT, ITEM, [answer], partial=True).invalid
    assert broken[0] == sentence


def test_a_whole_answer_is_judged_the_same_either_way() -> None:
    passage = make_item(0, "text")
    empty = Answer(Worker("ann"))
    assert problems(QuestionAnswer(), passage, empty, True) == problems(QuestionAnswer(), passage, empty) != []


@given(st.data())
def test_an_answer_stays_valid_whatever_of_it_is_left_out_while_two_responses_are_compared(data: Any) -> None:
    task, item = data.draw(rankings_tasks()), data.draw(ranking_items())
    whole: Answer = data.draw(ranking_answers(task, item))
    some = [
        replace(r, ranks=tuple(rank if data.draw(st.booleans()) else None for rank in r.ranks))
        for r in whole.rankings
        if data.draw(st.booleans())
    ]
    found = problems(task, item, replace(whole, rankings=tuple(some)), partial=True)
    compares = any(verdicts(ranking.ranks) for ranking in some)
    assert (found == []) == compares


def built(*answers: Answer, item: Item = ITEM, task: TextRanking = HELP, **how: Any) -> Any:
    job_item = JobItem("job", item, task, judge(task, item, answers, partial=True))
    names = [dimension.name for dimension in task.dimensions]
    rows, _, ledger, _ = build_in_memory([job_item], names, options(**how))
    return {config: found for (config, _), found in rows.items()}, ledger


def pairs(rows: Any, config: str = "preference") -> list[tuple[str, str, int, int, int]]:
    return [
        (
            row["chosen"][0]["content"], row["rejected"][0]["content"],
            row["metadata"]["votes_chosen"], row["metadata"]["votes_rejected"], row["metadata"]["n_annotators"],
        )
        for row in rows.get(config, [])
    ]  # fmt: skip


def test_pairs_count_only_those_who_ranked_both() -> None:
    rows, _ = built(ranked("ann", 1, 2, None), ranked("bob", 2, None, 1), ranked("cy", 1, 2, 3))
    assert pairs(rows) == [("a", "b", 2, 0, 2), ("b", "c", 1, 0, 1)]


@pytest.mark.parametrize("consensus", ["majority", "none"])
def test_a_response_that_was_left_out_is_never_rejected_nor_chosen(consensus: str) -> None:
    rows, _ = built(ranked("ann", 1, 2, None), ranked("bob", 1, 2, None), consensus=consensus)
    assert {pair[:2] for pair in pairs(rows)} == {("a", "b")}


def test_one_left_out_by_somebody_is_judged_by_the_others() -> None:
    rows, _ = built(ranked("ann", None, 1, 2), ranked("bob", 1, 2, 3), ranked("cy", 1, 2, 3))
    assert pairs(rows) == [("a", "b", 2, 0, 2), ("a", "c", 2, 0, 2), ("b", "c", 3, 0, 3)]


def test_the_best_response_beats_every_other_and_an_unknown_one_is_not_beaten() -> None:
    rows, ledger = built(ranked("ann", 1, 2, None), ranked("bob", 1, 2, None))
    assert "sft" not in rows
    assert ledger.drops["best responses (Help)", "no response beats all others by majority"] == 1
    rows, _ = built(ranked("ann", 1, 2, None), ranked("bob", 1, None, 2))
    assert [row["completion"][0]["content"] for row in rows["sft"]] == ["a"]


def test_a_listwise_row_keeps_what_is_unknown_and_has_no_consensus_that_would_need_it() -> None:
    rows, _ = built(ranked("ann", 3, None, 1), ranked("bob", 1, 2, None))
    (row,) = rows["ranking"]
    assert [ranking["ranks"] for ranking in row["rankings"]] == [[2, None, 1], [1, 2, None]]
    assert row["consensus"] == []
    rows, _ = built(ranked("ann", 3, None, 1), ranked("bob", 3, 2, 1))
    assert [entry["ranks"] for entry in rows["ranking"][0]["consensus"]] == [[3, 2, 1]]


def test_an_annotation_row_has_the_ranks_as_they_were_given() -> None:
    rows, _ = built(ranked("ann", 3, None, 1))
    (row,) = rows["annotations"]
    assert (row["status"], row["rankings"][0]["ranks"]) == ("valid", [3, None, 1])


def test_a_dimension_that_somebody_left_out_rests_on_the_others() -> None:
    both = tuple(Ranking(name, (1, 2, 3)) for name in ("Help", "Safe"))
    rows, ledger = built(ranked("ann", 3, 2, 1), replace(ranked("bob"), rankings=both), task=TWO)
    assert [pair[2:] for pair in pairs(rows, "preference-Safe")] == [(1, 0, 1)] * 3
    assert pairs(rows, "preference-Help") == []
    assert ledger.drops["pairs (Help)", "with equal votes"] == 3
    assert [row["completion"][0]["content"] for row in rows["sft-Safe"]] == ["a"]
    rankings = [(entry["dimension"], entry["ranks"]) for entry in rows["ranking"][0]["rankings"]]
    assert rankings == [("Help", [3, 2, 1]), ("Help", [1, 2, 3]), ("Safe", [1, 2, 3])]


def test_a_dimension_that_nobody_ranked_gives_no_rows() -> None:
    rows, _ = built(ranked("ann", 1, 2, 3), task=TWO)
    assert "preference-Safe" not in rows
    assert "sft-Safe" not in rows
    assert [entry["dimension"] for entry in rows["ranking"][0]["consensus"]] == ["Help"]


vectors: Any = st.lists(
    st.lists(st.none() | st.integers(1, 3), min_size=3, max_size=3).filter(lambda r: len([x for x in r if x]) > 1),
    min_size=1,
    max_size=4,
)


@given(vectors, st.permutations(range(3)))
def test_the_order_of_the_responses_breaks_no_tie_and_fills_no_gap(ranks: list[list[int | None]], order: Any) -> None:
    def preferred(responses: Sequence[str], given: list[list[int | None]]) -> set[tuple[str, str, int, int, int]]:
        answers = [ranked(f"w{number}", *vector) for number, vector in enumerate(given)]
        return set(pairs(built(*answers, item=make_item(0, "p", list(responses)), configs=("preference",))[0]))

    moved = [[vector[i] for i in order] for vector in ranks]
    assert preferred("abc", ranks) == preferred(["abc"[i] for i in order], moved)


def test_an_object_that_the_job_failed_to_label_is_told_from_one_that_it_left() -> None:
    for failure, reason in (("tasks expired", "that the labeling job failed to label"), (None, "not labelled")):
        job_item = JobItem("job", ITEM, HELP, judge(HELP, ITEM, []), failure)
        _, _, ledger, _ = build_in_memory([job_item], ["Help"], options())
        assert ledger.drops["items", reason] == 1
