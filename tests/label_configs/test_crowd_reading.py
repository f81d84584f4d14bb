"""Worker templates of other people: all generations are read, what a definition cannot hold is named or refused."""

from __future__ import annotations

from typing import Any

import pytest
from worker_templates import DATA

from gtbridge.label_configs.crowd import read_template
from gtbridge.label_configs.errors import DefinitionError
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking

STORIES = TextRanking(
    instructions="Put the best story first.",
    dimensions=(Dimension(name="Plot", allow_tie=True), Dimension(name="Style", allow_tie=False)),
    shuffle_responses=False,
)
PASSAGES = QuestionAnswer(
    instructions='- Ask about the passage.\n- Use "Who" for Q&A on people.\n\nThank you.',
    questions=Range(min=2),
    question_words=Range(max=9),
    answer_words=Range(min=3, max=30),
    tags=("Who", "R&D", "Where?"),
    allow_custom_tags=True,
    count="whitespace",
)


def data(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def ranking(inside: str = "", **attributes: str | None) -> str:
    """A template of one element, each attribute on its line; None leaves one out."""
    attributes = {
        "name": "textRanking",
        "text": "{{ task.input.source }}",
        "responses": "{{ task.input.responses | to_json }}",
        "dimensions": '[{"name":"Plot","allowTie":true}]',
        **attributes,
    }
    attributes["ordinal-ranking-dimensions"] = attributes.pop("dimensions")
    return page("crowd-text-ranking", attributes, inside)


def questions(inside: str = "", **attributes: str | None) -> str:
    attributes = {
        "name": "questionAndAnswers",
        "text": "{{ task.input.source }}",
        "question_tags": "[]",
        "allow_custom_question_tags": "true",
        **attributes,
    }
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    return page("crowd-question-answer-generation", attributes, inside)


def page(element: str, attributes: dict[str, str | None], inside: str) -> str:
    lines = [f"\n{name}='{value}'" for name, value in attributes.items() if value is not None]
    return f"<crowd-form>\n<{element}{''.join(lines)}>{inside}</{element}></crowd-form>"


# --- the generations


@pytest.mark.parametrize("name", ["ranking-first.html", "ranking-second.liquid", "ranking-liquid.html"])
def test_rankings_of_every_generation_are_read(name: str) -> None:
    template = read_template(data(name), name)
    assert template.definition.model_copy(update={"instructions": STORIES.instructions}) == STORIES
    assert " ".join(template.definition.instructions.split()) == STORIES.instructions
    assert template.remarks == ()


@pytest.mark.parametrize("name", ["questions-first.html", "questions-second.html"])
def test_questions_of_every_generation_are_read(name: str) -> None:
    template = read_template(data(name), name)
    assert (template.definition, template.remarks) == (PASSAGES, ())


def test_limits_that_are_not_given_are_those_of_ground_truth() -> None:
    definition = read_template(questions(), "x").definition
    assert definition == QuestionAnswer(allow_custom_tags=True, count="whitespace")


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({"allow_custom_question_tags": "FALSE"}, False),
        ({"allow_custom_question_tags": ""}, True),
        ({"allow_custom_question_tags": None, "allow_custom_tags": "false"}, False),
        ({"allow_custom_question_tags": "false", "allow_custom_tags": "true"}, False),
    ],
)
def test_custom_tags_are_allowed_as_the_attribute_says(attributes: dict[str, Any], allowed: bool) -> None:
    definition = read_template(questions(**attributes), "x").definition
    assert isinstance(definition, QuestionAnswer)
    assert definition.allow_custom_tags == allowed


def test_text_in_raw_blocks_and_entities_is_text() -> None:
    told = "<short-instructions>{% raw %}Write {{ x }}{% endraw %} &#123;&#123; y }}</short-instructions>"
    template = read_template(ranking(told), "x")
    assert template.definition.instructions == "Write {{ x }} {{ y }}"
    assert template.remarks == ()


@pytest.mark.parametrize(
    "text", ["liquidmark0;", "&#108;iquidmark0;", "R&{{ a }}{{ b }};{{ a }}", "liquidmark{{ a }}0;"]
)
def test_liquid_is_found_wherever_it_stands_and_nowhere_else(text: str) -> None:
    definition = read_template(ranking(f"<short-instructions>{text}</short-instructions>{{{{ c }}}}"), "x").definition
    assert definition.instructions == text.replace("&#108;", "l")


def test_a_tag_that_closes_itself_is_closed() -> None:
    """To a browser it is open; whoever wrote it meant otherwise, and AWS's first templates have such elements."""
    script = "<script src='https://assets.crowd.aws/crowd-html-elements-v2.js'/><short-instructions/>"
    template = read_template(script + ranking("<short-instructions>Read.</short-instructions>"), "x")
    assert (template.definition.instructions, template.remarks) == ("Read.", ())


@pytest.mark.parametrize(
    "variable", ["task.input.source-ref | grant_read_access", "task.input['source']", "task.input.source | escape"]
)
def test_the_items_text_may_be_named_in_several_ways(variable: str) -> None:
    assert read_template(ranking().replace("task.input.source", variable), "x").remarks == ()


# --- what a task definition cannot hold is named


def test_everything_that_is_lost_is_named_with_its_line() -> None:
    template = read_template(data("ranking-busy.html"), "x.html")
    assert template.definition == TextRanking(
        instructions="Put the best story for {{ task.input.reader }} first.\n\nIn full\n\n- Read.",
        dimensions=(Dimension(name="dimension 1", allow_tie=True), Dimension(name="Style", allow_tie=False)),
        shuffle_responses=False,
    )
    expected = """
        line 3: the page's title 'Stories' is not kept
        line 4: <link rel='stylesheet'> is not kept
        line 5: <style> is not kept
        line 6: the script 'https://example.com/spy.js' is not kept
        line 7: the page's own script is not kept
        line 10: <crowd-form> says answer-format='flatten-objects', which is not kept
        line 11: <h2> is not kept
        line 11: the text 'Mind the hint' outside the instructions is not kept
        line 11: {% if task.input.hint %} is not run: everything is taken as if it were not there
        line 11: {% endif %} is not run: everything is taken as if it were not there
        line 13: answers are written under the name 'textRanking', not 'stories'
        line 14: <crowd-text-ranking> says header='Stories', which is not kept
        line 15: ordinal-ranking-dimensions[0] has no name and is called 'dimension 1'
        line 15: ordinal-ranking-dimensions[0] has allowTie in quotes, which is taken to mean true
        line 15: ordinal-ranking-dimensions[0] also says weight, which is not kept
        line 15: ordinal-ranking-dimensions[1] does not say allowTie, which means no ties
        line 16: text shows '{{ task.input.prompt }}'; here it will be {{ task.input.source }}
        line 16: text is given twice; the first one counts, as in browsers
        line 18: responses shows '["fixed"]'; here it will be {{ task.input.responses }}
        line 19: short and full instructions become one text
        line 19: of <b>, <ol> in the instructions only the text is kept
        line 19: the instructions hold Liquid, which is kept as it is written
        line 22: <crowd-input name='why'> is not kept: workers will not be asked for it
        line 23: <textarea name='more'> is not kept: workers will not be asked for it
        line 24: the text 'Write us if you are stuck.' outside the instructions is not kept
    """
    assert list(template.remarks) == [line.strip() for line in expected.strip().split("\n")]


def test_a_quote_that_ends_an_attribute_early_shows_in_the_remarks() -> None:
    """As in one of AWS's own notebooks: browsers read it so, and workers saw the instructions cut."""
    template = read_template(ranking(instructions="Follow our company's brand and ' be kind"), "x")
    assert template.definition.instructions == "Follow our company"
    assert "line 6: <crowd-text-ranking> says s, which is not kept" in template.remarks


def test_a_minimum_of_none_becomes_one_and_is_named() -> None:
    template = read_template(questions(answer_min_words="0"), "x")
    assert template.definition == QuestionAnswer(allow_custom_tags=True, count="whitespace")
    assert template.remarks == ("line 7: answer-min-words is 0; a task definition asks for at least 1",)


def test_a_template_that_shows_workers_no_text_says_so() -> None:
    (remark,) = read_template(questions(text=None), "x").remarks
    assert remark == "line 2: text shows nothing; here it will be {{ task.input.source }}"


# --- what is no template of these tasks is refused


REFUSED = {
    "no element": ("<crowd-form></crowd-form>", "t: is not a worker template of these tasks: it holds no <crowd-text"),
    "an element in a comment": (f"<!-- {ranking()} -->", "it holds no"),
    "an element in Liquid's comment": (f"{{% comment %}}{ranking()}{{% endcomment %}}", "it holds no"),
    "two elements": (ranking() + "\n" + questions(), "t:8: holds 2 elements (lines 2, 8); a task has one"),
    "no dimensions": (ranking(dimensions=None), "t:2: <crowd-text-ranking> has no attribute 'ordinal-ranking-dim"),
    "no responses": (ranking(responses=None), "t:2: <crowd-text-ranking> has no attribute 'responses'"),
    "no tags": (questions(question_tags=None), "has no attribute 'question-tags', which it must have"),
    "no word on custom tags": (questions(allow_custom_question_tags=None), "no attribute 'allow-custom-question-tags'"),
    "dimensions of the item": (
        ranking(dimensions="{{ task.input.dimensions | to_json }}"),
        "t:6: ordinal-ranking-dimensions: is computed for each item by {{ task.input.dimensions | to_json }};",
    ),
    "dimensions that are not JSON": (ranking(dimensions="[Plot]"), "t:6: ordinal-ranking-dimensions: is not JSON: exp"),
    "dimensions nested deeply": (ranking(dimensions="[" * 100_000), "ordinal-ranking-dimensions: is not JSON: "),
    "one dimension": (ranking(dimensions='{"name":"Plot"}'), "ordinal-ranking-dimensions: expected a list in JSON"),
    "dimensions of text": (ranking(dimensions='["Plot"]'), "ordinal-ranking-dimensions[0]: expected an object like"),
    "no dimension in the list": (ranking(dimensions="[]"), "t:6: $.dimensions: must have at least one entry"),
    "a dimension twice": (ranking(dimensions='[{"name":"a"},{"name":"a"}]'), "t:6: $.dimensions: 'a' appears twice"),
    "a number as a name": (ranking(dimensions='[{"name":1}]'), "ordinal-ranking-dimensions[0].name: expected text"),
    "a number as tie rule": (
        ranking(dimensions='[{"name":"a","allowTie":1}]'),
        "ordinal-ranking-dimensions[0].allowTie: expected true or false, found 1",
    ),
    "a tag that is no text": (questions(question_tags='["a",2]'), "t:5: question-tags[1]: expected text, found 2"),
    "a tag twice": (questions(question_tags='["a","a"]'), "t:5: $.tags: 'a' appears twice"),
    "half a question": (questions(min_questions="1.5"), "t:7: min-questions: expected a whole number, found '1.5'"),
    "no number": (questions(max_questions=""), "t:7: max-questions: expected a whole number, found ''"),
    "no questions": (questions(max_questions="0"), "t:7: $.questions.max: input should be greater than or equal to 1"),
    "less than the least": (
        questions(answer_min_words="5", answer_max_words="4"),
        "t:8: $.answer_words: max (4) is less than min (5)",
    ),
    "neither true nor false": (questions(allow_custom_question_tags="yes"), "expected true or false, found 'yes'"),
    "a tag that is not closed": (ranking() + "\n<p" * 10_000, "t:7: the tag, comment or script that begins here is"),
    "a comment that is not closed": ("\n" + "<!-- " * 10_000, "t:2: the tag, comment or script that begins here is"),
    "Liquid that is not closed": ("\n{% raw %}" + ranking(), "t:2: {% raw %} is never closed"),
    "what it carries is no JSON": ("<meta name=gtbridge content=x>" + ranking(), "t:1: the content of <meta name='gtb"),
    "what it carries is the element's": (
        """<meta name=gtbridge content='{"tags":[]}'>""" + ranking(),
        "t:1: <meta name='gtbridge'> cannot say tags; the element does",
    ),
    "what it carries is of another task": (
        """<meta name=gtbridge content='{"count":"words"}'>""" + ranking(),
        "t:1: $.count: is not a field of this task",
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str, expected: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_template(text, "t")
    assert expected in str(caught.value)
    assert str(caught.value).startswith("t:")
