"""Worker templates as they are rendered: that data and definitions stay text in them, and that they read back."""

from __future__ import annotations

import json
import re
from typing import Any

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from labeling_configs import QUESTIONS, RANKING, definitions
from worker_templates import NASTY, as_html_has_it, filled, parsed

from gtbridge.converters.formats.worker_response import PAIRS_NAME, RANKING_NAME
from gtbridge.label_configs.crowd import definition_to_template, is_template, read_template, template_to_definition
from gtbridge.label_configs.describe import definition_to_template_remarks
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TaskDefinition, TextRanking

texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LABELS = tuple(text for text in NASTY if text.isprintable() and text == text.strip())
NASTY_PROSE = "\n".join(text for text in NASTY if text not in ("\x85", "\u2028"))
NASTY_DEFINITIONS: tuple[TaskDefinition, ...] = (
    TextRanking(
        title=NASTY_PROSE,
        instructions=NASTY_PROSE,
        dimensions=tuple(Dimension(name=name, allow_tie=True) for name in LABELS),
    ),
    QuestionAnswer(title=NASTY_PROSE, instructions=NASTY_PROSE, tags=LABELS),
)


def element(page: str, kind: str) -> Any:
    (found,) = parsed(page).iter(kind)
    return found


# --- there and back


@given(definitions)
@example(NASTY_DEFINITIONS[0])
@example(NASTY_DEFINITIONS[1])
def test_every_definition_reads_back_from_its_template_without_a_remark(definition: TaskDefinition) -> None:
    template = read_template(definition_to_template(definition), "x.html")
    assert (template.definition, template.remarks) == (definition, ())


@pytest.mark.parametrize("text", NASTY)
def test_every_nasty_text_reads_back(text: str) -> None:
    definition = TextRanking(title=text, instructions=text, dimensions=RANKING.dimensions)
    assert template_to_definition(definition_to_template(definition), "x.html") == definition


@pytest.mark.parametrize("definition", [RANKING, QUESTIONS])
def test_a_template_reads_back_after_an_html_tool_has_rewritten_it(definition: TaskDefinition) -> None:
    rewritten = html5lib.serialize(html5lib.parse(definition_to_template(definition)))
    assert template_to_definition(rewritten, "x.html") == definition


def test_what_the_element_says_counts_and_the_rest_is_kept() -> None:
    definition = TextRanking(
        title="Stories", instructions="Read.\n\n\n Rank.", dimensions=RANKING.dimensions, markdown=True
    )
    template = definition_to_template(definition)
    edited = template.replace('"allowTie":true', '"allowTie":false')
    assert edited != template
    stricter = tuple(Dimension(name=dimension.name, allow_tie=False) for dimension in definition.dimensions)
    assert template_to_definition(edited, "x") == definition.model_copy(update={"dimensions": stricter})
    edited = template.replace("<p>Rank.</p>", "<p>Rank twice.</p>").replace("<p> Rank.</p>", "<p>Rank twice.</p>")
    assert edited != template
    told = definition.model_copy(update={"instructions": "Read.\n\nRank twice."})
    assert template_to_definition(edited, "x") == told


# --- data stays data


@pytest.mark.parametrize("safe_json", [True, False])
@given(text=texts, responses=st.lists(texts, max_size=4))
@example(text="".join(NASTY), responses=list(NASTY))
def test_a_rankings_data_reach_the_element_exactly(safe_json: bool, text: str, responses: list[str]) -> None:
    item = {"source": text, "responses": responses}
    found = element(filled(definition_to_template(RANKING), item, safe_json=safe_json), "crowd-text-ranking")
    assert found.attrib["text"] == as_html_has_it(text)
    assert json.loads(found.attrib["responses"]) == responses
    assert found.keys() == ["name", "ordinal-ranking-dimensions", "text", "responses"]


@given(text=texts)
@example(text="".join(NASTY))
def test_a_passage_reaches_the_element_exactly(text: str) -> None:
    page = filled(definition_to_template(QUESTIONS), {"source": text}, safe_json=False)
    assert element(page, "crowd-question-answer-generation").attrib["text"] == as_html_has_it(text)


def test_the_engine_of_these_tests_breaks_a_template_that_does_not_escape() -> None:
    template = re.sub(r'"{{ (\S+ \| to_json) \| escape }}"', r"'{{ \1 }}'", definition_to_template(RANKING))
    page = filled(template, {"source": "", "responses": ["it's"]}, safe_json=True)
    assert element(page, "crowd-text-ranking").attrib["responses"] == '["it'


# --- the definition's own texts stay text


@given(definitions)
@example(NASTY_DEFINITIONS[0])
@example(NASTY_DEFINITIONS[1])
def test_workers_see_the_definitions_texts_and_nothing_else(definition: TaskDefinition) -> None:
    page = filled(definition_to_template(definition), {"source": "x", "responses": []}, safe_json=False)
    tree = parsed(page)
    plain = definition.model_copy(update={"title": "", "instructions": "x"})
    expected = parsed(filled(definition_to_template(plain), {"source": "x", "responses": []}, safe_json=False))
    texts = {"p", "br", "short-instructions"}
    assert [e.tag for e in tree.iter() if e.tag not in texts] == [e.tag for e in expected.iter() if e.tag not in texts]
    title = tree.find("head/title")
    assert title is not None
    assert (title.text or "") == definition.title
    shown = "".join(text for told in tree.iter("short-instructions") for text in told.itertext())
    assert (
        "".join(shown.split("\n")) == "".join(definition.instructions.split("\n"))
        or not definition.instructions.strip()
    )
    if isinstance(definition, TextRanking):
        (found,) = tree.iter("crowd-text-ranking")
        dimensions = [{"name": each.name, "allowTie": each.allow_tie} for each in definition.dimensions]
        assert json.loads(found.attrib["ordinal-ranking-dimensions"]) == dimensions
    else:
        (found,) = tree.iter("crowd-question-answer-generation")
        assert json.loads(found.attrib["question-tags"]) == list(definition.tags)


def test_lines_and_paragraphs_of_the_instructions_are_seen_as_such() -> None:
    template = definition_to_template(RANKING.model_copy(update={"instructions": "One,\ntwo.\n\nThree.\n"}))
    assert "<short-instructions><p>One,<br>two.</p><p>Three.</p></short-instructions>" in template


# --- the element


def test_questions_render_every_limit_that_they_have() -> None:
    definition = QuestionAnswer(
        questions=Range(min=2),
        question_words=Range(min=3, max=4),
        answer_words=Range(max=6),
        tags=("Who", "R&D"),
        allow_custom_tags=True,
    )
    attributes = dict(element(definition_to_template(definition), "crowd-question-answer-generation").attrib)
    assert {name: attributes[name] for name in attributes if name not in ("name", "text")} == {
        "min-questions": "2",
        "question-min-words": "3",
        "question-max-words": "4",
        "answer-min-words": "1",
        "answer-max-words": "6",
        "question-tags": '["Who","R&D"]',
        "allow-custom-question-tags": "true",
    }


def test_answers_have_the_names_that_worker_responses_are_written_with() -> None:
    found = element(definition_to_template(RANKING), "crowd-text-ranking")
    assert found.attrib["name"] == RANKING_NAME
    assert element(definition_to_template(QUESTIONS), "crowd-question-answer-generation").attrib["name"] == PAIRS_NAME


def test_a_template_is_told_from_a_labeling_config_and_from_yaml() -> None:
    assert is_template(definition_to_template(RANKING))
    assert is_template("{% assign x = 1 %}\n<crowd-form></crowd-form>")
    assert not is_template('<View><Header value="&lt;crowd-form>"/><HyperText name="x" value="$x"/></View>')
    assert not is_template("instructions: <crowd-form>")


# --- what Ground Truth cannot do


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (TextRanking(dimensions=RANKING.dimensions, shuffle_responses=False), []),
        (TextRanking(dimensions=RANKING.dimensions, title="x", markdown=True), ["title", "shuffle", "Markdown"]),
        (QuestionAnswer(count="characters"), []),
        (QuestionAnswer(count="characters", answer_words=Range(max=9)), ["count characters"]),
        (QuestionAnswer(question_words=Range(min=2)), ["count words"]),
    ],
)
def test_what_ground_truth_cannot_do_is_named(definition: TaskDefinition, words: list[str]) -> None:
    remarks = list(definition_to_template_remarks(definition))
    assert len(remarks) == len(words)
    assert all(word in remark for word, remark in zip(words, remarks, strict=True))
