"""Where a project's tasks have their responses, and what stands there: a list, or a key for each. Knows no rankings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .config import Tag
from .task_data import TaskData

__all__ = ["ResponseSource", "ShownResponses", "response_source"]

# The field of a list's entries that is the response where nothing tells it, by the tag that shows the list.
_FIELDS = {"list": "body", "choices": "value"}
_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class ShownResponses:
    """The responses of one task.

    ``objects`` are the names of the tags that show them, ``ids`` what a Ranker calls them, ``names`` whatever an option
    may call them: either, their keys in the data, the values of dynamic options. What could mean two of them is in
    none. ``order`` is the order in which they were shown.
    """

    texts: tuple[str, ...]
    models: tuple[str, ...] | None
    objects: Mapping[str, int]
    ids: Mapping[str, int]
    names: Mapping[str, int]
    order: tuple[int, ...]


@dataclass(frozen=True)
class ResponseSource:
    """``paths`` are one for each response or, if they are ``listed``, the one of a list, of whose entries ``field`` is
    the text. ``objects`` are the tags that show them; ``models`` are paths of the models' names, one or one for each.
    """

    paths: tuple[str, ...]
    listed: bool
    field: str | None = None
    objects: tuple[Tag, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def count(self) -> int | None:
        """How many responses each task has; None if only the tasks tell it."""
        return None if self.listed else len(self.paths)

    @property
    def lists(self) -> tuple[str, ...]:
        """The paths of which one is the list's: that which was said, or that without a field at its end."""
        return (self.paths[0], self.paths[0].rpartition(".")[0]) if self.listed else ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the responses are called, as far as the config tells it."""
        return tuple(dict.fromkeys([*self.paths, *(tag.name for tag in self.objects)]))

    def has(self, name: str) -> bool:
        """Whether ``name`` is what the config calls a response, or all of them."""
        return name in self.paths or any(tag.is_called(name) for tag in self.objects)

    def read(self, data: TaskData) -> ShownResponses:
        """The responses of a task. InputError if it has none, or something that is no text."""
        return self._read_list(data) if self.listed else self._read_each(data)

    def _read_each(self, data: TaskData) -> ShownResponses:
        texts = tuple(data.text(path) for path in self.paths)
        objects = {tag.name: self.paths.index(tag.key) for tag in self.objects if tag.key in self.paths}
        names = _Names(objects, {path: index for index, path in enumerate(self.paths)})
        places = {objects[tag.name]: tag.position for tag in self.objects if tag.name in objects}
        order = sorted(range(len(texts)), key=lambda index: places.get(index, index))
        known = len(places) == len(texts)
        models = self._models(data, len(texts))
        return ShownResponses(
            texts, models, objects, {}, names.distinct(), tuple(order if known else range(len(texts)))
        )

    def _read_list(self, data: TaskData) -> ShownResponses:
        path, entries, field = data.entries(self.paths[0])
        field = field or self.field
        default = next((_FIELDS[tag.kind] for tag in self.objects if tag.kind in _FIELDS), None)
        texts = tuple(_text(entry, field, default, f"{path}[{index}]", data) for index, entry in enumerate(entries))
        objects, ids, options = _Names(), _Names(), _Names()
        for index, entry in enumerate(entries):
            options.add(f"{path}[{index}]", index)
            for tag in self.objects:
                objects.add(_name_at(tag, path, index), index)
            if isinstance(entry, dict):
                ids.add(entry.get("id"), index)
                options.add(entry.get("alias", entry.get("value")), index)
        shown, known = objects.distinct(), ids.distinct()
        ranked = any(tag.kind == "list" for tag in self.objects) and len(known) == len(texts)
        order = [known[name] for name in _property_order(known)] if ranked else range(len(texts))
        names = _Names(shown, known, options.distinct()).distinct()
        return ShownResponses(texts, self._models(data, len(texts)), shown, known, names, tuple(order))

    def _models(self, data: TaskData, count: int) -> tuple[str, ...] | None:
        if not self.models:
            return None
        if len(self.models) > 1 or count == 1:
            found = [data.text(path) for path in self.models]
        else:
            path, entries, field = data.entries(self.models[0])
            found = [_text(entry, field, None, f"{path}[{i}]", data) for i, entry in enumerate(entries)]
        if len(found) != count:
            raise data.refuse(f"{len(found)} models for {count} responses")
        return tuple(found)


class _Names:
    """What each response is called. A name of two of them is none."""

    def __init__(self, *known: Mapping[str, int]) -> None:
        self._known: dict[str, set[int]] = {}
        for names in known:
            for name, index in names.items():
                self.add(name, index)

    def add(self, name: Any, index: int) -> None:
        if isinstance(name, str | int) and not isinstance(name, bool):
            self._known.setdefault(str(name), set()).add(index)

    def distinct(self) -> dict[str, int]:
        return {name: next(iter(indices)) for name, indices in self._known.items() if len(indices) == 1}


def _name_at(tag: Tag, path: str, index: int) -> str | None:
    """What the tag that shows entry ``index`` of the list at ``path`` is called; None if it shows another."""
    if len(tag.repeats) == 1:
        return tag.filled(tag.name, (index,))
    key = tag.key or ""
    return tag.name if key == f"{path}[{index}]" or key.startswith(f"{path}[{index}].") else None


def _text(entry: Any, field: str | None, default: str | None, where: str, data: TaskData) -> str:
    if not isinstance(entry, dict):
        return data.as_text(entry, where)
    field = field or default
    if field is None or entry.get(field) is None:
        fields = ", ".join(key for key in entry if key != "id") or "none"
        which = f"has no {field!r}" if field else "has several fields"
        raise data.refuse(f"{where!r} {which}; say with --map responses=KEY.FIELD which field is the text: {fields}")
    return data.as_text(entry[field], f"{where}.{field}")


def _property_order(ids: Iterable[str]) -> list[str]:
    """The order in which the editor's Ranker shows items of these ids, given in the order of the data.

    It keeps them as properties of a JavaScript object: those that are array indices come first, by number
    (ECMA-262, OrdinaryOwnPropertyKeys).
    """
    names = list(ids)
    numbers = [name for name in names if _ARRAY_INDEX.fullmatch(name) and int(name) < 2**32 - 1]
    return [*sorted(numbers, key=int), *(name for name in names if name not in set(numbers))]


def response_source(objects: Sequence[Tag], models: tuple[str, ...] = ()) -> ResponseSource | None:
    """The responses that these tags show: each of them one, or one tag all in a List or a Repeater. None if neither.

    They come in the order of the document.
    """
    if len(objects) == 1:
        (tag,) = objects
        if tag.kind == "list" and tag.key and not tag.repeats:
            return ResponseSource((tag.key,), True, None, (tag,), models)
        if len(tag.repeats) == 1 and (key := tag.repeats[0].key):
            head, _, field = (tag.at((0,)).key or "").partition(f"{key}[0]")
            return ResponseSource((key,), True, field.removeprefix(".") or None, (tag,), models) if not head else None
    objects = sorted(objects, key=lambda tag: tag.position)
    paths = tuple(tag.key for tag in objects if tag.key and not tag.repeats and tag.kind != "list")
    distinct = len(set(paths)) == len(objects) > 0
    return ResponseSource(paths, False, None, tuple(objects), models) if distinct else None
