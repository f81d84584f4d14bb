"""Which column is what: conversations, preference datasets, responses with their models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gtbridge.converters.formats.manifest import read_manifest
from gtbridge.converters.formats.sources import Columns, Record, records_to_manifest
from gtbridge.converters.formats.sources_records import RecordPlace
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError

PAIR = Columns(responses=("chosen", "rejected"))


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def line(fields: dict[str, Any], columns: Columns = PAIR) -> str:
    record = Record(fields, RecordPlace("in", "$[7]"))
    [made] = records_to_manifest([record], columns, Ledger())
    return made


def made(fields: dict[str, Any], columns: Columns = PAIR) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line(fields, columns))
    return found


def refused(fields: dict[str, Any], columns: Columns = PAIR) -> str:
    with pytest.raises(InputError) as caught:
        line(fields, columns)
    return str(caught.value)


PROMPT = [user("Hi"), assistant("Hello"), user("Why?")]
CHOSEN, REJECTED = [assistant("So.")], [assistant("No.")]
FROM_CONVERSATIONS = {
    "source": "User: Hi\n\nAssistant: Hello\n\nUser: Why?",
    "messages": PROMPT,
    "responses": ["So.", "No."],
    "id": 3,
}


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": PROMPT, "chosen": CHOSEN, "rejected": REJECTED, "id": 3},
        {"chosen": PROMPT + CHOSEN, "rejected": PROMPT + REJECTED, "id": 3},
        {"prompt": PROMPT, "chosen": PROMPT + CHOSEN, "rejected": PROMPT + REJECTED, "id": 3},
        {"prompt": PROMPT, "chosen": CHOSEN[0], "rejected": REJECTED[0], "id": 3},
        {"prompt": PROMPT, "chosen": "So.", "rejected": "No.", "id": 3},
    ],
    ids=["explicit prompt", "implicit prompt", "prompt twice", "messages", "texts"],
)
def test_preference_rows_become_prompt_and_responses(fields: dict[str, Any]) -> None:
    assert made(fields) == FROM_CONVERSATIONS


def test_what_is_made_of_a_conversation_reads_back_as_one() -> None:
    [item] = read_manifest([line({"chosen": PROMPT + CHOSEN, "rejected": PROMPT + REJECTED}).encode()], "m")
    assert item.messages == (("user", "Hi"), ("assistant", "Hello"), ("user", "Why?"))
    assert item.responses == ("So.", "No.")


def test_a_prompt_of_text_is_kept_beside_the_conversation_that_responses_share() -> None:
    fields = {"prompt": "Why?", "chosen": [user("Why?"), *CHOSEN], "rejected": [user("Why?"), *REJECTED]}
    assert made(fields) == {"source": "Why?", "messages": [user("Why?")], "responses": ["So.", "No."]}


def test_a_prompt_of_text_with_bare_completions_needs_no_conversation() -> None:
    assert made({"prompt": "Why?", "chosen": CHOSEN, "rejected": REJECTED}) == {
        "source": "Why?",
        "responses": ["So.", "No."],
    }


def test_equal_conversations_are_two_equal_responses() -> None:
    assert made({"chosen": [user("Why?"), *CHOSEN], "rejected": [user("Why?"), *CHOSEN]})["responses"] == ["So.", "So."]


def test_white_space_that_joins_a_completion_to_its_prompt_is_kept() -> None:
    assert made({"prompt": "The sky is", "chosen": " blue.", "rejected": " green."})["responses"] == [
        " blue.",
        " green.",
    ]


def test_a_lone_user_message_is_shown_without_its_role() -> None:
    assert made({"messages": [user("Why?")]}, Columns()) == {"source": "Why?", "messages": [user("Why?")]}


def test_a_named_conversation_goes_beside_the_source_that_there_is() -> None:
    fields = {"prompt": "In short", "turns": [user("Why?")]}
    assert made(fields, Columns(messages="turns")) == {"source": "In short", "messages": [user("Why?")]}


def test_turns_as_sharegpt_has_them_are_renamed_and_lose_nothing() -> None:
    turns = [{"from": "system", "value": "Be brief"}, {"from": "human", "value": "Why?", "weight": 1}]
    assert made({"conversations": turns}, Columns(messages="conversations")) == {
        "source": "System: Be brief\n\nUser: Why?",
        "messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Why?", "weight": 1}],
    }


def test_parts_of_text_are_read_and_kept_as_they_are() -> None:
    message = {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    assert made({"messages": [message]}, Columns()) == {"source": "a\n\nb", "messages": [message]}


def test_a_conversation_beside_a_prompt_that_nobody_named_only_passes_through() -> None:
    fields = {"prompt": "Why?", "messages": [user("Why?"), assistant("So.")]}
    assert made(fields, Columns()) == {"source": "Why?", "messages": fields["messages"]}


def test_responses_with_their_models_and_further_fields_lose_nothing() -> None:
    fields = {"prompt": "p", "answers": [{"text": "a", "model": "m", "score": 1}, {"text": "b", "model": "n"}]}
    assert made(fields, Columns(responses=("answers",))) == {
        "source": "p",
        "responses": ["a", "b"],
        "models": ["m", "n"],
        "response_fields": [{"score": 1}, {}],
    }


def test_nulls_beside_a_response_as_tables_fill_them_in_are_no_fields_of_it() -> None:
    answers = [{"text": "a", "model": "m", "score": None}, {"text": "b", "model": "n", "score": None}]
    assert "response_fields" not in made({"prompt": "p", "answers": answers}, Columns(responses=("answers",)))


def test_the_conversation_may_be_in_a_column_that_usually_holds_the_source() -> None:
    fields = {"prompt": [user("Why?")], "passage": "mine"}
    expected = {"source": "Why?", "messages": [user("Why?")], "passage": "mine"}
    assert made(fields, Columns(messages="prompt")) == made(fields, Columns()) == expected


def test_models_come_from_columns_as_responses_do() -> None:
    fields = {"prompt": "p", "answer_a": "x", "answer_b": "y", "model_a": "m", "model_b": "n"}
    columns = Columns(responses=("answer_a", "answer_b"), models=("model_a", "model_b"))
    assert made(fields, columns) == {"source": "p", "responses": ["x", "y"], "models": ["m", "n"]}


def test_a_list_that_a_table_of_texts_spells_as_json_is_read() -> None:
    fields = {"prompt": "p", "responses": '["x", "y"]', "models": "mine"}
    assert made(fields, Columns()) == {"source": "p", "responses": ["x", "y"], "models": "mine"}


def test_models_of_the_users_own_shape_only_pass_through() -> None:
    assert made({"prompt": "p", "responses": ["x", "y"], "models": [1]}, Columns())["models"] == [1]


ENDS = "ends with the assistant, so it is no prompt; annotators need a conversation that waits for an answer"
LATER = [*PROMPT, assistant("Well"), user("And?"), assistant("Yes")]
REFUSALS: dict[str, tuple[dict[str, Any], Columns, str]] = {
    "an answered conversation": ({"prompt": [user("a"), assistant("b")]}, Columns(), f"$[7].prompt: {ENDS}"),
    "an answered shared beginning": (
        {"chosen": [assistant("a"), *CHOSEN], "rejected": [assistant("a"), *REJECTED]},
        PAIR,
        f"$[7].chosen: {ENDS}",
    ),
    "conversations that part early": (
        {"chosen": LATER, "rejected": PROMPT + REJECTED},
        PAIR,
        "$[7].chosen: has 3 messages after those that all responses share; only the last one may differ",
    ),
    "more in common than the prompt has": (
        {"prompt": [user("Hi")], "chosen": PROMPT + CHOSEN, "rejected": PROMPT + REJECTED},
        PAIR,
        "$[7].chosen: has 3 messages after those that all responses share; only the last one may differ",
    ),
    "a response of the user's": (
        {"chosen": [user("a"), user("b")], "rejected": [user("a"), *REJECTED]},
        PAIR,
        "$[7].chosen[1]: is a message of the role 'user'; a response is the assistant's",
    ),
    "a text among conversations": (
        {"prompt": "p", "chosen": CHOSEN, "rejected": "b"},
        PAIR,
        "$[7].rejected: expected a conversation, as other responses are",
    ),
    "a picture in a message": (
        {"messages": [{"role": "user", "content": [{"type": "image"}]}]},
        Columns(),
        "$[7].messages: expected a conversation: a list of messages, each with role and content",
    ),
    "an empty conversation": (
        {"turns": []},
        Columns(messages="turns"),
        "$[7].turns: expected a conversation: a list of messages, each with role and content",
    ),
    "no conversation of that name": (
        {"prompt": "p"},
        Columns(messages="turns"),
        "$[7]: has no field 'turns'; name the field with --messages-column",
    ),
    "another conversation in its place": (
        {"messages": [user("x")], "prompt": "p", "chosen": PROMPT + CHOSEN, "rejected": PROMPT + REJECTED},
        PAIR,
        "$[7]: has a field 'messages' beside 'chosen', which would take its name; leave it out with --drop-column",
    ),
    "two texts in one response": (
        {"prompt": "p", "responses": [{"text": "a", "answer": "b"}]},
        Columns(),
        "$[7].responses[0]: expected a text under one of text, content, response, answer, completion, output; "
        "found it under text and answer",
    ),
    "models of some": (
        {"prompt": "p", "responses": [{"text": "a", "model": "m"}, {"text": "b"}]},
        Columns(),
        "$[7].responses: names the models of some responses, but not of all",
    ),
    "too few models": (
        {"prompt": "p", "responses": ["a", "b"], "models": ["m"]},
        Columns(),
        "$[7].models: names 1 models for 2 responses",
    ),
    "a model that is no name": (
        {"prompt": "p", "responses": ["a"], "who": [None]},
        Columns(models=("who",)),
        "$[7].who[0]: expected text, found None",
    ),
    "half a list of JSON": (
        {"prompt": "p", "responses": "['a']"},
        Columns(),
        "$[7].responses: begins like a list, but: not JSON: Expecting value at column 2",
    ),
    "no response where one should be": (
        {"prompt": "p", "chosen": "a", "rejected": None},
        PAIR,
        "$[7].rejected: expected text, found None",
    ),
}


@pytest.mark.parametrize(("fields", "columns", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_told_apart_is_refused_by_name(fields: dict[str, Any], columns: Columns, message: str) -> None:
    assert refused(fields, columns) == f"in: {message}"
