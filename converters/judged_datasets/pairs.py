"""A row of a preference dataset -> its prompt, its two responses and what else it says. Judges nothing, orders nothing.

Source: "Dataset formats and types" of TRL's documentation (explicit and implicit prompt, standard and conversational);
further UltraFeedback-binarized, hh-rlhf and LLaMA-Factory, which write the same in other ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from ..formats.conversations import message_text, shared_beginning
from ..formats.sources_records import Record, RecordPlace
from .prompts import Prompt, messages_of, prompt_of, transcript_to_messages
from .values import DatasetPass, other_columns

__all__ = ["PairRow", "read_pair"]

SIDES = ("chosen", "rejected")
_PROMPTS = ("prompt", "conversations")
_PART_EARLY = "whose conversations part before their last message"
_ANSWERED = "whose prompt ends with the assistant"
_SPEAKS_NEXT = "Assistant:\n"  # so gtbridge's own prompts end that are transcripts
_CUT = "whose prompt was taken to end with the last blank line that both texts share"

_Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PairRow:
    """``texts`` are the chosen response and the rejected one, ``models`` theirs, if both are known.

    ``response_fields`` are what else their messages say, ``others`` the columns that say something else, and
    ``metadata`` that one of them, if it is an object.
    """

    prompt: Prompt
    texts: tuple[str, str]
    models: tuple[str, str] | None
    response_fields: tuple[_Message, _Message]
    metadata: Mapping[str, Any]
    others: Mapping[str, Any]
    record: Record

    @property
    def place(self) -> RecordPlace:
        """Where the row stands."""
        return self.record.place


class _Unusable(Exception):
    """The row is sound, but nothing that annotators could be shown; the reason is for the ledger."""


def read_pair(record: Record, reading: DatasetPass) -> PairRow | None:
    """The row; None if it was left out. InputError if it is no preference."""
    try:
        return _Row(record, reading).read()
    except _Unusable as why:
        reading.drop(record, str(why))
        return None


class _Row:
    def __init__(self, record: Record, reading: DatasetPass):
        self.record, self.reading = record, reading
        self.fields, self.place = record.fields, record.place
        self.sides = [self.fields.get(side) for side in SIDES]
        # LLaMA-Factory has one message where others have a list.
        self.sides = [[side] if isinstance(side, dict) else side for side in self.sides]
        self.column = next((name for name in _PROMPTS if self.fields.get(name) is not None), None)

    def read(self) -> PairRow:
        if all(isinstance(side, str) for side in self.sides):
            prompt, said = self.of_texts(str(self.sides[0]), str(self.sides[1]))
        else:
            both = zip(self.sides, SIDES, strict=True)
            prompt, said = self.of_dialogues([messages_of(side, self.place[name]) for side, name in both])
        if prompt.answered:
            raise _Unusable(_ANSWERED)
        said_beside = self.fields.get("metadata")
        metadata = said_beside if isinstance(said_beside, dict) else {}
        models, taken = self.models(metadata)
        used = {*SIDES, *taken}
        # Columns that say once more what the prompt or the chosen dialogue says.
        if self.column is not None and self.said_by(prompt, self.fields[self.column]):
            used.add(self.column)
        if isinstance(self.sides[0], list) and self.fields.get("messages") == self.fields["chosen"]:
            used.add("messages")
        return PairRow(
            prompt=prompt,
            texts=(_text(said[0]), _text(said[1])),
            models=models,
            response_fields=(_rest(said[0]), _rest(said[1])),
            metadata=metadata,
            others=other_columns(self.fields, used),
            record=self.record,
        )

    def said_by(self, prompt: Prompt, value: Any) -> bool:
        return prompt_of(value, self.place[self.column or ""]) == prompt

    # Texts

    def of_texts(self, chosen: str, rejected: str) -> tuple[Prompt, list[_Message]]:
        if self.column is not None:
            return prompt_of(self.fields[self.column], self.place[self.column]), [_says(chosen), _says(rejected)]
        dialogues = [transcript_to_messages(side) for side in (chosen, rejected)]
        known = [dialogue for dialogue in dialogues if dialogue is not None and dialogue[-1]["role"] == "assistant"]
        if len(known) == len(SIDES):
            return self.of_dialogues(known)
        alike = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(chosen, rejected, strict=False)))
        end = chosen.rfind("\n\n", 0, alike) + 2
        if not chosen[: end if end > 1 else 0].strip():
            message = "shares no beginning with 'rejected' that ends with a blank line, so nothing tells the prompt"
            raise self.place["chosen"].refuse(message)
        if chosen.startswith(_SPEAKS_NEXT, end, alike):
            end += len(_SPEAKS_NEXT)
        self.reading.note(self.record, _CUT)
        return Prompt(chosen[:end]), [_says(chosen[end:]), _says(rejected[end:])]

    # Dialogues

    def of_dialogues(self, dialogues: list[list[dict[str, Any]]]) -> tuple[Prompt, list[_Message]]:
        told = self.fields[self.column] if self.column is not None else None
        # A dialogue may repeat the prompt that stands beside it, or leave it out.
        given = messages_of(told, self.place[self.column or ""]) if isinstance(told, list) else None
        begins = given is not None and all(shared_beginning([[*given, {}], d]) == len(given) for d in dialogues)
        shared = shared_beginning(dialogues) if given is None else len(given) if begins else 0
        if any(len(dialogue) != shared + 1 for dialogue in dialogues):
            raise _Unusable(_PART_EARLY)
        for dialogue, side in zip(dialogues, SIDES, strict=True):
            if dialogue[-1]["role"] != "assistant":
                role = dialogue[-1]["role"]
                raise self.place[side].refuse(
                    f"ends with a message of the role {role!r}; a response is the assistant's"
                )
        if shared:
            prompt = Prompt.of_messages(dialogues[0][:shared])
        elif told is None:
            raise self.place["chosen"].refuse("holds a response alone, and nothing tells the prompt")
        else:
            prompt = prompt_of(told, self.place[self.column or ""])
        return prompt, [dialogue[-1] for dialogue in dialogues]

    def models(self, metadata: Mapping[str, Any]) -> tuple[tuple[str, str] | None, set[str]]:
        """The models of both responses, and the columns that told them."""
        names = [f"{side}_model" for side in SIDES]
        for holder, taken in ((self.fields, set(names)), (metadata, set[str]())):
            chosen, rejected = (holder.get(name) for name in names)
            if isinstance(chosen, str) and isinstance(rejected, str):
                return (chosen, rejected), taken
        return None, set()


def _says(text: str) -> _Message:
    return {"role": "assistant", "content": text}


def _text(message: _Message) -> str:
    return message_text(message) or ""


def _rest(message: _Message) -> _Message:
    return {key: value for key, value in message.items() if key not in ("role", "content")}
