"""Tasks that people import by hand: what makes them complete, what they are as items, what of them is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import rankings_tasks, text

from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.manifest import item_from_line
from gtbridge.converters.formats.screens import task_data_to_item
from gtbridge.converters.formats.task_completion import completed_data, shown_data, task_to_item
from gtbridge.converters.records import Item
from gtbridge.converters.shown_html import prompt_html
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

RANKING = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True),))
FULL = RANKING.model_copy(update={"markdown": True, "reference": True, "flags": ("Unsafe",)})
QUESTIONS = QuestionAnswer()
USER = {"role": "user", "content": "Why?"}
PLAIN: dict[str, Any] = {"prompt": "Why?", "responses": ["So", "Because"]}


def line(data: dict[str, Any], definition: Any = RANKING) -> Any:
    item = task_to_item({"id": 9, "data": data}, definition)
    assert item is not None
    return json.loads(item.line)


def test_a_plain_task_gets_what_the_task_of_a_labeling_job_has() -> None:
    item = Item(9, "", "Why?", ("So", "Because"))
    made = item_to_task_data(item, RANKING)
    del made["object_index"]
    assert completed_data(PLAIN, RANKING) == made
    assert completed_data({"passage": "Tea is hot."}, QUESTIONS) == {"passage": "Tea is hot."}


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        {"source": "Why?", "responses": ["So", "Because"]},
        {"prompt": "Why?", "responses": '["So", "Because"]'},
        {"prompt": "Why?", "responses": [{"text": "So"}, {"content": "Because", "role": "assistant"}]},
        {"prompt": [USER], "responses": ["So", "Because"]},
        {"messages": [USER], "responses": ["So", "Because"]},
        {"prompt": "Why?", "responses": [[USER, {"role": "assistant", "content": each}] for each in ("So", "Because")]},
    ],
)
def test_every_usual_form_of_a_prompt_and_its_responses_is_the_same_item(data: dict[str, Any]) -> None:
    item = task_to_item({"id": 9, "data": data}, RANKING)
    assert item is not None
    assert (item.index, item.text, item.responses) == (9, "Why?", ("So", "Because"))
    shown = task_data_to_item(completed_data(data, RANKING), RANKING)
    assert shown is not None and (shown.text, shown.responses) == ("Why?", ("So", "Because"))


def test_a_conversation_is_shown_message_by_message_and_kept() -> None:
    messages = [USER, {"role": "assistant", "content": "What?"}, {"role": "user", "content": "The sky."}]
    data = completed_data({**PLAIN, "prompt": messages}, RANKING)
    assert data["prompt"] == "User: Why?\n\nAssistant: What?\n\nUser: The sky."
    assert data["messages"] == messages
    assert data["prompt_html"].count("gtb-message") == 3
    assert line(data)["messages"] == messages


def test_all_other_keys_stay_in_the_task_and_in_the_line_and_are_shown_to_nobody() -> None:
    responses = [{"text": "So", "model": "m-1", "id": "own", "seed": 3}, {"text": "Because", "model": "m-2"}]
    data = completed_data({"prompt": "Why?", "responses": responses, "topic": {"sky": 1}}, RANKING)
    assert data["topic"] == {"sky": 1}
    assert line(data) == {
        "source": "Why?",
        "responses": ["So", "Because"],
        "response_fields": [{"id": "own", "seed": 3}, {}],
        "models": ["m-1", "m-2"],
        "topic": {"sky": 1},
    }
    shown = json.dumps(shown_data(data, RANKING))
    assert not any(canary in shown for canary in ("m-1", "m-2", "own", "seed", "topic"))
    assert shown_data(shown_data(data, RANKING), RANKING) == json.loads(shown)
    assert task_data_to_item(json.loads(shown), RANKING) == task_data_to_item(data, RANKING)


def test_the_line_is_the_same_before_and_after_so_that_nothing_counts_as_changed() -> None:
    data = {"prompt": [USER], "responses": [{"text": "So", "model": "m-1"}, {"text": "Because", "model": "m-2"}]}
    plain = task_to_item({"id": 9, "data": data}, RANKING)
    whole = task_to_item({"id": 9, "data": completed_data(data, RANKING)}, RANKING)
    assert plain is not None and whole is not None
    assert plain.line == whole.line


def test_what_belongs_to_a_response_stays_with_it_in_whatever_order_it_is_shown() -> None:
    responses = [{"text": "So", "model": "m-1", "seed": 1}, {"text": "Because", "model": "m-2", "seed": 2}]
    data = completed_data({"prompt": "Why?", "responses": responses}, RANKING)
    data["responses"].reverse()
    again = completed_data(data, FULL.model_copy(update={"reference": False}))
    assert [(r["text"], r["model"], r["seed"]) for r in again["responses"]] == [("Because", "m-2", 2), ("So", "m-1", 1)]
    assert line(again)["models"] == ["m-1", "m-2"]


def test_a_key_that_the_labeling_config_names_is_shown() -> None:
    data = completed_data({**PLAIN, "topic": "sky", "models": ["m-1", "m-2"]}, RANKING)
    assert shown_data(data, RANKING, {"topic"})["topic"] == "sky"
    assert set(shown_data(data, None, {"topic", "responses", "title"})) == {"topic", "responses"}
    assert shown_data(data, None, {"responses", "title"})["responses"][0] == {"title": "Response A"}


def test_models_beside_the_responses_and_a_reference_are_read_as_in_a_manifest() -> None:
    data = {**PLAIN, "models": ["m-1", "m-2"], "reference": "So it is."}
    item = task_to_item({"id": 9, "data": completed_data(data, FULL)}, FULL)
    assert item is not None
    assert (item.models, item.reference) == (("m-1", "m-2"), "So it is.")
    completed = completed_data(data, FULL)
    assert "So it is." in completed["reference_html"]
    assert "reference_html" not in completed_data(completed, RANKING)
    assert completed_data(completed, RANKING)["reference"] == "So it is."


def test_html_that_somebody_imported_is_not_shown() -> None:
    hostile = "<script>alert(1)</script>"
    data = {**PLAIN, "prompt_html": hostile, "reference_html": hostile, "reference": "ok"}
    responses = completed_data(PLAIN, RANKING)["responses"]
    data["responses"] = [{**response, "text_html": hostile, "title": hostile} for response in responses]
    for definition in (RANKING, FULL):
        assert hostile not in json.dumps(shown_data(completed_data(data, definition), definition))


def test_the_order_that_a_task_has_stays_when_its_definition_is_edited() -> None:
    item = Item(0, "", "Why?", ("zero", "one", "two"), reference="r")
    data = item_to_task_data(item, RANKING, (2, 0, 1))
    data["reference"] = "r"
    after = completed_data(data, FULL)
    assert after == {**item_to_task_data(item, FULL, (2, 0, 1)), "object_index": 0}


def test_the_conversation_of_a_labeling_job_is_not_flattened_when_its_definition_is_edited() -> None:
    item = Item(
        0, "", "User: Why?\n\nAssistant: What?", ("a", "b"), messages=(("user", "Why?"), ("assistant", "What?"))
    )
    data = item_to_task_data(item, RANKING)
    markdown = RANKING.model_copy(update={"markdown": True})
    assert completed_data(data, markdown, keep_prompt=True)["prompt_html"] == data["prompt_html"]
    plain = item_to_task_data(Item(0, "", "*Why?*", ("a", "b")), RANKING)
    assert "<em>" in completed_data(plain, markdown, keep_prompt=True)["prompt_html"]
    assert completed_data({**PLAIN, "prompt_html": "<b>x</b>"}, RANKING)["prompt_html"] == prompt_html(
        Item(0, "", "Why?"), False
    )


@pytest.mark.parametrize(
    ("data", "definition", "sentence"),
    [
        ({"responses": ["a", "b"]}, RANKING, "$.prompt: is missing"),
        ({"prompt": 7, "responses": ["a", "b"]}, RANKING, "$.prompt: expected text"),
        ({"prompt": "P"}, RANKING, "$.responses: is missing: a text ranking needs the responses to rank"),
        ({"prompt": "P", "responses": "a"}, RANKING, "$.responses: expected a list of texts"),
        ({"prompt": "P", "responses": ["a", 3]}, RANKING, "$.responses[1]: expected text, found 3"),
        ({"prompt": "P", "responses": ["a"]}, RANKING, "$.responses: holds 1 of the at least two responses"),
        ({**PLAIN, "models": ["m"]}, RANKING, "$.models: names 1 models for 2 responses"),
        ({**PLAIN, "source": "How?"}, RANKING, "$.source: says otherwise than 'prompt' does"),
        (
            {"prompt": "P", "responses": [{"text": "a", "model": "x"}, {"text": "b", "model": "y"}], "models": ["z"]},
            RANKING,
            "$.models: says otherwise than 'responses' does",
        ),
        ({"prompt": "P"}, QUESTIONS, "$.passage: is missing"),
        ({"passage": " "}, QUESTIONS, "$.passage: is blank"),
        ({"passage": ["p"]}, QUESTIONS, "$.passage: expected"),
    ],
)
def test_what_is_no_task_is_refused_in_one_sentence(data: dict[str, Any], definition: Any, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        completed_data(data, definition)
    assert str(refused.value).startswith(sentence), str(refused.value)
    assert "--" not in str(refused.value), "whoever imports by hand has no command line"
    assert task_to_item({"id": 1, "data": data}, definition) is None


def test_a_source_that_says_the_same_as_the_prompt_does_no_harm() -> None:
    assert line({**PLAIN, "source": "Why?"}) == {"source": "Why?", "responses": ["So", "Because"]}


@pytest.mark.parametrize("task", [{}, {"id": 1}, {"id": 1, "data": []}, {"id": True, "data": PLAIN}, {"data": PLAIN}])
def test_what_is_no_task_of_label_studios_is_no_item(task: dict[str, Any]) -> None:
    assert task_to_item(task, RANKING) is None


def test_an_object_index_is_no_part_of_the_line_and_counts_only_where_it_is_asked_for() -> None:
    task = {"id": 9, "data": {**PLAIN, "object_index": 3}}
    mine, theirs = task_to_item(task, RANKING), task_to_item(task, RANKING, 3)
    assert mine is not None and theirs is not None
    assert (mine.index, theirs.index) == (9, 3)
    assert "object_index" not in mine.line


def test_a_responses_own_fields_keep_their_order_whatever_the_screen_calls_them() -> None:
    own = {"ranks": "1", "hotkey": "h", "title": "t", "flags": "f", "id": "i", "text_html": "x"}
    item = task_to_item({"id": 9, "data": {"prompt": "p", "responses": [{"text": "a", **own}, "b"]}}, RANKING)
    assert item is not None
    assert list(json.loads(item.line)["response_fields"][0]) == ["hotkey", "ranks", "title", "flags", "id", "text_html"]


others = st.dictionaries(
    st.sampled_from(["k", "topic", "id", "title", "ranks", "as_given"]), text | st.none(), max_size=3
)
responses = st.lists(text | st.builds(lambda t, more: {**more, "text": t}, text, others), min_size=2, max_size=5)


@given(text, responses, st.dictionaries(st.sampled_from(["k", "topic"]), text), rankings_tasks(), rankings_tasks())
def test_completing_again_changes_nothing_and_an_edited_definition_leaves_no_trace_of_the_old_one(
    prompt: str, given_responses: list[Any], more: dict[str, Any], one: TextRanking, other: TextRanking
) -> None:
    data = {"prompt": prompt, "responses": given_responses, **more}
    completed = completed_data(data, one)
    assert completed_data(completed, one) == completed
    assert completed_data(completed, other) == completed_data(data, other)
    assert task_to_item({"id": 4, "data": completed}, one) == task_to_item({"id": 4, "data": data}, one)


@given(text, responses, rankings_tasks())
def test_the_line_of_a_hand_made_task_is_a_manifest_line_that_says_the_same(
    prompt: str, given_responses: list[Any], definition: TextRanking
) -> None:
    item = task_to_item({"id": 4, "data": {"prompt": prompt, "responses": given_responses}}, definition)
    assert item is not None
    assert item_from_line(item.line, json.loads(item.line), 5, "m") == item
