"""How long answers took, and which were faster than their texts can be read."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from audited import about, audited, pair, passage, shares
from job_items import ranked

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import Judged
from gtbridge.converters.records import Answer, Item, Worker


def timed(*seconds: float | None, index: int = 0) -> JobItem:
    """One word of prompt, and responses of 19 and 40: 60 words."""
    answers = [ranked(f"w{n}", (1, 2), seconds=value) for n, value in enumerate(seconds)]
    return about([" ".join(["w"] * 19), " ".join(["w"] * 40)], *answers, index=index)


def answers_of(*items: JobItem, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = audited(items, **options)["answers"]
    return found


def test_an_answer_is_too_fast_if_its_words_cannot_be_read_in_its_time() -> None:
    # 60 words at 1,000 words a minute take 3.6 seconds; at 600, 6 seconds.
    item = timed(3.5, 3.6, 5.9, 6.0)
    assert shares(answers_of(item)["too_fast"]["share"]) == (1 / 4, 4)
    found = answers_of(item, words_per_minute=600)["too_fast"]
    assert (shares(found["share"]), found["answers"], found["words_per_minute"]) == ((3 / 4, 4), 3, 600)


def test_who_was_too_fast_and_how_long_each_takes() -> None:
    found = audited([timed(1, 10, None), timed(2, 30, None, index=1), timed(9, 20, None, index=2)])
    people = {one["name"]: (one["too_fast"], one["median_seconds"]) for one in found["annotators"]}
    assert people == {"w0": (2, 2.0), "w1": (0, 20.0), "w2": (None, None)}


def test_examples_are_the_fastest_for_their_words_and_at_most_twenty() -> None:
    items = [timed(index / 10, index=index) for index in range(30, 0, -1)]
    # 0.1 seconds for 3 words are more for each than 2 for 60; 0.2 for 201 words are the least.
    items.append(about(["w"] * 2, ranked("fast", (1, 2), seconds=0.1), index=98))
    items.append(about(["w " * 100] * 2, ranked("fast", (1, 2), seconds=0.2), index=99))
    found = answers_of(*items)["too_fast"]
    assert found["answers"] == 32
    assert found["examples"][0] == {"item": "job/99", "annotator": "fast", "seconds": 0.2, "words": 201}
    assert [example["item"] for example in found["examples"][1:]] == [f"job/{index}" for index in range(1, 20)]


def test_of_a_passage_its_own_words_are_read() -> None:
    text = " ".join(["w"] * 100)
    answers = [
        Answer(Worker(name), pairs=(pair("Why?"),), seconds=seconds) for name, seconds in (("a", 5.9), ("b", 6.0))
    ]
    assert shares(answers_of(passage(text, *answers))["too_fast"]["share"]) == (1 / 2, 2)


def test_times_count_where_the_texts_are_not_known_but_nothing_is_too_fast() -> None:
    elsewhere = Item(0, "{}", "", text_ref="s3://b/k")
    unfetched = JobItem("qa", elsewhere, passage("x").definition, Judged((Answer(Worker("a"), seconds=0.1),)))
    for item in (about(None, ranked("ann", (1, 2), seconds=0.1)), unfetched):
        found = answers_of(item)
        assert (found["with_time"], found["too_fast"]["share"]["value"]) == (1, None)


def test_times_that_are_none_are_left_out() -> None:
    one = answers_of(timed(None, -1, math.nan, math.inf, 5))
    assert (one["with_time"], one["too_fast"]["share"]["n"]) == (1, 1)
    nothing = answers_of(timed(None))
    assert (nothing["with_time"], nothing["median_seconds"], nothing["quartiles"]) == (0, None, None)
    assert nothing["seconds"] == {"edges": [], "counts": []}
    assert nothing["too_fast"]["share"]["value"] is None


def test_only_answers_that_count_have_a_time() -> None:
    declined = ranked("w8", (1, 2), seconds=9.0, status="declined")
    invalid = ranked("w9", (1, 3), seconds=9.0)
    assert answers_of(about("ab", declined, invalid, ranked("w0", (1, 2), seconds=9.0)))["with_time"] == 1


def test_quartiles_are_numpys() -> None:
    """Against numpy.percentile with its default, linear interpolation."""
    seconds = [3.0, 8.0, 1.0, 40.0, 12.0, 7.0]
    found = answers_of(timed(*seconds))
    assert found["quartiles"] == [float(value) for value in np.percentile(seconds, [25, 50, 75])]
    assert found["median_seconds"] == 7.5


def test_the_histogram_has_logarithmic_bins_that_hold_every_time() -> None:
    seconds = [0.0, 0.05, 1.0, 1.5, 10.0, 11.0, 99.0, 100.0, 5000.0]
    histogram = answers_of(timed(*seconds))["seconds"]
    edges, counts = histogram["edges"], histogram["counts"]
    assert sum(counts) == len(seconds)
    assert edges[0] <= 0.1
    assert edges[-1] > 5000
    assert [b / a for a, b in pairwise(edges)] == pytest.approx([10**0.2] * len(counts))
    for low, high, count in zip(edges[1:], edges[2:], counts[1:], strict=False):
        assert count == sum(low <= value < high for value in seconds)
    assert counts[0] == 2
