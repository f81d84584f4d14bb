"""Task definitions in YAML."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import question_tasks, rankings_tasks

from gtbridge.label_configs.definition_files import definition_from_text, definition_to_yaml
from gtbridge.label_configs.errors import DefinitionError
from gtbridge.label_configs.tasks import TaskDefinition, fingerprint

RANKING = "task: text-ranking\ndimensions:\n- {name: Help, allow_tie: true}\n"


@given(st.one_of(rankings_tasks(), question_tasks()))
def test_yaml_says_all_of_a_definition(definition: TaskDefinition) -> None:
    assert definition_from_text(definition_to_yaml(definition), "t.yaml") == definition


@pytest.mark.parametrize("kind", ["text-ranking", "question-answer"])
def test_the_starters_are_definitions(kind: str) -> None:
    text = files("gtbridge.label_configs").joinpath(f"{kind}.yaml").read_text(encoding="utf-8")
    assert definition_from_text(text, "starter").task == kind


def test_instructions_of_several_lines_are_a_block_that_people_can_edit() -> None:
    text = RANKING + "instructions: |\n  One.\n  Two.\n"
    assert "instructions: |\n  One.\n  Two.\n" in definition_to_yaml(definition_from_text(text, "t.yaml"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "t.yaml: $: a task definition is a mapping of fields, e.g. 'task: text-ranking'"),
        ("task: ranking", "t.yaml:1: $.task: is 'ranking'; it must be one of text-ranking, question-answer"),
        ("title: x", "t.yaml:1: $.task: is missing; it must be one of text-ranking, question-answer"),
        ("task: text-ranking", "t.yaml:1: $.dimensions: is missing"),
        (RANKING + "tags: [a]", "t.yaml:4: $.tags: is not a field of this task"),
        ("task: text-ranking\ndimensions: []", "t.yaml:2: $.dimensions: must have at least one entry"),
        (
            "task: text-ranking\ndimensions:\n- {name: A, allow_tie: true}\n- {name: B}",
            "t.yaml:4: $.dimensions[1].allow_tie: is missing",
        ),
        (
            "task: text-ranking\ndimensions:\n- {name: A, allow_tie: 1}",
            "t.yaml:3: $.dimensions[0].allow_tie: expected true or false, found 1",
        ),
        (RANKING + "- {name: Help, allow_tie: false}\n", "t.yaml:3: $.dimensions: 'Help' appears twice"),
        (
            "task: question-answer\ntags: [When, yes]",
            "t.yaml:2: $.tags[1]: expected text (in quotes, if it looks like a number or yes/no), found True",
        ),
        (
            "task: question-answer\nquestions: {min: 5, max: 2}",
            "t.yaml:2: $.questions: max (2) is less than min (5)",
        ),
        (
            "task: question-answer\nanswer_words: {min: 0}",
            "t.yaml:2: $.answer_words.min: input should be greater than or equal to 1, found 0",
        ),
        ("task: question-answer\ntask: question-answer", "t.yaml:2: not YAML: 'task' is given twice"),
        ("task: [", "t.yaml:1: not YAML: expected the node content, but found '<stream end>'"),
        (
            'task: question-answer\ntags: ["a\\u0007"]',
            "t.yaml:2: $.tags[0]: holds the character U+0007, which no labeling config can hold",
        ),
        ('task: question-answer\ntags: ["a\\nb"]', "t.yaml:2: $.tags[0]: must be a single line without tabs"),
        ('task: question-answer\ntags: [" a"]', "t.yaml:2: $.tags[0]: must not begin or end with white space"),
        ('task: question-answer\ntags: [""]', "t.yaml:2: $.tags[0]: must not be empty"),
    ],
)
def test_a_wrong_definition_is_refused_with_file_line_and_field(text: str, sentence: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        definition_from_text(text, "t.yaml")
    assert str(caught.value) == sentence


def test_composed_and_decomposed_names_are_the_same_name() -> None:
    with pytest.raises(DefinitionError, match="appears twice"):
        definition_from_text('task: question-answer\ntags: ["\\u00e9", "e\\u0301"]', "t.yaml")


def test_the_fingerprint_tells_definitions_apart() -> None:
    one = definition_from_text(RANKING, "t.yaml")
    other = definition_from_text(RANKING.replace("true", "false"), "t.yaml")
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(definition_from_text(definition_to_yaml(one), "u.yaml"))
