from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shaped_rows import ONE, SHAPES, SPECS, TALK, messages, rows

from gtbridge.converters.datasets.features import schema_of
from gtbridge.converters.datasets.options import CHOICES, CONFIGS
from gtbridge.converters.datasets.parquet import table_of
from gtbridge.converters.datasets.rows import MESSAGES
from gtbridge.converters.datasets.shapes import Shape


def shaped(preset: str, kind: str, *prompt: tuple[str, str], format: str = "conversational", **replies: str) -> Any:
    return Shape.of(preset, format).row(kind, rows(*prompt, **replies)[kind])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", CONFIGS)
def test_rows_have_the_features_that_their_shape_says(shape: Shape, kind: str) -> None:
    row, spec = rows(*TALK).get(kind, {"text": "x"}), SPECS.get(kind, {"text": "string"})
    made = shape.row(kind, row)
    assert isinstance(made, dict)
    table = table_of([made], schema_of(shape.features(kind, spec)))
    assert list(made) == table.column_names
    assert table.to_pylist() == [made]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_columns_that_hold_no_texts_of_a_dialogue_stay_as_they_are(shape: Shape, kind: str) -> None:
    row = rows(ONE)[kind]
    made = shape.row(kind, row)
    for column in {"margin", "label", "answers", "metadata"} & set(row):
        assert made[column] == row[column]  # type: ignore[index]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", sorted(set(CONFIGS) - set(SPECS)))
def test_configs_of_no_trainer_are_the_same_in_every_shape(shape: Shape, kind: str) -> None:
    row = {"prompt": messages(ONE), "completion": "x"}
    assert shape.row(kind, row) == row
    assert shape.features(kind, {"prompt": MESSAGES}) == {"prompt": MESSAGES}


@pytest.mark.parametrize("preset", ["trl", "openrlhf"])
@pytest.mark.parametrize("kind", SPECS)
def test_trl_and_openrlhf_take_rows_as_they_are(preset: str, kind: str) -> None:
    assert shaped(preset, kind, *TALK) == rows(*TALK)[kind]


@pytest.mark.parametrize("kind", ["preference", "unpaired", "prompts"])
def test_axolotl_hands_all_rows_but_those_of_fine_tuning_to_trl(kind: str) -> None:
    assert shaped("axolotl", kind, *TALK) == rows(*TALK)[kind]


def test_implicit_dialogues_begin_with_the_whole_prompt() -> None:
    made = shaped("trl-implicit", "preference", *TALK)
    assert made["chosen"] == messages(*TALK, ("assistant", " Blue.\n"))
    assert made["rejected"] == messages(*TALK, ("assistant", "Bleu"))
    assert "prompt" not in made
    assert shaped("trl-implicit", "sft", *TALK)["messages"] == messages(*TALK, ("assistant", " Blue.\n"))


@pytest.mark.parametrize("format", CHOICES["format"])
@pytest.mark.parametrize("kind", ["unpaired", "prompts"])
def test_what_has_no_implicit_form_keeps_its_prompt(kind: str, format: str) -> None:
    assert shaped("trl-implicit", kind, ONE, format=format) == shaped("trl", kind, ONE, format=format)


def test_text_holds_the_replies_exactly_as_they_are() -> None:
    pair = shaped("trl", "preference", ONE, format="standard")
    assert (pair["chosen"], pair["rejected"]) == (" Blue.\n", "Bleu")
    for kind in ("unpaired", "sft"):
        assert shaped("trl", kind, ONE, format="standard")["completion"] == " Blue.\n"


@pytest.mark.parametrize("text", ["Name a colour.", "Name a colour. \n\n", "Name a colour.\n"])
def test_a_lone_turn_as_text_ends_with_one_line_break(text: str) -> None:
    assert shaped("trl", "prompts", ("user", text), format="standard")["prompt"] == "Name a colour.\n"


def test_a_conversation_as_text_is_its_transcript_and_who_speaks_next() -> None:
    transcript = "System: Be brief.\n\nUser: Wie heißt du?\n\nAssistant: Ada.\n\nUser: 你叫什么名字？\n\nAssistant:\n"
    assert shaped("trl", "prompts", *TALK, format="standard")["prompt"] == transcript
    assert shaped("trl", "prompts", ("system", "Go."), format="standard")["prompt"] == "System: Go.\n\nAssistant:\n"


def test_implicit_text_is_prompt_and_reply_in_one() -> None:
    explicit = shaped("trl", "preference", *TALK, format="standard")
    whole = shaped("trl-implicit", "preference", *TALK, format="standard")
    assert whole["chosen"] == explicit["prompt"] + explicit["chosen"]
    assert whole["rejected"] == explicit["prompt"] + explicit["rejected"]
    assert shaped("trl-implicit", "sft", *TALK, format="standard")["text"] == whole["chosen"]


def test_llamafactory_gets_one_reply_of_each_and_no_list() -> None:
    made = shaped("llamafactory", "preference", *TALK)
    assert made["chosen"] == {"from": "gpt", "value": " Blue.\n"}
    assert made["rejected"] == {"from": "gpt", "value": "Bleu"}
    roles = [turn["from"] for turn in made["conversations"]]
    assert roles == ["system", "human", "gpt", "human"]
    assert [turn["value"] for turn in made["conversations"]] == [content for _, content in TALK]


@pytest.mark.parametrize("kind", ["unpaired", "sft"])
def test_llamafactory_reads_the_completion_as_the_last_turn(kind: str) -> None:
    turns = shaped("llamafactory", kind, ONE)["conversations"]
    assert turns == [{"from": "human", "value": "Name a colour."}, {"from": "gpt", "value": " Blue.\n"}]


def test_llamafactory_gets_a_prompt_as_system_history_and_instruction() -> None:
    made = shaped("llamafactory", "prompts", *TALK)
    assert made["system"] == "Be brief."
    assert made["history"] == [["Wie heißt du?", "Ada."]]
    assert made["instruction"] == "你叫什么名字？"
    alone = shaped("llamafactory", "prompts", ONE)
    assert (alone["system"], alone["history"], alone["instruction"]) == ("", [], "Name a colour.")


@given(st.lists(st.sampled_from(["system", "user", "assistant", "tool"]), min_size=1, max_size=6))
@pytest.mark.parametrize("kind", SPECS)
def test_llamafactory_is_spared_exactly_the_conversations_that_it_would_skip(kind: str, roles: list[str]) -> None:
    made = shaped("llamafactory", kind, *((role, "x") for role in roles))
    takes = re.fullmatch("s?(ua)*u", "".join(role[0] for role in roles)) is not None
    assert isinstance(made, dict) == takes
    if isinstance(made, str):
        assert made.startswith("whose conversation ")


def test_axolotl_learns_the_reply_and_no_earlier_turn() -> None:
    made = shaped("axolotl", "sft", *TALK)["messages"]
    assert [message["training"] for message in made] == [False, False, False, False, True]
    assert [message["content"] for message in made] == [*(content for _, content in TALK), " Blue.\n"]
    assert [message["role"] for message in made] == ["system", "user", "assistant", "user", "assistant"]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", SPECS)
def test_the_row_that_came_in_is_left_alone(shape: Shape, kind: str) -> None:
    row = rows(*TALK)[kind]
    shape.row(kind, row)
    assert row == rows(*TALK)[kind]
