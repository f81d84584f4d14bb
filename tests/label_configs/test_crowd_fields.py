"""Worker templates that ask for more than ranks or pairs: the form's fields, what workers see of them, read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from labeling_configs import FULL_QUESTIONS, FULL_RANKING, QUESTIONS, RANKING
from worker_templates import NASTY, as_html_has_it, filled, parsed

from gtbridge.label_configs.crowd import definition_to_template, read_template
from gtbridge.label_configs.describe import definition_to_sentences, definition_to_template_remarks
from gtbridge.label_configs.tasks import QuestionAnswer, TaskDefinition, TextRanking

LABELS = tuple(text for text in NASTY if text.isprintable() and text == text.strip())
ITEM = {"source": "Why?", "responses": ["zero", "one"], "reference": "Because"}
texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def form(definition: TaskDefinition, item: dict[str, Any]) -> Any:
    """The form as the worker's browser has it."""
    (found,) = parsed(filled(definition_to_template(definition), item, safe_json=True)).iter("crowd-form")
    return found


@pytest.mark.parametrize("definition", [RANKING, QUESTIONS])
def test_what_is_not_asked_for_leaves_no_field(definition: TaskDefinition) -> None:
    fields = {"input", "textarea", "select", "fieldset", "label", "p"}
    assert not [element.tag for element in form(definition, ITEM).iter() if element.tag in fields]


def test_each_response_has_its_own_flags_named_by_its_place_in_the_manifest() -> None:
    definition = RANKING.model_copy(update={"flags": LABELS})
    boxes = list(form(definition, ITEM).iter("input"))
    assert {box.attrib["type"] for box in boxes} == {"checkbox"}
    assert [(box.attrib["name"], box.attrib["value"]) for box in boxes] == [
        (name, flag) for name in ("flags-0", "flags-1") for flag in LABELS
    ]
    legends = ["".join(legend.itertext()) for legend in form(definition, ITEM).iter("legend")]
    assert legends == ["Mark response 1 as", "Mark response 2 as"]
    seen = ["".join(label.itertext()).strip() for label in form(definition, ITEM).iter("label")]
    assert seen == [*LABELS, *LABELS]


@pytest.mark.parametrize(("comment", "required"), [("optional", False), ("required", True)])
def test_the_comment_is_a_text_that_the_browser_demands_if_it_must_be_there(comment: str, required: bool) -> None:
    (field,) = form(QUESTIONS.model_copy(update={"comment": comment}), ITEM).iter("textarea")
    assert (field.attrib["name"], "required" in field.attrib, field.text) == ("comment", required, None)


def test_a_reason_is_chosen_from_a_list_that_begins_with_none() -> None:
    (field,) = form(QUESTIONS.model_copy(update={"cannot_judge": LABELS}), ITEM).iter("select")
    options = [(option.attrib["value"], "".join(option.itertext())) for option in field.iter("option")]
    assert field.attrib["name"] == "cannotJudge"
    assert options == [("", "I can judge it"), *[(label, label) for label in LABELS]]


@given(texts)
@example("".join(NASTY))
def test_the_reference_is_seen_as_it_is_above_the_element(reference: str) -> None:
    definition = RANKING.model_copy(update={"reference": True})
    parts = list(form(definition, {**ITEM, "reference": reference}))
    assert [part.tag for part in parts] == ["p", "p", "crowd-text-ranking"]
    assert ["".join(part.itertext()) for part in parts[:2]] == [
        "Reference answer",
        as_html_has_it(reference.replace("\0", "")),
    ]


@pytest.mark.parametrize(
    "definition",
    [
        TextRanking(dimensions=RANKING.dimensions, flags=LABELS, cannot_judge=LABELS, reference=True),
        QuestionAnswer(cannot_judge=LABELS, comment="optional"),
    ],
)
def test_nasty_flags_and_reasons_read_back_without_a_remark(definition: TaskDefinition) -> None:
    template = read_template(definition_to_template(definition), "x.html")
    assert (template.definition, template.remarks) == (definition, ())


# --- what the page says counts


@pytest.mark.parametrize(
    ("edit", "field", "value"),
    [
        (lambda page: page.replace(' rows="3" cols="60" required', ""), "comment", "optional"),
        (lambda page: page.replace('name="comment"', 'name="remark"'), "comment", None),
        (lambda page: page.replace("value='Unsafe'", "value='Harmful'"), "flags", ("Harmful", "costs $x")),
        (lambda page: page.replace("{{ forloop.index0 }}", "7"), "flags", ("Unsafe", "costs $x")),
        (lambda page: page.replace("{{ forloop.index0 }}", "{{ response }}"), "flags", ()),
        (lambda page: page.replace('type="checkbox"', 'type="text"'), "flags", ()),
        (lambda page: page.replace("value='Unsafe'", "value='{{ task.input.flag }}'"), "flags", ("costs $x",)),
        (lambda page: page.replace('"cannotJudge"', '"why"'), "cannot_judge", ()),
        (lambda page: page.replace("task.input.reference | escape", "task.input.gold"), "reference", False),
        (lambda page: page.replace("task.input.reference | escape", "task.input['reference']"), "reference", True),
        (lambda page: page.replace("<option value='Not mine'>", "<option value='Mine'>"), "cannot_judge", ("Mine",)),
    ],
)
def test_an_edited_page_asks_what_it_says(edit: Callable[[str], str], field: str, value: Any) -> None:
    page = definition_to_template(FULL_RANKING)
    edited = edit(page)
    assert edited != page
    read = read_template(edited, "x.html").definition
    assert read == FULL_RANKING.model_copy(update={field: value})


def test_a_list_of_something_else_holds_no_reasons() -> None:
    other = '<select name="mood"><option value="Good">Good</option></select>'
    page = definition_to_template(FULL_QUESTIONS).replace("</select>", f"</select>{other}")
    read = read_template(page, "x.html")
    assert read.definition == FULL_QUESTIONS
    assert [remark.partition(": ")[2] for remark in read.remarks] == [
        "<select name='mood'> is not kept: workers will not be asked for it",
        "the text 'Good' outside the instructions is not kept",
    ]


def test_what_the_page_says_beside_its_fields_is_remarked_on() -> None:
    page = definition_to_template(FULL_RANKING).replace("<p>Reference answer</p>", "<p>Gold</p><p>Reference answer</p>")
    remarks = [remark.partition(": ")[2] for remark in read_template(page, "x.html").remarks]
    assert remarks == ["the text 'Gold' outside the instructions is not kept", "<p> is not kept"]


def test_flags_in_a_page_of_questions_are_no_field_of_the_task() -> None:
    box = '<input type="checkbox" name="flags-0" value="Bad">'
    read = read_template(definition_to_template(QUESTIONS).replace("</crowd-form>", f"{box}</crowd-form>"), "x.html")
    assert read.definition == QUESTIONS
    assert [remark.partition(": ")[2] for remark in read.remarks] == [
        "<input name='flags-0'> is not kept: workers will not be asked for it"
    ]


# --- in words


def test_a_definition_says_in_words_what_else_it_asks() -> None:
    said = list(definition_to_sentences(FULL_RANKING))
    assert said[-4:] == [
        "A reference answer is shown beside the responses.",
        "Each response can be marked as: Unsafe, costs $x",
        "A comment is required.",
        "An item can be declined, with a reason in place of an answer: Not mine",
    ]
    assert "A comment is optional." in definition_to_sentences(FULL_QUESTIONS)
    assert not [line for line in definition_to_sentences(RANKING) if "comment" in line or "marked" in line]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reference": True}, []),
        ({"flags": ("Unsafe",)}, ["plain HTML fields"]),
        ({"comment": "optional"}, ["plain HTML fields"]),
        ({"cannot_judge": ("Not mine",)}, ["plain HTML fields", "cannot hide its element"]),
    ],
)
def test_what_ground_truth_leaves_open_about_the_fields_is_named(fields: dict[str, Any], words: list[str]) -> None:
    plain = RANKING.model_copy(update={"shuffle_responses": False})
    remarks = list(definition_to_template_remarks(plain.model_copy(update=fields)))
    assert len(remarks) == len(words)
    assert all(word in remark for word, remark in zip(words, remarks, strict=True))
