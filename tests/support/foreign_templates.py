"""The LLM templates that ship with Label Studio, what a user says of them with --map, and tasks to answer in them.

Read from the installed package, so that a new version's templates are tried as they are.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["TEMPLATES", "Template", "answered_in_the_editor", "first_answer", "labeling_config", "other_answer"]

_STORED = Path(__file__).parents[1] / "data" / "foreign" / "answered.json"

_CHAIRS = [{"id": f"chair_{n}", "html": f"<img src='/static/samples/chairs/chair{n}.png'/>"} for n in (1, 2, 3)]
_HELD = "The capital of France is Paris, on the Seine. It has two million people."


@dataclass(frozen=True)
class Template:
    """``data`` is one task for it, ``other`` the value of another answer than the one that was given in the editor.

    ``needs`` is what must be said with --map, each KEY=VALUE.
    """

    path: str
    data: dict[str, Any]
    other: dict[str, Any]
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.path.rpartition("/")[2]


TEMPLATES = (
    Template(
        "generative-ai/llm-ranker",
        {
            "task": "Drag the results.",
            "prompt": "Will machines take our work?",
            "items": [
                {"id": "llama", "title": "Llama", "body": "Some of it."},
                {"id": "cobra", "title": "Cobra", "body": "All of it!"},
                {"id": "puma", "title": "Puma", "body": "They make more of it."},
                {"id": "koala", "title": "Koala", "body": "Mind the climate."},
            ],
        },
        {"ranker": {"_": ["puma"], "relevant_results": ["llama"], "biased_results": ["cobra", "koala"]}},
        ("prompt=prompt", "bucket:relevant_results=1", "bucket:biased_results=2", "within:rank=order"),
    ),
    Template(
        "generative-ai/human-feedback-collection",
        {"prompt": "What is rain?", "answer1": "Water that falls.", "answer2": "A kind of weather, wet."},
        {"selected": "left"},
    ),
    Template(
        "generative-ai/response-grading",
        {"document": ["Opossums climb trees.", "They sleep by day."], "summary": "Opossums climb and sleep."},
        {"rating": 5},
        ("good:rating=4",),
    ),
    Template(
        "generative-ai/supervised-llm",
        {"prompt": "Write a line about tea."},
        {"text": ["Tea, still too hot."]},
    ),
    Template(
        "generative-ai/visual-ranker",
        {"prompt": "A green chair for an office.", "images": _CHAIRS},
        {"ranker": {"rank": ["chair_3", "chair_2", "chair_1"]}},
        ("responses=images.html",),
    ),
    Template(
        "ranking-and-scoring/pairwise-classification",
        {"pairText1": "The mild one.", "pairText2": "The rude one."},
        {"selected": "left"},
        ("prompt-text=Which is kinder?",),
    ),
    Template(
        "ranking-and-scoring/pairwise-regression",
        {"image1": "/static/samples/sample.jpg", "image2": "/static/samples/chairs/chair1.png"},
        {"rating": 4},
        ("prompt-text=Which is greener?", "middle:rating=3"),
    ),
    Template(
        "conversational-ai/response-selection",
        {
            "humanMachineDialogue": [
                {"author": "Client", "text": "My line is down."},
                {"author": "Agent", "text": "Since when?"},
                {"author": "Client", "text": "Since noon."},
            ],
            "respone": "Have you tried to restart it?",
            "resptwo": "I send somebody.",
            "respthree": "Too bad.",
        },
        {"choices": ["One"]},
        (
            "responses=respone,resptwo,respthree",
            "choice:One=respone",
            "choice:Two=resptwo",
            "choice:Three=respthree",
            "rest:resp=tied",
            "role:Client=user",
            "role:Agent=assistant",
        ),
    ),
    Template(
        "conversational-ai/response-generation",
        {
            "dialogue": [
                {"author": "Client", "text": "Do you open on Sunday?"},
                {"author": "Agent", "text": "Which shop?"},
                {"author": "Client", "text": "The one by the sea."},
            ]
        },
        {"text": ["Not on Sunday."]},
        ("role:Client=user", "role:Agent=assistant"),
    ),
    Template(
        "natural-language-processing/question-answering",
        {"text": _HELD, "question": "Which city is the capital of France?"},
        {"start": 25, "end": 44, "text": "Paris, on the Seine", "labels": ["Answer"]},
        ("question=question",),
    ),
)


@cache
def labeling_config(template: str) -> str:
    """The XML that Labeling Setup puts into a project when this template is chosen."""
    found = importlib.util.find_spec("label_studio")
    assert found is not None and found.origin is not None
    path = Path(found.origin).parent / "annotation_templates" / template / "config.yml"
    config: str = yaml.safe_load(path.read_text(encoding="utf-8"))["config"]
    return config


def answered_in_the_editor(template: Template, how: str = "answered") -> list[dict[str, Any]]:
    """What Chromium sent when this template was answered there, or (``untouched``) submitted as it was opened."""
    stored: dict[str, Any] = json.loads(_STORED.read_text(encoding="utf-8"))
    result: list[dict[str, Any]] = stored[template.name][how]
    return result


def other_answer(template: Template) -> list[dict[str, Any]]:
    """Another answer, in the form of the first."""
    return [{**first_answer(template)[0], "id": "other", "value": template.other}]


def first_answer(template: Template) -> list[dict[str, Any]]:
    """What the editor stored; where that is nothing, what the template's own example says that it stores."""
    return answered_in_the_editor(template) or [_PAIRWISE_REGRESSION]


_PAIRWISE_REGRESSION = {"from_name": "rating", "to_name": "image1,image2", "type": "rating", "value": {"rating": 2}}
