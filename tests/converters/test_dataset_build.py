"""Rows -> configs, splits and files, by the options."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_items import (
    ASK,
    KEY,
    TWO,
    build_in_memory,
    job_item,
    job_items,
    options,
    ranking_job,
)
from strategies import make_item

from gtbridge.converters.datasets import parquet
from gtbridge.converters.datasets.build import CONFIGS, BuildOptions, config_names
from gtbridge.converters.datasets.rows import Pseudonyms, split_of
from gtbridge.label_configs.errors import InputError, MissingError


def test_several_dimensions_have_configs_of_their_own_and_one_keeps_the_plain_name() -> None:
    items = ranking_job(2, TWO)
    both, *_ = build_in_memory(items, ["Help", "Safe"], options())
    assert {config for config, _ in both} == {
        "preference-Help", "preference-Safe", "sft-Help", "sft-Safe", "ranking", "annotations",
    }  # fmt: skip
    assert {row["metadata"]["dimension"] for row in both["preference-Safe", "train"]} == {"Safe"}
    for chosen in (("Safe",), ("Safe", "Safe")):
        one, *_ = build_in_memory(items, ["Help", "Safe"], options(dimensions=chosen))
        assert {config for config, _ in one} == {"preference", "sft", "ranking", "annotations"}
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
        ({"consensus": "borda"}, InputError, "'borda' is no consensus; choose from majority, none"),
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


OPTIONS: Any = st.builds(
    BuildOptions,
    pseudonym_key=st.just(KEY),
    configs=st.sets(st.sampled_from(CONFIGS)).map(tuple),
    dimensions=st.sets(st.sampled_from(["Help", "Safe"])).map(tuple),
    consensus=st.sampled_from(["majority", "none"]),
    test_size=st.sampled_from([0.0, 0.5]),
    seed=st.integers(0, 99),
)


@given(job_items(TWO), OPTIONS)
def test_no_options_make_a_preference_that_nobody_gave(items: Any, chosen: BuildOptions) -> None:
    rows, built, ledger, files = build_in_memory(items, ["Help", "Safe"], chosen)
    ledger.check()
    by_place = {item.place: item for item in items}
    weights: dict[tuple[str, str], float] = {}
    splits: dict[str, set[str]] = {}
    ids: list[tuple[str, str]] = []
    for (config, split), part in rows.items():
        for row in part:
            ids.append((config, row["metadata"]["id"]))
            place = row["item"] if config == "annotations" else row["metadata"]["item"]
            splits.setdefault(by_place[place].item.text.strip().replace("e\u0301", "\u00e9"), set()).add(split)
            if config.startswith("preference"):
                _check_preference(row, by_place[place], chosen)
                key = (place, row["metadata"]["dimension"])
                weights[key] = weights.get(key, 0) + row["metadata"]["pair_weight"]
    assert len(set(ids)) == len(ids)
    assert all(len(found) == 1 for found in splits.values())
    assert all(total == pytest.approx(1) for total in weights.values())
    assert {(c.name, split): count for c in built.configs for split, count in c.rows.items()} == {
        place: len(part) for place, part in rows.items()
    }
    assert build_in_memory(items, ["Help", "Safe"], chosen)[3] == files


def _check_preference(row: Any, item: Any, chosen: BuildOptions) -> None:
    metadata = row["metadata"]
    one, other = metadata["chosen_index"], metadata["rejected_index"]
    texts = row["chosen"][0]["content"], row["rejected"][0]["content"]
    assert texts == (item.item.responses[one], item.item.responses[other])
    assert texts[0].strip() != texts[1].strip()
    assert all(text.strip() for text in texts)
    names = Pseudonyms(KEY)
    assert (metadata["annotator"] is None) == (chosen.consensus == "majority")
    ranks = [
        ranking.ranks
        for answer in item.judged.valid
        for ranking in answer.rankings
        if ranking.dimension == metadata["dimension"] and metadata["annotator"] in (None, names.of(answer))
    ]
    better = sum(r[one] < r[other] for r in ranks)
    worse = sum(r[one] > r[other] for r in ranks)
    assert better > worse
    assert (metadata["votes_chosen"], metadata["votes_rejected"]) == (better, worse)
    assert metadata["n_annotators"] == len(ranks)
