"""What is known of a reader that is fuzzed, and what several of them need."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from gtbridge.converters.formats.job_output import item_document
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Item
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TaskDefinition, TextRanking

__all__ = ["ASK", "RANK", "Reader", "files", "judged", "spelled"]

DATA = Path(__file__).parents[2] / "tests" / "data"
RANK = TextRanking(
    dimensions=(Dimension(name="Helpfulness", allow_tie=True), Dimension(name="Clarity", allow_tie=False)),
    flags=("Wrong",),
    comment="optional",
    cannot_judge=("Too hard",),
)
ASK = QuestionAnswer(tags=("What", "Who"), allow_custom_tags=True, comment="optional")


@dataclass(frozen=True)
class Reader:
    """``samples`` are sound documents (or some worth damaging), ``mutate`` damages one, ``read`` reads it."""

    samples: Sequence[bytes]
    mutate: Callable[[bytes, Random], bytes]
    read: Callable[[bytes], object]


def files(pattern: str) -> list[bytes]:
    """The test data of this pattern."""
    found = [path.read_bytes() for path in sorted(DATA.glob(pattern))]
    assert found, pattern
    return found


def spelled(*values: Any) -> list[bytes]:
    """Each value as JSON."""
    return [json.dumps(value, ensure_ascii=False).encode() for value in values]


def judged(answers: Sequence[Answer], item: Item, definition: TaskDefinition) -> None:
    """Answers can be judged and written as they were read."""
    judged = judge(definition, item, answers)
    to_line(item_document(judged))
