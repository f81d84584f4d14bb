"""Dialogues that Paragraphs show -> messages."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import answered, read

from gtbridge.converters.records import Item
from gtbridge.label_configs.errors import InputError

CONFIG = '<Paragraphs name="chat" value="$chat" layout="dialogue"/><TextArea name="reply" toName="chat"/>'
TALK = [("Client", "Do you open?"), ("Agent", "Which shop?"), ("Client", "The one\nby the sea.")]
SAID = ("role:Client=user", "role:Agent=assistant")


def entries(*talk: tuple[str, str], author: str = "author", text: str = "text") -> list[dict[str, str]]:
    return [{author: name, text: words, "start": "0"} for name, words in talk]


def item(value: Any, *said: str, config: str = CONFIG) -> Item:
    return answered(read(config, *said), {"chat": value}).line.item


def refused(value: Any, *said: str, config: str = CONFIG) -> str:
    with pytest.raises(InputError) as caught:
        item(value, *said, config=config)
    return str(caught.value)


def test_speakers_have_the_roles_that_were_said_to_be_theirs() -> None:
    found = item(entries(*TALK), *SAID)
    assert found.messages == (
        ("user", "Do you open?"),
        ("assistant", "Which shop?"),
        ("user", "The one\nby the sea."),
    )
    assert found.text == "User: Do you open?\n\nAssistant: Which shop?\n\nUser: The one\nby the sea."


def test_speakers_called_as_chat_models_call_them_need_no_word() -> None:
    found = item(entries(("SYSTEM", "Be brief."), (" User", "Hi"), ("assistant", "Yes?"), ("user", "Why?")))
    assert [role for role, _ in found.messages or ()] == ["system", "user", "assistant", "user"]


def test_what_was_said_of_a_speaker_counts_more_than_what_they_are_called() -> None:
    found = item(entries(("user", "Hi"), ("Assistant", "Yes?")), "role:user=assistant", "role:Assistant=user")
    assert [role for role, _ in found.messages or ()] == ["assistant", "user"]


@pytest.mark.parametrize("name", ["human", "gpt", "bot", "Agent", "agent", "users"])
def test_anybody_else_is_asked_for_by_name(name: str) -> None:
    sentence = refused(entries(("user", "Hi"), (name, "Yes?")))
    assert sentence == (
        f"config.xml: task 7: which part the speakers {name} have is not said; please say: "
        f"--map role:{name}=user|assistant|system"
    )


def test_all_speakers_without_a_role_are_named_at_once_and_each_once() -> None:
    sentence = refused(entries(*TALK, ("Boss", "Well.")), "role:Agent=assistant")
    assert "speakers Client, Boss have" in sentence
    assert sentence.endswith("--map role:Client=user|assistant|system, --map role:Boss=user|assistant|system")


def test_the_tag_says_what_speaker_and_words_are_called() -> None:
    config = CONFIG.replace("layout", 'NAMEKEY="who" textKey="said" layout')
    value = [
        {"author": "Agent", "text": "no", "who": "user", "said": "Hi"},
        *entries(("user", "x"), author="who", text="said"),
    ]
    assert item(value, config=config).messages == (("user", "Hi"), ("user", "x"))


def test_a_dialogue_of_one_user_is_what_they_say() -> None:
    found = item(entries(("user", "Hi")))
    assert (found.text, found.messages) == ("Hi", (("user", "Hi"),))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "Paragraphs 'chat' shows no dialogue: expected a list with 'author' and 'text' in each entry"),
        (["Hi"], None),
        ([{"text": "Hi"}], "entry 1 of the dialogue that Paragraphs 'chat' shows lacks 'author' or 'text'"),
        ([*entries(("user", "Hi")), {"author": "user"}], "entry 2 of the dialogue that Paragraphs 'chat' shows lacks"),
        ([*entries(("user", "Hi")), "Yes"], "entry 2 of the dialogue"),
        ([{"author": " ", "text": "Hi"}], "entry 1 of the dialogue"),
        ([{"author": "user", "text": ["Hi"]}], "entry 1 of the dialogue"),
    ],
)
def test_what_is_no_dialogue_is_refused_by_name(value: Any, sentence: str | None) -> None:
    if sentence is None:  # paragraphs without speakers are a text
        assert item(value).messages is None
    else:
        assert f"config.xml: task 7: {sentence}" in refused(value)
