"""Simulated annotators, for the demo: programs with accounts of their own that take tasks from the label stream.

Their e-mail addresses end in ``SIMULATED_DOMAIN``, which marks their answers as simulated wherever they go.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from ...converters.formats.accounts import SIMULATED_DOMAIN
from ...converters.formats.annotation_results import answer_to_annotation
from ...converters.formats.label_studio_tasks import OBJECT_INDEX, shown_order
from ...converters.judgement.ranks import dense_ranks
from ...converters.records import Answer, Item, Pair, Ranking, Section, Worker
from ...label_configs.tasks import QuestionAnswer, TaskDefinition, TextRanking
from ..label_studio.job import Job
from ..label_studio.server import Server, connect, speaking_to
from .accounts import add_annotator

__all__ = ["answer_all", "simulated_annotators", "simulated_answer"]

_STREAM_END = 10_000
_COMMENT = "This comment was made up by a program."


@contextmanager
def simulated_annotators(server: Server, api_key: str, count: int) -> Iterator[list[Server]]:
    """Make ``count`` accounts for simulated annotators; a connection for each, under its own token."""
    with ExitStack() as stack:
        connections = []
        for number in range(1, count + 1):
            email, password = f"annotator-{number}{SIMULATED_DOMAIN}", secrets.token_urlsafe(16)
            token = add_annotator(server.url, api_key, email, password, "Simulated", f"annotator {number}")
            connections.append(stack.enter_context(connect(server.url, token)))
        yield connections


def answer_all(
    annotators: Sequence[Server],
    job: Job,
    items: Mapping[int, Item],
    material: Mapping[int, Any],
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Let each annotator answer the tasks that the label stream gives, until there are none; returns how many answers.

    ``material`` says per object what to answer: the quality of each response (0..1, higher is better), or the
    possible pairs as {"question", "answer", "tags", "quotes"}. Each annotator sees it a little differently.
    """
    count = 0
    for number, annotator in enumerate(annotators):
        for _ in range(_STREAM_END):
            began = time.monotonic()
            task = annotator.next_task(job.project)
            if task is None:
                break
            item = items[task["data"][OBJECT_INDEX]]
            # The label stream's order is random; what an annotator thinks of an item is not.
            chance = random.Random(f"{job.name} {number} {item.index}")
            answer = simulated_answer(job.definition, item, material[item.index], chance)
            annotation = answer_to_annotation(answer, item, job.definition, shown_order(task["data"]))
            with speaking_to(annotator.url):
                annotator.sdk.annotations.create(
                    id=task["id"], result=annotation["result"], lead_time=time.monotonic() - began
                )
            count += 1
            if on_progress:
                on_progress(1)
    return count


def simulated_answer(definition: TaskDefinition, item: Item, material: Any, chance: random.Random) -> Answer:
    """An answer that keeps the rules, to an item with this ``material`` (see ``answer_all``)."""
    worker = Worker("simulated")
    comment = _COMMENT if definition.comment == "required" else None
    if isinstance(definition, TextRanking):
        return Answer(worker, rankings=tuple(_rankings(definition, material, chance)), comment=comment)
    return Answer(worker, pairs=_pairs(definition, item, material, chance), comment=comment)


def _rankings(definition: TextRanking, quality: Sequence[float], chance: random.Random) -> list[Ranking]:
    rankings = []
    for dimension in definition.dimensions:
        seen = [value + chance.gauss(0, 0.12) for value in quality]
        if dimension.allow_tie:
            # Judgements in coarse steps, so that near responses tie.
            ranks = dense_ranks([-round(value * 4) for value in seen])
        else:
            order = sorted(range(len(seen)), key=lambda index: -seen[index])
            ranks = tuple(order.index(index) + 1 for index in range(len(seen)))
        rankings.append(Ranking(dimension.name, ranks, dimension.allow_tie))
    return rankings


def _pairs(
    definition: QuestionAnswer, item: Item, material: Sequence[Mapping[str, Any]], chance: random.Random
) -> tuple[Pair, ...]:
    most = min(definition.questions.max or len(material), len(material))
    chosen = chance.sample(list(material), chance.randint(definition.questions.min, most))
    return tuple(_pair(item, entry) for entry in chosen)


def _pair(item: Item, entry: Mapping[str, Any]) -> Pair:
    sections = []
    for quote in entry["quotes"]:
        start = item.text.index(quote)
        sections.append(Section(start, start + len(quote), quote))
    return Pair(
        question=entry["question"],
        answer=entry["answer"],
        tags=tuple(entry["tags"]),
        sections=tuple(sections),
        scope="sections" if sections else "passage",
    )
