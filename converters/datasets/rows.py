"""What the rows of all configs have in common: judged items, messages, ids, splits and pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from ...label_configs.tasks import TaskDefinition
from ..judgement.judge import Judged
from ..records import Answer, Item, Worker

__all__ = ["JobItem", "Pseudonyms", "message", "row_id", "split_of"]

MESSAGES = [{"role": "string", "content": "string"}]


@dataclass(frozen=True, slots=True)
class JobItem:
    """An item of a labeling job with its judged answers: what all rows are made from.

    ``failure`` is why the job gave the item no label, if it said so.
    """

    job: str
    item: Item
    definition: TaskDefinition
    judged: Judged
    failure: str | None = None

    @property
    def place(self) -> str:
        """``<job>/<object index>``: where a row comes from, without saying where the job lies."""
        return f"{self.job}/{self.item.index}"

    @property
    def simulated(self) -> bool:
        """Whether a program gave any of the answers that count."""
        return any(answer.worker.simulated for answer in self.judged.valid)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for workers in published rows: HMAC-SHA256 under ``key``. The same key gives the same name in every job."""

    key: bytes

    def name(self, worker: Worker) -> str:
        """``annotator-`` and 12 hex digits; ``simulated-`` for a program."""
        digest = hmac.new(self.key, worker.id.encode(), hashlib.sha256).hexdigest()[:12]
        return f"{'simulated' if worker.simulated else 'annotator'}-{digest}"

    def of(self, answer: Answer) -> str:
        """The name of the worker who gave ``answer``."""
        return self.name(answer.worker)


def message(role: str, content: str) -> list[dict[str, str]]:
    """A conversation of one message, in TRL's conversational format."""
    return [{"role": role, "content": content}]


def row_id(*parts: Any) -> str:
    """16 hex digits that depend on ``parts`` alone: what the row says and where it comes from."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def split_of(text: str, seed: int, test_size: float) -> str:
    """``train`` or ``test``, by a hash of the prompt or passage: the same in every config and however the job grows."""
    normal = unicodedata.normalize("NFC", text).strip()
    digest = hashlib.sha256(f"{seed}\0{normal}".encode()).digest()
    return "test" if int.from_bytes(digest[:8], "big") / 2**64 < test_size else "train"
