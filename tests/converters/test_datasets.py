"""Judged items -> the rows of each config."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dataset_features import features_of
from job_items import (
    ASK,
    KEY,
    asked,
    build_in_folder,
    build_in_memory,
    job_item,
    load,
    options,
    ranked,
    ranking_job,
)
from strategies import make_item

from gtbridge.converters.datasets.best_response import best_response
from gtbridge.converters.datasets.opinions import Opinions
from gtbridge.converters.datasets.options import CONFIGS
from gtbridge.converters.datasets.rows import Pseudonyms
from gtbridge.converters.datasets.writers import features
from gtbridge.converters.judgement.criteria import Criterion
from gtbridge.converters.records import SIMULATED, Answer, Worker

PASSAGE = make_item(0, "Ann crossed {question}.")
ASKED = job_item(PASSAGE, asked("w0", PASSAGE.text, ("Who?", "Ann"), ("What {passage}?", "It")), task=ASK, job="ask")


def test_every_config_loads_with_exact_features_rows_and_splits(tmp_path: Path) -> None:
    undecided = job_item(make_item(12, "p", ["a", "b"]), ranked("w0", (1, 1)))
    items = [*ranking_job(12), undecided, ASKED]
    chosen = options(test_size=0.3, ties="config")
    built, ledger, _ = build_in_folder(tmp_path / "d", items, ["Help"], chosen)
    ledger.check()
    assert [config.name for config in built.configs] == list(CONFIGS)
    for config in built.configs:
        loaded = load(tmp_path / "d", config.name)
        assert {split: part.num_rows for split, part in loaded.items()} == config.rows
        for part in loaded.values():
            assert part.features == features_of(features(config.kind, chosen))
            ids = part["id"] if config.kind == "squad" else [row["id"] for row in part["metadata"]]
            assert part.num_rows == len(set(ids))


def test_a_preference_row_says_who_was_preferred_and_by_how_many() -> None:
    rows, built, _, _ = build_in_memory(ranking_job(1), ["Help"], options())
    found = rows["preference", "train"]
    assert [(row["metadata"]["chosen_index"], row["metadata"]["rejected_index"]) for row in found] == [
        (0, 1), (0, 2), (1, 2),
    ]  # fmt: skip
    assert found[0]["prompt"] == [{"role": "user", "content": "job prompt 0"}]
    assert found[0]["chosen"] == [{"role": "assistant", "content": "0a"}]
    assert found[0]["rejected"] == [{"role": "assistant", "content": "0b"}]
    metadata = {key: value for key, value in found[0]["metadata"].items() if key != "id"}
    assert metadata == {
        "item": "job/0",
        "dimension": "Help",
        "chosen_index": 0,
        "rejected_index": 1,
        "chosen_model": "m",
        "rejected_model": "n",
        "votes_chosen": 2,
        "votes_rejected": 1,
        "votes_tie": 0,
        "n_annotators": 3,
        "agreement": pytest.approx(2 / 3),
        "pair_weight": pytest.approx(1 / 3),
        "annotator": None,
        "simulated": False,
    }
    assert (built.answers, len(built.annotators), built.simulated) == (3, 3, 0)


def test_a_tie_counts_as_a_vote_for_neither_in_the_agreement() -> None:
    rows, *_ = build_in_memory(ranking_job(1), ["Help"], options(configs=("preference",)))
    metadata = rows["preference", "train"][2]["metadata"]
    assert [metadata[key] for key in ("votes_chosen", "votes_rejected", "votes_tie", "n_annotators")] == [2, 0, 1, 3]
    assert metadata["agreement"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("consensus", ["none", "majority"])
def test_pairs_are_each_annotators_own_or_those_of_all(consensus: str) -> None:
    item = make_item(0, "p", ["a", "b"])
    entry = job_item(item, ranked("ann", (1, 2)), ranked("bob", (2, 1)), ranked("cy", (1, 2)))
    rows, *_ = build_in_memory([entry], ["Help"], options(configs=("preference",), consensus=consensus))
    found = [
        (row["chosen"][0]["content"], row["metadata"]["n_annotators"], row["metadata"]["pair_weight"])
        for row in rows["preference", "train"]
    ]
    third = pytest.approx(1 / 3)
    assert found == ([("a", 3, 1)] if consensus == "majority" else [("a", 1, third), ("b", 1, third), ("a", 1, third)])


def test_ranks_in_a_ranking_row_are_dense() -> None:
    entry = job_item(make_item(0, "p", ["a", "b", "c"]), ranked("ann", (1, 1, 3)))
    rows, *_ = build_in_memory([entry], ["Help"], options(configs=("ranking", "annotations")))
    assert rows["ranking", "train"][0]["rankings"][0]["ranks"] == [1, 1, 2]
    assert rows["annotations", "train"][0]["rankings"][0]["ranks"] == [1, 1, 3]


@pytest.mark.parametrize(
    ("vectors", "best"),
    [
        ([(2, 1, 3)], 1),
        ([(2, 3, 1)], 2),
        ([(1, 1, 2)], None),
        ([(2, 1, 1)], None),
        ([(1, 2, 3), (2, 1, 3)], None),
        ([(1, 2, 3), (1, 3, 2), (3, 1, 2)], 0),
    ],
)
def test_the_best_response_beats_every_other_by_majority(vectors: Any, best: int | None) -> None:
    answers = [ranked(str(number), vector) for number, vector in enumerate(vectors)]
    opinions = Opinions(job_item(make_item(0, "p", ["a", "b", "c"]), *answers))
    assert best_response(opinions, Criterion("Help", ("Help",))) == best


def test_a_ranking_row_keeps_every_annotators_order_and_the_majoritys() -> None:
    rows, *_ = build_in_memory(ranking_job(1), ["Help"], options(configs=("ranking",)))
    row = rows["ranking", "train"][0]
    assert [entry["ranks"] for entry in row["rankings"]] == [[1, 2, 3], [1, 2, 2], [2, 1, 3]]
    assert row["consensus"] == [{"dimension": "Help", "ranks": [1, 2, 3]}]
    assert (row["responses"], row["metadata"]["models"]) == (["0a", "0b", "0c"], ["m", "n", "o"])
    assert row["metadata"]["n_annotators"] == 3
    assert len({entry["annotator"] for entry in row["rankings"]}) == 3


def test_a_circle_of_majorities_has_pairs_but_no_order_and_no_best() -> None:
    item = make_item(0, "p", ["a", "b", "c"])
    circle = [ranked(str(n), ranks) for n, ranks in enumerate([(1, 2, 3), (3, 1, 2), (2, 3, 1)])]
    rows, _, ledger, _ = build_in_memory([job_item(item, *circle)], ["Help"], options())
    assert len(rows["preference", "train"]) == 3
    assert rows["ranking", "train"][0]["consensus"] == []
    assert ("sft", "train") not in rows
    assert ledger.drops["best responses (Help)", "no response beats all others by majority"] == 1


def test_the_best_response_completes_its_prompt() -> None:
    rows, *_ = build_in_memory(ranking_job(1), ["Help"], options(configs=("sft",)))
    row = rows["sft", "train"][0]
    assert row["completion"] == [{"role": "assistant", "content": "0a"}]
    assert row["metadata"]["dimension"] == "Help"


def test_annotations_hold_all_answers_with_what_became_of_them() -> None:
    item = make_item(0, "p", ["a", "b"])
    answers = [
        ranked("ann", (1, 2), seconds=2.5, order=(1, 0)),
        ranked("bob", (1, None)),
        ranked("ann", (2, 1)),
        ranked("cy", (1, 2), status="declined", reason="too long"),
        ranked("bob", (1, 2), status="failed"),
    ]
    rows, _, ledger, _ = build_in_memory([job_item(item, *answers)], ["Help"], options())
    found = rows["annotations", "train"]
    assert [(row["status"], row["problems"]) for row in found] == [
        ("valid", []),
        ("superseded", []),
        ("superseded", []),
        ("invalid", ["Help: Response B has no rank"]),
        ("declined", []),
    ]
    assert [row["given_as"] for row in found] == ["given", "given", "failed", "given", "declined"]
    assert [row["reason"] for row in found] == [None, None, None, None, "too long"]
    assert (found[1]["seconds"], found[1]["shown_order"]) == (2.5, [1, 0])
    assert found[3]["rankings"] == [{"dimension": "Help", "allow_tie": True, "ranks": [1, None], "scores": None}]
    assert (ledger.came["answers"], ledger.went["answers"]) == (5, 1)


def test_an_annotation_has_all_of_the_item_and_the_answer_that_may_be_published() -> None:
    messages = (("system", "Be brief."), ("user", "p"))
    item = replace(make_item(0, "System: Be brief.\n\nUser: p", ["a", "b"]), messages=messages, models=("m", "n"))
    answer = ranked("ann@example.com", (1, 2), definition="d" * 64, unread=("x: not read",), raw={"secret": 1})
    answer = replace(answer, accepted="2026-01-02T03:04:05Z", submitted="2026-01-02T03:05:06Z")
    rows, *_ = build_in_memory([job_item(item, answer), ASKED], ["Help"], options())
    row, asking = rows["annotations", "train"]
    assert [(m["role"], m["content"]) for m in row["source_messages"]] == list(messages)
    assert (row["source"], row["models"], row["definition"]) == (item.text, ["m", "n"], "d" * 64)
    assert (row["status"], row["unread"], row["problems"]) == ("invalid", ["x: not read"], ["x: not read"])
    assert not any(text in repr(row) for text in ("example.com", "secret", "2026-01"))
    assert (asking["source_messages"], asking["models"], asking["responses"]) == (None, None, None)
    assert [pair["scope"] for pair in asking["pairs"]] == ["sections", "passage"]


def test_ids_of_annotations_outlast_answers_of_others() -> None:
    item = make_item(0, "p", ["a", "b"])

    def ids(*answers: Answer) -> dict[str, str]:
        rows, *_ = build_in_memory([job_item(item, *answers)], ["Help"], options(configs=("annotations",)))
        return {row["annotator"]: row["metadata"]["id"] for row in rows["annotations", "train"]}

    declined = ranked("cy", (1, 2), status="declined")
    assert ids(declined).items() <= ids(declined, ranked("ann", (1, 2))).items()


def test_ranks_stay_usable_without_the_responses_they_are_of() -> None:
    stripped = job_item(make_item(0, "p"), ranked("ann", (1, 2)))
    rows, _, ledger, _ = build_in_memory([stripped], ["Help"], options())
    assert rows["ranking", "train"][0]["consensus"] == [{"dimension": "Help", "ranks": [1, 2]}]
    assert set(rows) == {("ranking", "train"), ("prompts", "train"), ("annotations", "train")}
    assert ledger.drops["pairs (Help)", "of responses that the manifest no longer holds"] == 1
    assert ledger.drops["best responses (Help)", "the manifest no longer holds the responses"] == 1


def test_models_that_do_not_fit_the_responses_are_not_guessed() -> None:
    entry = ranking_job(1)[0]
    item = replace(entry.item, models=("m",))
    rows, *_ = build_in_memory([job_item(item, *entry.judged.valid)], ["Help"], options(configs=("preference",)))
    assert {row["metadata"]["chosen_model"] for row in rows["preference", "train"]} == {None}


def test_a_program_that_answered_is_named_so_in_every_row() -> None:
    item = make_item(0, "p", ["a", "b"])
    answer = Answer(Worker("x", {"identityProviderType": SIMULATED}), rankings=ranked("x", (1, 2)).rankings)
    rows, built, _, _ = build_in_memory([job_item(item, answer)], ["Help"], options())
    assert all(row["metadata"]["simulated"] is True for part in rows.values() for row in part)
    assert rows["annotations", "train"][0]["annotator"].startswith("simulated-")
    assert built.simulated == 1


def test_pseudonyms_depend_on_worker_and_key_only() -> None:
    name = Pseudonyms(KEY).name(Worker("ann@example.com"))
    assert name == Pseudonyms(KEY).name(Worker("ann@example.com", {"sub": "1"}))
    assert name not in (Pseudonyms(KEY).name(Worker("ann")), Pseudonyms(b"j" * 32).name(Worker("ann@example.com")))
    assert KEY.decode() not in repr(options())
