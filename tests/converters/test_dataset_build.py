"""Rows -> configs, splits and files, by the options."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_items import ASK, TWO, asked, build_in_memory, job_item, options, ranked, ranking_job
from strategies import make_item

from gtbridge.converters.datasets import parquet, writers
from gtbridge.converters.datasets.build import build, config_names
from gtbridge.converters.datasets.options import CONFIGS
from gtbridge.converters.datasets.rows import split_of
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError, MissingError
from gtbridge.label_configs.tasks import Dimension, TextRanking

SAFE = TextRanking(dimensions=(Dimension(name="Safe", allow_tie=True),))
ASKED = job_item(make_item(0, "Ann came."), asked("w0", "Ann came.", ("Who?", "Ann")), task=ASK, job="ask")


def test_several_dimensions_have_configs_of_their_own_and_one_keeps_the_plain_name() -> None:
    items = ranking_job(2, TWO)
    both, *_ = build_in_memory(items, ["Help", "Safe"], options())
    assert {config for config, _ in both} == {
        "preference-Help", "preference-Safe", "unpaired-Help", "unpaired-Safe", "sft-Help", "sft-Safe", "ranking",
        "prompts", "annotations",
    }  # fmt: skip
    assert {row["metadata"]["dimension"] for row in both["preference-Safe", "train"]} == {"Safe"}
    for chosen in (("Safe",), ("Safe", "Safe")):
        one, *_ = build_in_memory(items, ["Help", "Safe"], options(dimensions=chosen))
        plain = {"preference", "unpaired", "sft", "ranking", "prompts", "annotations"}
        assert {config for config, _ in one} == plain
        assert {row["metadata"]["dimension"] for row in one["preference", "train"]} == {"Safe"}


def test_results_without_answers_give_no_config_but_are_counted() -> None:
    rows, built, ledger, _ = build_in_memory([job_item(make_item(0, "p", ["a", "b"]))], ["Help"], options())
    assert (rows, built.configs) == ({}, [])
    assert ledger.drops["items", "not labelled"] == 1


@pytest.mark.parametrize("limits", [{"_BATCH_ROWS": 2, "_ROW_GROUP_BYTES": 1, "_SHARD_BYTES": 1}, {"_BATCH_ROWS": 5}])
def test_rows_keep_their_order_over_batches_row_groups_and_shards(limits: Any, monkeypatch: Any) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(parquet, name, value)
    rows, built, _, files = build_in_memory(ranking_job(11), ["Help"], options(configs=("ranking",)))
    assert [row["metadata"]["item"] for row in rows["ranking", "train"]] == [f"job/{n}" for n in range(11)]
    assert sorted(number for _, _, number in files) == list(range(6 if "_SHARD_BYTES" in limits else 1))
    assert built.configs[0].rows == {"train": 11}


@pytest.mark.parametrize(
    ("chosen", "kind", "message"),
    [
        ({"dimensions": ("Nope",)}, MissingError, "no dimension is called 'Nope'; the answers have Help"),
        ({"configs": ("kto",)}, InputError, f"'kto' is no config; choose from {', '.join(CONFIGS)}"),
        ({"consensus": "mean"}, InputError, "'mean' is no consensus; choose from majority, none, borda, kemeny"),
        ({"test_size": 1.0}, InputError, "a test size of 1.0 is not between 0 and 1"),
        ({"test_size": -0.1}, InputError, "a test size of -0.1 is not between 0 and 1"),
        ({"test_size": float("nan")}, InputError, "a test size of nan is not between 0 and 1"),
    ],
)
def test_an_option_that_means_nothing_is_refused_before_anything_is_written(
    chosen: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        build_in_memory(ranking_job(1), ["Help"], options(**chosen))
    assert str(caught.value) == message


def test_dimensions_asked_of_answers_that_have_none_are_refused() -> None:
    with pytest.raises(MissingError, match="no dimension is called 'Help'; the answers have none"):
        build_in_memory([job_item(make_item(0, "p"), task=ASK)], [], options(dimensions=("Help",)))


@pytest.mark.parametrize(
    ("dimensions", "endings"),
    [
        (["Help", "help", "HELP"], ["-Help", "-help-2", "-HELP-3"]),
        (["有用", "a b", "a/b", "../..", "***"], ["-有用", "-a-b", "-a-b-2", "-dimension", "-dimension-2"]),
        (["v1.5", ".x.", "a--b"], ["-v1.5", "-x", "-a-b"]),
    ],
)
def test_config_names_are_what_a_folder_can_hold_and_all_different(dimensions: Any, endings: Any) -> None:
    assert list(config_names(dimensions).items()) == list(zip(dimensions, endings, strict=True))


def test_long_dimension_names_fit_into_a_folders_name_and_stay_different() -> None:
    endings = list(config_names(["好" * 199 + last for last in "甲乙"]).values())
    assert len({*endings}) == 2
    assert all(len(f"annotations{ending}".encode()) < 255 for ending in endings)


@given(st.text(max_size=8), st.integers(), st.floats(0, 0.99))
def test_a_split_depends_on_the_text_alone_and_white_space_around_it_is_none(text: str, seed: int, size: float) -> None:
    text = text.encode(errors="ignore").decode()
    assert split_of(text, seed, size) == split_of(f" {text}\n", seed, size)
    assert split_of(text, seed, 0) == "train"
    if split_of(text, seed, size) == "test":
        assert split_of(text, seed, (1 + size) / 2) == "test"


def test_composed_and_decomposed_texts_fall_into_one_split_and_sizes_are_kept() -> None:
    for seed in range(50):
        assert split_of("caf\u00e9", seed, 0.5) == split_of("cafe\u0301", seed, 0.5)
    tests = sum(split_of(f"prompt {number}", 0, 0.2) == "test" for number in range(2000))
    assert 330 < tests < 470
    assert {split_of("p", seed, 0.5) for seed in range(20)} == {"train", "test"}


def test_dimensions_together_make_one_config_and_the_ranking_keeps_them_apart() -> None:
    weights = (("Help", Fraction(1)), ("Safe", Fraction(2)))
    undecided = job_item(make_item(9, "p", ["a", "b"]), ranked("w0", (1, 1), (2, 2), task=TWO), task=TWO)
    items = [*ranking_job(2, TWO), undecided]
    for more in ({"aggregate": "pareto"}, {"aggregate": "weighted", "weights": weights}):
        rows, built, _, _ = build_in_memory(items, ["Help", "Safe"], options(ties="config", **more))
        together = {config for config, _ in rows}
        assert together == {"preference", "unpaired", "ties", "sft", "ranking", "prompts", "annotations"}
        assert {row["metadata"]["dimension"] for row in rows["preference", "train"]} == {more["aggregate"]}
        assert [entry["dimension"] for entry in rows["ranking", "train"][0]["consensus"]] == ["Help", "Safe"]
        assert [config.name for config in built.configs] == [name for name in CONFIGS if name in together]


def test_configs_stand_in_the_order_of_their_kinds_and_dimensions() -> None:
    items = [*ranking_job(1, SAFE, "safe"), *ranking_job(1, TWO, "two")]
    _, built, _, _ = build_in_memory(items, ["Help", "Safe"], options(configs=("sft", "preference")))
    assert [config.name for config in built.configs] == ["preference-Help", "preference-Safe", "sft-Help", "sft-Safe"]


def test_an_item_counts_by_each_dimension_of_its_own_task() -> None:
    items = [*ranking_job(1, SAFE, "safe"), *ranking_job(1, TWO, "two")]
    rows, _, ledger, _ = build_in_memory(items, ["Help", "Safe"], options())
    assert {row["metadata"]["item"] for row in rows["preference-Help", "train"]} == {"two/0"}
    assert {row["metadata"]["item"] for row in rows["preference-Safe", "train"]} == {"safe/0", "two/0"}
    assert not ledger.notes


def test_an_item_whose_task_lacks_a_dimension_is_not_compared_by_the_others_in_its_place() -> None:
    items = [*ranking_job(2, SAFE, "safe"), *ranking_job(1, TWO, "two"), *ranking_job(0), ASKED]
    rows, _, ledger, _ = build_in_memory(items, ["Help", "Safe"], options(aggregate="pareto"))
    assert {row["metadata"]["item"] for row in rows["preference", "train"]} == {"two/0"}
    assert {row["metadata"]["item"] for row in rows["ranking", "train"]} == {"safe/0", "safe/1", "two/0"}
    assert ledger.came["best responses (pareto)"] == 1
    assert ledger.came["responses (pareto)"] == 3
    assert dict(ledger.notes) == {("items", "left out of pareto: their task lacks a dimension of it"): 2}


def test_ties_are_written_only_if_they_are_asked_for() -> None:
    for chosen, there in (({}, False), ({"ties": "config"}, True), ({"configs": ("ties",)}, True)):
        rows, *_ = build_in_memory(ranking_job(1), ["Help"], options(consensus="none", **chosen))
        assert (("ties", "train") in rows) is there


def test_every_item_is_shown_to_the_observer_in_order() -> None:
    items = [*ranking_job(2), job_item(make_item(2, "p", ["a", "b"])), ASKED]
    seen: list[str] = []
    build(items, ["Help"], options(), lambda *_: io.BytesIO(), Ledger(), lambda item: seen.append(item.place))
    assert seen == [item.place for item in items]


def test_rows_held_for_many_configs_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    items = ranking_job(9, TWO)
    whole, *_ = build_in_memory(items, ["Help", "Safe"], options())
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 2)
    monkeypatch.setattr(writers, "_HELD_BYTES", 5_000)
    held: list[int] = []
    let_go = writers.Writers._let_go

    def watched(self: Any) -> None:
        let_go(self)
        held.append(sum(writer.held for writer in self._writers.values()))

    monkeypatch.setattr(writers.Writers, "_let_go", watched)
    rows, *_ = build_in_memory(items, ["Help", "Safe"], options())
    assert 0 < max(held) <= 5_000
    assert rows == whole
