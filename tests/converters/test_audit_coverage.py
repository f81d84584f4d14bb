"""Which parts of the passages nobody asked about."""

from __future__ import annotations

from typing import Any

import pytest
from audited import audited, pair, passage, shares
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.records import Answer, Pair, Worker

HUNDRED = "0123456789" * 10
Span = tuple[int, int]


def linked(text: str, *spans: Span, worker: str = "ann") -> Answer:
    return Answer(Worker(worker), pairs=(pair("Q?", "yes", *spans, text=text),))


def coverage(*items: JobItem) -> dict[str, Any]:
    found: dict[str, Any] = audited(items)["questions"]["coverage"]
    return found


def test_the_share_of_characters_in_any_section_overlaps_counted_once() -> None:
    # 0-15, 10-20 and 50-51 cover 21 of 100; another passage of 10 is covered by 4: 25 of 110.
    one = passage(HUNDRED, linked(HUNDRED, (0, 15), (50, 51)), linked(HUNDRED, (10, 20), worker="bob"))
    two = passage("abcdefghij", linked("abcdefghij", (6, 10)), index=1)
    found = coverage(one, two)
    assert shares(found["covered"]) == (25 / 110, 2)
    assert found["covered"]["of"] == "items"


def test_the_share_of_each_tenth() -> None:
    found = coverage(passage(HUNDRED, linked(HUNDRED, (5, 12), (30, 40), (98, 100))))
    assert [part["value"] for part in found["by_part"]] == [0.5, 0.2, 0, 1, 0, 0, 0, 0, 0, 0.2]
    assert found["asked_by_part"] == pytest.approx([1 / 3, 0, 0, 1 / 3, 0, 0, 0, 0, 0, 1 / 3])


def test_a_section_begins_in_the_tenth_that_holds_its_first_character() -> None:
    found = coverage(passage(HUNDRED, linked(HUNDRED, (9, 50), (10, 11), (10, 12), (99, 100))))
    assert found["asked_by_part"] == [0.25, 0.5, 0, 0, 0, 0, 0, 0, 0, 0.25]


def test_a_passage_shorter_than_ten_characters_has_no_say_in_some_tenths() -> None:
    # Of three characters, tenths end before 0, 0, 0, 1, 1, 1, 2, 2, 2, 3.
    found = coverage(passage("abc", linked("abc", (1, 2))))
    assert [shares(part) for part in found["by_part"]] == [
        *[(None, 0)] * 3, (0.0, 1), *[(None, 0)] * 2, (1.0, 1), *[(None, 0)] * 2, (0.0, 1)
    ]  # fmt: skip


def test_an_item_whose_pairs_link_nothing_says_nothing_of_what_was_asked_about() -> None:
    whole = Answer(Worker("ann"), pairs=(pair("Q?"),))
    found = coverage(passage(HUNDRED, whole))
    assert found["covered"] == {"value": None, "low": None, "high": None, "n": 0, "of": "items"}
    assert {part["value"] for part in found["by_part"]} == {None}
    assert (found["asked_by_part"], found["uncovered"]) == ([], [])
    both = coverage(passage(HUNDRED, whole), passage(HUNDRED, linked(HUNDRED, (0, 50)), index=1))
    assert shares(both["covered"]) == (0.5, 1)


def test_what_is_left_is_shown_without_punctuation_between_sections() -> None:
    text = "One two. Three four. Five six."
    found = coverage(passage(text, linked(text, (0, 7), (9, 19))))
    assert found["uncovered"] == [{"item": "job/0", "share": 13 / 30, "unasked": [[19, 30]], "text": text}]


def test_a_passage_that_is_covered_whole_is_not_shown() -> None:
    assert coverage(passage("abc", linked("abc", (0, 2), (2, 3))))["uncovered"] == []


def test_items_with_the_largest_share_left_come_first_then_the_longest() -> None:
    texts = ["a" * length for length in (10, 20, 40, 100)]
    items = [
        passage(text, linked(text, (0, size)), index=index)
        for index, (text, size) in enumerate(zip(texts, (5, 10, 10, 75), strict=True))
    ]
    assert [entry["item"] for entry in coverage(*items)["uncovered"]] == ["job/2", "job/1", "job/0", "job/3"]
    many = [passage(texts[0], linked(texts[0], (0, 5)), index=index) for index in range(30)]
    assert [entry["item"] for entry in coverage(*reversed(many))["uncovered"]] == [f"job/{n}" for n in range(20)]


def test_the_beginning_of_a_passage_is_shown_on_one_line() -> None:
    text = "The  river\nrises " + "word " * 100
    (entry,) = coverage(passage(text, linked(text, (0, 3))))["uncovered"]
    assert entry["text"].startswith("The river rises word word")
    assert len(entry["text"]) == 80


@given(st.data())
def test_covered_characters_are_those_that_a_mask_counts(data: Any) -> None:
    """Against a mask with a flag for each character."""
    texts = data.draw(st.lists(st.text("a ö🙂", min_size=1, max_size=40), min_size=1, max_size=4))
    items, masks, begins = [], [], []
    for index, text in enumerate(texts):
        starts = data.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=4))
        spans = [(start, data.draw(st.integers(start + 1, len(text)))) for start in starts]
        items.append(passage(text, linked(text, *spans), index=index))
        masks.append([any(start <= place < end for start, end in spans) for place in range(len(text))])
        begins += [next(p for p in range(10) if start < len(text) * (p + 1) // 10) for start in starts]
    found = coverage(*items)
    assert found["covered"]["value"] == sum(map(sum, masks)) / sum(map(len, masks))
    for part in range(10):
        tenth = [flag for mask in masks for flag in mask[len(mask) * part // 10 : len(mask) * (part + 1) // 10]]
        assert found["by_part"][part]["value"] == (sum(tenth) / len(tenth) if tenth else None)
    assert found["asked_by_part"] == [begins.count(part) / len(begins) for part in range(10)]
    left = {entry["item"]: entry["share"] for entry in found["uncovered"]}
    assert left == {
        f"job/{i}": 1 - sum(m) / len(m) for i, m in enumerate(masks) if not all(m)
    } or left == pytest.approx({f"job/{i}": m.count(False) / len(m) for i, m in enumerate(masks) if not all(m)})


def test_pairs_of_all_valid_answers_count_and_no_others() -> None:
    wrong = Answer(Worker("bob"), pairs=(Pair("Q?", "", (), (), "passage"),))
    item = passage(HUNDRED, linked(HUNDRED, (0, 10)), wrong)
    assert shares(coverage(item)["covered"]) == (0.1, 1)
