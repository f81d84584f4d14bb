"""Labeling configs that were made elsewhere: the tags in them, and the XML that is refused."""

from __future__ import annotations

import pytest

from gtbridge.converters.foreign_projects.config import Bucket, Config, Option, read_config
from gtbridge.label_configs.errors import DefinitionError, InputError

REPEATED = """
<View>
  <Repeater on="$answers" indexFlag="{{n}}">
    <Text name="answer_{{n}}" value="$answers[{{n}}].text"/>
    <Rating name="score_{{n}}" toName="answer_{{n}}"/>
    <Repeater on="$answers[{{n}}].claims"><Number name="c_{{n}}_{{idx}}" toName="answer_{{n}}"/></Repeater>
  </Repeater>
</View>
"""


def tags(inner: str) -> Config:
    return read_config(f"<View>{inner}</View>", "c.xml")


def test_objects_show_data_and_controls_name_objects() -> None:
    config = tags('<Text name="p" value="$prompt"/><Header value="$title"/><Choices name="c" toName="p"/>')
    assert [(tag.name, tag.kind, tag.key) for tag in config.objects] == [("p", "text", "prompt")]
    assert [(tag.name, tag.to_names) for tag in config.controls] == [("c", ("p",))]
    assert config.keys == ("prompt", "title")


def test_names_of_tags_and_attributes_are_read_in_any_case_as_the_editor_does() -> None:
    config = tags(
        '<TEXT name="p" VALUE="$prompt"/><pairwise name="c" toname="p, q"/>'
        '<TextArea name="t" TONAME="p" PERREGION="true"/>'
    )
    assert config.objects[0].key == "prompt"
    assert config.controls[0].kind == "pairwise"
    assert config.controls[0].to_names == ("p", "q")
    assert config.controls[1].per_region


def test_options_are_stored_by_their_alias_and_buckets_keep_their_order() -> None:
    config = tags(
        '<Text name="p" value="$p"/><Choices name="c" toName="p"><View><Choice value="One" alias="1"/></View>'
        '<Choice>Two</Choice></Choices><Ranker name="r" toName="p"><Bucket name="a" default="true"/>'
        '<Bucket name="b" default="false"/></Ranker>'
    )
    choices, ranker = config.controls
    assert choices.options == (Option("One", "1"), Option("Two"))
    assert [option.stored for option in choices.options] == ["1", "Two"]
    assert ranker.buckets == (Bucket("a", start=True), Bucket("b"))


def test_what_only_partly_comes_from_the_data_has_no_key() -> None:
    config = tags(
        '<Text name="p" value="Prompt: $prompt"/><Text name="q" value="fixed"/><Choices name="c" toName="p"/>'
    )
    assert [tag.key for tag in config.objects] == [None, None]


def test_dynamic_choices_name_the_list_that_they_come_from() -> None:
    assert tags('<Choices name="c" toName="p" value="$options"/>').controls[0].key == "options"


def test_tags_in_a_repeater_are_found_at_each_index() -> None:
    config = read_config(REPEATED, "c.xml")
    score = config.control("score_11")
    assert score is not None
    assert (score.name, score.to_names, score.repeats) == ("score_11", ("answer_11",), ())
    shown = config.object("answer_2")
    assert shown is not None
    assert shown.key == "answers[2].text"
    inner = config.control("c_1_3")
    assert inner is not None
    assert inner.to_names == ("answer_1",)


@pytest.mark.parametrize("name", ["score_", "score_01", "score_x", "score_1_", "xscore_1", "score_-1", "score_1\n"])
def test_other_names_are_no_repetition(name: str) -> None:
    assert read_config(REPEATED, "c.xml").control(name) is None


def test_repeated_tags_without_an_index_in_their_name_cannot_be_told_apart() -> None:
    config = tags('<Repeater on="$a"><Rating name="r" toName="p"/></Repeater>')
    assert config.controls[0].indices("r") is None


def test_two_tags_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two tags are called 'a'"):
        tags('<Text name="a" value="$a"/><Choices name="a" toName="a"/>')


def test_a_config_without_controls_is_refused() -> None:
    with pytest.raises(InputError, match="it has no control"):
        tags('<Text name="a" value="$a"/>')


HOSTILE = {
    "a document type": '<!DOCTYPE View [<!ENTITY a "aaaa">]><View>&a;</View>',
    "an external entity": '<!DOCTYPE View [<!ENTITY a SYSTEM "file:///etc/passwd">]><View>&a;</View>',
    "a bomb": '<!DOCTYPE v [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><v>&c;</v>',
    "no XML": "<View><Text></View>",
    "an unknown entity": "<View>&nbsp;</View>",
    "nothing": "",
    "a null byte": "<View>\0</View>",
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_and_broken_configs_are_refused_in_one_sentence(xml: str) -> None:
    with pytest.raises(DefinitionError, match=r"^c\.xml") as caught:
        read_config(xml, "c.xml")
    assert "not XML" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_config_of_any_depth_is_read() -> None:
    depth = 5000
    inner = '<Text name="p" value="$p"/><Pairwise name="w" toName="p,q"/>'
    assert read_config("<View>" * depth + inner + "</View>" * depth, "c.xml").controls[0].name == "w"
