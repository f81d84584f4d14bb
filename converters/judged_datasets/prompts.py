"""Prompts and dialogues as datasets of judgements write them -> the source and messages of an item. Opens nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..formats.conversations import conversation_to_messages, messages_to_transcript
from ..formats.sources_records import RecordPlace

__all__ = ["Prompt", "messages_of", "prompt_of", "transcript_to_messages"]

_FIRST_TURN = "\n\nHuman:"
_TURN = re.compile(r"\n\n(Human|Assistant):")
_ROLES = {"Human": "user", "Assistant": "assistant"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """``source`` is the text, or the transcript of the conversation ``messages``; a lone user's turn is its text."""

    source: str
    messages: Sequence[Mapping[str, Any]] | None = None

    @classmethod
    def of_messages(cls, messages: Sequence[Mapping[str, Any]]) -> Prompt:
        """The prompt that a conversation is."""
        lone = len(messages) == 1 and messages[0] == {"role": "user", "content": messages[0]["content"]}
        return cls(messages_to_transcript(messages), None if lone else list(messages))

    @property
    def answered(self) -> bool:
        """Whether the assistant has spoken last, so that annotators would see an answer in it: it is no prompt."""
        return self.messages is not None and self.messages[-1]["role"] == "assistant"

    def fields(self) -> dict[str, Any]:
        """The fields of the item's line."""
        return {"source": self.source, **({} if self.messages is None else {"messages": self.messages})}


def prompt_of(value: Any, place: RecordPlace) -> Prompt:
    """The prompt that a column holds: a text, a transcript (see ``transcript_to_messages``) or a conversation.

    InputError if it is none of them.
    """
    if not isinstance(value, str):
        return Prompt.of_messages(messages_of(value, place))
    messages = transcript_to_messages(value)
    if messages is None or (messages[-1]["role"] == "assistant" and messages[-1]["content"]):
        return Prompt(value)
    waiting = messages[:-1] if messages[-1]["role"] == "assistant" else messages
    return Prompt.of_messages(waiting)


def messages_of(value: Any, place: RecordPlace) -> list[dict[str, Any]]:
    """The messages of a conversation. InputError if ``value`` is none."""
    # Tables give every message the columns that any of them has.
    listed = [_without_nulls(entry) for entry in value] if isinstance(value, list) else value
    messages = conversation_to_messages(listed)
    if messages is None:
        raise place.refuse("expected text, or a conversation: a list of messages, each with role and content")
    return messages


def _without_nulls(entry: Any) -> Any:
    return {key: value for key, value in entry.items() if value is not None} if isinstance(entry, dict) else entry


def transcript_to_messages(text: str) -> list[dict[str, Any]] | None:
    r"""The messages of ``"\n\nHuman: ...\n\nAssistant: ..."``, without the white space around each.

    So Anthropic's hh-rlhf and datasets after it write dialogues; a prompt ends with an empty turn of the assistant's.
    None unless the text begins with a human's turn, the turns alternate, and none but the last is empty: what people
    wrote may hold such a line as well.
    """
    if not text.startswith(_FIRST_TURN):
        return None
    _, *parts = _TURN.split(text)
    messages = [
        {"role": _ROLES[name], "content": said.strip()} for name, said in zip(parts[::2], parts[1::2], strict=True)
    ]
    alternate = all(message["role"] == ("user", "assistant")[turn % 2] for turn, message in enumerate(messages))
    spoken = all(message["content"] for message in messages[:-1])
    return messages if alternate and spoken and messages[0]["content"] else None
