"""Content of the documented shape is read fast, and as the slow readers read it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import make_item

from gtbridge.converters.formats.pair_content import read_pairs
from gtbridge.converters.formats.place import Place
from gtbridge.converters.formats.ranking_content import read_rankings
from gtbridge.converters.formats.reading import PLAIN, Reading
from gtbridge.converters.formats.remark_content import read_remark_content
from gtbridge.converters.formats.remarks import Remarks
from gtbridge.converters.formats.usual_content import read_usual_content
from gtbridge.converters.records import Item, Pair, Ranking, Section

RANKED = make_item(0, "Why?", ["a", "b", "c"])
PASSAGE = make_item(0, "It 🙂 rained all day.")
DIMENSION = {"name": "Clarity", "allowTie": True, "responseRankings": [2, 1, 2]}
SECTION = {"startOffset": 5, "endOffset": 11, "text": "rained"}
PAIR = {"question": "What?", "answer": "Rain.", "tags": ["easy"], "textReferences": [SECTION]}

scalars: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, 2, 3, -1, 2**31, 2**70, 1.0, 1.5, "", "1", "rained", [], {}]
)
keys = st.sampled_from(
    ["ordinalRankingDimensions", "questionAnswerPairs", "textRanking", "comment", "flags-0", "cannotJudge", "question"]
)
sound = st.sampled_from(
    [
        {"textRanking": {"ordinalRankingDimensions": [DIMENSION, {**DIMENSION, "name": ""}]}},
        {"ordinalRankingDimensions": [DIMENSION]},
        {"questionAndAnswers": {"questionAnswerPairs": [PAIR, {"question": "", "answer": "Rain."}]}},
        {"questionAnswerPairs": [PAIR]},
    ]
)


@st.composite
def contents(draw: Any) -> Any:
    """Sound content, in most cases with something in it replaced, left out or added."""
    content = copy.deepcopy(draw(sound))
    for _ in range(draw(st.integers(0, 2))):
        holder = content
        while isinstance(holder, dict | list) and holder:
            at = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
            if draw(st.integers(0, 3)) == 0 or not isinstance(holder[at], dict | list):
                _change(holder, at, draw(st.sampled_from(["replace", "remove", "add"])), draw)
                break
            holder = holder[at]
    return content


def _change(holder: Any, at: Any, how: str, draw: Any) -> None:
    if how == "remove":
        del holder[at]
    elif how == "replace":
        holder[at] = draw(scalars)
    elif isinstance(holder, dict):
        holder[draw(keys)] = draw(scalars | st.just(holder[at]))
    else:
        holder.append(draw(scalars | st.just(holder[at])))


@settings(max_examples=2 * settings().max_examples)
@given(contents(), st.sampled_from([RANKED, PASSAGE, None]))
@example({"textRanking": {"ordinalRankingDimensions": []}}, RANKED)
@example({"comment": {"questionAnswerPairs": [PAIR]}}, PASSAGE)
@example({"ordinalRankingDimensions": {"questionAnswerPairs": [PAIR]}}, PASSAGE)
def test_whatever_is_read_fast_is_what_the_slow_readers_read(content: Any, item: Item | None) -> None:
    found = read_usual_content(content, PLAIN, item)
    if found is None:
        return
    rankings, pairs = read_rankings(content, Place(""), PLAIN, item), read_pairs(content, Place(""), PLAIN, item)
    assert rankings is not None or pairs is not None
    assert repr(found) == repr((rankings or (), (pairs or ((), ()))[0]))  # so that True is not 1
    assert not pairs or not pairs[1]
    assert read_remark_content(content, Place(""), item) == (Remarks(), ())


@pytest.mark.parametrize("item", [RANKED, PASSAGE, None])
@pytest.mark.parametrize("name", ["textRanking", "a-name-of-its-own", None])
def test_a_documented_ranking_is_read_under_any_name_or_none(item: Item | None, name: str | None) -> None:
    element = {"ordinalRankingDimensions": [DIMENSION]}
    found = read_usual_content(element if name is None else {name: element}, PLAIN, item)
    assert found == ((Ranking("Clarity", (2, 1, 2), True),), ())


def test_pairs_in_the_shape_that_gtbridge_writes_are_read() -> None:
    content = {"questionAndAnswers": {"questionAnswerPairs": [PAIR, {**PAIR, "textReferences": []}]}}
    assert read_usual_content(content, PLAIN, PASSAGE) == (
        (),
        (
            Pair("What?", "Rain.", ("easy",), (Section(5, 11, "rained"),), "sections"),
            Pair("What?", "Rain.", ("easy",), (), "passage"),
        ),
    )


@pytest.mark.parametrize(
    "reading", [Reading("zero-based"), Reading(element="textRanking"), Reading(keys={"pairs": "x"})]
)
def test_what_is_to_be_read_in_another_way_is_left_to_the_slow_readers(reading: Reading) -> None:
    assert read_usual_content({"textRanking": {"ordinalRankingDimensions": [DIMENSION]}}, reading, RANKED) is None


def test_sections_that_browsers_counted_are_left_to_the_slow_reader() -> None:
    shifted = {**PAIR, "textReferences": [{"startOffset": 6, "endOffset": 12, "text": "rained"}]}
    assert read_usual_content({"x": {"questionAnswerPairs": [shifted]}}, PLAIN, PASSAGE) is None
