"""The question and answer screen in a real browser: what an annotator writes and highlights is what is exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Annotator, new_annotator
from one_item import export, make_job
from screens import QuestionScreen

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

TASK = """\
task: question-answer
instructions: Ask what the passage answers.
questions: {min: 1, max: 4}
tags: [What, Who, $prompt]
allow_custom_tags: true
"""
# Before the sections stand characters of two UTF-16 units, a family of five code points, and a combining mark.
PASSAGE = (
    "🌊 The sea 👩‍👩‍👧 climbs twice a day.\n"
    "In the cafe\u0301, 山田さん says: お茶は葉から作られます。\n\n"
    "Nai\u0308ve readers rest."
)


@pytest.fixture(scope="module")
def annotator(label_studio: Embedded) -> Iterator[Annotator]:
    with new_annotator(label_studio, "asker") as annotator:
        yield annotator


def test_pairs_written_on_the_screen_are_exported_to_the_character(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(label_studio, tmp_path, "screen-pairs", {"source": PASSAGE}, TASK)
    assert annotator.begin(project) == "Ask what the passage answers."
    screen = QuestionScreen(annotator.page)
    assert screen.passage() == PASSAGE
    screen.ask_for(3)

    screen.write(1, "What is this about? 🫖", "The sea,\nand tea.")
    screen.scope(1, "Whole passage")
    screen.tag(1, "$prompt")
    screen.tag(1, "What")

    screen.write(2, "How often does the sea climb?", "Twice a day")
    screen.scope(2, "Highlighted sections")
    screen.highlight(2, "climbs twice a day", to="In the cafe\u0301")

    screen.write(3, "山田さんは何と言っていますか。", "お茶は葉から作られます")
    screen.scope(3, "Highlighted sections")
    screen.highlight(3, "お茶は葉から作られます")
    screen.highlight(3, "Nai\u0308ve readers")
    screen.tag(3, "Who")
    screen.add_tag(3, "tea $x & <b>")
    annotator.submit()

    answer = export(label_studio, tmp_path, "screen-pairs")
    assert answer["workerId"] == annotator.worker
    pairs = answer["answerContent"]["questionAndAnswers"]["questionAnswerPairs"]
    sections = [[reference.pop("text") for reference in pair["textReferences"]] for pair in pairs]
    over_two_lines = "climbs twice a day.\nIn the cafe\u0301"
    assert sections == [[], [over_two_lines], ["お茶は葉から作られます", "Nai\u0308ve readers"]]
    offsets = [
        [(reference["startOffset"], reference["endOffset"]) for reference in pair.pop("textReferences")]
        for pair in pairs
    ]
    assert [[PASSAGE[start:end] for start, end in pair] for pair in offsets] == sections
    assert pairs == [
        {"question": "What is this about? 🫖", "answer": "The sea,\nand tea.", "tags": ["What", "$prompt"]},
        {"question": "How often does the sea climb?", "answer": "Twice a day", "tags": []},
        {
            "question": "山田さんは何と言っていますか。",
            "answer": "お茶は葉から作られます",
            "tags": ["Who", "tea $x & <b>"],
        },
    ]


def test_an_unfinished_pair_is_refused_by_name_and_kept(
    label_studio: Embedded, annotator: Annotator, tmp_path: Path
) -> None:
    project = make_job(label_studio, tmp_path, "screen-unfinished", {"source": PASSAGE}, TASK)
    annotator.begin(project)
    screen = QuestionScreen(annotator.page)
    screen.ask_for(2)
    screen.write(1, "Who speaks?", "山田さん")
    assert annotator.refused() == "QA 1: say whether the pair is about the whole passage or about highlighted sections."
    screen.scope(1, "Highlighted sections")
    screen.highlight(1, "山田さん")
    assert annotator.refused() == "QA 2: write a question."
    assert screen.written(1) == ("Who speaks?", "山田さん")
    assert screen.highlights() == ["山田さん"]
    assert annotator.api.tasks(project)[0]["annotations"] == []

    screen.write(2, "Who rests?", "Readers")
    screen.scope(2, "Whole passage")
    annotator.submit()
    answer = export(label_studio, tmp_path, "screen-unfinished")
    pairs = answer["answerContent"]["questionAndAnswers"]["questionAnswerPairs"]
    assert [(pair["question"], pair["answer"]) for pair in pairs] == [
        ("Who speaks?", "山田さん"),
        ("Who rests?", "Readers"),
    ]
