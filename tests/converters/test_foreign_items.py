"""Tasks of projects that were made elsewhere: the item that one shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from foreign_answers import item_of, read, refusal_of, whole
from foreign_configs import PAIR, PROMPT, RANKER, SIDES

from gtbridge.converters.formats.manifest_line import item_from_line
from gtbridge.label_configs.errors import InputError


def test_the_item_is_the_tasks_data_under_the_tasks_id() -> None:
    data = {**PAIR, "extra": {"é": [1, None]}}
    found = item_of(read(SIDES), data)
    assert (found.index, found.text, found.responses, found.models, found.messages) == (
        7,
        "Why?",
        ("L", "R"),
        None,
        None,
    )
    line = json.loads(found.line)
    assert line["data"] == data
    assert found.line == json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    assert item_from_line(found.line, line, found.index + 1, "") == found


@pytest.mark.parametrize(("ids", "index"), [({"id": 3, "inner_id": 9}, 3), ({"inner_id": 9}, 9), ({"id": None}, 5)])
def test_the_index_is_the_id_else_the_inner_id_else_the_position(ids: dict[str, Any], index: int) -> None:
    assert whole(read(SIDES), {**ids, "data": PAIR}, position=5).line.item.index == index


def test_a_prompt_may_be_a_list_of_paragraphs_or_of_messages() -> None:
    reading = read(SIDES)
    assert item_of(reading, {**PAIR, "prompt": ["One.", "Two."]}).text == "One.\n\nTwo."
    talk = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    found = item_of(reading, {**PAIR, "prompt": talk})
    assert found.messages == (("system", "Be brief."), ("user", "Why?"))
    assert found.text == "System: Be brief.\n\nUser: Why?"


def test_a_dialogue_is_read_by_who_speaks() -> None:
    config = SIDES.replace("Text name", 'Paragraphs layout="dialogue" nameKey="who" textKey="said" name', 1)
    data = {**PAIR, "prompt": [{"who": "User", "said": "Hi"}, {"who": "Bo", "said": "Ho"}]}
    assert item_of(read(config, "role:Bo=assistant"), data).messages == (("user", "Hi"), ("assistant", "Ho"))
    assert "role:Bo=user|assistant|system" in refusal_of(read(config), data)


def test_numbers_from_spreadsheets_are_their_digits() -> None:
    found = item_of(read(SIDES), {"prompt": 6, "left": 42, "right": 1.5})
    assert (found.text, found.responses) == ("6", ("42", "1.5"))
    assert item_of(read(SIDES), {**PAIR, "left": 2.0}).responses == ("2", "R")


def test_a_prompt_for_all_needs_no_key() -> None:
    reading = read(SIDES.removeprefix(PROMPT), "prompt-text=Which is shorter?")
    assert item_of(reading, {"left": "L", "right": "R"}).text == "Which is shorter?"


def test_paths_go_into_the_data_and_keys_with_dots_come_first() -> None:
    reading = read(SIDES, "prompt=meta.turns[1].text", "reference=ref", "models=names")
    data = {**PAIR, "meta": {"turns": [{}, {"text": "Deep?"}]}, "ref": "R*", "names": ["m1", "m2"]}
    found = item_of(reading, data)
    assert (found.text, found.reference, found.models) == ("Deep?", "R*", ("m1", "m2"))
    assert item_of(reading, {**data, "meta.turns[1].text": "Flat?"}).text == "Flat?"


def test_a_reference_that_is_shown_is_no_prompt() -> None:
    reading = read(f'<Text name="r" value="$ref"/>{SIDES}', "reference=ref")
    found = item_of(reading, {**PAIR, "ref": "best"})
    assert (found.text, found.reference) == ("Why?", "best")
    assert reading.definition.reference


def test_the_responses_of_a_list_are_its_bodies_unless_another_field_is_named() -> None:
    data = {"prompt": "?", "items": [{"id": "x", "title": "M1", "body": "X"}, {"id": "y", "title": "M2", "body": "Y"}]}
    found = item_of(read(RANKER, "models=items.title"), data)
    assert (found.responses, found.models) == (("X", "Y"), ("M1", "M2"))
    assert item_of(read(RANKER, "responses=items.title"), data).responses == ("M1", "M2")


def test_models_may_stand_in_a_key_each() -> None:
    data = {**PAIR, "ml": "one", "mr": "two"}
    assert item_of(read(SIDES, "models=ml,mr"), data).models == ("one", "two")


MISSING = {
    "no prompt": ({"left": "L", "right": "R"}, "task 7: its data has no 'prompt'; there are the keys left, right"),
    "an empty prompt": ({**PAIR, "prompt": None}, "has no 'prompt'"),
    "a prompt of another kind": ({**PAIR, "prompt": {"a": 1}}, "'prompt' is no text"),
    "a list of other things": ({**PAIR, "prompt": [1]}, "'prompt' is neither text, nor a list of texts, nor a"),
    "a response that is no text": ({**PAIR, "left": True}, "task 7: 'left' is no text"),
    "no response": ({"prompt": "?", "left": "L"}, "has no 'right'"),
    "no number of JSON": ({**PAIR, "more": float("nan")}, "holds a number that JSON has none for"),
}


@pytest.mark.parametrize(("data", "sentence"), MISSING.values(), ids=MISSING.keys())
def test_a_task_that_lacks_something_is_named_with_it(data: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal_of(read(SIDES), data)


LISTS = {
    "no list": ({"items": "x"}, "task 7: 'items' is no list"),
    "no text in an entry": (
        {"items": [{"id": "x", "html": "<b/>", "title": "T"}]},
        "'items[0]' has no 'body'; say with --map responses=KEY.FIELD which field is the text: html, title",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), LISTS.values(), ids=LISTS.keys())
def test_a_list_that_is_none_is_named(data: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal_of(read(RANKER), {"prompt": "?", **data})


def test_as_many_models_as_responses() -> None:
    assert "1 models for 2 responses" in refusal_of(read(SIDES, "models=names"), {**PAIR, "names": ["m"]})


def test_a_task_without_data_is_refused() -> None:
    with pytest.raises(InputError, match="task 4: has no data"):
        whole(read(SIDES), {"id": 4})
