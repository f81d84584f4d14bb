"""Items that are made rows of in batches, anywhere and in any order, and joined: the very dataset of all at once."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from itertools import pairwise
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import ASK, asked, build_in_memory, job_item, options, ranking_job
from mixed_items import NAMES, mixed_items, option_sets
from strategies import make_item

from gtbridge.converters.datasets import parquet, writers
from gtbridge.converters.datasets.batch import Batch, build_batch
from gtbridge.converters.datasets.build import Built, join
from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.ledger import Ledger


class _Kept(io.BytesIO):
    def close(self) -> None:
        """The writer closes its file; what it wrote is read afterwards."""


def batches_of(
    items: Sequence[JobItem], cuts: Sequence[int], dimensions: Sequence[str], chosen: BuildOptions
) -> list[Batch]:
    """The items cut at these places, each batch made by itself, the last one first, and sent through a pickle."""
    jobs = {item.job: item.definition for item in items}
    ends = [0, *sorted(cut % (len(items) + 1) for cut in cuts), len(items)]
    parts = [items[start:end] for start, end in pairwise(ends)]
    made = [pickle.dumps(build_batch(part, jobs, dimensions, chosen, Ledger())) for part in reversed(parts)]
    return [pickle.loads(batch) for batch in reversed(made)]


def joined(
    batches: Sequence[Batch], dimensions: Sequence[str], chosen: BuildOptions
) -> tuple[dict[tuple[str, str, int], bytes], Built, Ledger]:
    files: dict[tuple[str, str, int], _Kept] = {}

    def open_shard(config: str, split: str, number: int) -> IO[bytes]:
        return files.setdefault((config, split, number), _Kept())

    ledger = Ledger()
    built = join(batches, dimensions, chosen, open_shard, ledger)
    return {place: file.getvalue() for place, file in files.items()}, built, ledger


@settings(max_examples=10)
@given(mixed_items(), option_sets(), st.lists(st.integers(0, 20), max_size=4))
def test_batches_that_are_joined_in_order_are_the_build_to_the_byte(
    items: list[JobItem], chosen: BuildOptions, cuts: list[int]
) -> None:
    _, built, ledger, whole = build_in_memory(items, NAMES, chosen)
    files, again, counted = joined(batches_of(items, cuts, NAMES, chosen), NAMES, chosen)
    assert files == whole
    assert again == built
    assert list(counted.lines()) == list(ledger.lines())
    assert counted.to_dict() == ledger.to_dict()


@pytest.mark.parametrize("limits", [{"_BATCH_ROWS": 7, "_ROW_GROUP_BYTES": 1}, {"_BATCH_ROWS": 5}])
def test_row_groups_and_shards_begin_at_the_same_rows(limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_SHARD_BYTES": 4_000, **limits}.items():
        monkeypatch.setattr(parquet, name, value)
    monkeypatch.setattr(writers, "_HELD_BYTES", 3_000)
    items = ranking_job(16)
    for chosen in (
        options(configs=("preference", "annotations")),
        options(preset="llamafactory", ties="config", consensus="none", test_size=0.3, configs=("unpaired", "ties")),
    ):
        *_, whole = build_in_memory(items, ["Help"], chosen)
        assert joined(batches_of(items, [3, 4, 13], ["Help"], chosen), ["Help"], chosen)[0] == whole


def test_a_prompt_that_two_batches_have_stays_in_the_split_that_had_it_first() -> None:
    chosen = options(context="none", test_size=0.5, configs=("sft", "prompts"))
    passages = [f"Ann came on day {number}." for number in range(20)]
    items = [
        job_item(make_item(i, text), asked("w", text, ("Who came?", "Ann")), task=ASK, job="ask")
        for i, text in enumerate(passages)
    ]
    rows, _, ledger, whole = build_in_memory(items, [], chosen)
    assert len(rows) == 2, "all rows in one split"
    assert ledger.drops["rows (sft)", "whose prompt is in the other split"] > 0
    files, _, counted = joined(batches_of(items, range(20), [], chosen), [], chosen)
    assert files == whole
    assert counted.to_dict() == ledger.to_dict()
