"""What must hold of every dataset, whatever was judged and whatever options were chosen."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import build_in_memory
from mixed_items import NAMES, last_text, mixed_items, of_kind, option_sets, place_of, reordered

from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.label_configs.tasks import TextRanking


@settings(max_examples=15)
@given(mixed_items(), option_sets())
def test_all_that_comes_in_goes_out_or_is_counted(items: list[JobItem], chosen: BuildOptions) -> None:
    rows, built, ledger, _ = build_in_memory(items, NAMES, chosen)
    ledger.check()
    assert {(c.name, split): count for c in built.configs for split, count in c.rows.items()} == {
        place: len(part) for place, part in rows.items()
    }
    for name, kind in (("pairs", "preference"), ("responses", "unpaired"), ("extractive answers", "squad")):
        made = sum(count for of, count in ledger.went.items() if of.split(" (")[0] == name and of != "pairs")
        assert made == len(list(of_kind(rows, kind))) + ledger.dropped(f"rows ({kind})")
    asked = {kind for kind in ("unpaired", "sft", "qa", "ties") if not chosen.wants(kind)}
    assert not any(list(of_kind(rows, kind)) for kind in asked)
    for config in built.configs:
        counted = {
            split: (sum(row["label"] for row in part), sum(not row["label"] for row in part))
            for (name, split), part in rows.items()
            if name == config.name and config.kind == "unpaired"
        }
        assert config.labels == counted


@settings(max_examples=15)
@given(mixed_items(), option_sets())
def test_no_row_is_empty_or_says_the_same_twice(items: list[JobItem], chosen: BuildOptions) -> None:
    rows, *_ = build_in_memory(items, NAMES, chosen)
    by_place = {item.place: item for item in items}
    for _, row in of_kind(rows, "preference"):
        responses = by_place[place_of(row)].item.responses or ()
        metadata = row["metadata"]
        texts = [responses[metadata[f"{column}_index"]] for column in ("chosen", "rejected")]
        assert texts[0].strip() and texts[1].strip() and texts[0].strip() != texts[1].strip()
        assert all(last_text(row[c]).endswith(text) for c, text in zip(("chosen", "rejected"), texts, strict=True))
        assert ("margin" in row) == (chosen.margin != "none")
        assert -1 < row.get("margin", 0) <= 1
        assert chosen.margin != "vote" or row["margin"] > 0
    for kind in ("unpaired", "sft"):
        for _, row in of_kind(rows, kind):
            assert last_text(
                next(row[c] for c in ("completion", "messages", "conversations", "text") if c in row)
            ).strip()
    for (config, split), part in rows.items():
        ids = [row["id"] if config == "squad" else row["metadata"]["id"] for row in part]
        assert len(set(ids)) == len(ids)
        other = rows.get((config, "test" if split == "train" else "train"), [])
        assert config == "squad" or not {row["metadata"]["id"] for row in other} & set(ids)


@settings(max_examples=15)
@given(mixed_items(), option_sets(preset="trl", format="conversational"))
def test_no_prompt_is_in_two_splits(items: list[JobItem], chosen: BuildOptions) -> None:
    rows, *_ = build_in_memory(items, NAMES, chosen)
    splits: dict[str, set[str]] = {}
    for (_, split), part in rows.items():
        for row in part:
            said = row.get("prompt") or row.get("passage") or row.get("context")
            if said:
                key = (
                    json.dumps(said) if isinstance(said, str) else json.dumps([(m["role"], m["content"]) for m in said])
                )
                splits.setdefault(unicodedata.normalize("NFC", key.replace("\\n", "").replace(" ", "")), set()).add(
                    split
                )
    assert all(len(found) == 1 for found in splits.values())
    prompts = [json.dumps(row["prompt"]) for _, row in of_kind(rows, "prompts")]
    assert len(set(prompts)) == len(prompts)


@settings(max_examples=10)
@given(mixed_items(), option_sets())
def test_the_same_answers_and_seed_give_the_same_bytes(items: list[JobItem], chosen: BuildOptions) -> None:
    assert build_in_memory(items, NAMES, chosen)[3] == build_in_memory(items, NAMES, chosen)[3]


_PLACES = {"id", "chosen_index", "rejected_index", "index", "index_a", "index_b"}


def said(config: str, row: dict[str, Any]) -> str:
    """The row without what the order of the responses decides: ids, indices, and which of two stands first."""
    metadata = {key: value for key, value in row["metadata"].items() if key not in _PLACES}
    if config.startswith("ties"):
        sides = [[row[f"response_{s}"], metadata.pop(f"model_{s}"), metadata.pop(f"votes_{s}")] for s in "ab"]
        return json.dumps([row["prompt"], sorted(sides, key=repr), metadata])
    if config == "ranking":
        ranks = [entry.pop("ranks") for entry in (*row["rankings"], *row["consensus"])]
        models = metadata.pop("models") or [None] * len(row["responses"])
        columns = sorted(zip(row["responses"], models, *ranks, strict=True), key=repr)
        return json.dumps([row["prompt"], columns, row["rankings"], row["consensus"], metadata])
    return json.dumps({**row, "metadata": metadata}, sort_keys=True, default=str)


@settings(max_examples=15)
@given(mixed_items(), option_sets(fields=False), st.permutations(range(4)))
def test_the_order_of_the_responses_decides_nothing(
    items: list[JobItem], chosen: BuildOptions, order: list[int]
) -> None:
    moved = [reordered(item, order) if isinstance(item.definition, TextRanking) else item for item in items]
    found = []
    for entries in (items, moved):
        rows, *_ = build_in_memory(entries, NAMES, chosen)
        rows = {place: part for place, part in rows.items() if place[0] != "annotations"}
        found.append({place: Counter(said(place[0], row) for row in part) for place, part in rows.items()})
    assert found[0] == found[1]
