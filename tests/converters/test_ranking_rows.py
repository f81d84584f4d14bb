"""Judged rankings -> rows by the options: conversations, consensus, ties, margins, dimensions together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from job_items import HELP, TWO, build_in_memory, job_item, options, ranked
from strategies import make_item

from gtbridge.converters.formats.conversations import messages_to_transcript
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.records import SIMULATED, Answer, Worker

NAMES = ["Help", "Safe"]


def made(*items: JobItem, **chosen: Any) -> dict[str, list[dict[str, Any]]]:
    rows, *_ = build_in_memory(items, ["Help"], options(ties="config", **chosen))
    return {config: part for (config, _), part in rows.items()}


def of(responses: str, *vectors: tuple[int, ...]) -> JobItem:
    """An item, ranked by somebody for each vector."""
    answers = [ranked(f"w{number}", vector) for number, vector in enumerate(vectors)]
    return job_item(make_item(0, "p", list(responses)), *answers)


def pairs(rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [row["chosen"][0]["content"] + row["rejected"][0]["content"] for row in rows.get("preference", [])]


def test_a_prompt_that_is_a_conversation_stays_one_in_every_config() -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "p"}]
    messages += [{"role": "assistant", "content": "a"}, {"role": "user", "content": "q"}]
    item = replace(
        make_item(0, messages_to_transcript(messages), ["a", "b", "c"]),
        messages=tuple((entry["role"], entry["content"]) for entry in messages),
    )
    rows = made(job_item(item, ranked("ann", (1, 2, 2))))
    asking = {config: part for config, part in rows.items() if config != "annotations"}
    assert set(asking) == {"preference", "unpaired", "ties", "ranking", "sft", "prompts"}
    for part in asking.values():
        assert all(row["prompt"] == messages for row in part)


def test_a_conversation_is_split_by_what_it_says_whatever_its_source_is_called() -> None:
    items = []
    for index in range(8):
        item = replace(make_item(index, f"source {index}", ["a", "b"]), messages=(("user", "the same"),))
        items.append(job_item(item, ranked("ann", (1, 2))))
    plain = job_item(make_item(8, "the same", ["a", "b"]), ranked("ann", (1, 2)))
    rows, *_ = build_in_memory([*items, plain], ["Help"], options(test_size=0.5, configs=("preference",)))
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("consensus", "expected"),
    [
        ("majority", ["ab", "ac", "bc"]),
        ("borda", ["ac", "bc"]),
        ("kemeny", ["ab", "ac", "bc"]),
    ],
)
def test_the_consensus_decides_pairs_and_order(consensus: str, expected: list[str]) -> None:
    # Three put a before b before c, two b before c before a: a wins its pair, but b has the better mean.
    item = of("abc", *[(1, 2, 3)] * 3, *[(3, 1, 2)] * 2)
    rows = made(item, consensus=consensus)
    assert pairs(rows) == expected
    order = [[1, 2, 3]] if len(expected) == 3 else []  # a and b are no tie to anybody
    assert [entry["ranks"] for entry in rows["ranking"][0]["consensus"]] == order
    assert [row["completion"][0]["content"] for row in rows["sft"]] == ["a"]


def test_each_annotators_own_pairs_still_have_the_majoritys_order() -> None:
    rows = made(of("ab", (1, 2), (2, 1), (1, 2)), consensus="none")
    assert pairs(rows) == ["ab", "ba", "ab"]
    assert [entry["ranks"] for entry in rows["ranking"][0]["consensus"]] == [[1, 2]]


def test_a_row_of_ties_says_who_was_undecided_and_how() -> None:
    item = replace(make_item(0, "p", ["a", "b", "c"]), models=("m", "n", "o"))
    entry = job_item(item, ranked("ann", (1, 2, 3)), ranked("bob", (2, 1, 3)), ranked("cy", (1, 1, 1)))
    (row,) = made(entry)["ties"]
    assert (row["prompt"], row["response_a"], row["response_b"]) == ([{"role": "user", "content": "p"}], "a", "b")
    told = {key: value for key, value in row["metadata"].items() if key != "id"}
    assert told == {
        "item": "job/0", "dimension": "Help", "index_a": 0, "index_b": 1, "model_a": "m", "model_b": "n",
        "votes_a": 1, "votes_b": 1, "votes_tie": 1, "n_annotators": 3, "annotator": None, "simulated": False,
    }  # fmt: skip
    own = made(entry, consensus="none")["ties"]
    assert [row["response_a"] + row["response_b"] for row in own] == ["ab", "ac", "bc"]
    assert len({row["metadata"]["annotator"] for row in own} - {None}) == 1


@pytest.mark.parametrize(
    ("margin", "consensus", "expected"),
    [
        ("rank", "majority", [(0.5 + 0.75) / 2, (1 + 0.75) / 2, 0.25]),
        ("vote", "majority", [1, 1, 0.5]),
        ("rank", "none", [0.5, 1, 0.5, 0.75, 0.75]),
        ("vote", "none", [1, 1, 1, 1, 1]),
    ],
)
def test_a_margin_is_a_column_of_its_own_on_request(margin: str, consensus: str, expected: list[float]) -> None:
    item = of("abc", (1, 2, 3), (1, 2, 2))
    rows = made(item, margin=margin, consensus=consensus, configs=("preference",))
    assert [row["margin"] for row in rows["preference"]] == pytest.approx(expected)
    assert "margin" not in made(item, configs=("preference",))["preference"][0]


def test_pairs_and_near_duplicates_are_as_asked_for() -> None:
    item = of("abcd", (1, 2, 3, 4))
    assert pairs(made(item, pairs="adjacent")) == ["ab", "bc", "cd"]
    assert pairs(made(item, pairs="best-vs-rest")) == ["ab", "ac", "ad"]
    assert pairs(made(item, pairs="best-vs-worst")) == ["ad"]
    alike = job_item(make_item(0, "p", ["to be sure", "to be sore", "no"]), ranked("ann", (1, 2, 3)))
    assert len(pairs(made(alike))) == 3
    assert len(pairs(made(alike, near_duplicates=0.8))) == 2


@pytest.mark.parametrize(
    ("aggregate", "weights", "expected"),
    [("weighted", (2, 1), ["ab", "ac", "bc"]), ("weighted", (1, 2), ["ab", "ac", "cb"]), ("pareto", (), ["ab", "ac"])],
)
def test_dimensions_are_taken_together_as_asked_for(aggregate: str, weights: Any, expected: list[str]) -> None:
    item = job_item(make_item(0, "p", ["a", "b", "c"]), ranked("ann", (1, 2, 3), (1, 3, 2), task=TWO), task=TWO)
    given = tuple(zip(NAMES, map(Fraction, weights), strict=False))
    rows, *_ = build_in_memory([item], NAMES, options(aggregate=aggregate, weights=given))
    assert sorted(pairs({"preference": rows["preference", "train"]})) == expected
    assert [row["completion"][0]["content"] for row in rows["sft", "train"]] == ["a"]


def test_an_own_pair_says_whether_its_annotator_is_a_program() -> None:
    robot = Answer(Worker("x", {"identityProviderType": SIMULATED}), rankings=ranked("x", (2, 1)).rankings)
    entry = job_item(make_item(0, "p", ["a", "b"]), ranked("ann", (1, 2)), robot, task=HELP)
    own = made(entry, consensus="none", configs=("preference",))["preference"]
    assert [row["metadata"]["simulated"] for row in own] == [False, True]
    assert {row["metadata"]["simulated"] for row in made(entry)["ties"]} == {True}


def test_one_model_for_all_responses_is_no_model_for_each() -> None:
    item = replace(make_item(0, "p", ["a", "b", "c"]), models=("m",))
    rows = made(job_item(item, ranked("ann", (1, 2, 2))))
    assert rows["unpaired"][0]["metadata"]["model"] is None
    assert (rows["ties"][0]["metadata"]["model_a"], rows["ranking"][0]["metadata"]["models"]) == (None, ["m"])
