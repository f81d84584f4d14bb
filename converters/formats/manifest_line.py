"""One line of a Ground Truth manifest -> the item it spells, and whether a task can be done on it. Opens nothing.

Format: Amazon SageMaker Developer Guide, "Input data".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..records import Item
from .conversations import message_text
from .json_text import read_json, to_line

__all__ = ["METADATA_SUFFIX", "blank_texts", "check_task_fit", "is_metadata", "item_from_line", "other_fields"]

METADATA_SUFFIX = "-metadata"


def item_from_line(text: str, value: Any, number: int, source: str) -> Item:
    """The item that line ``number`` (1-based) spells; ``value`` is the parsed ``text``.

    The text stands in ``source``, or lies where ``source-ref`` says; where both stand there, ``source`` is the text.
    """

    def refuse(message: str, path: str) -> InputError:
        return InputError(message, source=source, line=number, path=path)

    if not isinstance(value, dict):
        raise refuse('expected an object, e.g. {"source": "..."}', "$")
    passage, address = value.get("source"), None
    if passage is None and "source-ref" in value:
        passage, address = "", value["source-ref"]
        if not isinstance(address, str) or not address:
            raise refuse("expected the address of a text", "$.source-ref")
    if not isinstance(passage, str):
        raise refuse("is missing" if "source" not in value else "expected text", "$.source")
    return Item(
        index=number - 1,
        line=text,
        text=passage,
        text_ref=address,
        responses=_responses(value, refuse),
        models=_models(value),
        messages=_messages(value),
        reference=_reference(value),
    )


def _responses(value: Mapping[str, Any], refuse: Any) -> tuple[str, ...] | None:
    found = value.get("responses")
    if found is None:
        return None
    if not isinstance(found, list):
        raise refuse("expected a list of texts", "$.responses")
    for position, text in enumerate(found):
        if not isinstance(text, str):
            raise refuse(f"expected text, found {text!r}", f"$.responses[{position}]")
    return tuple(found)


def _models(value: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names beside the responses. Of another shape, the key is one of the user's own, which only passes through."""
    found = value.get("models")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        return None
    return tuple(found)


def _messages(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """The conversation in ``messages``, as chat models take it; of another shape, the key is one of the user's own.

    Each message has a ``role``, and a ``content`` that is text or a list of parts, all of type ``text``. A conversation
    that ends with the assistant is no prompt: it would show annotators an answer beside those that they judge.
    """
    found = value.get("messages")
    messages = [_message(entry) for entry in found] if isinstance(found, list) else []
    known = [message for message in messages if message is not None]
    is_prompt = bool(known) and len(known) == len(messages) and known[-1][0] != "assistant"
    return tuple(known) if is_prompt else None


def _reference(value: Mapping[str, Any]) -> str | None:
    """The answer given beforehand. Of another shape, the key is one of the user's own; a task that shows it says so."""
    found = value.get("reference")
    return found if isinstance(found, str) else None


def _message(entry: Any) -> tuple[str, str] | None:
    role, text = (entry.get("role"), message_text(entry)) if isinstance(entry, dict) else (None, None)
    return (role, text) if isinstance(role, str) and text is not None else None


def check_task_fit(item: Item, definition: TaskDefinition, source: str) -> None:
    """InputError unless annotators can do this task on this item."""

    def refuse(message: str, path: str) -> InputError:
        return InputError(message, source=source, line=item.index + 1, path=path)

    if item.text_ref is not None and not item.text:
        raise refuse("no text was read from there", "$.source-ref")
    if not isinstance(definition, TextRanking):
        if not item.text.strip():
            raise refuse("is blank: there is nothing to ask about", "$.source")
        return
    if item.responses is None:
        raise refuse("is missing: a text ranking needs the responses to rank", "$.responses")
    if len(item.responses) < 2:
        raise refuse(f"holds {len(item.responses)} of the at least two responses that a ranking needs", "$.responses")
    if definition.reference and not (item.reference or "").strip():
        found = "is blank" if item.reference is not None else "is missing, or no text"
        raise refuse(f"{found}: the task shows a reference answer beside the responses", "$.reference")
    if item.models is not None and len(item.models) != len(item.responses):
        raise refuse(f"names {len(item.models)} models for {len(item.responses)} responses", "$.models")


def blank_texts(item: Item) -> Iterator[str]:
    """The paths of blank texts. Models do answer nothing, so a blank response is to be ranked, but worth a remark."""
    if not item.text.strip():
        yield "$.source" if item.text_ref is None else "$.source-ref"
    for position, response in enumerate(item.responses or ()):
        if not response.strip():
            yield f"$.responses[{position}]"


def other_fields(item: Item) -> str | None:
    """The user's own fields of the item's line, as a JSON object; None if there are none.

    Left out are what the item itself says (source or where it lies, responses, models) and what labeling jobs added.
    """
    value = read_json(item.line, "")
    jobs = {key.removesuffix(METADATA_SUFFIX) for key, field in value.items() if is_metadata(key, field)}
    known = {"source", "source-ref", "responses", *jobs, *(job + METADATA_SUFFIX for job in jobs)}
    known |= {"models"} if item.models else set()
    others = {key: field for key, field in value.items() if key not in known}
    return to_line(others) if others else None


def is_metadata(key: str, field: Any) -> bool:
    """Whether ``key`` holds what a labeling job says of its label: the key K-metadata is an object."""
    return key.endswith(METADATA_SUFFIX) and isinstance(field, dict)
