"""A record of somebody's file -> the fields of a manifest line: which column is what. Knows no file format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...label_configs.errors import InputError
from .conversations import conversation_to_messages, messages_to_transcript
from .json_text import read_json
from .sources_records import Record, RecordPlace
from .sources_responses import Response, read_responses

__all__ = ["Columns", "Fields", "record_to_fields"]

_USUAL_SOURCES = ("source", "prompt", "passage", "text")
_RESPONSE_FIELDS = "response_fields"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a record become which fields of a manifest line. All others keep their names.

    ``source``: the prompt or passage, a text or a conversation; None takes the first of source, prompt, passage and
    text that a record has, else the conversation in ``messages``. ``responses`` and ``models``: one column that holds
    a list, or several that hold one each. ``messages``: the conversation of which ``source`` is the transcript.
    ``reference``: the answer given beforehand, a text; None leaves one where it is. ``drop``: columns to leave out.
    ``name``: the field to add, with the name of the file that the record is from.
    """

    source: str | None = None
    responses: Sequence[str] = ("responses",)
    messages: str | None = None
    models: Sequence[str] = ()
    drop: Sequence[str] = ()
    name: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Of a manifest line: those ``made`` from columns that are not there any more, and those ``kept`` as they were."""

    made: Mapping[str, Any]
    kept: Mapping[str, Any]


def record_to_fields(record: Record, columns: Columns) -> Fields:
    """The fields of the manifest line for ``record``.

    InputError names the record and the column if there is no source, if a column holds something else than it should,
    or if a field would take the name of another.
    """
    return _Fields(record, columns).all()


class _Fields:
    def __init__(self, record: Record, columns: Columns):
        self.place, self.columns = record.place, columns
        self.given = {key: value for key, value in record.fields.items() if key not in columns.drop}
        # Each field that is made, with the columns that it is made from.
        self.made: dict[str, Any] = {}
        self.origins: dict[str, tuple[str, ...]] = {}

    def make(self, field: str, value: Any, *origins: str) -> None:
        self.made[field] = value
        self.origins[field] = origins

    def all(self) -> Fields:
        if not self.refers_to_source():
            self.prompt()
            responses = self.responses()
            self.check_prompt()
            if responses is not None:
                self.add_responses(responses)
        self.add_reference()
        if self.columns.name is not None:
            self.make(self.columns.name, self.place.source.rsplit("/", 1)[-1])
        taken = {column for origins in self.origins.values() for column in origins}
        kept = {key: value for key, value in self.given.items() if key not in taken}
        for field, origins in self.origins.items():
            if field in kept:
                beside = f"beside {origins[0]!r}, which" if origins else "already, and another"
                raise self.place.refuse(
                    f"has a field {field!r} {beside} would take its name; leave it out with --drop-column"
                )
        return Fields(self.made, kept)

    def refers_to_source(self) -> bool:
        """Whether the record is a line of a manifest already, whose text lies elsewhere."""
        named = self.columns.source or self.columns.messages
        return not named and "source" not in self.given and isinstance(self.given.get("source-ref"), str)

    def prompt(self) -> None:
        """Make ``source`` and ``messages`` of the columns that hold them."""
        source, messages = self.columns.source, self.columns.messages
        usual = next((key for key in _USUAL_SOURCES if key in self.given), None)
        source = source or (usual if usual != messages else None)
        if source is None and messages is None and "messages" in self.given:
            messages = "messages"
        for column, option in ((source, "--source-column"), (messages, "--messages-column")):
            if column is not None and column not in self.given:
                raise self.place.refuse(f"has no field {column!r}; name the field with {option}")
        if messages is not None:
            self.make("messages", self.conversation(messages), messages)
        if source is None:
            return
        if isinstance(self.given[source], str):
            self.make("source", self.given[source], source)
        elif messages is None and self.given[source] and isinstance(self.given[source], list):
            self.make("messages", self.conversation(source), source)
        else:
            raise self.place[source].refuse("expected text")

    def conversation(self, column: str) -> list[dict[str, Any]]:
        messages = conversation_to_messages(self.listed(column))
        if messages is None:
            raise self.place[column].refuse("expected a conversation: a list of messages, each with role and content")
        return messages

    def check_prompt(self) -> None:
        messages = self.made.get("messages")
        if messages is None and "source" not in self.made:
            usual = ", ".join(_USUAL_SOURCES)
            raise self.place.refuse(f"has none of {usual}; name the field with --source-column")
        if messages is not None and messages[-1]["role"] == "assistant":
            raise self.place[self.origins["messages"][0]].refuse(
                "ends with the assistant, so it is no prompt; annotators need a conversation that waits for an answer"
            )
        if "source" not in self.made:
            self.make("source", messages_to_transcript(messages or ()), *self.origins["messages"])
            self.made = {"source": self.made.pop("source"), **self.made}

    def responses(self) -> list[Response] | None:
        """The responses; what they share is the prompt, where nothing else is."""
        columns = tuple(self.columns.responses)
        usual = columns == Columns().responses
        for column in columns:
            if column not in self.given and not usual:
                raise self.place.refuse(f"has no field {column!r}")
        if usual and self.given.get(columns[0]) is None:
            return None
        responses, shared = read_responses(self.each(columns, "a list of texts"), self.made.get("messages"))
        if shared and "messages" not in self.made:
            self.make("messages", shared, *columns)
        return responses

    def add_responses(self, responses: Sequence[Response]) -> None:
        columns = tuple(self.columns.responses)
        self.make("responses", [response.text for response in responses], *columns)
        if any(response.others for response in responses):
            self.make(_RESPONSE_FIELDS, [dict(response.others) for response in responses], *columns)
        models = [response.model for response in responses]
        if self.columns.models:
            self.make("models", self.models(), *self.columns.models)
        elif any(model is not None for model in models):
            if None in models:
                raise self.place[columns[0]].refuse("names the models of some responses, but not of all")
            self.make("models", models, *columns)
        names = self.made.get("models", self.given.get("models"))
        # A field of another shape that happens to be called so is the user's own.
        if isinstance(names, list) and all(isinstance(name, str) for name in names) and len(names) != len(responses):
            raise self.place[self.origins.get("models", ("models",))[0]].refuse(
                f"names {len(names)} models for {len(responses)} responses"
            )

    def add_reference(self) -> None:
        column = self.columns.reference
        if column is None:
            return
        if column not in self.given:
            raise self.place.refuse(f"has no field {column!r}")
        if not isinstance(self.given[column], str):
            raise self.place[column].refuse("expected text")
        self.make("reference", self.given[column], column)

    def models(self) -> list[str]:
        for column in self.columns.models:
            if column not in self.given:
                raise self.place.refuse(f"has no field {column!r}")
        found = self.each(self.columns.models, "a list of names")
        for place, name in found:
            if not isinstance(name, str):
                raise place.refuse(f"expected text, found {name!r}")
        return [name for _, name in found]

    def each(self, columns: Sequence[str], expected: str) -> list[tuple[RecordPlace, Any]]:
        """What several columns hold, or each entry of the list that a single one holds."""
        if len(columns) > 1:
            return [(self.place[column], self.given[column]) for column in columns]
        found, place = self.listed(columns[0]), self.place[columns[0]]
        if not isinstance(found, list):
            raise place.refuse(f"expected {expected}")
        return [(place[position], entry) for position, entry in enumerate(found)]

    def listed(self, column: str) -> Any:
        """What the column holds; a list that is spelled as JSON, as tables of texts have it, is read."""
        value = self.given[column]
        if not isinstance(value, str) or not value.lstrip().startswith("["):
            return value
        try:
            return read_json(value, "")
        except InputError as error:
            raise self.place[column].refuse(f"begins like a list, but: {error.message}") from None
