"""Labeling configs: that they read back, that user text stays text in them, and which are refused."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from labeling_configs import (
    FULL_QUESTIONS,
    FULL_RANKING,
    NASTY,
    QUESTIONS,
    RANKING,
    definitions,
    labels,
    named,
    names,
    seen,
    tree,
)

from gtbridge.label_configs.controls import dimension_slugs, rank_name
from gtbridge.label_configs.errors import DefinitionError
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

# --- there and back


@given(definitions)
def test_every_definition_reads_back_from_its_config(definition: TaskDefinition) -> None:
    assert labeling_config_to_definition(definition_to_labeling_config(definition), "x.xml") == definition


@given(definitions)
def test_every_config_is_valid_for_label_studio(definition: TaskDefinition) -> None:
    from label_studio_sdk.label_interface.interface import LabelInterface  # a second of CPU

    xml = definition_to_labeling_config(definition)
    LabelInterface(xml).validate()  # type: ignore[no-untyped-call]
    # Label Studio's server looks for names and references with these expressions, in the whole text.
    names = re.findall(r'name="([^"]*)"', xml)
    assert len(names) == len(set(names))
    assert set(re.findall(r'toName="([^"]*)"', xml)) <= set(names)


def test_a_config_reads_back_after_an_xml_tool_has_rewritten_it() -> None:
    definition = TextRanking(dimensions=tuple(Dimension(name=name, allow_tie=True) for name in NASTY))
    rewritten = ElementTree.tostring(tree(definition), encoding="unicode")
    assert labeling_config_to_definition(rewritten, "x.xml") == definition


@pytest.mark.parametrize("definition", [RANKING, QUESTIONS, FULL_RANKING, FULL_QUESTIONS])
def test_looks_may_be_edited(definition: TaskDefinition) -> None:
    xml = definition_to_labeling_config(definition)
    edited = re.sub(r"<Style>.*?</Style>", "<Style>p {}</Style>", xml, flags=re.DOTALL)
    edited = re.sub(r'requiredMessage="[^"]*"', 'requiredMessage="Please"', edited).replace("gtb-hint", "my-hint")
    assert edited != xml
    assert labeling_config_to_definition(edited, "x.xml") == definition


# --- user text stays text

_OURS = re.compile(
    r"\$(prompt_html|reference_html|passage|responses(\[\{\{idx\}\}\]\.(title|text|text_html|ranks|flags))?)"
)
_SWITCHES = {"required", "editable", "inline", "selectionEnabled", "showSubmitButton", "skipDuplicates"}
_SWITCHES |= {"collapsible", "showInline"}


@given(definitions)
def test_label_studio_finds_nothing_to_interpret_in_user_text(definition: TaskDefinition) -> None:
    for element in tree(definition).iter():
        for key, value in element.attrib.items():
            references = re.search(r"\$[\w\[\].{}]", value) and key not in ("alias",)
            assert not references or _OURS.fullmatch(value), (key, value)
            repeats = value.count("{{") if key != "alias" else 0
            assert repeats == value.count("{{idx}}") if key in ("name", "idAttr", "value") else not repeats, (
                key,
                value,
            )
            assert value not in ("true", "false") or key == "value" or key in _SWITCHES, (key, value)


@given(names)
def test_tags_look_right_and_are_stored_right(tags: list[str]) -> None:
    choices = named(QuestionAnswer(tags=tuple(tags)))["tags_1"].findall("Choice")
    assert [choice.get("alias", choice.get("value")) for choice in choices] == tags
    assert [seen(choice.get("value", "")) for choice in choices] == [seen(tag) for tag in tags]


def test_a_tag_has_an_alias_only_where_what_is_shown_differs() -> None:
    choices = named(QuestionAnswer(tags=("true", "Why", "$x")))["tags_1"].findall("Choice")
    assert [choice.get("alias") for choice in choices] == [None, None, "$x"]


@given(labels)
def test_a_dimension_heads_its_ranks(name: str) -> None:
    root = tree(TextRanking(dimensions=(Dimension(name=name, allow_tie=True),)))
    headers = [header.get("value", "") for header in root.findall(".//View[@className='gtb-name']/Header")]
    assert [seen(header) for header in headers] == [seen(name)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Clarity", "Clarity: rank every response."),
        ("costs $x", "costs $\u2060x: rank every response."),
        ("أسلوب", "\u2068أسلوب\u2069: rank every response."),
        ("a\u2069b\u2067", "\u2068ab\u2067\u2069\u2069: rank every response."),
    ],
)
def test_a_name_cannot_turn_the_sentence_that_holds_it(name: str, message: str) -> None:
    definition = TextRanking(dimensions=(Dimension(name=name, allow_tie=True),))
    (slug,) = dimension_slugs(definition)
    assert named(definition)[rank_name(slug, "{{idx}}")].get("requiredMessage") == message


def test_the_embedded_definition_is_readable_and_inert() -> None:
    definition = TextRanking(instructions="好 é $x {{idx}} \u202e 'a' \"b\"", dimensions=RANKING.dimensions)
    xml = definition_to_labeling_config(definition)
    assert r"""好 é \u0024x {\u007bidx}} \u202e &#39;a&#39; \"b\"""" in xml


# --- what is refused


@pytest.mark.parametrize(
    ("definition", "old", "new", "difference"),
    [
        (
            RANKING,
            '"Clarity","allow_tie":false',
            '"Clarity","allow_tie":true',
            "Choices 'rank__clarity__{{idx}}' is missing",
        ),
        (RANKING, '"Clarity","allow_tie"', '"Clearness","allow_tie"', "Ranker 'order__clearness' is missing"),
        (
            RANKING,
            '"markdown":false',
            '"markdown":true',
            "HyperText 'response_{{idx}}' should have the tag 'HyperText', not 'Text'",
        ),
        (
            RANKING,
            '"$prompt_html"',
            '"$prompt"',
            "HyperText 'prompt' should have the value '$prompt_html', not '$prompt'",
        ),
        (RANKING, 'alias="confirmed"', 'alias="yes"', "should have the options \"['confirmed']\", not \"['yes']\""),
        (RANKING, 'toName="responses"', 'toName="prompt"', "should have the toName 'responses', not 'prompt'"),
        (RANKING, "<List", '<Rating name="stars" toName="prompt"/><List', "Rating 'stars' does not belong to it"),
        (RANKING, '<Repeater on="$responses" className="gtb-rows">', '<View className="x">', "the repeated over"),
        (QUESTIONS, '"tags":["What"', '"tags":["Who"', "should have the options \"['Who', 'Why']\""),
        (QUESTIONS, '"max":3}', '"max":2}', "should have the options \"['QA 1', 'QA 2']\""),
        (QUESTIONS, 'whenChoiceValue="3"', 'whenChoiceValue="2"', "the shown when"),
        (QUESTIONS, 'choice="single"', 'choice="multiple"', "should have the choice 'single', not 'multiple'"),
        (QUESTIONS, 'maxSubmissions="1"', 'maxSubmissions="2"', "should have the maxSubmissions '1', not '2'"),
        (FULL_RANKING, '"reference":true', '"reference":false', "HyperText 'reference' does not belong to it"),
        (FULL_RANKING, '"$reference_html"', '"$reference"', "should have the value '$reference_html'"),
        (FULL_RANKING, '.flags"', '.ranks"', "Choices 'flags__{{idx}}' should have the value"),
        (FULL_RANKING, '"comment":"required"', '"comment":"optional"', "the required '', not 'true'"),
        (FULL_RANKING, '"cannot_judge":["Not mine"]', '"cannot_judge":["Mine"]', "the options \"['Mine']\""),
        (
            FULL_QUESTIONS,
            ' placeholder="Answer" visibleWhen="choice-unselected"',
            "",
            "'answer_1' should have the shown when",
        ),
        (FULL_QUESTIONS, '"comment":"optional",', "", "TextArea 'comment' does not belong to it"),
    ],
)
def test_a_config_whose_controls_were_edited_is_refused(
    definition: TaskDefinition, old: str, new: str, difference: str
) -> None:
    xml = definition_to_labeling_config(definition)
    assert old in xml
    xml = xml.replace(old, new)
    if new.startswith("<View"):
        xml = "</View>".join(xml.rsplit("</Repeater>", 1))
    with pytest.raises(DefinitionError) as caught:
        labeling_config_to_definition(xml, "job.xml")
    assert str(caught.value).startswith("job.xml: the config was edited")
    assert difference in str(caught.value)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<View", "job.xml:1: not XML: unclosed token in column 1"),
        ("", "job.xml:1: not XML: no element found in column 1"),
        ("<View>\n<Text></View>", "job.xml:2: not XML: mismatched tag in column 9"),
        ("<View>&nbsp;</View>", "job.xml:1: not XML: undefined entity in column 7"),
        ("<View/>", "job.xml: is not a labeling config of gtbridge: its outermost tag has no 'definition' attribute"),
        ("<View definition='{'/>", "job.xml: the 'definition' attribute is not JSON: "),
        ("<View definition='[]'/>", "job.xml: $: a task definition is a mapping"),
        ('<View definition=\'{"task":"x"}\'/>', "job.xml: $.task: is 'x'; it must be one of"),
        (
            '<!DOCTYPE View [<!ENTITY a "b">]><View definition="&a;"/>',
            "job.xml: not XML that is read: a labeling config",
        ),
    ],
)
def test_what_is_no_config_of_ours_is_refused(xml: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        labeling_config_to_definition(xml, "job.xml")
    assert str(caught.value).startswith(message)
