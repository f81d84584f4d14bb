"""Labeling configs: which controls ask what the definition asks, and what of their looks can be computed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from importlib import resources

import pytest
from hypothesis import given
from labeling_configs import RANKING, definitions, named, questions, tree

from gtbridge.label_configs.controls import PAIR_COUNT, slot_count
from gtbridge.label_configs.labeling_config import definition_to_labeling_config
from gtbridge.label_configs.labeling_config_values import PAIR_COLOURS
from gtbridge.label_configs.tasks import QuestionAnswer, Range, TaskDefinition

# --- what is asked


def test_ties_decide_between_ranks_and_an_order_with_its_confirmation() -> None:
    controls = named(RANKING)
    assert {"rank__helpfulness__{{idx}}", "order__clarity", "done__clarity"} <= set(controls)
    assert not {"order__helpfulness", "done__helpfulness", "rank__clarity__{{idx}}"} & set(controls)
    assert controls["rank__helpfulness__{{idx}}"].get("value") == "$responses[{{idx}}].ranks"
    assert controls["order__clarity"].get("toName") == "responses"
    assert [choice.get("alias") for choice in controls["done__clarity"]] == ["confirmed"]


@pytest.mark.parametrize(("markdown", "tag", "field"), [(False, "Text", "text"), (True, "HyperText", "text_html")])
def test_markdown_decides_how_responses_are_shown(markdown: bool, tag: str, field: str) -> None:
    response = named(RANKING.model_copy(update={"markdown": markdown}))["response_{{idx}}"]
    assert (response.tag, response.get("value")) == (tag, f"$responses[{{{{idx}}}}].{field}")


@given(definitions)
def test_every_control_has_a_wrapper_to_find_it_by(definition: TaskDefinition) -> None:
    root = tree(definition)
    wrappers = {view.attrib["idAttr"]: view for view in root.iter("View") if "idAttr" in view.attrib}
    for tag in ("Choices", "Ranker", "TextArea", "Labels"):
        for control in root.iter(tag):
            assert control in list(wrappers[f"gtb-{control.get('name')}"])


@given(definitions)
def test_only_what_belongs_to_an_answer_must_be_given(definition: TaskDefinition) -> None:
    free = (
        "tags_",
        "custom_tags_",
        "flags__",
        "cannot_judge",
        *(["comment"] if definition.comment != "required" else []),
    )
    for name, control in named(definition).items():
        if control.tag in ("Choices", "TextArea"):
            assert (control.get("required") == "true") is not name.startswith(free)


@given(questions)
def test_each_pair_has_a_slot_and_a_highlighter_that_open_together(definition: QuestionAnswer) -> None:
    root, most = tree(definition), slot_count(definition)
    slots = root.findall(".//View[@className='gtb-pair']")
    labels = [label.get("value") for label in root.iter("Label")]
    assert labels == [f"QA {number}" for number in range(1, most + 1)]
    assert len(slots) == most
    parents = {child: parent for parent in root.iter() for child in parent}
    for number, (slot, label) in enumerate(zip(slots, root.iter("Label"), strict=True), start=1):
        opened_by = ",".join(map(str, range(number, most + 1))) if number > definition.questions.min else None
        assert slot.get("whenChoiceValue") == opened_by
        assert parents[label].get("whenChoiceValue") == opened_by
        assert label.get("background", "?") in slot.get("style", "")


@pytest.mark.parametrize(
    ("questions", "layout", "options"),
    [
        (Range(min=2, max=2), None, []),
        (Range(min=1, max=10), "inline", [str(count) for count in range(1, 11)]),
        (Range(min=1, max=11), "select", [str(count) for count in range(1, 12)]),
        (Range(min=19, max=None), "inline", ["19", "20"]),
        (Range(min=25, max=None), None, []),
    ],
)
def test_the_number_of_pairs_is_asked_where_there_is_a_choice(
    questions: Range, layout: str | None, options: list[str]
) -> None:
    control = named(QuestionAnswer(questions=questions)).get(PAIR_COUNT, ElementTree.Element("None"))
    assert control.get("layout") == layout
    assert [choice.get("value") for choice in control] == options


def test_a_screen_without_a_maximum_says_how_many_pairs_it_has_room_for() -> None:
    note = "There is room for 20 pairs."
    assert note in definition_to_labeling_config(QuestionAnswer())
    assert note not in definition_to_labeling_config(QuestionAnswer(questions=Range(min=1, max=20)))


@pytest.mark.parametrize(
    ("limits", "count", "hint"),
    [
        (Range(), "words", "Question"),
        (Range(min=3, max=20), "words", "Question, 3 to 20 words"),
        (Range(min=2), "whitespace", "Question, at least 2 words"),
        (Range(min=1, max=1), "words", "Question, 1 word"),
        (Range(min=1, max=5), "characters", "Question, 1 to 5 characters"),
    ],
)
def test_the_limits_of_a_text_stand_in_its_empty_field(limits: Range, count: str, hint: str) -> None:
    definition = QuestionAnswer.model_validate({"question_words": limits, "count": count})
    assert named(definition)["question_1"].get("placeholder") == hint


# --- looks that can be computed


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (x / 255 for x in bytes.fromhex(colour[1:]))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", ["#ffffff", "#fdfdfc", "#262522"])
def test_pair_colours_stand_out_on_both_themes(background: str) -> None:
    for colour in PAIR_COLOURS:
        low, high = sorted([_luminance(colour), _luminance(background)])
        assert (high + 0.05) / (low + 0.05) >= 3, colour


def test_there_are_twenty_pair_colours_and_then_they_repeat() -> None:
    labels = list(tree(QuestionAnswer(questions=Range(min=1, max=21))).iter("Label"))
    assert len({label.get("background") for label in labels[:20]}) == 20
    assert labels[20].get("background") == labels[0].get("background")


@pytest.mark.parametrize("name", ["screen.css", "text-ranking.css", "question-answer.css", "beyond.css"])
def test_styles_hold_nothing_that_label_studio_escapes(name: str) -> None:
    assert not set(resources.files("gtbridge.label_configs").joinpath(name).read_text("utf-8")) & set("<>&")
