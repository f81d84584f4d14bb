"""Judged items made for audits, and what an audit says of them as plain JSON values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from job_items import HELP
from job_items import ranked as answer_of
from strategies import make_item

from gtbridge.converters.audit.audit import Audit
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Pair, Section
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

STRICT = TextRanking(dimensions=(Dimension(name="Help", allow_tie=False),))
BOTH = TextRanking(dimensions=(*HELP.dimensions, Dimension(name="Safe", allow_tie=True)))
ASK = QuestionAnswer(tags=("What", "Why"), allow_custom_tags=True)

Ranker = Callable[[random.Random, Sequence[str], tuple[int, ...]], Sequence[Sequence[int]]]


def audited(items: Iterable[JobItem], **options: Any) -> dict[str, Any]:
    """What the audit says, without intervals unless ``resamples`` are asked for."""
    audit = Audit(lambda answer: answer.worker.id, **{"resamples": 0, **options})
    for item in items:
        audit.see(item)
    return audit.result().to_dict()


def about(
    responses: Sequence[str] | None, *answers: Answer, task: TaskDefinition = HELP, index: int = 0, job: str = "job"
) -> JobItem:
    """An item whose prompt is one word, with answers that may leave out responses."""
    item = make_item(index, "prompt", None if responses is None else list(responses))
    return JobItem(job, item, task, judge(task, item, answers, partial=True))


def passage(text: str, *answers: Answer, task: QuestionAnswer = ASK, index: int = 0, job: str = "job") -> JobItem:
    """A passage with what was asked about it."""
    item = make_item(index, text)
    return JobItem(job, item, task, judge(task, item, answers))


def pair(question: str, answer: str = "yes", *spans: tuple[int, int], text: str = "", tags: Sequence[str] = ()) -> Pair:
    """A pair that links ``spans`` of ``text``, or is about the whole of it."""
    sections = tuple(Section(start, end, text[start:end]) for start, end in spans)
    return Pair(question, answer, tuple(tags), sections, "sections" if spans else "passage")


def shares(figure: dict[str, Any]) -> tuple[Any, int]:
    """Value and n."""
    return figure["value"], figure["n"]


def simulated_job(
    ranker: Ranker, *, items: int = 150, responses: int = 4, task: TextRanking = HELP, seed: int = 0
) -> list[JobItem]:
    """Items with responses of 5 to 60 words, each ranked by three annotators who see them in a random order.

    ``ranker`` gets chance, the responses and the shown order, and gives ranks for each dimension.
    """
    chance = random.Random(seed)
    made = []
    for index in range(items):
        texts = [" ".join(["word"] * chance.randint(5, 60)) for _ in range(responses)]
        answers = []
        for worker in ("ann", "bob", "cy"):
            order = tuple(chance.sample(range(responses), responses))
            vectors = ranker(chance, texts, order)
            answers.append(replace(answer_of(worker, *vectors, task=task), order=order))
        made.append(about(texts, *answers, task=task, index=index))
    return made


def ranks_by(scores: Sequence[float]) -> list[int]:
    """Ranks of which the smallest score has the first."""
    in_order = sorted(range(len(scores)), key=lambda index: scores[index])
    return [in_order.index(index) + 1 for index in range(len(scores))]
