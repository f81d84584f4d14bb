"""What a word is."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import text

from gtbridge.converters.judgement.words import count_words


@pytest.mark.parametrize(
    ("given_text", "words"),
    [
        ("", 0),
        (" \n\t\u3000", 0),
        ("one", 1),
        ("  two  words\n", 2),
        ("don't self-made 3.14", 3),
        ("?", 1),
        ("a , b", 3),
        ("e\u0301te\u0301", 1),
        ("नमस्ते दुनिया", 2),
        ("привет, мир", 2),
        ("안녕 세계", 2),
        ("👍 👩‍👩‍👧", 2),
        ("好", 1),
        ("你好世界", 4),
        ("你好，世界。", 4),
        ("你好 世界", 4),
        ("がんばる", 4),
        ("か\u3099んは\u309aる", 4),
        ("コーヒー", 4),
        ("えーーっ", 4),
        ("ｶﾞｷﾞ", 2),
        ("東京タワー", 5),
        ("𠮷野家", 3),
        ("葛\U000e0100城", 2),
        ("สวัสดี", 4),
        ("ที่นี่", 2),
        ("ສະບາຍດີ", 6),
        ("ភាសា\u200bខ្មែរ", 4),
        ("မြန်မာ", 4),
        ("hello世界", 3),
        ("世界hello界", 4),
        ("iPhone15を買う", 4),
        ("GPT-4について", 5),
        ("好👍", 1),
        ("「好」", 1),
        ("2026年11月", 4),
    ],
)
def test_words_follow_the_script(given_text: str, words: int) -> None:
    assert count_words(given_text) == words


@pytest.mark.parametrize(("given_text", "words"), [("", 0), ("你好 世界", 2), (" a\u3000b\n", 2), ("don't", 1)])
def test_white_space_can_be_asked_for(given_text: str, words: int) -> None:
    assert count_words(given_text, "whitespace") == words


@pytest.mark.parametrize(
    ("given_text", "characters"), [("", 0), ("a b\r\nc", 3), ("e\u0301", 1), ("👩‍👩‍👧!", 2), ("ดี", 1), ("🇩🇪🇫🇷", 2)]
)
def test_characters_are_grapheme_clusters_without_white_space(given_text: str, characters: int) -> None:
    assert count_words(given_text, "characters") == characters


@given(text, text)
def test_words_on_both_sides_of_a_space_add_up(one: str, other: str) -> None:
    assert count_words(f"{one} {other}") == count_words(one) + count_words(other)


@given(text)
def test_text_that_is_not_blank_has_at_least_the_words_that_white_space_parts(some: str) -> None:
    assert (count_words(some) > 0) == bool(some.strip())
    assert count_words(some) >= count_words(some, "whitespace")
