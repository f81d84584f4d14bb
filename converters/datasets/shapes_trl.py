"""TRL's other forms of rows: whole dialogues instead of an explicit prompt, and plain text instead of messages.

Source: "Dataset formats and types" of TRL's documentation, https://huggingface.co/docs/trl/dataset_formats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..formats.conversations import messages_to_transcript
from .rows import MESSAGES
from .shapes_forms import Form, Row

__all__ = ["IMPLICIT", "IMPLICIT_TEXT", "TEXT"]


def _opening(messages: Sequence[Mapping[str, str]]) -> str:
    """The prompt as text that a reply is appended to: a lone turn as it is, a conversation as its transcript.

    TRL puts nothing between prompt and reply, and leaves tokens that span the boundary out of the prompt. Ending with
    one line break, no white space before it, it is a prefix of the whole for tokenizers like GPT-2's as well, which
    take two line breaks apart once a word follows.
    """
    if len(messages) == 1 and messages[0]["role"] == "user":
        return messages[0]["content"].rstrip() + "\n"
    return messages_to_transcript(messages) + "\n\nAssistant:\n"


def _reply(row: Row, column: str) -> str:
    return str(row[column][-1]["content"])


def _dialogues(row: Row) -> dict[str, Any]:
    return {column: [*row["prompt"], *row[column]] for column in ("chosen", "rejected")}


def _dialogue(row: Row) -> dict[str, Any]:
    return {"messages": [*row["prompt"], *row["completion"]]}


def _texts(*replies: str) -> Form:
    """The prompt beside ``replies``, all as text."""

    def say(row: Row) -> dict[str, Any]:
        return {"prompt": _opening(row["prompt"]), **{column: _reply(row, column) for column in replies}}

    return Form(dict.fromkeys(("prompt", *replies), "string"), say)


def _whole_texts(**columns: str) -> Form:
    """Each of ``columns`` is the prompt with the reply in the column that it names, as one text."""

    def say(row: Row) -> dict[str, Any]:
        prompt = _opening(row["prompt"])
        return {column: prompt + _reply(row, reply) for column, reply in columns.items()}

    return Form(dict.fromkeys(columns, "string"), say)


# Unpaired preferences and prompts have no form without a prompt.
IMPLICIT: Mapping[str, Form] = {
    "preference": Form({"chosen": MESSAGES, "rejected": MESSAGES}, _dialogues),
    "sft": Form({"messages": MESSAGES}, _dialogue),
}
TEXT: Mapping[str, Form] = {
    "preference": _texts("chosen", "rejected"),
    "unpaired": _texts("completion"),
    "sft": _texts("completion"),
    "prompts": _texts(),
}
IMPLICIT_TEXT: Mapping[str, Form] = {
    **TEXT,
    "preference": _whole_texts(chosen="chosen", rejected="rejected"),
    "sft": _whole_texts(text="completion"),
}
