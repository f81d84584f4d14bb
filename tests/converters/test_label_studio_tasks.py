"""Items -> Label Studio task data, and the order in which responses are shown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import question_tasks, ranking_items, rankings_tasks, text

from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data, shown_order, shuffled
from gtbridge.converters.formats.manifest import item_from_line
from gtbridge.converters.records import Item
from gtbridge.label_configs.controls import NO_KEY
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))

FULL = RANKING.model_copy(
    update={"markdown": True, "reference": True, "flags": ("Unsafe", "costs $x"), "cannot_judge": ("Not mine",)}
)


def item(**more: Any) -> Item:
    value = {"source": "Why?", "responses": ["zero", "one", "two"], **more}
    return item_from_line(to_line(value), value, 6, "m")


def test_the_data_of_a_ranking_names_each_response_and_its_ranks() -> None:
    data = item_to_task_data(item(), RANKING, (2, 0, 1))
    assert (data["object_index"], data["prompt"]) == (5, "Why?")
    assert [(r["id"], r["title"], r["text"]) for r in data["responses"]] == [
        ("r2", "Response A", "two"),
        ("r0", "Response B", "zero"),
        ("r1", "Response C", "one"),
    ]
    assert [(rank["value"], rank["alias"]) for rank in data["responses"][0]["ranks"]] == [
        ("1", "r2:1"),
        ("2", "r2:2"),
        ("3", "r2:3"),
    ]


def test_without_an_order_responses_stand_as_in_the_item() -> None:
    assert shown_order(item_to_task_data(item(), RANKING)) == (0, 1, 2)


def test_the_data_of_a_passage_is_the_passage_and_the_number() -> None:
    assert item_to_task_data(item(), QuestionAnswer()) == {"object_index": 5, "passage": "Why?"}


@pytest.mark.parametrize("task", [RANKING, FULL, QuestionAnswer(), QuestionAnswer(comment="required")])
def test_nothing_else_of_the_manifest_line_reaches_the_browser(task: Any) -> None:
    canary = "canary-1f7e"
    secret = item(models=[canary] * 3, gold=canary, nested={"a": [canary]}, **{canary: 1})
    assert canary in secret.line
    assert canary not in json.dumps(item_to_task_data(secret, task))


def test_the_prompt_is_there_as_it_was_given_and_as_it_is_shown() -> None:
    data = item_to_task_data(item(source="*a* <b>"), RANKING)
    assert (data["prompt"], data["prompt_html"]) == ("*a* <b>", '<div class="gtb-verbatim">*a* &lt;b&gt;</div>')
    assert all("text_html" not in response for response in data["responses"])


def test_a_conversation_is_shown_in_place_of_its_transcript() -> None:
    data = item_to_task_data(item(messages=[{"role": "user", "content": "Hello"}]), RANKING)
    assert data["prompt"] == "Why?"
    assert "Hello" in data["prompt_html"] and "Why?" not in data["prompt_html"]


def test_markdown_is_added_beside_the_text() -> None:
    task = TextRanking(dimensions=RANKING.dimensions, markdown=True)
    data = item_to_task_data(item(source="*a*", responses=["**b**", "<i>"]), task)
    assert (data["prompt"], data["prompt_html"]) == ("*a*", '<div class="gtb-markdown"><p><em>a</em></p>\n</div>')
    assert [response["text"] for response in data["responses"]] == ["**b**", "<i>"]
    assert [response["text_html"] for response in data["responses"]] == [
        '<div class="gtb-markdown"><p><strong>b</strong></p>\n</div>',
        '<div class="gtb-markdown"><p>&lt;i&gt;</p>\n</div>',
    ]


def test_flags_are_stored_with_the_response_that_they_mark() -> None:
    data = item_to_task_data(item(), FULL, (2, 0, 1))
    assert data["responses"][0]["flags"] == [
        {"value": "Unsafe", "alias": "r2:Unsafe", "hotkey": NO_KEY},
        {"value": "costs $\u2060x", "alias": "r2:costs $x", "hotkey": NO_KEY},
    ]


def test_a_task_that_asks_for_no_flags_and_no_reference_has_no_such_data() -> None:
    data = item_to_task_data(replace(item(), reference="Because"), RANKING)
    assert data.keys() == {"object_index", "prompt", "prompt_html", "responses"}
    assert data["responses"][0].keys() == {"id", "title", "text", "ranks"}


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        (False, '<div class="gtb-verbatim">*a* &lt;script&gt;</div>'),
        (True, '<div class="gtb-markdown"><p><em>a</em> &lt;script&gt;</p>\n</div>'),
    ],
)
def test_the_reference_is_there_as_it_was_given_and_as_it_is_shown(markdown: bool, shown: str) -> None:
    task = FULL.model_copy(update={"markdown": markdown})
    data = item_to_task_data(replace(item(), reference="*a* <script>"), task)
    assert (data["reference"], data["reference_html"]) == ("*a* <script>", shown)


def test_an_item_without_a_reference_shows_none_and_still_fits_the_screen() -> None:
    data = item_to_task_data(item(), FULL)
    assert "reference" not in data
    assert data["reference_html"] == ""


@given(rankings_tasks(), ranking_items(), text)
def test_the_shown_order_reads_back_from_the_data(task: TextRanking, drawn: Item, seed: str) -> None:
    order = shuffled(len(drawn.responses or ()), seed)
    data = json.loads(json.dumps(item_to_task_data(drawn, task, order)))
    assert shown_order(data) == order
    assert [response["text"] for response in data["responses"]] == [(drawn.responses or ())[i] for i in order]


@given(question_tasks(), ranking_items())
def test_the_data_of_a_passage_records_no_order(task: QuestionAnswer, drawn: Item) -> None:
    assert shown_order(item_to_task_data(drawn, task)) is None


@pytest.mark.parametrize(
    "responses",
    [None, "r0", [{"id": "r0"}, {"id": "r0"}], [{"id": "r1"}], [{"id": "r0"}, {}], [{"id": "r0"}, None], [{"id": 0}]],
)
def test_data_that_someone_changed_records_no_order(responses: Any) -> None:
    assert shown_order({"responses": responses}) is None


@given(st.integers(0, 12), text)
def test_a_shuffled_order_is_a_permutation_that_depends_on_the_seed_only(count: int, seed: str) -> None:
    order = shuffled(count, seed)
    assert sorted(order) == list(range(count))
    assert shuffled(count, seed) == order


def test_every_order_is_equally_likely() -> None:
    draws = 24 * 200
    counts = Counter(shuffled(4, f"job/{number}") for number in range(draws))
    assert set(counts) == set(permutations(range(4)))
    chi_square = sum((count - 200) ** 2 / 200 for count in counts.values())
    # 23 degrees of freedom: a uniform draw exceeds 49.7 once in a thousand; the seeds are fixed, so it never flickers.
    assert chi_square < 49.7
