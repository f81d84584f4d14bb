"""Responses that annotators gave numbers to, or flagged -> rows of ``sft`` and ``annotations``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cards import card_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from job_items import HELP, SCORED, build_in_memory, graded, job_item, options, ranked
from judged_rows import build_rows, rejudged, rows_of
from strategies import make_item

from gtbridge.converters.comparison.answers import answer_findings
from gtbridge.converters.formats.annotations import annotation_to_answer
from gtbridge.converters.formats.migrated import item_to_migrated_task
from gtbridge.converters.formats.worker_response import answer_to_response, response_to_answer
from gtbridge.converters.judged_datasets.reader import judged_lines
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Ranking, Worker
from gtbridge.label_configs.describe import definition_to_sentences
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, TextRanking

BOTH = TextRanking(
    dimensions=(
        Dimension(name="Help", allow_tie=True, good_score=4.0),
        Dimension(name="Safe", allow_tie=True, good_score=2.0),
    )
)
KIND = "best responses (Help)"


def of(responses: str, *answers: Answer, task: TextRanking = SCORED) -> JobItem:
    return job_item(make_item(0, "p", list(responses)), *answers, task=task)


def made(item: JobItem, *dimensions: str, **chosen: Any) -> tuple[dict[str, list[dict[str, Any]]], Ledger]:
    rows, _, ledger, _ = build_in_memory([item], dimensions or ["Help"], options(**chosen))
    return {config: part for (config, _), part in rows.items()}, ledger


def learnt(item: JobItem, *dimensions: str, **chosen: Any) -> list[str]:
    """The completions of ``sft``, else why there is none."""
    rows, ledger = made(item, *dimensions, configs=("sft",), **chosen)
    said = [row["completion"][0]["content"] for row in rows.get("sft", [])]
    return said or [reason for kind, reason in ledger.drops if kind.startswith("best responses")]


NOT_GOOD = "the only response is not scored good by a majority"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([3.5], "a"),
        ([3.0], NOT_GOOD),
        ([4.0, 3.0], NOT_GOOD),
        ([4.0, 3.5, 1.0], "a"),
        ([4.0, 1.0, 1.0], NOT_GOOD),
    ],
)
def test_an_only_response_is_learnt_where_a_majority_of_scores_is_good(scores: list[float], expected: str) -> None:
    assert learnt(of("a", *(graded(f"w{n}", [score]) for n, score in enumerate(scores)))) == [expected]


def test_an_only_response_of_a_task_without_a_good_score_is_counted() -> None:
    item = of("a", graded("ann", [5.0]), task=HELP)
    assert learnt(item) == ["nothing says whether the only response is good"]
    rows, _ = made(item)
    assert set(rows) == {"prompts", "ranking", "annotations"}


def test_whoever_gave_no_score_has_no_say() -> None:
    silent = Answer(Worker("cy"), rankings=(Ranking("Help", (None,), True, (None,)),))
    task = TextRanking(dimensions=(*SCORED.dimensions, Dimension(name="Safe", allow_tie=True)))
    item = make_item(0, "p", ["a"])
    silent = replace(silent, rankings=(*silent.rankings, Ranking("Safe", (1,), True, (2.0,))))
    answers = [graded("ann", [4.0]), graded("bob", [3.5]), silent, replace(silent, worker=Worker("dan"))]
    judged = judge(task, item, answers, partial=True)
    assert len(judged.valid) == 4
    assert learnt(JobItem("job", item, task, judged), dimensions=("Help",)) == ["a"]


def test_the_best_of_several_must_be_good_as_well() -> None:
    assert learnt(of("ab", graded("ann", [3.5, 1.0]), graded("bob", [4.0, 3.5]))) == ["a"]
    assert learnt(of("ab", graded("ann", [3.0, 1.0]))) == ["the best response is not scored good by a majority"]
    assert learnt(of("ab", graded("ann", [4.0, 4.0]))) == ["no response beats all others by majority"]
    assert learnt(of("ab", graded("ann", [3.0, 1.0]), task=HELP)) == ["a"]


def test_ranks_alone_say_of_no_response_that_it_is_good() -> None:
    assert learnt(of("ab", ranked("ann", (1, 2)))) == ["the best response is not scored good by a majority"]


def test_dimensions_taken_together_must_all_be_good() -> None:
    def answer(help: float, safe: float) -> Answer:
        both = graded("ann", [help]), graded("ann", [safe], "Safe")
        return replace(both[0], rankings=tuple(part.rankings[0] for part in both))

    pareto = {"aggregate": "pareto"}
    assert learnt(of("a", answer(4, 2), task=BOTH), "Help", "Safe", **pareto) == ["a"]
    assert learnt(of("a", answer(4, 1), task=BOTH), "Help", "Safe", **pareto) == [NOT_GOOD]
    rows, ledger = made(of("a", answer(4, 1), task=BOTH), "Help", "Safe")
    assert [row["completion"][0]["content"] for row in rows["sft-Help"]] == ["a"]
    assert ledger.drops["best responses (Safe)", NOT_GOOD] == 1


@pytest.mark.parametrize("other", [(), ((), ())])
def test_a_best_response_that_anybody_flagged_is_not_learnt(other: Any) -> None:
    one, two = ranked("ann", (1, 2)), ranked("bob", (1, 2), flags=other)
    for flags, expected in ((((), ("Wrong",)), "a"), ((("Wrong",), ()), "the best response is flagged")):
        assert learnt(of("ab", replace(one, flags=flags), two, task=HELP)) == [expected]
    assert learnt(of("a", graded("ann", [4.0], flags=(("Wrong",),)))) == ["the only response is flagged"]


def test_a_flag_of_an_answer_that_does_not_count_keeps_nothing_out() -> None:
    declined = ranked("bob", (1, 2), status="declined", flags=(("Wrong",), ()))
    assert learnt(of("ab", ranked("ann", (1, 2)), declined, task=HELP)) == ["a"]


def test_an_only_response_that_is_empty_is_counted() -> None:
    assert learnt(job_item(make_item(0, "p", [" "]), graded("ann", [5.0]), task=SCORED)) == [
        "the only response is empty"
    ]


def test_the_card_says_what_keeps_a_response_out_of_sft() -> None:
    sft = options(configs=("sft",))
    card = card_of([of("a", graded("ann", [4.0]))], ["Help"], sft)
    assert "- A best response that anybody flagged is not in `sft`.\n" in card
    assert "on: `Help` (ties allowed, good from 3.5 on)." in card
    assert "- In `sft`, more annotators gave a response 3.5 or more on `Help` than gave less.\n" in card
    plain = card_of([of("ab", ranked("ann", (1, 2)), task=HELP)], ["Help"], sft)
    assert "on: `Help` (ties allowed)." in plain and "flagged" not in plain and "gave a response" not in plain
    no_sft = card_of([of("a", graded("ann", [4.0]))], ["Help"], options(configs=("annotations",)))
    assert "in `sft`" not in no_sft


def test_what_is_a_good_score_is_said_in_words() -> None:
    assert "  Help: ties allowed; a score of 3.5 or more is good" in definition_to_sentences(SCORED)
    assert "  Help: ties allowed" in definition_to_sentences(HELP)


# As they were given


def test_a_rating_of_an_only_response_is_an_answer_and_none_is_not() -> None:
    item = make_item(0, "p", ["a"])
    assert problems(SCORED, item, graded("ann", [2.0])) == []
    unscored = graded("ann", [None])
    for partial in (False, True):
        assert [p.message for p in problems(SCORED, item, unscored, partial)] == ["Help: rank every response"]
    several = make_item(0, "p", ["a", "b"])
    assert problems(SCORED, several, graded("ann", [2.0, None]), partial=True)


def test_scores_of_other_responses_than_the_items_are_refused() -> None:
    odd = Answer(Worker("ann"), rankings=(Ranking("Help", (1, 2), True, (3.0,)),))
    found = problems(SCORED, make_item(0, "p", ["a", "b"]), odd)
    assert [p.message for p in found] == ["Help: 1 scores for 2 responses"]


def test_annotations_hold_the_scores_and_null_where_there_are_none() -> None:
    item = make_item(0, "p", ["a", "b"])
    judged = judge(HELP, item, [graded("ann", [2.5, None]), ranked("bob", (1, 2))], partial=True)
    rows, _ = made(JobItem("job", item, HELP, judged), configs=("annotations",))
    assert sorted((row["rankings"][0]["scores"] for row in rows["annotations"]), key=str) == [None, [2.5, None]]


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from([None, 0.0, -1.5, 4.0, 1e9]), min_size=2, max_size=2), min_size=1, max_size=3))
def test_scores_are_read_back_as_they_were(given_scores: list[list[float | None]]) -> None:
    item = make_item(0, "p", ["a", "b"])
    answers = [ranked("bare", (1, 2), task=SCORED), *(graded(f"w{n}", s) for n, s in enumerate(given_scores))]
    judged = judge(SCORED, item, answers, partial=True)
    files = build_rows([JobItem("job", item, SCORED, judged)], SCORED, configs=("annotations",))
    [again] = rejudged(files["annotations"], SCORED)

    def said(found: Any) -> list[Any]:
        return [answer.rankings for answer in (*found.valid, *(answer for answer, _ in found.invalid))]

    assert said(again.judged) == said(judged)


@pytest.mark.parametrize("score", ["4", True, float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused_by_name(score: Any) -> None:
    files = build_rows([of("a", graded("ann", [4.0]))], SCORED, configs=("annotations",))
    [row] = rows_of(files["annotations"])
    rankings = [{**row.fields["rankings"][0], "scores": [score]}]
    broken = replace(row, fields={**row.fields, "rankings": rankings})
    with pytest.raises(InputError, match=r"rankings\[0\]\.scores\[0\]: expected a number, found"):
        list(judged_lines([broken], "annotations", "set", Ledger()))


def test_scores_stand_in_gtbridges_own_part_of_a_worker_response_and_come_back() -> None:
    item = make_item(0, "p", ["a", "b"])
    answer = graded("ann", [4.5, None])
    document = answer_to_response(answer)
    assert document["gtbridge"] == {"scores": {"Help": [4.5, None]}}
    assert response_to_answer(document, "in", item=item).rankings == answer.rankings
    for broken in ([4.5], ["4", None], [True, None], 4.5, [float("nan"), 1]):
        found = response_to_answer({**document, "gtbridge": {"scores": {"Help": broken}}}, "in", item=item)
        assert [ranking.scores for ranking in found.rankings] == [None]


def test_a_graded_answer_that_went_through_label_studio_still_has_its_scores() -> None:
    item, answer = make_item(0, "p", ["a", "b"]), graded("ann", [4.5, 1.0])
    migrated = item_to_migrated_task(item, [answer], HELP, lambda worker: 1)
    [annotation] = migrated.task["annotations"]
    assert annotation_to_answer(annotation, item, HELP, Worker("1")).rankings == answer.rankings


# Compared


def test_other_scores_are_a_difference_and_unknown_ones_a_note() -> None:
    one, other = graded("ann", [4.0, None, 1.5]), graded("ann", [5.0, None, 1.5])
    (found,) = answer_findings(one, other, "0/ann")
    assert (found.kind, found.place, found.a, found.b) == ("scores", "0/ann/Help/scores", "4.0 - 1.5", "5.0 - 1.5")
    assert not found.note
    unknown = ranked("ann", (1, None, 2))
    assert [(found.kind, found.note) for found in answer_findings(one, unknown, "0/ann")] == [("scores", True)]
    assert answer_findings(one, one, "0/ann") == []
