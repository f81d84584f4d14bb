"""Ground Truth manifests: JSON Lines, one data object a line <-> items. Handed open files; opens none.

Format: Amazon SageMaker Developer Guide, "Input data" and "Labeling job output data". A line is kept as text and only
ever added to at its end, so that whatever else it holds comes out as it went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..records import Item
from .json_text import read_json, read_json_lines, to_line

__all__ = [
    "METADATA_SUFFIX",
    "OutputLine",
    "blank_texts",
    "check_task_fit",
    "item_from_line",
    "label_line",
    "limit_problems",
    "other_fields",
    "read_manifest",
    "read_output_manifest",
]

METADATA_SUFFIX = "-metadata"
MAX_LINE = 100_000
MAX_ATTRIBUTE = 20_000
MAX_OBJECTS = 100_000


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A line of an output manifest: the item as it went in, and what the job said of it (None: not labelled)."""

    item: Item
    label: Any
    metadata: Mapping[str, Any] | None

    @property
    def reference(self) -> str | None:
        """Where the item's answers are: the ``worker-response-ref``, if any."""
        found = (self.metadata or {}).get("worker-response-ref")
        return found if isinstance(found, str) else None


def read_manifest(lines: Iterable[bytes], source: str) -> Iterator[Item]:
    """The items of an input manifest, in order. InputError names the line and the field that is wrong."""
    for number, text, value in read_json_lines(lines, source):
        yield item_from_line(text, value, number, source)


def item_from_line(text: str, value: Any, number: int, source: str) -> Item:
    """The item that line ``number`` (1-based) spells; ``value`` is the parsed ``text``."""

    def refuse(message: str, path: str) -> InputError:
        return InputError(message, source=source, line=number, path=path)

    if not isinstance(value, dict):
        raise refuse('expected an object, e.g. {"source": "..."}', "$")
    passage = value.get("source")
    if passage is None and isinstance(value.get("source-ref"), str):
        raise refuse("texts behind a reference cannot be read here; put the text into $.source", "$.source-ref")
    if not isinstance(passage, str):
        raise refuse("is missing" if "source" not in value else "expected text", "$.source")
    return Item(
        index=number - 1,
        line=text,
        text=passage,
        responses=_responses(value, refuse),
        models=_models(value),
        messages=_messages(value),
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


def _message(entry: Any) -> tuple[str, str] | None:
    role, content = (entry.get("role"), entry.get("content")) if isinstance(entry, dict) else (None, None)
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
        texts = [text for text in parts if isinstance(text, str)]
        content = "\n\n".join(texts) if len(texts) == len(content) else None
    return (role, content) if isinstance(role, str) and isinstance(content, str) else None


def check_task_fit(item: Item, definition: TaskDefinition, source: str) -> None:
    """InputError unless annotators can do this task on this item."""

    def refuse(message: str, path: str) -> InputError:
        return InputError(message, source=source, line=item.index + 1, path=path)

    if not isinstance(definition, TextRanking):
        if not item.text.strip():
            raise refuse("is blank: there is nothing to ask about", "$.source")
        return
    if item.responses is None:
        raise refuse("is missing: a text ranking needs the responses to rank", "$.responses")
    if len(item.responses) < 2:
        raise refuse(f"holds {len(item.responses)} of the at least two responses that a ranking needs", "$.responses")
    if item.models is not None and len(item.models) != len(item.responses):
        raise refuse(f"names {len(item.models)} models for {len(item.responses)} responses", "$.models")


def blank_texts(item: Item) -> Iterator[str]:
    """The paths of blank texts. Models do answer nothing, so a blank response is to be ranked, but worth a remark."""
    if not item.text.strip():
        yield "$.source"
    for position, response in enumerate(item.responses or ()):
        if not response.strip():
            yield f"$.responses[{position}]"


def other_fields(item: Item) -> str | None:
    """The user's own fields of the item's line, as a JSON object; None if there are none.

    Left out are what the item itself says (source, responses, models) and what labeling jobs added.
    """
    value = read_json(item.line, "")
    jobs = {key.removesuffix(METADATA_SUFFIX) for key, field in value.items() if _is_metadata(key, field)}
    known = {"source", "responses", *jobs, *(job + METADATA_SUFFIX for job in jobs)}
    known |= {"models"} if item.models else set()
    others = {key: field for key, field in value.items() if key not in known}
    return to_line(others) if others else None


def _is_metadata(key: str, field: Any) -> bool:
    return key.endswith(METADATA_SUFFIX) and isinstance(field, dict)


def limit_problems(item: Item, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, sentence) for each of Ground Truth's limits that the line breaks; lengths are in characters."""
    if len(item.line) > MAX_LINE:
        yield "$", f"{len(item.line):,} characters; Ground Truth takes {MAX_LINE:,} a line"
    for key, field in value.items():
        if key.startswith("$"):
            yield f"$.{key}", "Ground Truth takes no attribute whose name begins with $"
        length = len(field if isinstance(field, str) else to_line(field))
        if length > MAX_ATTRIBUTE:
            yield f"$.{key}", f"{length:,} characters; Ground Truth takes {MAX_ATTRIBUTE:,} an attribute"
    if item.index == MAX_OBJECTS:
        yield "$", f"Ground Truth takes {MAX_OBJECTS:,} objects a job"


def label_line(line: str, attribute: str, metadata: Mapping[str, Any]) -> str:
    """The input ``line`` with the label attribute and its metadata added at the end; nothing before them changes.

    As in Ground Truth, an object whose metadata gives a ``failure-reason`` gets no label. ValueError if the line is
    no JSON object. Callers make sure that it has neither key yet.
    """
    body = line.strip()
    if not (body.startswith("{") and body.endswith("}")):
        raise ValueError("not a manifest line")
    head = line.rstrip()[:-1]
    label: dict[str, Any] = {} if "failure-reason" in metadata else {attribute: {}}
    added = to_line({**label, attribute + METADATA_SUFFIX: metadata})
    return f"{head}{',' if body[1:-1].strip() else ''}{added[1:]}"


def read_output_manifest(lines: Iterable[bytes], source: str, attribute: str | None = None) -> Iterator[OutputLine]:
    """The lines of an output manifest, in order.

    The label attribute is the key K for which ``K-metadata`` is an object. With several (chained jobs) the ones with a
    ``worker-response-ref`` are preferred; InputError asks for ``attribute`` while several remain.
    """
    for number, text, value in read_json_lines(lines, source):
        item = item_from_line(text, value, number, source)
        found = attribute or _label_attribute(value, source, number)
        metadata = value.get(f"{found}{METADATA_SUFFIX}") if found else None
        if metadata is not None and not isinstance(metadata, dict):
            raise InputError("expected an object", source=source, line=number, path=f"$.{found}{METADATA_SUFFIX}")
        yield OutputLine(item, value.get(found) if found else None, metadata)


def _label_attribute(value: Mapping[str, Any], source: str, number: int) -> str | None:
    names = [key.removesuffix(METADATA_SUFFIX) for key, field in value.items() if _is_metadata(key, field)]
    if len(names) > 1:
        names = [name for name in names if "worker-response-ref" in value[name + METADATA_SUFFIX]] or names
    if len(names) > 1:
        raise InputError(
            f"several label attributes ({', '.join(names)}); name one with --label-attribute",
            source=source,
            line=number,
        )
    return names[0] if names else None
