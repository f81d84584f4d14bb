"""Conversations as people keep them: what counts as one, how it reads as plain text, where several part ways.

A message is ``{"role", "content"}``, as chat models take it, or ``{"from", "value"}``, as ShareGPT has it. Content is
text, or a list of parts that are all of type ``text``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

__all__ = ["conversation_to_messages", "message_text", "messages_to_transcript", "shared_beginning"]

_SHAREGPT_ROLES = {"human": "user", "gpt": "assistant"}


def conversation_to_messages(value: Any) -> list[dict[str, Any]] | None:
    """The messages, each with ``role``, ``content`` and whatever else it has; None if ``value`` is no conversation."""
    if not isinstance(value, list) or not value:
        return None
    messages = [_message(entry) for entry in value]
    known = [message for message in messages if message is not None]
    return known if len(known) == len(messages) else None


def _message(entry: Any) -> dict[str, Any] | None:
    if not isinstance(entry, dict):
        return None
    if "role" not in entry and isinstance(entry.get("from"), str) and isinstance(entry.get("value"), str):
        rest = {key: field for key, field in entry.items() if key not in ("from", "value")}
        return {"role": _SHAREGPT_ROLES.get(entry["from"], entry["from"]), "content": entry["value"], **rest}
    return entry if isinstance(entry.get("role"), str) and message_text(entry) is not None else None


def message_text(message: Mapping[str, Any]) -> str | None:
    """What the message says; None if it is not text alone."""
    content = message.get("content")
    if not isinstance(content, list):
        return content if isinstance(content, str) else None
    parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
    texts = [text for text in parts if isinstance(text, str)]
    return "\n\n".join(texts) if len(texts) == len(content) else None


def messages_to_transcript(messages: Sequence[Mapping[str, Any]]) -> str:
    """The conversation as one text: ``User: ...``, a blank line, ``Assistant: ...``. A lone user message as it is."""
    if len(messages) == 1 and messages[0]["role"] == "user":
        return message_text(messages[0]) or ""
    return "\n\n".join(f"{_name(message['role'])}: {message_text(message)}" for message in messages)


def _name(role: str) -> str:
    return role[:1].upper() + role[1:]


def shared_beginning(conversations: Sequence[Sequence[Mapping[str, Any]]]) -> int:
    """With how many messages, alike in role and text, all of them begin; the last message of each counts as its own."""
    columns = zip(*(conversation[:-1] for conversation in conversations), strict=False)
    return sum(1 for _ in takewhile(_alike, columns))


def _alike(messages: Sequence[Mapping[str, Any]]) -> bool:
    return len({(message["role"], message_text(message)) for message in messages}) == 1
