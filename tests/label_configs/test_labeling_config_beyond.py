"""Labeling configs that ask for more than ranks or pairs: what is asked, and what a reason to decline puts away."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling_configs import (
    FULL_QUESTIONS,
    FULL_RANKING,
    QUESTIONS,
    RANKING,
    definitions,
    labels,
    named,
    names,
    seen,
    tree,
)

from gtbridge.label_configs.controls import CANNOT_JUDGE, COMMENT, flag_value, stored_flag
from gtbridge.label_configs.labeling_config import definition_to_labeling_config
from gtbridge.label_configs.tasks import Range, TaskDefinition, TextRanking

SHOWN_TO_ALL = {COMMENT, CANNOT_JUDGE}


def controls(definition: TaskDefinition) -> Iterator[tuple[ElementTree.Element, list[ElementTree.Element]]]:
    """Every element that takes or shows something, with those around it."""
    pending: list[tuple[ElementTree.Element, list[ElementTree.Element]]] = [(tree(definition), [])]
    while pending:
        element, around = pending.pop(0)
        if element.get("name"):
            yield element, around
        pending = [(child, [*around, element]) for child in element] + pending


def put_away(element: ElementTree.Element) -> bool:
    """Whether it goes once a reason is chosen."""
    return (element.get("visibleWhen"), element.get("whenTagName")) == ("choice-unselected", CANNOT_JUDGE)


def hidden(around: list[ElementTree.Element]) -> bool:
    """Whether what they hold goes once a reason is chosen, or with the number of pairs, which goes."""
    return any(put_away(element) or element.get("whenTagName") == "pair_count" for element in around)


def kept_back(control: ElementTree.Element, around: list[ElementTree.Element]) -> bool:
    """Whether Label Studio leaves out its result then (its editor's Result.canBeSubmitted).

    A control's own condition comes first, and is the only one of this kind that counts; a condition of the other kind
    counts on any ancestor, and then so does whether the control is to be seen.
    """
    if control.get("visibleWhen") == "choice-unselected":
        return put_away(control)
    return any(element.get("visibleWhen") == "choice-selected" for element in around)


@pytest.mark.parametrize("definition", [RANKING, QUESTIONS])
def test_what_is_not_asked_for_leaves_no_trace(definition: TaskDefinition) -> None:
    xml = definition_to_labeling_config(definition)
    for trace in ("gtb-beyond", "gtb-flags", "gtb-marked", "gtb-reference", "choice-unselected", COMMENT, CANNOT_JUDGE):
        assert trace not in xml


@pytest.mark.parametrize(
    "fields", [{"reference": True}, {"flags": ("Unsafe",)}, {"comment": "optional"}, {"cannot_judge": ("Not mine",)}]
)
def test_each_brings_the_style_sheet_of_them_all(fields: dict[str, Any]) -> None:
    style = tree(RANKING.model_copy(update=fields)).findtext("Style") or ""
    assert style.endswith(resources.files("gtbridge.label_configs").joinpath("beyond.css").read_text("utf-8"))


@given(definitions.filter(lambda definition: bool(definition.cannot_judge)))
def test_a_reason_puts_away_all_but_the_comment_and_keeps_its_results_back(definition: TaskDefinition) -> None:
    for control, around in controls(definition):
        if control.tag in ("Choices", "TextArea", "Ranker", "Labels"):
            stays = control.get("name") in SHOWN_TO_ALL
            assert hidden(around) is not stays, control.attrib
            if control.tag in ("Choices", "TextArea"):  # the others know no conditions: see converters.formats
                assert kept_back(control, around) is not stays, control.attrib


@pytest.mark.parametrize("definition", [FULL_RANKING, FULL_QUESTIONS])
def test_without_reasons_nothing_is_put_away(definition: TaskDefinition) -> None:
    assert not any(put_away(element) for element in tree(definition.model_copy(update={"cannot_judge": ()})).iter())


@pytest.mark.parametrize("definition", [FULL_RANKING, FULL_QUESTIONS])
def test_what_is_read_stays_on_the_screen_beside_a_reason(definition: TaskDefinition) -> None:
    texts = [around for element, around in controls(definition) if element.tag in ("HyperText", "Text")]
    assert texts and not any(hidden(around) for around in texts)


def test_a_pair_that_is_closed_is_kept_back_with_or_without_a_reason() -> None:
    by_name = named(FULL_QUESTIONS.model_copy(update={"questions": Range(min=1, max=2)}))
    assert by_name["question_1"].get("visibleWhen") == "choice-unselected"
    assert by_name["question_2"].get("visibleWhen") is None, "its own condition would outweigh the number of pairs"


def test_flags_are_offered_with_each_response_which_brings_them_along() -> None:
    flags = named(FULL_RANKING)["flags__{{idx}}"]
    asked = {key: flags.get(key) for key in ("toName", "value", "choice")}
    assert asked == {"toName": "prompt", "value": "$responses[{{idx}}].flags", "choice": "multiple"}
    root = tree(FULL_RANKING)
    (card,) = [view for view in root.iter("View") if "gtb-card" in view.get("className", "").split()]
    assert [choices.get("name") for choices in card.iter("Choices")] == ["flags__{{idx}}"]


def test_the_reference_is_shown_before_the_responses_and_is_none_of_them() -> None:
    texts = {e.get("name"): (e, around) for e, around in controls(FULL_RANKING) if e.tag in ("HyperText", "Text")}
    assert list(texts) == ["prompt", "reference", "response_{{idx}}"]
    reference, around = texts["reference"]
    assert (reference.tag, reference.get("value")) == ("HyperText", "$reference_html")
    assert not [element for element in around if element.tag == "Repeater"]
    headings = [header.get("value") for header in tree(FULL_RANKING).iter("Header")]
    assert headings.index("Reference answer") < headings.index("$responses[{{idx}}].title")


@pytest.mark.parametrize(("comment", "required"), [("optional", None), ("required", "true")])
@pytest.mark.parametrize(("definition", "subject"), [(FULL_RANKING, "prompt"), (FULL_QUESTIONS, "passage")])
def test_one_comment_is_asked_about_the_item(
    definition: TaskDefinition, subject: str, comment: str, required: str | None
) -> None:
    field = named(definition.model_copy(update={"comment": comment}))[COMMENT]
    asked = [field.get(key) for key in ("toName", "maxSubmissions", "required")]
    assert (field.tag, asked) == ("TextArea", [subject, "1", required])


@given(names)
def test_reasons_look_right_and_are_stored_right(reasons: list[str]) -> None:
    control = named(TextRanking(dimensions=RANKING.dimensions, cannot_judge=tuple(reasons)))[CANNOT_JUDGE]
    assert control.get("choice") == "single"
    choices = control.findall("Choice")
    assert [choice.get("alias", choice.get("value")) for choice in choices] == reasons
    assert [seen(choice.get("value", "")) for choice in choices] == [seen(reason) for reason in reasons]


@pytest.mark.parametrize("definition", [FULL_RANKING, FULL_QUESTIONS])
def test_no_option_is_at_the_mercy_of_a_stray_key(definition: TaskDefinition) -> None:
    for option in tree(definition).iter():
        if option.tag in ("Choice", "Label"):
            assert option.get("hotkey") == "f19"


@given(st.integers(0, 9), labels)
def test_a_stored_flag_names_its_response(index: int, flag: str) -> None:
    assert stored_flag(flag_value(index, flag), index + 1) == (index, flag)
    assert stored_flag(flag_value(index, flag), index) is None


@pytest.mark.parametrize("value", ["Unsafe", "r0", "r00:Unsafe", "r-1:Unsafe", ":Unsafe", "", None, 7, ["r0:Unsafe"]])
def test_what_names_no_response_is_no_stored_flag(value: object) -> None:
    assert stored_flag(value, 3) is None
