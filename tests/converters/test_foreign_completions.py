"""Projects of other people in which prompts are answered in a TextArea -> prompt-completion."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import answered, judged, one_answer, read, typed
from foreign_templates import labeling_config
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import build_in_memory, options

from gtbridge.converters.foreign_projects.mapping import parse_mapping
from gtbridge.converters.foreign_projects.reading import project_reading
from gtbridge.converters.records import Pair
from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import QuestionAnswer

PROMPT = '<Text name="prompt" value="$prompt"/>'
AREA = '<TextArea name="answer" toName="prompt"/>'
TWO = f'{PROMPT}{AREA}<TextArea name="note" toName="prompt"/>'
DATA = {"prompt": "Write a line."}


def refused(xml: str, *said: str) -> str:
    with pytest.raises(InputError) as caught:
        read(xml, *said)
    return str(caught.value)


def test_one_text_and_one_text_area_need_no_word() -> None:
    reading = read(PROMPT + AREA)
    assert reading.definition == QuestionAnswer(prompt_completion=True)
    line = answered(reading, DATA, [typed("answer", "One.")], [typed("answer", "Two.")])
    assert (line.line.item.index, line.line.item.text, line.line.item.messages) == (7, "Write a line.", None)
    assert line.line.item.line == '{"source":"Write a line.","data":{"prompt":"Write a line."}}'
    assert [answer.pairs for answer in line.answers] == [(Pair("", "One."),), (Pair("", "Two."),)]
    assert len(judged(reading, line).judged.valid) == 2


@pytest.mark.parametrize(
    ("template", "data", "name", "said"),
    [
        ("generative-ai/supervised-llm", DATA, "instruction", ()),
        (
            "conversational-ai/response-generation",
            {"dialogue": [{"author": "Client", "text": "Open?"}, {"author": "user", "text": "Well?"}]},
            "response",
            ("role:Client=user",),
        ),
    ],
)
def test_the_templates_that_ship_become_rows_of_sft(template: str, data: Any, name: str, said: Any) -> None:
    reading = project_reading(labeling_config(template), parse_mapping(said), "it")
    item = judged(reading, answered(reading, data, [typed(name, "Yes.")], [typed(name, "No.")]))
    rows, *_ = build_in_memory([item], [], options(configs=("sft", "annotations")))
    said_to = data.get("dialogue", [{"text": "Write a line."}])
    for row, text in zip(rows["sft", "train"], ("Yes.", "No."), strict=True):
        assert row["prompt"] == [{"role": "user", "content": entry["text"]} for entry in said_to]
        assert row["completion"] == [{"role": "assistant", "content": text}]
    assert len(rows["annotations", "train"]) == 2


@settings(max_examples=12)
@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_each_submission_is_an_answer_as_it_was_typed(texts: list[str]) -> None:
    answer = one_answer(read(PROMPT + AREA), DATA, typed("answer", *texts))
    assert [pair.answer for pair in answer.pairs] == texts
    assert {pair.question for pair in answer.pairs} == {""}
    assert answer.unread == ()


def test_a_text_that_a_model_stored_without_a_list_is_read() -> None:
    entry = {**typed("answer"), "value": {"text": "One."}}
    assert one_answer(read(PROMPT + AREA), DATA, entry).pairs == (Pair("", "One."),)


@pytest.mark.parametrize("value", [{"text": [1]}, {"text": None}, {"texts": ["a"]}, {"text": [["a"]]}])
def test_what_no_text_area_stores_is_unread(value: Any) -> None:
    answer = one_answer(read(PROMPT + AREA), DATA, {**typed("answer"), "value": value})
    assert (answer.pairs, answer.unread) == ((), ("answer: does not hold texts",))


def test_two_results_of_one_text_area_are_unread() -> None:
    answer = one_answer(read(PROMPT + AREA), DATA, typed("answer", "a"), typed("answer", "b"))
    assert (answer.pairs, answer.unread) == ((), ("answer: is answered 2 times",))


def test_a_blank_or_missing_answer_breaks_a_rule() -> None:
    reading = read(TWO, "answer=answer")
    line = answered(reading, DATA, [typed("answer", " ")], [typed("note", "x")])
    sentences = [broken for _, broken in judged(reading, line).judged.invalid]
    assert sentences == [("answer 1: write an answer",), ("0 answers to the prompt; at least 1 answer is needed",)]


def test_which_of_two_text_areas_is_the_answer_is_asked_for() -> None:
    sentence = refused(TWO, "task=prompt-completion")
    assert "--map answer=CONTROL (the TextArea in which the prompt is answered: answer, note)" in sentence
    assert "--map prompt" not in sentence
    for said in (("answer=answer",), ("ignore=note",), ("task=prompt-completion", "answer=answer")):
        reading = read(TWO, *said)
        answer = one_answer(reading, DATA, typed("answer", "One."), typed("note", "Hm."))
        assert answer.pairs == (Pair("", "One."),)
        assert reading.remarks == (() if "ignore=note" in said else ("TextArea 'note'",))


def test_which_of_two_texts_is_the_prompt_is_asked_for_together_with_the_answer() -> None:
    config = '<Text name="title" value="$title"/>' + TWO
    sentence = refused(config, "task=prompt-completion")
    assert "--map prompt=KEY" in sentence and "title, prompt" in sentence and "--map answer=CONTROL" in sentence
    reading = read(config, "answer=answer", "prompt=prompt")
    assert answered(reading, {**DATA, "title": "T"}).line.item.text == "Write a line."


def test_a_control_that_is_no_text_area_cannot_be_the_answer() -> None:
    choices = '<Choices name="mood" toName="prompt"><Choice value="Good"/></Choices>'
    assert "--map answer=CONTROL" in refused(PROMPT + AREA + choices, "answer=mood")


def test_one_prompt_for_all_and_one_in_paragraphs_of_text() -> None:
    same = read(PROMPT + AREA, "prompt-text=Sum it up.")
    assert answered(same, DATA).line.item.text == "Sum it up."
    assert answered(read(PROMPT + AREA), {"prompt": ["One.", "Two."]}).line.item.text == "One.\n\nTwo."


def test_a_reference_answer_goes_along() -> None:
    reading = read(PROMPT + AREA, "reference=gold")
    assert answered(reading, {**DATA, "gold": "A line."}).line.item.reference == "A line."
    with pytest.raises(InputError, match="task 7: its data has no 'gold'; there are the keys prompt"):
        answered(reading, DATA)


def test_a_text_area_for_regions_is_not_taken_for_the_answer() -> None:
    region = '<TextArea name="why" toName="prompt" perRegion="true"/>'
    reading = read(PROMPT + AREA + region, "task=prompt-completion")
    assert one_answer(reading, DATA, typed("answer", "One.")).pairs == (Pair("", "One."),)
    assert reading.remarks == ("TextArea 'why'",)


def test_a_text_area_in_a_repeater_is_not_taken_for_the_answer() -> None:
    repeated = '<Repeater on="$parts"><TextArea name="part_{{idx}}" toName="prompt"/></Repeater>'
    assert read(PROMPT + AREA + repeated, "task=prompt-completion").remarks == ("TextArea 'part_{{idx}}'",)
    reading = read(PROMPT + AREA + repeated, "answer=answer")
    assert one_answer(reading, DATA, typed("answer", "One."), typed("part_0", "x")).pairs == (Pair("", "One."),)
    assert reading.remarks == ("TextArea 'part_{{idx}}'",)
