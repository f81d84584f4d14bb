"""Which of a project's objects are the responses, by the controls that compare them. Reads no data; asks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from .config import Config, ControlTag, ObjectTag, Option, Tag
from .mapping import ProjectMapping
from .responses import ResponseSource, response_source

__all__ = ["SCORES", "comparing_controls", "named_options", "responses_of", "said_of", "shown_keys"]

SCORES = ("rating", "number")
_COMPARING = ("pairwise", "ranker", "choices", *SCORES)


def comparing_controls(config: Config) -> list[ControlTag]:
    """The controls that can compare responses."""
    return [
        control
        for control in config.controls
        if control.kind in _COMPARING and not (control.per_region or control.per_item)
    ]


def responses_of(config: Config, mapping: ProjectMapping) -> ResponseSource | None:
    """Where the responses are: where the user says; else in the objects of a Pairwise, of a Ranker, of a Rating of two,
    or those that Choices name; else in those that have a Rating or Number each. None if that leaves a choice.
    """
    if mapping.responses:
        return _said(config, mapping)
    controls = comparing_controls(config)
    strong = [objects for control in controls if (objects := _compared(config, control, mapping))]
    weak = list({tag.name: tag for control in controls if (tag := _rated(config, control, mapping))}.values())
    sources = [response_source(objects, mapping.models) for objects in strong or [weak]]
    known = [source for source in sources if source is not None]
    fitting = [source for source in known if all(_covers(source, other) for other in known)]
    return fitting[0] if fitting and len(known) == len(sources) else None


def shown_keys(config: Config) -> list[str]:
    """The keys that may be responses, as far as the config shows them: all but dialogues."""
    lists = [control.key for control in config.controls if control.kind == "choices" and control.key]
    return [*(tag.key for tag in config.objects if tag.key and not tag.repeats and tag.kind != "paragraphs"), *lists]


def _said(config: Config, mapping: ProjectMapping) -> ResponseSource:
    paths = mapping.responses
    shown: list[Tag] = [tag for tag in config.objects if tag.key in paths]
    if len(paths) > 1 or any(tag.kind == "text" for tag in shown):
        return ResponseSource(paths, False, None, tuple(shown), mapping.models)
    (path,) = paths
    lists = {path, path.rpartition(".")[0]}
    tags: Iterator[Tag] = chain(config.objects, config.controls)
    shown = [tag for tag in tags if tag.key in lists or _shows_entry(tag, lists)]
    return ResponseSource(paths, True, None, tuple(shown), mapping.models)


def _shows_entry(tag: Tag, lists: set[str]) -> bool:
    repeated = len(tag.repeats) == 1 and tag.repeats[0].key in lists
    return isinstance(tag, ObjectTag) and (repeated or (tag.key or "").partition("[")[0] in lists)


def _compared(config: Config, control: ControlTag, mapping: ProjectMapping) -> list[ObjectTag]:
    """The objects that the control compares, if it tells them, or what the user says of its options does."""
    objects = [tag for name in control.to_names if (tag := config.object(name))]
    if control.kind == "pairwise" or control.kind in SCORES:
        return objects if len(objects) == 2 else []
    if control.kind == "ranker":
        return [tag for tag in objects if tag.kind == "list"]
    named = {**named_options(control, config.objects), **_said_options(control, config.objects, mapping)}
    distinct = list({tag.name: tag for tag in named.values()}.values())
    return distinct if len(distinct) > 1 else []


def named_options(control: ControlTag, objects: Sequence[ObjectTag]) -> dict[str, ObjectTag]:
    """The stored values of those options of Choices that are called as an object, or the key that it shows."""
    found: dict[str, ObjectTag] = {}
    for option in control.options if control.kind == "choices" else ():
        for name in (option.stored, option.value):
            if tag := _called(name, objects):
                found.setdefault(option.stored, tag)
    return found


def _said_options(control: ControlTag, objects: Sequence[ObjectTag], mapping: ProjectMapping) -> dict[str, ObjectTag]:
    said = {option.stored: said_of(option, mapping) for option in control.options if control.kind == "choices"}
    return {stored: tag for stored, name in said.items() if name and (tag := _called(name, objects))}


def said_of(option: Option, mapping: ProjectMapping) -> str | None:
    """What the user says of an option, by what is stored or by what is shown."""
    return mapping.choices.get(option.stored) or mapping.choices.get(option.value)


def _called(name: str, objects: Sequence[ObjectTag]) -> ObjectTag | None:
    tags = [tag for tag in objects if not tag.repeats and name in (tag.name, tag.key)]
    return tags[0] if len(tags) == 1 else None


def _rated(config: Config, control: ControlTag, mapping: ProjectMapping) -> ObjectTag | None:
    if control.kind not in SCORES or len(control.to_names) != 1:
        return None
    (name,) = control.first.to_names
    repeated = (tag for tag in config.objects if tag.repeats and tag.indices(name) is not None)
    tag = next(repeated, None) if control.repeats else None
    tag = tag or config.object(name)
    if tag is None or tag.key in (mapping.prompt, mapping.passage, mapping.reference):
        return None
    return tag


def _covers(source: ResponseSource, other: ResponseSource) -> bool:
    """Whether all responses of ``other`` are among those of ``source``."""
    if source.listed:
        entries = f"{source.paths[0]}["
        return all(path == source.paths[0] or path.startswith(entries) for path in other.paths)
    return not other.listed and set(other.paths) <= set(source.paths)
