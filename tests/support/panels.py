"""Panels of annotators: who ranked the responses of which item how, as the items of a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gtbridge.converters.agreement.agreement import Agreement, DimensionAgreement
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import Judged
from gtbridge.converters.records import Answer, Item, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

Rankings = Mapping[str, Sequence[int | None]]

QUALITY = TextRanking(dimensions=(Dimension(name="Quality", allow_tie=True),))


def panel_item(
    rankings: Rankings, models: Sequence[str] | None = None, index: int = 0, task: TextRanking = QUALITY, **more: Any
) -> JobItem:
    """An item that each annotator ranked so, on the first dimension of the task; all answers count."""
    dimension = task.dimensions[0]
    count = len(next(iter(rankings.values()), models or ()))
    answers = tuple(
        Answer(Worker(name), rankings=(Ranking(dimension.name, tuple(ranks), dimension.allow_tie),))
        for name, ranks in rankings.items()
    )
    responses = tuple(map(str, range(count)))
    item = Item(index, "", "prompt", responses, None if models is None else tuple(models))
    return JobItem("job", item, task, Judged(answers, **more))


def agreement_of(items: Iterable[JobItem], **options: Any) -> DimensionAgreement:
    """Of the one dimension that the items have; workers keep their names."""
    seen = Agreement(lambda answer: answer.worker.id, **{"resamples": 100, **options})
    for item in items:
        seen.see(item)
    (dimension,) = seen.dimensions()
    return dimension


def random_panel(
    seed: int, items: int = 30, most: int = 4, responses: int = 4, annotators: int = 5, unranked: float = 0.1
) -> list[dict[str, tuple[int | None, ...]]]:
    """Items of 2 to ``responses`` responses, each ranked by 1 to ``most`` annotators who see the same, with noise.

    Ties are frequent, and a share of the responses is ``unranked``.
    """
    random = np.random.default_rng(seed)
    panel = []
    for _ in range(items):
        count = int(random.integers(2, responses + 1))
        quality = random.normal(size=count)
        who = random.permutation(annotators)[: random.integers(1, most + 1)]
        panel.append({f"a{number}": _noisy_ranks(random, quality, unranked) for number in who})
    return panel


def _noisy_ranks(random: np.random.Generator, quality: Any, unranked: float) -> tuple[int | None, ...]:
    seen = quality + random.normal(size=len(quality))
    ranks = np.clip(np.round((len(quality) + 1) / 2 - seen), 1, len(quality))
    return tuple(None if random.random() < unranked else int(rank) for rank in ranks)
