"""Where a project's tasks have their prompt or passage, and what stands there. The only text that may be it is it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..formats.conversations import conversation_to_messages, message_text, messages_to_transcript
from .config import Config, ObjectTag
from .dialogue import dialogue_messages
from .mapping import ProjectMapping
from .plans import Needs, among
from .task_data import TaskData

__all__ = ["Messages", "PromptSource", "prompt_source"]

Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PromptSource:
    """``key`` is where the prompt lies in the data, or ``text`` the one for all tasks; ``shown`` the tag that shows it,
    and ``roles`` who its speakers are if that is a dialogue.
    """

    key: str | None = None
    text: str = ""
    shown: ObjectTag | None = None
    roles: Mapping[str, str] = field(default_factory=dict)

    def read(self, data: TaskData) -> tuple[str, Messages | None]:
        """The prompt, and its messages if it is a conversation. Paragraphs of a text stand apart by a blank line.

        InputError if the task has none, or something that is neither.
        """
        if self.key is None:
            return self.text, None
        value = data.at(self.key)
        if not isinstance(value, list):
            return data.text(self.key), None
        if value and all(isinstance(part, str) for part in value):
            return "\n\n".join(value), None
        messages = self._messages(value, data)
        return messages_to_transcript([{"role": role, "content": text} for role, text in messages]), messages

    def _messages(self, value: Any, data: TaskData) -> Messages:
        if self.shown is not None and self.shown.kind == "paragraphs":
            return dialogue_messages(value, self.shown, self.roles, data)
        messages = conversation_to_messages(value)
        if messages is None:
            raise data.refuse(f"{self.key!r} is neither text, nor a list of texts, nor a conversation")
        return tuple((str(message["role"]), message_text(message) or "") for message in messages)


def prompt_source(
    config: Config,
    mapping: ProjectMapping,
    taken: Collection[str],
    needs: Needs,
    what: Literal["prompt", "passage"] = "prompt",
) -> PromptSource | None:
    """Where the prompt (or passage) lies: where the user says, else in what the only Text or Paragraphs shows that is
    not among the objects ``taken``, nor said to be something else. None, and asked for, if that leaves a choice.
    """
    if what == "prompt" and mapping.prompt_text is not None:
        return PromptSource(text=mapping.prompt_text)
    key = mapping.prompt if what == "prompt" else mapping.passage
    others = {mapping.reference, mapping.question, *mapping.models}
    free = [tag for tag in config.objects if tag.name not in taken and tag.key not in others and _shows_text(tag)]
    if key is None and len(free) == 1:
        key = free[0].key
    if key is None:
        keys = [tag.key for tag in free if tag.key] or _other_keys(config, taken)
        options = f"{what}=KEY" + (" or --map prompt-text=TEXT" if what == "prompt" else "")
        needs.ask(options, f"the key of the {what} in the tasks' data{among(keys)}")
        return None
    shown = next((tag for tag in config.objects if tag.key == key), None)
    if shown is not None and shown.elsewhere:
        needs.ask(f"{what}=KEY", f"the key of the {what} itself; {key} holds the address of one")
        return None
    return PromptSource(key, shown=shown, roles=mapping.roles)


def _shows_text(tag: ObjectTag) -> bool:
    return tag.kind in ("text", "paragraphs") and tag.key is not None and not tag.repeats and not tag.elsewhere


def _other_keys(config: Config, taken: Collection[str]) -> list[str]:
    used = {tag.key for tag in config.objects if tag.name in taken}
    return [key for key in config.keys if key not in used and "{" not in key]
