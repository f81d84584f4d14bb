"""Judged items to build datasets from, and datasets built in memory or in a folder."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from hypothesis import strategies as st
from pyarrow import parquet
from strategies import make_item

from gtbridge.converters.datasets.build import Built, build
from gtbridge.converters.datasets.card import CardFacts, dataset_card
from gtbridge.converters.datasets.collection import Collection
from gtbridge.converters.datasets.options import BuildOptions
from gtbridge.converters.datasets.rows import Pseudonyms
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Item, Pair, Ranking, Section, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

KEY = b"k" * 32
HELP = TextRanking(title="Which?", dimensions=(Dimension(name="Help", allow_tie=True),))
TWO = TextRanking(dimensions=(*HELP.dimensions, Dimension(name="Safe", allow_tie=True)))
SCORED = TextRanking(
    flags=("Wrong",), dimensions=(HELP.dimensions[0].model_copy(update={"good_score": 3.5}),), shuffle_responses=False
)
ASK = QuestionAnswer(title="Ask", allow_custom_tags=True)
WRITE = QuestionAnswer(title="Write", prompt_completion=True)


def options(**more: Any) -> BuildOptions:
    return BuildOptions(**{"pseudonym_key": KEY, "test_size": 0.0, **more})


def ranked(worker: str, *vectors: Sequence[int | None], task: TextRanking = HELP, **more: Any) -> Answer:
    """``worker``'s ranks on each dimension of ``task``."""
    dimensions = zip(task.dimensions, vectors, strict=True)
    rankings = tuple(Ranking(d.name, tuple(ranks), d.allow_tie) for d, ranks in dimensions)
    return Answer(Worker(worker), rankings=rankings, **more)


def asked(worker: str, passage: str, *pairs: tuple[str, str]) -> Answer:
    """``worker``'s pairs, the first of which is about the passage's first character."""
    made = [Pair(question, answer, ("What",), (), "passage") for question, answer in pairs]
    made[0] = Pair(*pairs[0], ("What",), (Section(0, 1, passage[0]),), "sections")
    return Answer(Worker(worker), pairs=tuple(made))


def graded(worker: str, scores: Sequence[float | None], dimension: str = "Help", **more: Any) -> Answer:
    """``worker``'s numbers for the responses, of which more is better, with the ranks that follow."""
    levels = sorted({score for score in scores if score is not None}, reverse=True)
    ranks = tuple(None if score is None else levels.index(score) + 1 for score in scores)
    return Answer(Worker(worker), rankings=(Ranking(dimension, ranks, True, tuple(scores)),), **more)


def wrote(worker: str, *texts: str) -> Answer:
    """``worker``'s answers to a prompt."""
    return Answer(Worker(worker), pairs=tuple(Pair("", text) for text in texts))


def job_item(item: Item, *answers: Answer, task: TaskDefinition = HELP, job: str = "job") -> JobItem:
    return JobItem(job, item, task, judge(task, item, answers))


def ranking_job(count: int, task: TextRanking = HELP, job: str = "job") -> list[JobItem]:
    """``count`` items, each ranked by three workers who mostly agree."""
    made = []
    for index in range(count):
        item = make_item(index, f"{job} prompt {index}", [f"{index}{letter}" for letter in "abc"])
        item = replace(item, models=("m", "n", "o"))
        vectors = [(1, 2, 3), (1, 2, 2), (2, 1, 3)]
        answers = [ranked(f"w{n}", *[v] * len(task.dimensions), task=task) for n, v in enumerate(vectors)]
        made.append(job_item(item, *answers, task=task, job=job))
    return made


class _Kept(io.BytesIO):
    def close(self) -> None:
        """The writer closes its file; what it wrote is read afterwards."""


def build_in_memory(
    items: Iterable[JobItem], dimensions: Sequence[str], chosen: BuildOptions
) -> tuple[dict[tuple[str, str], list[dict[str, Any]]], Built, Ledger, dict[tuple[str, str, int], bytes]]:
    """Rows by (config, split), what ``build`` returned, the ledger, and the bytes by (config, split, shard)."""
    files: dict[tuple[str, str, int], _Kept] = {}

    def open_shard(config: str, split: str, number: int) -> IO[bytes]:
        assert (config, split, number) not in files
        return files.setdefault((config, split, number), _Kept())

    ledger = Ledger()
    built = build(items, dimensions, chosen, open_shard, ledger)
    read: Any = parquet.read_table
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for (config, split, _), file in sorted(files.items()):
        rows.setdefault((config, split), []).extend(read(io.BytesIO(file.getvalue()), use_threads=False).to_pylist())
    return rows, built, ledger, {place: file.getvalue() for place, file in files.items()}


def build_in_folder(
    folder: Path, items: Sequence[JobItem], dimensions: Sequence[str], chosen: BuildOptions, **facts: Any
) -> tuple[Built, Ledger, str]:
    """The dataset with its card at ``folder``."""
    folder.mkdir()

    def open_shard(config: str, split: str, number: int) -> IO[bytes]:
        (folder / config).mkdir(exist_ok=True)
        return (folder / config / f"{split}-{number:05d}.parquet").open("wb")

    ledger = Ledger()
    jobs = {item.job: item.definition for item in items}
    collection = Collection(jobs, Pseudonyms(chosen.pseudonym_key).of)
    built = build(items, dimensions, chosen, open_shard, ledger, collection.see)
    sizes = {c.name: sum(p.stat().st_size for p in (folder / c.name).iterdir()) for c in built.configs}
    digests = dict.fromkeys(sizes, "0" * 64)
    seen = list(collection.jobs.values())
    said = {"title": "t", "location": "d", "jobs": seen, "sizes": sizes, "digests": digests, **facts}
    card = dataset_card(built, chosen, CardFacts(**said), ledger.to_dict())
    (folder / "README.md").write_text(card, encoding="utf-8")
    return built, ledger, card


def load(folder: Path, config: str) -> Any:
    """The config as ``datasets.load_dataset`` gives it to people."""
    import datasets

    datasets.disable_progress_bars()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return datasets.load_dataset(str(folder), config, cache_dir=str(folder.parent / "cache"))


@st.composite
def job_items(draw: Any, task: TextRanking, size: int = 4) -> list[JobItem]:
    """Items with few distinct prompts and responses, and answers of which some are invalid, declined or given twice."""
    made = []
    for index in range(draw(st.integers(0, size))):
        responses = draw(st.lists(st.sampled_from(["a", " a", "b", "c", "d", ""]), min_size=2, max_size=4))
        item = make_item(index, draw(st.sampled_from(["p", "p ", "q", "caf\u00e9", "cafe\u0301"])), responses)
        valid = st.lists(st.integers(1, len(responses)), min_size=len(responses), max_size=len(responses))
        ranks = st.one_of(valid, valid, valid, valid.map(lambda given: [None, *given[1:]]))
        answers = [
            ranked(
                draw(st.sampled_from(["ann", "bob", "cy"])),
                *[draw(ranks) for _ in task.dimensions],
                task=task,
                status=draw(st.sampled_from(["given", "given", "declined"])),
            )
            for _ in range(draw(st.integers(0, 4)))
        ]
        made.append(job_item(item, *answers, task=task))
    return made
