"""What must be said of projects of questions and answers, what is done with it, and what cannot be read at all."""

from __future__ import annotations

from typing import Any

import pytest
from foreign_answers import answered, judged, labels, read, typed
from foreign_passage import ANN, ANSWER, BOB, BOTH, DATA, EACH, KINDS, MARKS, ONCE, PASSAGE, QUESTION, TEXT, pair, said

# Tags


def test_labels_are_tags_where_that_is_said_and_asked_for_where_they_differ() -> None:
    with pytest.raises(Exception, match=r"--map tags=part \(its labels say something of each pair: Who, Where\)"):
        read(TEXT + KINDS, "question=question")
    reading = read(TEXT + KINDS, "question=question", "tags=part")
    assert reading.definition.tags == ("Who", "Where")  # type: ignore[union-attr]
    result = [labels("part", ANN, "Ann", "Who"), labels("part", BOB, "Bob", "Where", "Who")]
    line = answered(reading, DATA, result)
    assert line.answers[0].pairs == (
        pair("Who came?", "Ann", ANN, tags=("Who",)),
        pair("Who came?", "Bob", BOB, tags=("Where", "Who")),
    )
    assert len(judged(reading, line).judged.valid) == 1


def test_choices_are_tags_of_their_region_or_of_all_pairs_of_the_task() -> None:
    choices = '<Choices name="kind" toName="shown"{}><Choice value="Easy"/><Choice value="Hard"/></Choices>'
    chosen = {"from_name": "kind", "to_name": "shown", "type": "choices", "value": {"choices": ["Hard"]}, "id": ANN[0]}
    regions = [labels("part", ANN, "Ann", "Answer"), labels("part", BOB, "Bob", "Answer")]
    tags = ("question=question", "answer=section", "tags=kind")
    each = said(TEXT + MARKS + choices.format(' perRegion="true"'), tags, *regions, chosen)
    assert [pair.tags for pair in each.pairs] == [("Hard",), ()]
    once = said(TEXT + MARKS + choices.format(""), tags, *regions, chosen)
    assert [pair.tags for pair in once.pairs] == [("Hard",), ("Hard",)]
    broken = {**chosen, "value": {"choices": [["Hard"]]}}
    assert said(TEXT + MARKS + choices.format(""), tags, regions[0], broken).unread == ("kind: does not hold choices",)


def test_a_tag_of_several_sections_is_given_once() -> None:
    marked = [labels("part", ANN, "Ann", "Who"), labels("part", BOB, "Bob", "Who", "Where")]
    found = said(TEXT + KINDS + ONCE, (*BOTH, "tags=part"), typed("ask", "Who met?"), typed("say", "they"), *marked)
    assert found.pairs == (pair("Who met?", "they", ANN, BOB, tags=("Who", "Where")),)


def test_labels_of_the_config_and_of_the_task_are_tags_together() -> None:
    both = '<Labels name="part" toName="shown" value="$kinds"><Label value="Who"/></Labels>'
    reading = read(TEXT + both, "question=question", "tags=part")
    assert reading.definition.tags == ("Who",)  # type: ignore[union-attr]
    line = answered(reading, DATA, [labels("part", ANN, "Ann", "any")])
    assert len(judged(reading, line).judged.valid) == 1


def test_labels_that_no_definition_can_offer_are_tags_of_the_annotators_own() -> None:
    odd = KINDS.replace("A place", " x ").replace('alias="Where" ', "")
    dynamic = '<Labels name="part" toName="shown" value="$kinds"/>'
    for config, label in ((odd, " x "), (dynamic, "any")):
        reading = read(TEXT + config, "question=question", "tags=part")
        assert reading.definition.tags == ()  # type: ignore[union-attr]
        line = answered(reading, DATA, [labels("part", ANN, "Ann", label)])
        assert [answer.pairs[0].tags for answer in judged(reading, line).judged.valid] == [(label,)]


# What must be said, and what cannot be


QUESTION_ASKED = "question=KEY_OR_CONTROL (the key of the question in the tasks' data, or its TextArea: ask, say)"
ANSWER_ASKED = "answer=CONTROL (the TextArea of the answer, or section if what is highlighted is it: ask, say, section)"
MORE = '<Text name="more" value="$more"/>'
KIND = '<Choices name="kind" toName="shown" perRegion="true"><Choice value="Easy"/></Choices>'
REPEATED = (
    '<Repeater on="$parts"><Choices name="kind_{{idx}}" toName="shown"><Choice value="Easy"/></Choices></Repeater>'
)
OTHER_MARKS = '<Labels name="other" toName="shown" value="$kinds"/>'


@pytest.mark.parametrize(
    ("xml", "options_said", "expected"),
    [
        (EACH, (), [QUESTION_ASKED, ANSWER_ASKED]),
        (EACH, ("question=question",), ["answer=CONTROL"]),
        (EACH, ("question=ask", "answer=ask"), ["answer=CONTROL"]),
        (EACH, ("question=part", "answer=say"), ["question=KEY_OR_CONTROL"]),
        (EACH, ("question=ask", "answer=part"), ["answer=CONTROL"]),
        (EACH, (*BOTH, "tags=say"), ["tags=CONTROL"]),
        (TEXT + ONCE, ("question=ask", "answer=section"), ["answer=CONTROL"]),
        (TEXT + ONCE, (), ["question=KEY_OR_CONTROL", "answer=CONTROL"]),
        (TEXT + MORE + ONCE, BOTH, ["passage=KEY (the key of the passage in the tasks' data: text, more)"]),
        (TEXT + ANSWER, ("question=question",), ["answer=CONTROL"]),
        (TEXT + ONCE + KIND, (*BOTH, "tags=kind"), ["tags=CONTROL"]),
        (TEXT + ONCE + REPEATED, (*BOTH, "tags=kind_{{idx}}"), ["tags=CONTROL"]),
        (EACH + OTHER_MARKS, BOTH, ["ignore=CONTROL[,CONTROL...] (only one of the controls part, other can mark"]),
        (EACH + OTHER_MARKS, (*BOTH, "ignore=part"), ["tags=other (its labels say something of each pair: those in"]),
    ],
)
def test_what_the_config_does_not_tell_is_asked_for_by_name(xml: str, options_said: Any, expected: list[str]) -> None:
    with pytest.raises(Exception, match="the labeling config does not tell everything; please say: ") as caught:
        read(xml, *options_said)
    assert str(caught.value).count("--map ") == len(expected)
    assert all(f"--map {option}" in str(caught.value) for option in expected)


@pytest.mark.parametrize(
    "shown",
    [
        '<HyperText name="shown" value="$text"/>',
        '<Paragraphs name="shown" value="$text"/>',
        '<Text name="shown" value="$text" valueType="url"/>',
        '<Text name="shown" value="$text" encoding="base64"/>',
        '<Text name="shown" value="A text that all tasks show"/>',
        '<Text name="other" value="$text"/>',
    ],
)
def test_only_parts_of_a_text_in_the_data_are_read(shown: str) -> None:
    with pytest.raises(
        Exception, match=r"--map ignore=part \(only parts of a Text whose text is in the tasks' data are read"
    ):
        read(shown + MARKS, "question=question")


def test_labels_in_a_repeater_mark_no_sections() -> None:
    repeated = f'<Repeater on="$parts">{MARKS.replace("part", "part_{{idx}}")}</Repeater>'
    with pytest.raises(Exception, match=r"--map ignore=part_\{\{idx\}\} \(only parts of a Text"):
        read(TEXT + repeated, "question=question")


def test_what_belongs_together_by_no_data_is_refused() -> None:
    once = ANSWER.replace(' perRegion="true"', "")
    sentence = "TextArea 'ask' is answered for each region, TextArea 'say' once for the task: which belong together"
    with pytest.raises(Exception, match=sentence):
        read(TEXT + MARKS + QUESTION + once, *BOTH)
    with pytest.raises(
        Exception, match="--map passage=more: Labels 'part' marks parts of text, which must be the passage"
    ):
        read(EACH, *BOTH, "passage=more")
    assert read(EACH, *BOTH, "passage=text").remarks == ()


def test_a_question_of_the_task_is_asked_of_each_region() -> None:
    once = QUESTION.replace(' perRegion="true"', "")
    result = [typed("ask", "Who?"), *(labels("part", r, t, "Answer") for r, t in ((ANN, "Ann"), (BOB, "Bob")))]
    found = said(TEXT + MARKS + once, ("question=ask",), *result)
    assert found.pairs == (pair("Who?", "Ann", ANN), pair("Who?", "Bob", BOB))


def test_a_question_in_the_data_must_be_there_and_is_no_passage() -> None:
    config = TEXT + '<Text name="q" value="$question"/>' + ANSWER.replace(' perRegion="true"', "")
    answer = said(config, ("question=question",), typed("say", "she"))
    assert answer.pairs == (pair("Who came?", "she"),)
    with pytest.raises(Exception, match="task 7: its data has no 'question'"):
        answered(read(config, "question=question"), {"text": PASSAGE})


def test_a_reference_answer_goes_along() -> None:
    for config, more in ((EACH, BOTH), (TEXT + ONCE, BOTH)):
        line = answered(read(config, *more, "reference=gold"), {**DATA, "gold": "Ann"})
        assert line.line.item.reference == "Ann"
