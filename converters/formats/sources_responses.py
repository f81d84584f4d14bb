"""What a record holds as responses -> texts, the models beside them, and the prompt that conversations share.

A response is a text, an object with a text under one of the usual keys (and perhaps the model), or a conversation that
ends with it: preference datasets in TRL's form have such, with the prompt in a column of its own or repeated in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .conversations import conversation_to_messages, message_text, shared_beginning
from .sources_records import RecordPlace

__all__ = ["Response", "read_responses"]

_TEXT_KEYS = ("text", "content", "response", "answer", "completion", "output")
_MODEL_KEYS = ("model", "model_name")


@dataclass(frozen=True, slots=True)
class Response:
    """One response. ``others`` are the fields beside its text and its model's name, which pass through."""

    text: str
    model: str | None = None
    others: Mapping[str, Any] = field(default_factory=dict)


def read_responses(
    found: Sequence[tuple[RecordPlace, Any]], prompt: Sequence[Mapping[str, Any]] | None
) -> tuple[list[Response], list[dict[str, Any]]]:
    """The responses, each found at its place, and the messages that they share (none if they are no conversations).

    Where ``prompt`` is known, conversations may begin with it or leave it out; otherwise they share their beginning.
    InputError names the place of what is no response.
    """
    dialogues = [conversation_to_messages(value) for _, value in found]
    if not any(isinstance(value, list) for _, value in found):
        return [_response(place, value) for place, value in found], []
    known = [dialogue for dialogue in dialogues if dialogue is not None]
    for (place, _), dialogue in zip(found, dialogues, strict=True):
        if dialogue is None:
            raise place.refuse("expected a conversation, as other responses are")
    if prompt is None:
        shared = known[0][: shared_beginning(known)]
    else:
        shared = known[0][: len(prompt)] if _begins_with(known, prompt) else []
    responses = []
    for (place, _), dialogue in zip(found, known, strict=True):
        rest = dialogue[len(shared) :]
        if len(rest) > 1:
            raise place.refuse(
                f"has {len(rest)} messages after those that all responses share; only the last one may differ"
            )
        responses.append(_response(place[len(dialogue) - 1], rest[0]))
    return responses, shared


def _begins_with(dialogues: Sequence[Sequence[Mapping[str, Any]]], prompt: Sequence[Mapping[str, Any]]) -> bool:
    # The last message of each counts as its own, hence one more of them.
    return all(shared_beginning([[*prompt, {}], dialogue]) == len(prompt) for dialogue in dialogues)


def _response(place: RecordPlace, value: Any) -> Response:
    if isinstance(value, str):
        return Response(value)
    if not isinstance(value, dict):
        raise place.refuse(f"expected text, found {value!r}")
    role = value.get("role", "assistant")
    if role != "assistant":
        raise place.refuse(f"is a message of the role {role!r}; a response is the assistant's")
    texts = [key for key in _TEXT_KEYS if isinstance(value.get(key), str)]
    text = message_text(value) if "role" in value else value[texts[0]] if len(texts) == 1 else None
    if text is None:
        found = f"under {' and '.join(texts)}" if texts else "under none of them"
        raise place.refuse(f"expected a text under one of {', '.join(_TEXT_KEYS)}; found it {found}")
    model = next((key for key in _MODEL_KEYS if isinstance(value.get(key), str)), None)
    known = {"role", "content"} if "role" in value else {texts[0]}
    others = {key: field for key, field in value.items() if key not in known | {model} and field is not None}
    return Response(text, value[model] if model else None, others)
