"""Three jobs that between them can break every rule, and results as the editor stores them, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["CLOSED", "JOBS", "QUESTIONS", "RANKING", "Job", "Result", "chosen", "order", "section", "text"]

Result = list[dict[str, Any]]


@dataclass(frozen=True)
class Job:
    """A task definition (YAML), the one manifest line of its job, and a result that keeps all rules."""

    name: str
    task: str
    item: dict[str, Any]
    good: Result


def _entry(name: str, kind: str, **value: Any) -> dict[str, Any]:
    to_name = "responses" if kind == "ranker" else "prompt" if name.startswith(("rank_", "done_")) else "passage"
    return {"id": name, "from_name": name, "to_name": to_name, "type": kind, "value": value, "origin": "manual"}


def chosen(name: str, *choices: Any) -> dict[str, Any]:
    return _entry(name, "choices", choices=list(choices))


def text(name: str, *texts: Any) -> dict[str, Any]:
    return _entry(name, "textarea", text=list(texts))


def section(start: int, end: int, text: str, *labels: str) -> dict[str, Any]:
    entry = _entry("section", "labels", start=start, end=end, text=text, labels=list(labels))
    return {**entry, "id": f"section_{start}_{end}"}


def order(*ids: str) -> dict[str, Any]:
    return _entry("order__clarity", "ranker", ranker={"order__clarity": list(ids)})


def _pair(number: int, question: str, answer: str, scope: str) -> Result:
    return [
        text(f"question_{number}", question),
        text(f"answer_{number}", answer),
        chosen(f"scope_{number}", scope),
    ]


RANKING = Job(
    "ranking",
    """\
task: text-ranking
instructions: Read the prompt, then rank the responses.
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
shuffle_responses: false
""",
    {"source": "Why is the sky blue?", "responses": ["Rayleigh", "Because", "Sea"]},
    [
        chosen("rank__helpfulness__0", "r0:1"),
        chosen("rank__helpfulness__1", "r1:2"),
        chosen("rank__helpfulness__2", "r2:2"),
        order("r0", "r2", "r1"),
        chosen("done__clarity", "confirmed"),
    ],
)
QUESTIONS = Job(
    "questions",
    """\
task: question-answer
instructions: Write questions that the passage answers.
questions: {min: 1, max: 3}
question_words: {min: 3, max: 6}
answer_words: {min: 1, max: 4}
tags: [What, Who]
allow_custom_tags: true
""",
    {"source": "Water boils at 100 degrees. Ice melts at zero."},
    [
        chosen("pair_count", "2"),
        *_pair(1, "When does water boil?", "At 100 degrees", "whole passage"),
        chosen("tags_1", "What"),
        text("custom_tags_1", "heat"),
        *_pair(2, "When does ice melt?", "At zero", "highlighted sections"),
        section(28, 45, "Ice melts at zero", "QA 2"),
    ],
)
CLOSED = Job(
    "closed",
    """\
task: question-answer
instructions: Write two questions.
questions: {min: 2, max: 2}
question_words: {min: 5}
tags: [What]
count: characters
""",
    {"source": "Tea is made of leaves."},
    [
        *_pair(1, "What is tea?", "A drink", "whole passage"),
        chosen("tags_1", "What"),
        *_pair(2, "Of what is it made?", "Leaves", "highlighted sections"),
        section(15, 21, "leaves", "QA 2"),
    ],
)
JOBS = (RANKING, QUESTIONS, CLOSED)
