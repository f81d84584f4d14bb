"""Labeling configs for people to edit: what stands around them, and how they follow their definition."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config
from strategies import question_tasks, rankings_tasks, text

from gtbridge.converters.formats.sample_config import carried_definition, config_with_sample, following_config
from gtbridge.converters.formats.task_completion import completed_data
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

RANKING = TextRanking(
    dimensions=(Dimension(name="Help", allow_tie=True), Dimension(name="Clarity", allow_tie=False)),
)
SAMPLE: dict[str, Any] = {"prompt": "Why -- oh, why?", "responses": ["So --->", "-"]}
CONFIG = config_with_sample(RANKING, SAMPLE)


def sample_of(config: str) -> Any:
    """The preview's task, as Label Studio finds it."""
    start = config.index("<!-- {") + 4
    return json.loads(config[start : start + config[start:].index("-->")])["data"]


def edited(config: str, before: str, after: str) -> str:
    assert config.count(before) == 1, config.count(before)
    return config.replace(before, after)


def test_the_config_is_that_of_the_definition_with_a_complete_sample_after_it() -> None:
    assert labeling_config_to_definition(CONFIG, "c") == carried_definition(CONFIG) == RANKING
    assert sample_of(CONFIG) == completed_data(SAMPLE, RANKING)
    parse: Any = parse_config
    assert parse(CONFIG) == parse(definition_to_labeling_config(RANKING))
    assert CONFIG.strip() == CONFIG, "Label Studio strips what it stores"


def test_the_advice_and_the_definition_are_short_lines_at_the_top() -> None:
    head = CONFIG[: CONFIG.index("<Style>")].splitlines()
    assert head[0].startswith("<!--") and max(map(len, head)) < 65
    assert '    {"name":"Help","allow_tie":true},' in head
    assert "flags" in CONFIG[:300] and "flags" not in config_with_sample(QuestionAnswer(), {"passage": "p"})[:300]


@given(rankings_tasks() | question_tasks(), text)
def test_whatever_the_definition_says_it_is_read_back_and_the_sample_as_well(definition: Any, said: str) -> None:
    sample = (
        {"prompt": said, "responses": [said, "b"]} if isinstance(definition, TextRanking) else {"passage": f"a{said}"}
    )
    config = config_with_sample(definition, sample)
    assert labeling_config_to_definition(config, "c") == definition
    assert sample_of(config) == completed_data(sample, definition)


def test_controls_and_sample_follow_a_definition_that_was_edited() -> None:
    after = following_config(
        edited(CONFIG, '"name":"Clarity"', '"name":"Tone"').replace('"markdown": false', '"markdown": true'), CONFIG
    )
    assert after is not None
    found = labeling_config_to_definition(after, "c")
    assert isinstance(found, TextRanking)
    assert ([dimension.name for dimension in found.dimensions], found.markdown) == (["Help", "Tone"], True)
    assert sample_of(after) == completed_data(SAMPLE, found)
    assert after.startswith(CONFIG[: CONFIG.index("<View")])


def test_what_people_wrote_around_the_tags_stays() -> None:
    plain = definition_to_labeling_config(RANKING).strip()
    tone = edited(plain, '"name":"Clarity"', '"name":"Tone"')
    around = f"<!-- mine <View> -->\n\n{tone}\n<!-- not a sample -->\n<!-- {{not JSON}} -->\n"
    after = following_config(around, plain)
    assert after is not None
    assert after.startswith("<!-- mine <View> -->\n\n<View ")
    assert after.endswith("</View>\n<!-- not a sample -->\n<!-- {not JSON} -->\n")


def test_a_sample_that_does_not_fit_any_more_stays_as_it_is() -> None:
    start, end = CONFIG.index("{"), CONFIG.index("}'>") + 1
    after = following_config(CONFIG[:start] + '{"task": "question-answer"}' + CONFIG[end:], CONFIG)
    assert after is not None
    assert isinstance(labeling_config_to_definition(after, "c"), QuestionAnswer)
    assert sample_of(after) == sample_of(CONFIG)


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(CONFIG, id="nothing was edited"),
        pytest.param(edited(CONFIG, '<Ranker name="order__clarity"', '<Ranker name="order__tone"'), id="a control was"),
        pytest.param(edited(CONFIG, '"title": ""', '"title": "Which?"'), id="it fits all the same"),
        pytest.param(edited(CONFIG, '"name":"Clarity"', '"name":"Help"'), id="a wrong definition"),
        pytest.param(edited(CONFIG, '"name":"Clarity",', '"name":"Clarity"'), id="no JSON"),
        pytest.param(edited(CONFIG, "definition='{", "other='{"), id="no definition"),
        pytest.param("<View><Text", id="no XML"),
        pytest.param("", id="nothing"),
    ],
)
def test_any_other_config_is_left_to_label_studio(config: str) -> None:
    assert following_config(config, CONFIG) is None


def test_the_comment_of_the_sample_is_one_that_xml_allows() -> None:
    inside = re.findall(r"<!--(.*?)-->", CONFIG, re.DOTALL)
    assert len(inside) == 2
    assert not any("--" in comment for comment in inside)


@given(st.text(st.sampled_from("-<>!{} ")))
def test_no_text_ends_the_comment_early(said: str) -> None:
    config = config_with_sample(QuestionAnswer(), {"passage": f"a{said}"})
    assert sample_of(config) == {"passage": f"a{said}"}
    assert labeling_config_to_definition(config, "c") == QuestionAnswer()
