"""Judged items of all kinds in one build, every combination of options, and the same items in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from job_items import ASK, HELP, KEY, SCORED, TWO, WRITE, graded, job_item, ranked, wrote
from strategies import make_item

from gtbridge.converters.datasets.options import CHOICES, CONFIGS, BuildOptions
from gtbridge.converters.formats.conversations import messages_to_transcript
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import SIMULATED, Answer, Item, Pair, Section, Worker
from gtbridge.label_configs.tasks import TextRanking

Rows = dict[tuple[str, str], list[dict[str, Any]]]

NAMES = ["Help", "Safe"]
PROMPTS = ["p", "p ", "q", "caf\u00e9", "cafe\u0301", "ann met bob.", "Who?"]
CONVERSATIONS = [
    (("user", "p"),),
    (("system", "Be brief."), ("user", "p"), ("assistant", "a"), ("user", "q")),
    (("user", "p"), ("assistant", "a"), ("user", "q ")),
    (("user", "p"), ("user", "q")),
]
RESPONSES = ["a", " a", "b", "c", "dddd", "ddde", "", "\n"]
PASSAGES = ["ann met bob.", "bob met ann, ann met bob.", " ann met bob.", "caf\u00e9 \U0001f469 q"]


@st.composite
def mixed_items(draw: Any, size: int = 5) -> list[JobItem]:
    """Items of five jobs, in any order: rankings on two dimensions, on one of them and by scores, questions, and
    answers to prompts.
    """
    jobs: dict[str, Any] = {"two": TWO, "one": HELP, "score": SCORED, "ask": ASK, "write": WRITE}
    makers: dict[str, Any] = {"ask": _asked, "score": _scored, "write": _written}
    made = []
    for index in range(draw(st.integers(0, size))):
        job = draw(st.sampled_from(["two", "two", "one", "score", "ask", "write"]))
        made.append(makers.get(job, _ranked)(draw, index, job, jobs[job]))
    return made


def _prompted(draw: Any, index: int, responses: list[str] | None = None) -> Item:
    if draw(st.integers(0, 3)):
        return make_item(index, draw(st.sampled_from(PROMPTS)), responses)
    messages = draw(st.sampled_from(CONVERSATIONS))
    text = messages_to_transcript([{"role": role, "content": said} for role, said in messages])
    return replace(make_item(index, text, responses), messages=messages)


def _ranked(draw: Any, index: int, job: str, task: TextRanking) -> JobItem:
    responses = draw(st.lists(st.sampled_from(RESPONSES), min_size=2, max_size=4))
    item = _prompted(draw, index, responses)
    if draw(st.booleans()):
        item = replace(item, models=tuple(draw(st.sampled_from("mn")) for _ in responses))
    vectors = st.lists(st.integers(1, len(responses)), min_size=len(responses), max_size=len(responses))
    answers = [
        replace(ranked(name, *[draw(vectors) for _ in task.dimensions], task=task), worker=_worker(draw, name))
        for name in draw(st.lists(st.sampled_from(["ann", "bob", "cy", "dan"]), max_size=4, unique=True))
    ]
    return job_item(item, *answers, task=task, job=job)


def _scored(draw: Any, index: int, job: str, task: TextRanking) -> JobItem:
    responses = draw(st.lists(st.sampled_from(RESPONSES), min_size=1, max_size=3))
    count = len(responses)
    grades = st.lists(st.sampled_from([1.0, 3.5, 4.0]), min_size=count, max_size=count)
    flags = st.lists(st.sampled_from([(), (), (), ("Wrong",)]), min_size=count, max_size=count)
    answers = [
        replace(graded(name, draw(grades)), worker=_worker(draw, name), flags=tuple(draw(flags)))
        for name in draw(st.lists(st.sampled_from(["ann", "bob", "cy"]), max_size=3, unique=True))
    ]
    return job_item(_prompted(draw, index, responses), *answers, task=task, job=job)


def _written(draw: Any, index: int, job: str, task: Any) -> JobItem:
    texts = st.lists(st.sampled_from(["a", " a", "b", "ann"]), min_size=1, max_size=2)
    names = draw(st.lists(st.sampled_from(["ann", "bob"]), max_size=2, unique=True))
    answers = [replace(wrote(name, *draw(texts)), worker=_worker(draw, name)) for name in names]
    return job_item(_prompted(draw, index), *answers, task=task, job=job)


def _asked(draw: Any, index: int, job: str, task: Any) -> JobItem:
    passage = draw(st.sampled_from(PASSAGES))
    return job_item(
        make_item(index, passage),
        *(
            Answer(_worker(draw, name), pairs=tuple(_pair(draw, passage) for _ in range(draw(st.integers(1, 3)))))
            for name in draw(st.lists(st.sampled_from(["ann", "bob"]), max_size=2, unique=True))
        ),
        task=task,
        job=job,
    )


def _pair(draw: Any, passage: str) -> Pair:
    cuts = st.lists(st.integers(0, len(passage)), min_size=2, max_size=2, unique=True).map(sorted)
    sections = tuple(Section(low, high, passage[low:high]) for low, high in draw(st.lists(cuts, max_size=2)))
    said = st.sampled_from(
        ["ann", " ann\n", "bob", "a", "nobody", passage, *(s.text for s in sections if s.text.strip())]
    )
    scope: Any = "sections" if sections else "passage"
    return Pair(draw(st.sampled_from(["Who?", "p", "q"])), draw(said), ("What",), sections, scope)


def _worker(draw: Any, name: str) -> Worker:
    return Worker(name, {"identityProviderType": SIMULATED} if draw(st.integers(0, 5)) == 0 else None)


@st.composite
def option_sets(draw: Any, /, **fixed: Any) -> BuildOptions:
    """Any options that ``BuildOptions.check`` lets pass; those in ``fixed`` are as given."""
    chosen = {name: draw(st.sampled_from(values)) for name, values in CHOICES.items()} | fixed
    if chosen["preset"] not in ("trl", "trl-implicit"):
        chosen["format"] = "conversational"
    if chosen["direction"] == "ask" and chosen["context"] == "none":
        chosen["context"] = "sections"
    dimensions = chosen.setdefault("dimensions", draw(st.sampled_from([(), ("Help",), ("Safe", "Help")])))
    if chosen["aggregate"] == "weighted":
        weight = st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)])
        chosen["weights"] = tuple((name, draw(weight)) for name in dimensions or NAMES)
    drawn = {
        "configs": draw(st.just(()) | st.sets(st.sampled_from(CONFIGS)).map(tuple)),
        "near_duplicates": draw(st.sampled_from([None, None, 0.7, 1.0])),
        "threshold": draw(st.sampled_from([None, None, Fraction(0), Fraction(1, 4), Fraction(1, 2)])),
        "test_size": draw(st.sampled_from([0.0, 0.5])),
        "seed": draw(st.integers(0, 99)),
        "fields": draw(st.booleans()),
    }
    return BuildOptions(**{"pseudonym_key": KEY, **drawn, **chosen})


def reordered(found: JobItem, order: Sequence[int]) -> JobItem:
    """The same judged item with its responses in another ``order``: ``order[i]`` is the old index of response i."""
    item, picked = found.item, [i for i in order if i < len(found.item.responses or ())]

    def moved(things: Any) -> Any:
        return None if things is None else tuple(things[i] for i in picked)

    if item.responses is None:
        return found
    new = replace(item, responses=moved(item.responses), models=moved(item.models))
    answers = [
        replace(
            answer,
            rankings=tuple(
                replace(ranking, ranks=moved(ranking.ranks), scores=moved(ranking.scores))
                for ranking in answer.rankings
            ),
            flags=moved(answer.flags or None) or (),
        )
        for answer in found.judged.valid
    ]
    return replace(found, item=new, judged=judge(found.definition, new, answers))


def of_kind(rows: Rows, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(split, row) of every config of the kind."""
    for (config, split), part in rows.items():
        if config == kind or config.startswith(f"{kind}-"):
            yield from ((split, row) for row in part)


def place_of(row: dict[str, Any]) -> str:
    return str(row["item"] if "item" in row else row["metadata"]["item"])


def last_text(value: Any) -> str:
    """What stands at the end of a text column, in any trainer's shape."""
    if isinstance(value, list):
        return last_text(value[-1])
    return str(value.get("content", value.get("value")) if isinstance(value, dict) else value)
