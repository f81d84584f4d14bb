"""Every LLM template that ships with Label Studio: answered on a real server by two people, it becomes a dataset.

The first answer is what the real editor stored (``tests/browser/test_foreign_screens.py``), the second another one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import datasets
import pytest
from foreign_exports import annotation, config_file, task, write_json
from foreign_projects import new_project
from foreign_templates import TEMPLATES, Template, first_answer, labeling_config, other_answer
from roads import Api, pooled_annotator

from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.outputs.dataset_builder import build_dataset
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, job_lines, open_job_output

_CHAIR = "<img src='/static/samples/chairs/chair{}.png'/>"
_RESTART, _SEND, _TOO_BAD = "Have you tried to restart it?", "I send somebody.", "Too bad."

# By template: the config of the dataset, and for each annotator what its rows say: (chosen, rejected), or (prompt,
# completion) with the last message for the prompt. One answer is enough for a row: --consensus none.
PREFERRED = {
    "llm-ranker": (
        [
            ("Some of it.", "All of it!"),
            ("Some of it.", "They make more of it."),
            ("They make more of it.", "All of it!"),
        ],
        [("Some of it.", "All of it!"), ("Some of it.", "Mind the climate."), ("All of it!", "Mind the climate.")],
    ),
    "human-feedback-collection": (
        [("A kind of weather, wet.", "Water that falls.")],
        [("Water that falls.", "A kind of weather, wet.")],
    ),
    "visual-ranker": tuple(
        [(_CHAIR.format(best), _CHAIR.format(worse)) for best, worse in pairs]
        for pairs in ([(2, 1), (2, 3), (3, 1)], [(3, 1), (3, 2), (2, 1)])
    ),
    "pairwise-classification": ([("The rude one.", "The mild one.")], [("The mild one.", "The rude one.")]),
    "pairwise-regression": (
        [("/static/samples/sample.jpg", "/static/samples/chairs/chair1.png")],
        [("/static/samples/chairs/chair1.png", "/static/samples/sample.jpg")],
    ),
    "response-selection": ([(_SEND, _RESTART), (_SEND, _TOO_BAD)], [(_RESTART, _SEND), (_RESTART, _TOO_BAD)]),
}
_ASKED = "Answer the question from the passage."
WRITTEN = {
    "response-grading": [("Opossums climb trees.\n\nThey sleep by day.", "Opossums climb and sleep.")],
    "supervised-llm": [
        ("Write a line about tea.", "Tea steams in the pot."),
        ("Write a line about tea.", "Tea, still too hot."),
    ],
    "response-generation": [
        ("The one by the sea.", "At ten on Sundays."),
        ("The one by the sea.", "Not on Sunday."),
    ],
    "question-answering": [(_ASKED, "Paris"), (_ASKED, "Paris, on the Seine")],
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_shipped_template_asks_for_what_it_does_not_tell_and_for_nothing_else(
    template: Template, tmp_path: Path
) -> None:
    export = write_json(tmp_path / "export.json", [task(1, [annotation(1, 5, first_answer(template))], template.data)])
    said: list[str] = []
    while True:
        options = JobOutputOptions(task=config_file(tmp_path, template), mapping=tuple(said))
        try:
            assert list(job_lines(open_job_output(str(export), options), Ledger()))
        except InputError as error:
            needed = [value for value in template.needs if asks_for(str(error), value) and value not in said]
            assert needed, error
            said += needed
        else:
            break
    assert set(said) == set(template.needs)


def asks_for(error: str, value: str) -> bool:
    """Whether the sentence names the option, as it is to be typed."""
    return f"--map {value.partition('=')[0]}=" in error


@pytest.fixture(scope="module")
def places(label_studio: Embedded) -> dict[str, tuple[int, int]]:
    """The numbers of a project of each template, made as Labeling Setup does, and of its task, which two answered."""
    people = [pooled_annotator(label_studio.url, label_studio.api_key, number) for number in range(2)]
    found = {}
    for template in TEMPLATES:
        project, (number,) = new_project(label_studio, labeling_config(template.path), [template.data])
        for api_key, result in zip(people, (first_answer(template), other_answer(template)), strict=True):
            Api(label_studio, api_key).annotate(number, result)
        found[template.name] = project, number
    return found


@pytest.fixture(scope="module")
def rows(
    places: dict[str, tuple[int, int]], label_studio: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, Any]]]:
    """What `datasets` reads of one dataset of them all, by kind: preference, sft and annotations."""
    folder = tmp_path_factory.mktemp("dataset") / "made"
    server = (label_studio.url, label_studio.api_key)
    outputs = [
        open_job_output(
            f"label-studio:{places[template.name][0]}", JobOutputOptions(label_studio=server, mapping=template.needs)
        )
        for template in TEMPLATES
    ]
    kinds = ("preference", "sft", "annotations")
    options = BuildOptions(pseudonym_key=bytes(32), configs=kinds, test_size=0, consensus="none")
    built, ledger = build_dataset(outputs, str(folder), options)
    ledger.check()
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for config in built.configs:
        found[config.name.partition("-")[0]] += datasets.load_dataset(str(folder), config.name, split="train")
    return found


@pytest.mark.server
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_shipped_template_becomes_a_dataset_with_both_annotators(
    template: Template, places: dict[str, tuple[int, int]], rows: dict[str, list[dict[str, Any]]]
) -> None:
    project, number = places[template.name]
    item = f"project-{project}/{number}"
    given = [row for row in rows["annotations"] if row["item"] == item]
    assert [row["status"] for row in given] == ["valid", "valid"]
    annotators = [row["annotator"] for row in given]
    assert len(set(annotators)) == 2
    if template.name in WRITTEN:
        written = [row for row in rows["sft"] if row["metadata"]["item"] == item]
        said = [(opening(row["prompt"]), row["completion"][0]["content"]) for row in written]
        assert said == WRITTEN[template.name]
        return
    found = [row for row in rows["preference"] if row["metadata"]["item"] == item]
    for annotator, pairs in zip(annotators, PREFERRED[template.name], strict=True):
        own = [row for row in found if row["metadata"]["annotator"] == annotator]
        assert {(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in own} == set(pairs)


def opening(prompt: list[dict[str, str]]) -> str:
    """The last message; of one that gtbridge wrote, its first line."""
    text = prompt[-1]["content"]
    return text.partition("\n")[0] if text.startswith(_ASKED) else text
