"""Preferences, ties and labels against the ranks that they are made from, worked out once more and in another way."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from job_items import KEY, build_in_memory
from mixed_items import NAMES, last_text, mixed_items, of_kind, option_sets, place_of

from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.datasets.rows import Pseudonyms
from gtbridge.converters.judgement.job_item import JobItem


def scaled(ranks: Any) -> list[Fraction]:
    """Mid-ranks between 0 and 1, from the mean place of those who share a rank."""
    places = sorted(ranks)
    middle = {rank: Fraction(2 * places.index(rank) + places.count(rank) - 1, 2) for rank in ranks}
    return [middle[rank] / (len(ranks) - 1) for rank in ranks]


def given_scores(item: JobItem, name: str, chosen: BuildOptions) -> dict[str, list[list[Fraction]]]:
    """By annotator, their scores of the responses: one list a dimension, or one in all if they are weighted."""
    found = {}
    dimensions = [name] if name in NAMES else list(dict.fromkeys(chosen.dimensions or NAMES))
    for answer in item.judged.valid:
        by_name = {ranking.dimension: scaled(ranking.ranks) for ranking in answer.rankings}
        each = [by_name[dimension] for dimension in dimensions]
        if name == "weighted":
            weights = dict(chosen.weights)
            total = sum(weights.values())
            columns = zip(*each, strict=True)
            each = [[sum(weights[d] * s for d, s in zip(dimensions, c, strict=True)) / total for c in columns]]
        found[Pseudonyms(KEY).of(answer)] = each
    return found


def vote(scores: list[list[Fraction]], one: int, other: int) -> int:
    """+1 for ``one``, -1 for ``other``, 0 for neither: all dimensions must be content with it."""
    signs = {(s[one] < s[other]) - (s[one] > s[other]) for s in scores} - {0}
    return signs.pop() if len(signs) == 1 else 0


@given(mixed_items(), option_sets())
def test_a_pair_is_never_against_its_ranks_or_a_majority(items: list[JobItem], chosen: BuildOptions) -> None:
    rows, *_ = build_in_memory(items, NAMES, chosen)
    by_place = {item.place: item for item in items}
    weights: Counter[tuple[str, str]] = Counter()
    for _, row in of_kind(rows, "preference"):
        metadata = row["metadata"]
        scores = given_scores(by_place[place_of(row)], metadata["dimension"], chosen)
        pair = metadata["chosen_index"], metadata["rejected_index"]
        own = metadata["annotator"]
        assert (own is None) == (chosen.consensus != "none")
        counted = [vote(s, *pair) for name, s in scores.items() if own in (None, name)]
        assert counted.count(1) > counted.count(-1)
        votes = [metadata[f"votes_{side}"] for side in ("chosen", "rejected", "tie")]
        assert votes == [counted.count(1), counted.count(-1), counted.count(0)]
        assert metadata["n_annotators"] == len(counted)
        assert metadata["agreement"] == pytest.approx(counted.count(1) / len(counted))
        for dimension in range(len(next(iter(scores.values())))):
            alone = [vote([s[dimension]], *pair) for name, s in scores.items() if own in (None, name)]
            assert alone.count(1) >= alone.count(-1)
        weights[place_of(row), metadata["dimension"]] += metadata["pair_weight"]
    assert all(total == pytest.approx(1) for total in weights.values())


@given(mixed_items(), option_sets(ties="config"))
def test_a_tie_is_one_of_votes_and_no_preference(items: list[JobItem], chosen: BuildOptions) -> None:
    rows, *_ = build_in_memory(items, NAMES, chosen)
    by_place = {item.place: item for item in items}
    preferred = {
        (
            place_of(row),
            row["metadata"]["dimension"],
            row["metadata"]["annotator"],
            *sorted((m["chosen_index"], m["rejected_index"])),
        )
        for _, row in of_kind(rows, "preference")
        for m in [row["metadata"]]
    }
    for _, row in of_kind(rows, "ties"):
        metadata = row["metadata"]
        responses = by_place[place_of(row)].item.responses or ()
        pair = metadata["index_a"], metadata["index_b"]
        assert (row["response_a"], row["response_b"]) == (responses[pair[0]], responses[pair[1]])
        assert row["response_a"].strip() != row["response_b"].strip() != ""
        assert metadata["votes_a"] == metadata["votes_b"]
        scores = given_scores(by_place[place_of(row)], metadata["dimension"], chosen)
        counted = [vote(s, *pair) for name, s in scores.items() if metadata["annotator"] in (None, name)]
        assert [metadata[f"votes_{side}"] for side in ("a", "b", "tie")] == [counted.count(n) for n in (1, -1, 0)]
        assert (place_of(row), metadata["dimension"], metadata["annotator"], *pair) not in preferred


@given(mixed_items(), option_sets(preset="trl", format="conversational", configs=("unpaired",)))
def test_desirable_responses_are_at_the_best_end_and_undesirable_ones_at_the_worst(
    items: list[JobItem], chosen: BuildOptions
) -> None:
    rows, *_ = build_in_memory(items, NAMES, chosen)
    by_place = {item.place: item for item in items}
    seen: set[tuple[str, str, str]] = set()
    for _, row in of_kind(rows, "unpaired"):
        metadata, text = row["metadata"], last_text(row["completion"])
        key = place_of(row), metadata["dimension"], text.strip()
        assert key not in seen
        seen.add(key)
        item = by_place[place_of(row)]
        scores = list(given_scores(item, metadata["dimension"], chosen).values())
        assert metadata["n_annotators"] == len(scores)
        for dimension in zip(*scores, strict=True):
            means = [mean(column) for column in zip(*dimension, strict=True)]
            mine = means[metadata["index"]]
            if chosen.threshold is None:
                assert mine == (min(means) if row["label"] else max(means))
            else:
                assert mine <= chosen.threshold if row["label"] else mine >= 1 - chosen.threshold
            assert metadata["score"] in (None, pytest.approx(float(mine)))
