"""The demo's sample: its files, task definitions and requests."""

from __future__ import annotations

import json
from unicodedata import normalize

import pytest
from demo_sample import PASSAGES, PROMPTS, QUESTIONS, RANKING, SAMPLE, TABLES, items, rows, text

from gtbridge.converters.formats.manifest import check_task_fit, limit_problems
from gtbridge.label_configs.labeling_config import definition_to_labeling_config, labeling_config_to_definition
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking
from gtbridge.plugin.labeling_job import read_request

PROMPT_KEYS = ["id", "language", "prompt", "responses", "models"]
PASSAGE_KEYS = ["id", "language", "passage"]


# The files


@pytest.mark.parametrize("name", TABLES)
def test_each_line_is_one_object_and_the_last_line_ends(name: str) -> None:
    lines = (SAMPLE / name).read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_there_are_twelve_prompts_and_six_passages_numbered_in_order() -> None:
    assert [row["id"] for row in PROMPTS] == [f"prompt-{number:02}" for number in range(1, 13)]
    assert [row["id"] for row in PASSAGES] == [f"passage-{number}" for number in range(1, 7)]


def test_rows_hold_the_same_keys_in_the_same_order() -> None:
    assert all(list(row) == PROMPT_KEYS for row in PROMPTS)
    assert all(list(row) == PASSAGE_KEYS for row in PASSAGES)


def test_all_text_is_composed_except_where_a_combining_mark_is_the_point() -> None:
    odd = [row["id"] for row in PASSAGES if normalize("NFC", row["passage"]) != row["passage"]]
    assert odd == ["passage-2"]
    assert all(normalize("NFC", found) == found for row in PROMPTS for found in (row["prompt"], *row["responses"]))


# Definitions and requests


def test_the_ranking_has_one_dimension_with_ties_and_one_without_and_shows_markdown() -> None:
    assert isinstance(RANKING, TextRanking)
    assert RANKING.dimensions == (
        Dimension(name="Helpfulness", allow_tie=True),
        Dimension(name="Clarity", allow_tie=False),
    )
    assert RANKING.markdown
    assert RANKING.shuffle_responses


def test_the_questions_ask_for_two_to_four_pairs_with_tags_of_the_annotators_own_allowed() -> None:
    assert isinstance(QUESTIONS, QuestionAnswer)
    assert QUESTIONS.questions == Range(min=2, max=4)
    assert QUESTIONS.question_words == QUESTIONS.answer_words == Range(min=1, max=20)
    assert QUESTIONS.tags == ("What", "Why", "When", "Where", "Which", "Who", "How")
    assert QUESTIONS.allow_custom_tags


@pytest.mark.parametrize("definition", [RANKING, QUESTIONS], ids=lambda definition: definition.task)
def test_the_definitions_survive_label_studio(definition: TextRanking | QuestionAnswer) -> None:
    assert labeling_config_to_definition(definition_to_labeling_config(definition), "config") == definition


@pytest.mark.parametrize(("name", "definition"), [*zip(TABLES, (RANKING, QUESTIONS), strict=True)], ids=TABLES)
def test_every_item_fits_its_task_and_ground_truths_limits(name: str, definition: TextRanking | QuestionAnswer) -> None:
    for item in items(name):
        check_task_fit(item, definition, name)
        assert list(limit_problems(item, json.loads(item.line))) == []


def test_the_manifests_keep_every_field_of_the_sample() -> None:
    for name, source in zip(TABLES, ("prompt", "passage"), strict=True):
        for item, row in zip(items(name), rows(name), strict=True):
            assert json.loads(item.line) == {"source" if key == source else key: row[key] for key in row}


@pytest.mark.parametrize(
    ("name", "job", "manifest", "template"),
    [
        ("ranking-request.json", "demo-ranking", "prompts.manifest", "text-ranking.yaml"),
        ("question-answer-request.json", "demo-questions", "passages.manifest", "question-answer.yaml"),
    ],
)
def test_the_requests_are_accepted_and_name_the_files_of_the_sample(
    name: str, job: str, manifest: str, template: str
) -> None:
    found = read_request(text(name), name)
    assert (found.name, found.label_attribute) == (job, "label")
    assert (found.manifest, found.template) == (manifest, template)
    assert (SAMPLE / template).is_file()
    assert found.workers_per_object == 3
    assert found.get("OutputConfig.S3OutputPath") == "s3://example-bucket/output"
    assert found.get("HumanTaskConfig.TaskTimeLimitInSeconds") == 3600
    for path in ("RoleArn", "HumanTaskConfig.WorkteamArn"):
        assert ":111122223333:" in found.get(path)
