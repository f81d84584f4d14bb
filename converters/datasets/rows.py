"""What the rows of all configs have in common: messages, ids, splits and pseudonyms. Makes no rows itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..formats.conversations import messages_to_transcript
from ..ledger import Ledger
from ..records import Answer, Item, Pair, Worker
from .options import BuildOptions

__all__ = [
    "MESSAGES",
    "SECTIONS",
    "Making",
    "Pseudonyms",
    "message",
    "model_of",
    "prompt_digest",
    "prompt_messages",
    "prompt_text",
    "row_id",
    "section_rows",
    "split_of",
]

MESSAGES = [{"role": "string", "content": "string"}]
SECTIONS = [{"start": "int32", "end": "int32", "text": "string"}]


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for workers in published rows: HMAC-SHA256 under ``key``. The same key gives the same name in every job."""

    key: bytes

    def name(self, worker: Worker) -> str:
        """``annotator-`` and 12 hex digits; ``simulated-`` for a program. What is such a name already stays."""
        if worker.pseudonymous:
            return worker.id
        digest = hmac.new(self.key, worker.id.encode(), hashlib.sha256).hexdigest()[:12]
        return f"{'simulated' if worker.simulated else 'annotator'}-{digest}"

    def of(self, answer: Answer) -> str:
        """The name of the worker who gave ``answer``."""
        return self.name(answer.worker)


@dataclass(frozen=True, slots=True)
class Making:
    """What all rows of a build are made with."""

    options: BuildOptions
    names: Pseudonyms
    ledger: Ledger


def prompt_messages(item: Item) -> list[dict[str, str]]:
    """What the item asks of a model: its conversation, else its text as the one turn of a user."""
    if item.messages is None:
        return message("user", item.text)
    return [{"role": role, "content": content} for role, content in item.messages]


def prompt_text(item: Item) -> str:
    """The same as one text, by which prompts are compared: the transcript of a conversation, else the item's text."""
    return item.text if item.messages is None else messages_to_transcript(prompt_messages(item))


def message(role: str, content: str) -> list[dict[str, str]]:
    """A conversation of one message, in TRL's conversational format."""
    return [{"role": role, "content": content}]


def model_of(item: Item, response: int) -> str | None:
    """The model that gave a response; None if the item does not name one for each response."""
    fits = item.models is not None and len(item.models) == len(item.responses or ())
    return item.models[response] if item.models and fits else None


def section_rows(pair: Pair) -> list[dict[str, Any]]:
    """The sections of a pair as SECTIONS has them, in the order in which they were given."""
    return [{"start": section.start, "end": section.end, "text": section.text} for section in pair.sections]


def row_id(*parts: Any) -> str:
    """16 hex digits that depend on ``parts`` alone: what the row says and where it comes from."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def prompt_digest(messages: Sequence[Mapping[str, str]]) -> bytes:
    """16 bytes that are equal for equal prompts. White space around a message, and Unicode form, make no difference."""
    said = [(entry["role"], _plain(entry["content"])) for entry in messages]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).digest()


def split_of(text: str, seed: int, test_size: float) -> str:
    """``train`` or ``test``, by a hash of the prompt or passage: the same in every config and however the job grows."""
    digest = hashlib.sha256(f"{seed}\0{_plain(text)}".encode()).digest()
    return "test" if int.from_bytes(digest[:8], "big") / 2**64 < test_size else "train"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
