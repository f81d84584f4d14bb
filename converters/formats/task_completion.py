"""Tasks that people import into Label Studio by hand: their plain data -> what the screen shows, and -> the item.

Pure. Hand-made data is read as ``manifest make`` reads a record, so the same data means the same on both roads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any

from ...label_configs.controls import PASSAGE, PROMPT, RESPONSES
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..records import Item
from ..shown_html import prompt_html
from .json_text import to_line
from .label_studio_tasks import OBJECT_INDEX, item_to_task_data, shown_order
from .manifest_line import check_task_fit, item_from_line
from .sources_columns import Columns, Fields, record_to_fields
from .sources_records import Record, RecordPlace
from .usual_tasks import read_usual_task

__all__ = ["completed_data", "shown_data", "task_to_item"]

_SOURCE, _MESSAGES, _MODELS, _RESPONSE_FIELDS = "source", "messages", "models", "response_fields"
# What a manifest line calls its own, so that hand-made data may hold it only if it says the same.
_LINES_OWN = (_SOURCE, _MODELS, _RESPONSE_FIELDS)
# Where a response keeps those of its fields whose names the screen needs.
_AS_GIVEN = "as_given"


def completed_data(data: Mapping[str, Any], definition: TaskDefinition, *, keep_prompt: bool = False) -> dict[str, Any]:
    """The task's data with all that its screen needs; every other key stays as it is.

    For text ranking, ``prompt`` is a text or a list of messages (or ``messages`` stands in its place), ``responses`` a
    list of texts, of objects with a text, or of conversations; lists may be spelled as JSON, as tables have them. For
    question and answer, ``passage`` is a text. Both may be called ``source``, as in a manifest. Completing what is
    complete changes nothing; after the definition was edited, it changes what follows from it. With ``keep_prompt``, a
    rendered prompt that was not made of the text alone stays: the task of a labeling job does not hold its messages.

    InputError, with the path of the key, if no task can be made of it.
    """
    item, fields = _read(data, definition, 0)
    made = item_to_task_data(item, definition, shown_order(data) if _is_complete(data) else None)
    del made[OBJECT_INDEX]
    known = data.get("prompt_html")
    if keep_prompt and isinstance(known, str) and known not in (prompt_html(item, True), prompt_html(item, False)):
        made["prompt_html"] = known
    if RESPONSES in made:
        others = fields.made.get(_RESPONSE_FIELDS) or [{}] * len(made[RESPONSES])
        models = fields.made.get(_MODELS)
        for position, index in enumerate(shown_order(made) or ()):
            beside = {**others[index], **({"model": models[index]} if models else {})}
            made[RESPONSES][position] = {**beside, **made[RESPONSES][position]}
    messages = {_MESSAGES: fields.made[_MESSAGES]} if _MESSAGES in fields.made else {}
    return {**{key: value for key, value in data.items() if key not in _rendered()[0]}, **messages, **made}


def task_to_item(task: Mapping[str, Any], definition: TaskDefinition, index: int | None = None) -> Item | None:
    """The item that a task of the API or the JSON export is, whoever imported it; None if it is none.

    ``index`` is its object index, the task's id unless given. Its ``line`` is the manifest line that says the same:
    ``source``, ``responses``, ``models`` and ``messages`` if there are any, and all other keys of the data as they are.
    """
    data, number = task.get("data"), task.get("id") if index is None else index
    if not isinstance(data, dict) or not isinstance(number, int) or isinstance(number, bool):
        return None
    usual = read_usual_task(data, definition, number)
    if usual is not None:
        return usual
    try:
        return _read(data, definition, number)[0]
    except InputError:
        return None


def shown_data(
    data: Mapping[str, Any], definition: TaskDefinition | None, also: Collection[str] = ()
) -> dict[str, Any]:
    """The data without what its screen does not show, e.g. which model gave a response; ``also`` names further keys.

    Without a ``definition`` these are all that is shown.
    """
    keys, response_keys = _keys(definition) if definition is not None else (frozenset(), frozenset())
    shown = {key: value for key, value in data.items() if key in keys or key in also}
    if isinstance(shown.get(RESPONSES), list):
        shown[RESPONSES] = [
            {key: value for key, value in entry.items() if key in response_keys or key in also}
            if isinstance(entry, dict)
            else entry
            for entry in shown[RESPONSES]
        ]
    return shown


@lru_cache(maxsize=64)
def _keys(definition: TaskDefinition) -> tuple[frozenset[str], frozenset[str]]:
    """The keys that a task's data has, and those of each of its responses."""
    made = item_to_task_data(Item(0, "", "", ("",), reference=""), definition)
    return frozenset(made), frozenset(made[RESPONSES][0] if RESPONSES in made else ())


@cache
def _rendered() -> tuple[frozenset[str], frozenset[str]]:
    """The keys that screens add to the data of any task, and to a response beside its text."""
    dimension = {"name": "any", "allow_tie": True}
    keys, response_keys = _keys(
        TextRanking.model_validate({"dimensions": [dimension], "markdown": True, "reference": True, "flags": ["any"]})
    )
    return frozenset(key for key in keys if key.endswith("_html")), response_keys - {"text"}


def _is_complete(data: Mapping[str, Any]) -> bool:
    """Whether the responses are those of a screen: ids in some order, and the ranks to choose from."""
    return shown_order(data) is not None and all(isinstance(entry.get("ranks"), list) for entry in data[RESPONSES])


def _read(data: Mapping[str, Any], definition: TaskDefinition, index: int) -> tuple[Item, Fields]:
    text = PROMPT if isinstance(definition, TextRanking) else PASSAGE
    given = {key: value for key, value in data.items() if key not in _rendered()[0] and key != OBJECT_INDEX}
    if text not in given and _SOURCE in given:
        given[text] = given.pop(_SOURCE)
    if text not in given and _MESSAGES not in given:
        raise InputError("is missing", path=f"$.{text}")
    if RESPONSES in given:
        given[RESPONSES] = _responses_as_given(data) if _is_complete(data) else _set_aside(given[RESPONSES])
    fields = _fields(given, text)
    line = _line(fields)
    try:
        item = item_from_line(to_line(line), line, index + 1, "")
        check_task_fit(item, definition, "")
    except InputError as error:
        path = f"$.{text}" if error.path == "$.source" else error.path
        raise InputError(error.message, path=path) from None
    return item, fields


def _fields(given: Mapping[str, Any], text: str) -> Fields:
    """The fields of the manifest line; what the line itself calls by another name must not stand beside it."""
    held = {key: given[key] for key in _LINES_OWN if key in given}
    record = Record({key: value for key, value in given.items() if key not in held}, RecordPlace(""))
    try:
        fields = record_to_fields(record, Columns(source=text if text in given else None))
    except InputError as error:
        raise InputError(error.message, path=error.path) from None
    for key, value in held.items():
        if key in fields.made and fields.made[key] != value:
            origin = text if key == _SOURCE else RESPONSES
            raise InputError(f"says otherwise than {origin!r} does, of which the export makes {key!r}", path=f"$.{key}")
    beside = {key: value for key, value in held.items() if key not in fields.made}
    return Fields(fields.made, {**beside, **fields.kept})


def _line(fields: Fields) -> dict[str, Any]:
    """The members of the manifest line: the same in the same order, before the data is completed and after."""
    members = {**fields.made, **fields.kept}
    if _RESPONSE_FIELDS in fields.made:
        members[_RESPONSE_FIELDS] = [_put_back(entry) for entry in fields.made[_RESPONSE_FIELDS]]
    first = (_SOURCE, _MESSAGES, RESPONSES, _RESPONSE_FIELDS, _MODELS)
    return {**{key: members[key] for key in first if key in members}, **members}


def _responses_as_given(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The responses of a complete task in their own order, without what the screen added."""
    order, screens = shown_order(data) or (), _rendered()[1]
    by_index = dict(zip(order, data[RESPONSES], strict=True))
    return [{key: value for key, value in by_index[i].items() if key not in screens} for i in range(len(order))]


def _set_aside(responses: Any) -> Any:
    """The responses, with their own ``id``, ``title`` and the like where the screen's do not take their places."""
    if not isinstance(responses, list):
        return responses
    return [_one_set_aside(entry) if isinstance(entry, dict) else entry for entry in responses]


def _one_set_aside(response: Mapping[str, Any]) -> dict[str, Any]:
    taken = {key: value for key, value in response.items() if key in _rendered()[1]}
    rest = {key: value for key, value in response.items() if key not in taken}
    return {**rest, _AS_GIVEN: taken} if taken else rest


def _put_back(fields: Mapping[str, Any]) -> dict[str, Any]:
    taken = fields.get(_AS_GIVEN)
    rest = {key: value for key, value in fields.items() if key != _AS_GIVEN}
    return {**rest, **taken} if isinstance(taken, dict) else dict(fields)
