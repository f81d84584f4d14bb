"""Judged jobs to train on, and the datasets that are built of them, as people load them."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from job_items import ASK, asked, build_in_folder, job_item, load, options, ranked, ranking_job
from strategies import make_item
from tiny_model import END, rendered

from gtbridge.converters.formats.conversations import messages_to_transcript
from gtbridge.converters.judgement.job_item import JobItem

TALK = (
    ("system", "Answer in the user's language."),
    ("user", "Wie heißt du?"),
    ("assistant", "Ich habe keinen Namen."),
    ("user", "那么，请给自己取一个名字。"),
)
FORMS = [
    ("trl", "conversational"),
    ("trl", "standard"),
    ("trl-implicit", "conversational"),
    ("trl-implicit", "standard"),
]
# What the votes of ``rankings`` say, worked out by hand: pairs, the better one first; the best; and best and worst.
PREFERRED = {
    *(("0a", "0b"), ("0a", "0c"), ("0b", "0c"), ("1a", "1b"), ("1a", "1c"), ("1b", "1c")),
    *((" 我叫小明。\n", "اسمي سلمى"), (" 我叫小明。\n", "Nein."), ("اسمي سلمى", "Nein.")),
    *(("Yes, it is.", "No, it is not."), ("Yes, it is. ", "No, it is not.")),
}
BEST = {"0a", "1a", " 我叫小明。\n", "Yes, it is."}
DESIRABLE = {**dict.fromkeys(BEST, True), **dict.fromkeys(["0c", "1c", "Nein."], False)}
# One worker of pytest-xdist takes them all, so that torch is imported once.
TRAINER_MARKS = [
    pytest.mark.trainer,
    pytest.mark.xdist_group("trainers"),
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning"),
]
PASSAGES = (
    ("Der Rhein entspringt in den Alpen und mündet in die Nordsee.", ("Wo entspringt der Rhein?", "in den Alpen")),
    ("富士山は日本で一番高い山である。", ("日本で一番高い山は？", "富士山")),
)


def rankings() -> list[JobItem]:
    """Items of three annotators: plain ones, a conversation in other scripts, and one with traps among its responses.

    The last item has an empty response and the same response twice, of which no rows may come.
    """
    talk = make_item(
        2,
        messages_to_transcript([{"role": role, "content": content} for role, content in TALK]),
        [" 我叫小明。\n", "اسمي سلمى", "Nein."],
    )
    trap = make_item(3, "Is the sky blue?  \n\n", ["Yes, it is.", "Yes, it is. ", "", "No, it is not."])
    votes = [(1, 2, 3), (1, 3, 2), (2, 1, 3)]
    return [
        *ranking_job(2),
        job_item(replace(talk, messages=TALK), *(ranked(f"w{n}", ranks) for n, ranks in enumerate(votes))),
        job_item(trap, *(ranked(f"w{n}", ranks) for n, ranks in enumerate([(1, 2, 4, 3), (1, 1, 4, 2)]))),
    ]


def questions() -> list[JobItem]:
    """Two passages, each with a question and its answer by two annotators."""
    items = [make_item(index, passage) for index, (passage, _) in enumerate(PASSAGES)]
    pairs = [pair for _, pair in PASSAGES]
    return [
        job_item(item, asked("ann", item.text, pair), asked("bob", item.text, (pair[0], pair[1] + "!")), task=ASK)
        for item, pair in zip(items, pairs, strict=True)
    ]


@functools.cache
def dataset(folder: Path, job: str, config: str, **choices: Any) -> Any:
    """The training split of ``config`` of ``rankings`` or ``questions``, built with ``choices``, loaded from disk."""
    return load(_built(folder, job, tuple(choices.items())), config)["train"]


@functools.cache
def _built(folder: Path, job: str, choices: tuple[tuple[str, Any], ...]) -> Path:
    items, dimensions = (rankings(), ["Help"]) if job == "rankings" else (questions(), [])
    place = folder / "-".join([job, *(str(value) for _, value in choices)])
    build_in_folder(place, items, dimensions, options(**dict(choices)))
    return place


def opening(prompt: list[dict[str, str]]) -> str:
    """The prompt as text, written out once more to compare with."""
    if len(prompt) == 1:
        return prompt[0]["content"].rstrip() + "\n"
    turns = [f"{message['role'].capitalize()}: {message['content']}" for message in prompt]
    return "\n\n".join([*turns, "Assistant:\n"])


def expected(prompt: list[dict[str, str]], reply: list[dict[str, str]], format: str) -> tuple[str, str]:
    """The two parts of what the model is to see, for a prompt and a reply as messages."""
    (last,) = reply
    if format == "standard":
        return opening(prompt), last["content"] + END
    return rendered(prompt, asks=True), f"{last['content']}{END}\n"
