"""Both tasks in Label Studio's gallery of templates, with a picture and a sample. Changes no project."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ...converters.formats.sample_config import config_with_sample
from ...label_configs.tasks import Dimension, QuestionAnswer, Range, TaskDefinition, TextRanking

__all__ = ["GALLERY", "gallery_config", "picture", "with_both_tasks"]

# (method, view name) of the list that the gallery shows.
GALLERY = ("GET", "projects:api-templates:template-list")
_GROUP = "Generative AI"
_FIRST = -2  # Label Studio's own begin with 1

_RANKING = TextRanking(
    dimensions=(Dimension(name="Helpfulness", allow_tie=True), Dimension(name="Clarity", allow_tie=False))
)
_QUESTIONS = QuestionAnswer(
    questions=Range(min=1, max=3),
    question_words=Range(max=20),
    answer_words=Range(max=20),
    tags=("What", "Why", "When", "Where", "Who", "How"),
    allow_custom_tags=True,
)
_SAMPLES: dict[str, Mapping[str, Any]] = {
    "text-ranking": {
        "prompt": "My bread never rises. What am I doing wrong?",
        "responses": [
            "Check the yeast first: stir a pinch into warm, not hot, water with sugar. If it does not foam within ten "
            "minutes, it is dead, and no kneading will save the dough.",
            "Bread rises because yeast makes gas. Old yeast, hot water, too much salt or a cold kitchen can all stop "
            "it. Change one of them at a time.",
            "Maybe buy bread instead.",
        ],
    },
    "question-answer": {
        "passage": "The Atacama in northern Chile is the driest desert outside the polar regions. Some of its weather "
        "stations have never recorded rain. Fog from the Pacific still reaches the coast, where villages catch it in "
        "nets to get their drinking water."
    },
}
_DETAILS = """\
<h1>{title}</h1>
<p>{text}</p>
<p>Tasks hold {keys}. JSON, CSV and TSV are taken; in tables a list is spelled as JSON. What is asked stands in the
<code>definition</code> of the labeling config: edit that JSON, and the screen follows when you save.</p>
"""


def with_both_tasks(data: Any) -> Any:
    """The list of templates with both tasks before the others. Label Studio shares its list: it stays as it is."""
    templates = data.get("templates") if isinstance(data, Mapping) else None
    if not isinstance(templates, list):
        return data
    return {**data, "templates": [*_entries(), *templates]}


def gallery_config(definition: TaskDefinition) -> str:
    """What the gallery offers for a task like that of ``definition``."""
    return _config(_RANKING if isinstance(definition, TextRanking) else _QUESTIONS)


@cache
def _config(definition: TaskDefinition) -> str:
    return config_with_sample(definition, _SAMPLES[definition.task])


def _entries() -> list[dict[str, Any]]:
    ranking = {
        "title": "Text Ranking",
        "details": _DETAILS.format(
            title="Rank responses to a prompt",
            text="Annotators rank two or more responses on each dimension, with or without ties. Ground Truth's text "
            "ranking task; preference datasets are made of it.",
            keys="a <code>prompt</code> and a list of <code>responses</code>",
        ),
    }
    questions = {
        "title": "Question and Answer",
        "details": _DETAILS.format(
            title="Write questions and answers about a passage",
            text="Annotators write questions that a passage answers, with the answers, and highlight the sections that "
            "they are about. Ground Truth's question and answer task.",
            keys="a <code>passage</code>",
        ),
    }
    return [
        {**_entry(_RANKING, _FIRST), **ranking},
        {**_entry(_QUESTIONS, _FIRST + 1), **questions},
    ]


def _entry(definition: TaskDefinition, order: int) -> dict[str, Any]:
    address = reverse("gtbridge:picture", args=(definition.task,))
    return {
        "type": "community",
        "group": _GROUP,
        "order": order,
        "image": f"{address}?{hashlib.sha256(_picture(definition.task)).hexdigest()[:16]}",
        "config": _config(definition),
    }


@require_GET  # type: ignore[untyped-decorator]  # Django has no types
def picture(request: HttpRequest, task: str) -> HttpResponse:
    """What the gallery shows of a task. Its address changes with it, so that browsers may keep it."""
    if task not in _SAMPLES:
        raise Http404
    kept = "max-age=31536000, immutable" if request.GET else "no-cache"
    return HttpResponse(_picture(task), content_type="image/png", headers={"Cache-Control": f"public, {kept}"})


@cache
def _picture(task: str) -> bytes:
    return files(__package__).joinpath(f"gallery-{task}.png").read_bytes()
