"""What the rows of all configs have in common: messages, ids, splits and pseudonyms. Makes no rows itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii
from typing import Any

import msgspec

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
    "prompt_digest",
    "prompt_messages",
    "prompt_text",
    "quoted",
    "quoted_id",
    "quoted_messages",
    "row_id",
    "section_rows",
    "split_of",
]

_encode = msgspec.json.Encoder().encode
_SHORT = 40
_DELETE = "\x7f"  # which only `json` escapes

MESSAGES = [{"role": "string", "content": "string"}]
SECTIONS = [{"start": "int32", "end": "int32", "text": "string"}]


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for workers in published rows: HMAC-SHA256 under ``key``. The same key gives the same name in every job.

    It remembers each worker's, which rows ask for again and again.
    """

    key: bytes = field(repr=False)
    _known: dict[tuple[str, bool], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def name(self, worker: Worker) -> str:
        """``annotator-`` and 12 hex digits; ``simulated-`` for a program. What is such a name already stays."""
        if worker.pseudonymous:
            return worker.id
        known = worker.id, worker.simulated
        if known not in self._known:
            digest = hmac.new(self.key, worker.id.encode(), hashlib.sha256).hexdigest()[:12]
            self._known[known] = f"{'simulated' if worker.simulated else 'annotator'}-{digest}"
        return self._known[known]

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


def section_rows(pair: Pair) -> list[dict[str, Any]]:
    """The sections of a pair as SECTIONS has them, in the order in which they were given."""
    return [{"start": section.start, "end": section.end, "text": section.text} for section in pair.sections]


def quoted(*parts: Any) -> str:
    """The parts of a row's id as JSON, as they stand in an array: what many ids have in common is encoded once."""
    return ", ".join([_json(part) for part in parts])


def quoted_messages(messages: Sequence[Mapping[str, str]]) -> str:
    """``quoted`` of a prompt, without the detour over its dicts."""
    said = [f'{{"role": {_json(entry["role"])}, "content": {_json(entry["content"])}}}' for entry in messages]
    return f"[{', '.join(said)}]"


def quoted_id(*parts: str) -> str:
    """``row_id`` of parts that are quoted already."""
    return hashlib.sha256(f"[{', '.join(parts)}]".encode()).hexdigest()[:16]


def row_id(*parts: Any) -> str:
    """16 hex digits that depend on ``parts`` alone: what the row says and where it comes from."""
    return quoted_id(quoted(*parts))


def _json(part: Any) -> str:
    """``json.dumps(part)``, which takes ten times as long for what ids are mostly made of."""
    if isinstance(part, str):
        # Of plain texts msgspec writes the same, long ones four times as fast.
        if len(part) > _SHORT and part.isascii() and _DELETE not in part:
            return _encode(part).decode()
        return encode_basestring_ascii(part)
    if part is None:
        return "null"
    return str(part) if type(part) is int else json.dumps(part)


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
