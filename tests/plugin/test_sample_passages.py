"""The demo's passages and the pairs about them: offsets that are easy to get wrong, quotes that are exact."""

from __future__ import annotations

from typing import Any
from unicodedata import combining

import pytest
from demo_sample import PAIRS, PASSAGES, QUESTIONS, SIMULATED, items

from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.judgement.words import count_words
from gtbridge.converters.records import Answer, Pair, Section, Worker
from gtbridge.label_configs.tasks import QuestionAnswer


def answer_of(passage: str, pair: dict[str, Any]) -> Pair:
    starts = [(passage.index(quote), quote) for quote in pair["quotes"]]
    sections = tuple(Section(start, start + len(quote), quote) for start, quote in starts)
    return Pair(pair["question"], pair["answer"], tuple(pair["tags"]), sections, "sections" if sections else "passage")


# Passages


def test_passages_are_in_three_languages() -> None:
    assert [row["language"] for row in PASSAGES] == ["en", "en", "en", "en", "es", "ja"]


@pytest.mark.parametrize("row", PASSAGES, ids=lambda row: row["id"])
def test_a_passage_has_three_to_six_paragraphs_and_a_readable_length(row: dict[str, Any]) -> None:
    paragraphs = row["passage"].replace("\r\n", "\n").split("\n\n")
    assert 3 <= len(paragraphs) <= 6
    assert all(paragraph.strip() == paragraph != "" for paragraph in paragraphs)
    # Two characters of Japanese say about what one English word does.
    unit = 2 if row["language"] == "ja" else 1
    assert 120 <= count_words(row["passage"]) / unit <= 300


def test_one_passage_has_windows_line_ends_throughout() -> None:
    [passage] = [row["passage"] for row in PASSAGES if "\r" in row["passage"]]
    assert passage.count("\r\n") == passage.count("\r") == passage.count("\n")


def test_one_passage_has_tabs_and_double_spaces() -> None:
    assert [row["id"] for row in PASSAGES if "\t" in row["passage"] and ".  " in row["passage"]] == ["passage-4"]


def test_one_passage_has_combining_marks_and_a_quote_with_them() -> None:
    assert any(combining(character) for _, pair in PAIRS for quote in pair["quotes"] for character in quote)


def test_offsets_of_quotes_differ_between_code_points_and_utf_16() -> None:
    shifted = {
        passage
        for passage, pair in PAIRS
        for quote in pair["quotes"]
        if len(passage[: passage.index(quote)].encode("utf-16-le")) // 2 != passage.index(quote)
    }
    assert len(shifted) >= 3


def test_some_quotes_hold_emoji_tabs_and_double_spaces_themselves() -> None:
    quotes = [quote for _, pair in PAIRS for quote in pair["quotes"]]
    for mark in ("🌕", "🇨🇦", "\t", "  "):
        assert any(mark in quote for quote in quotes)


# Simulated pairs


def test_each_passage_has_at_least_five_pairs_with_different_questions() -> None:
    assert list(SIMULATED["pairs"]) == [row["id"] for row in PASSAGES]
    for pairs in SIMULATED["pairs"].values():
        assert len({pair["question"] for pair in pairs}) == len(pairs) >= 5


def test_every_quote_occurs_exactly_once_in_its_passage() -> None:
    for passage, pair in PAIRS:
        assert len(pair["quotes"]) <= 2
        for quote in pair["quotes"]:
            starts = [at for at in range(len(passage)) if passage.startswith(quote, at)]
            assert len(starts) == 1, quote


def test_every_passage_has_a_pair_about_all_of_it_and_the_sample_has_pairs_with_one_and_two_quotes() -> None:
    for pairs in SIMULATED["pairs"].values():
        assert any(pair["quotes"] == [] for pair in pairs)
    assert {len(pair["quotes"]) for _, pair in PAIRS} == {0, 1, 2}


def test_some_answers_are_quotes_and_some_are_in_own_words() -> None:
    quoted = [pair["answer"] in pair["quotes"] for _, pair in PAIRS]
    assert quoted.count(True) >= 10
    assert quoted.count(False) >= 10


def test_all_tags_are_used_and_some_are_the_annotators_own() -> None:
    assert isinstance(QUESTIONS, QuestionAnswer)
    used = {tag for _, pair in PAIRS for tag in pair["tags"]}
    assert used > set(QUESTIONS.tags)


@pytest.mark.parametrize("number", range(len(PASSAGES)), ids=[row["id"] for row in PASSAGES])
def test_every_pair_would_be_a_valid_part_of_an_answer(number: int) -> None:
    item = items("passages.jsonl")[number]
    for pair in SIMULATED["pairs"][PASSAGES[number]["id"]]:
        answer = Answer(Worker("simulated"), pairs=(answer_of(item.text, pair),) * 2)
        assert problems(QUESTIONS, item, answer) == []
        assert all(1 <= count_words(pair[field]) <= 20 for field in ("question", "answer"))
