"""Forms of rows for LLaMA-Factory and Axolotl, as their own loaders read them.

Both skip or garble what they cannot read without an error, so a row that they would not take is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .shapes_forms import Form, Message, Row

__all__ = ["AXOLOTL", "LLAMAFACTORY"]

# LLaMA-Factory, src/llamafactory/data/converter.py: ShareGPT with its own names of roles needs no tags, and unlike
# formatting "openai" adds nothing to the system prompt.
_SHAREGPT_ROLES = {"system": "system", "user": "human", "assistant": "gpt"}
_SHAREGPT_MESSAGE = {"from": "string", "value": "string"}
_NOT_IN_TURNS = "whose conversation does not go back and forth, from user to user, as LLaMA-Factory asks"


def _turn(message: Message) -> dict[str, str]:
    return {"from": _SHAREGPT_ROLES[message["role"]], "value": message["content"]}


def _in_turns(prompt: Sequence[Message]) -> bool:
    """Whether LLaMA-Factory takes the conversation: a system message or none, then user and assistant in turn."""
    roles = [message["role"] for message in prompt]
    turns = roles[1:] if roles[0] == "system" else roles
    return len(turns) % 2 == 1 and all(role == ("user", "assistant")[n % 2] for n, role in enumerate(turns))


def _sharegpt_pair(row: Row) -> dict[str, Any] | str:
    if not _in_turns(row["prompt"]):
        return _NOT_IN_TURNS
    # One message each and not a list: of lists, LLaMA-Factory makes no pair and says nothing.
    replies = {column: _turn(row[column][-1]) for column in ("chosen", "rejected")}
    return {"conversations": [_turn(message) for message in row["prompt"]], **replies}


def _sharegpt_dialogue(row: Row) -> dict[str, Any] | str:
    if not _in_turns(row["prompt"]):
        return _NOT_IN_TURNS
    return {"conversations": [_turn(message) for message in (*row["prompt"], *row["completion"])]}


def _instruction(row: Row) -> dict[str, Any] | str:
    """A prompt alone has no ShareGPT form, which ends with a reply."""
    if not _in_turns(row["prompt"]):
        return _NOT_IN_TURNS
    contents = [message["content"] for message in row["prompt"]]
    system = contents.pop(0) if row["prompt"][0]["role"] == "system" else ""
    earlier = [contents[i : i + 2] for i in range(0, len(contents) - 1, 2)]
    return {"system": system, "history": earlier, "instruction": contents[-1]}


LLAMAFACTORY: Mapping[str, Form] = {
    "preference": Form(
        {"conversations": [_SHAREGPT_MESSAGE], "chosen": _SHAREGPT_MESSAGE, "rejected": _SHAREGPT_MESSAGE},
        _sharegpt_pair,
    ),
    "unpaired": Form({"conversations": [_SHAREGPT_MESSAGE]}, _sharegpt_dialogue),
    "sft": Form({"conversations": [_SHAREGPT_MESSAGE]}, _sharegpt_dialogue),
    "prompts": Form({"system": "string", "history": [["string"]], "instruction": "string"}, _instruction),
}


def _trained_last(row: Row) -> dict[str, Any]:
    """Axolotl learns every assistant's turn unless told which; those of the prompt are nobody's choice."""
    messages = [{**message, "training": False} for message in row["prompt"]]
    return {"messages": [*messages, *({**message, "training": True} for message in row["completion"])]}


# Axolotl hands preferences, unpaired ones and prompts to TRL's trainers, whose rows it passes on as they are.
AXOLOTL: Mapping[str, Form] = {
    "sft": Form({"messages": [{"role": "string", "content": "string", "training": "bool"}]}, _trained_last),
}
