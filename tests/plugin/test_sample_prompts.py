"""The demo's prompts: many languages, clear differences in quality, and what breaks naive tools."""

from __future__ import annotations

from typing import Any
from unicodedata import bidirectional

import pytest
from demo_sample import PROMPTS, RESPONSES, SIMULATED

from gtbridge.converters.judgement.words import count_words
from gtbridge.converters.markdown import markdown_to_html


def test_two_to_six_responses_all_occur() -> None:
    assert {len(row["responses"]) for row in PROMPTS} == {2, 3, 4, 5, 6}


def test_each_response_has_a_model_of_its_own_and_a_quality() -> None:
    assert list(SIMULATED["quality"]) == [row["id"] for row in PROMPTS]
    for row in PROMPTS:
        assert len(row["models"]) == len(set(row["models"])) == len(row["responses"])
        assert set(row["models"]) <= {f"model-{letter}" for letter in "abcdef"}
        quality = SIMULATED["quality"][row["id"]]
        assert len(quality) == len(row["responses"])
        assert all(isinstance(value, float) and 0 <= value <= 1 for value in quality)


def test_the_best_response_stands_in_many_places_and_comes_from_many_models() -> None:
    best = [SIMULATED["quality"][row["id"]].index(max(SIMULATED["quality"][row["id"]])) for row in PROMPTS]
    assert len(set(best)) >= 3
    assert len({row["models"][place] for row, place in zip(PROMPTS, best, strict=True)}) >= 4


def test_some_responses_are_equally_good_and_every_prompt_tells_its_responses_apart() -> None:
    values = list(SIMULATED["quality"].values())
    assert sum(len(set(quality)) < len(quality) for quality in values) == 2
    assert all(max(quality) - min(quality) >= 0.5 for quality in values)


def test_one_item_has_two_responses_that_differ_in_outer_white_space_only_and_tie() -> None:
    twins = [
        (row["id"], one, other)
        for row in PROMPTS
        for other in range(len(row["responses"]))
        for one in range(other)
        if row["responses"][one].strip() == row["responses"][other].strip()
    ]
    [(name, one, other)] = twins
    responses = next(row["responses"] for row in PROMPTS if row["id"] == name)
    assert responses[one] != responses[other]
    assert SIMULATED["quality"][name][one] == SIMULATED["quality"][name][other]


def test_half_of_the_prompts_are_english_and_the_others_each_in_a_language_of_their_own() -> None:
    assert sorted(row["language"] for row in PROMPTS) == ["ar", "de", *["en"] * 6, "es", "hi", "ja", "zh-Hans"]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("ar", "\u0600", "\u06ff"),
        ("hi", "\u0900", "\u097f"),
        ("ja", "\u3040", "\u30ff"),
        ("zh-Hans", "\u4e00", "\u9fff"),
    ],
)
def test_every_text_of_a_language_is_in_its_script(language: str, first: str, last: str) -> None:
    [row] = [row for row in PROMPTS if row["language"] == language]
    for found in (row["prompt"], *row["responses"]):
        assert sum(first <= character <= last for character in found) > len(found) / 4


def test_right_to_left_text_has_left_to_right_text_within() -> None:
    assert any({"AL", "L", "EN"} <= {bidirectional(character) for character in response} for response in RESPONSES)


def test_fenced_code_has_indentation_markup_quotes_and_backslashes() -> None:
    [row] = [row for row in PROMPTS if any("```" in response for response in row["responses"])]
    blocks = [response.split("```")[1] for response in row["responses"]]
    assert all(block.startswith("python\n") and "\n    " in block for block in blocks)
    assert all(any(mark in block for block in blocks) for mark in ("<", "&amp;", '"', "'", "\\\\"))


def test_the_code_parses_and_the_better_functions_escape_while_the_worse_do_not() -> None:
    [row] = [row for row in PROMPTS if "escape_html" in row["prompt"]]
    ways = []
    for response in row["responses"]:
        scope: dict[str, Any] = {}
        exec(response.split("```")[1].removeprefix("python\n"), scope)
        escaped = scope["escape_html"]("<a title='&' id=\"x\">")
        ways.append(escaped.replace("&#x27;", "&#39;") == "&lt;a title=&#39;&amp;&#39; id=&quot;x&quot;&gt;")
    assert ways == [quality > 0.5 for quality in SIMULATED["quality"][row["id"]]]


def test_markdown_has_a_table_headings_and_nested_lists() -> None:
    rendered = [markdown_to_html(response) for response in RESPONSES]
    assert any(all(f"<{tag}" in html for tag in ("table", "h2", "h3", "ol", "ul")) for html in rendered)


def test_one_response_has_more_than_four_hundred_words() -> None:
    assert sum(count_words(response) > 400 for response in RESPONSES) == 1


def test_one_prompt_has_several_paragraphs() -> None:
    assert any(row["prompt"].count("\n\n") >= 2 for row in PROMPTS)


def test_emoji_include_a_family_joined_by_zero_width_joiners_and_a_flag() -> None:
    for emoji in ("👨\u200d👩\u200d👧\u200d👦", "🇯🇵", "👶🏽"):
        assert any(emoji in response for response in RESPONSES)


def test_what_templates_would_replace_and_latex_are_in_one_item() -> None:
    assert any(
        all(any(mark in response for response in row["responses"]) for mark in ("$x ", "{{idx}}", "$$", "\\frac{"))
        for row in PROMPTS
    )
