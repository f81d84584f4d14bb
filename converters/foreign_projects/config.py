"""Labeling configs that gtbridge did not make -> the tags in them. Knows Label Studio's XML; asks for no meaning.

As the editor does, names of tags and attributes are read in any case, and what stands in a Repeater is there once for
each entry of a list, its index in the place of a flag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar
from xml.etree.ElementTree import Element

from ...label_configs.errors import InputError
from ...label_configs.xml_text import parse_xml

__all__ = ["Bucket", "Config", "ControlTag", "ObjectTag", "Option", "Repeat", "Tag", "read_config"]

_INDEX = "(0|[1-9][0-9]{0,5})"
_SHOWN = re.compile(r"\$[\w[\].{}]+")
_FLAG = "{{idx}}"
_Some = TypeVar("_Some", bound="Tag")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A Repeater around a tag: ``key`` is the path of the list in the task's data, ``flag`` what its index replaces."""

    key: str | None
    flag: str


@dataclass(frozen=True, slots=True)
class Option:
    """A Choice or Label of a control. ``stored`` is what an answer holds: the alias, if it has one."""

    value: str
    alias: str | None = None

    @property
    def stored(self) -> str:
        return self.value if self.alias is None else self.alias


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column of a Ranker. In the one that is ``start`` the items lie until somebody moves them."""

    name: str
    start: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A named tag: ``tag`` as it is written, its ``attributes`` under their names in lower case.

    ``repeats`` are the Repeaters around it, the outermost first; their flags stand in ``name`` and ``attributes``.
    ``position`` counts the named tags in the order of the document.
    """

    tag: str
    name: str
    attributes: Mapping[str, str]
    repeats: tuple[Repeat, ...] = ()
    position: int = 0

    def __str__(self) -> str:
        return f"{self.tag} {self.name!r}"

    @property
    def kind(self) -> str:
        """What kind of tag it is, in lower case: ``pairwise``."""
        return self.tag.lower()

    @property
    def key(self) -> str | None:
        """The path in the task's data that it shows or takes its options from, as in ``value="$key"``; else None."""
        return _key(self.attributes.get("value"))

    def indices(self, name: str) -> tuple[int, ...] | None:
        """Where in its Repeaters the tag has this ``name``: the index in each, ``()`` without any; None if nowhere."""
        pattern = re.escape(self.name)
        for repeat in self.repeats:
            flag = re.escape(repeat.flag)
            if flag not in pattern:
                return None  # all its copies bear one name, and nothing tells their answers apart
            pattern = pattern.replace(flag, _INDEX, 1)
        found = re.fullmatch(pattern, name)
        return None if found is None else tuple(map(int, found.groups()))

    def is_called(self, name: str) -> bool:
        """Whether the tag has this ``name``: as it is written, or somewhere in its Repeaters."""
        return name == self.name or self.indices(name) is not None

    def at(self, indices: Sequence[int]) -> Self:
        """The tag as it is at these indices of its Repeaters, which it then stands in no more."""
        attributes = {key: self.filled(value, indices) for key, value in self.attributes.items()}
        return replace(self, name=self.filled(self.name, indices), attributes=attributes, repeats=())

    @property
    def first(self) -> Self:
        """The tag as it is at the beginning of its Repeaters."""
        return self.at([0] * len(self.repeats)) if self.repeats else self

    def filled(self, text: str, indices: Sequence[int]) -> str:
        """A text of the tag, such as its name, as it is at these indices."""
        for repeat, index in zip(self.repeats, indices, strict=True):
            text = text.replace(repeat.flag, str(index), 1)  # once in each attribute, as the editor does it
        return text


@dataclass(frozen=True, slots=True)
class ObjectTag(Tag):
    """What annotators look at."""

    @property
    def elsewhere(self) -> bool:
        """Whether the data holds only the address of what is shown."""
        return self.attributes.get("valuetype", "").lower() == "url"


@dataclass(frozen=True, slots=True)
class ControlTag(Tag):
    """What annotators answer with. ``options`` are the Choices or Labels in it, ``buckets`` the columns of a Ranker."""

    options: tuple[Option, ...] = ()
    buckets: tuple[Bucket, ...] = ()

    @property
    def to_names(self) -> tuple[str, ...]:
        """The objects that it is about."""
        return tuple(name.strip() for name in self.attributes.get("toname", "").split(",") if name.strip())

    @property
    def makes_regions(self) -> bool:
        """Whether it marks parts of its object, as Labels do."""
        return self.kind.endswith("labels")

    @property
    def per_region(self) -> bool:
        """Whether it is answered for each region, not once for the task."""
        return self.attributes.get("perregion", "").lower() == "true"

    @property
    def per_item(self) -> bool:
        """Whether it is answered for each image of an object that shows several."""
        return self.attributes.get("peritem", "").lower() == "true"

    @property
    def multiple(self) -> bool:
        """Whether several options may be chosen."""
        return self.attributes.get("choice", "single").lower() == "multiple"


@dataclass(frozen=True, slots=True)
class Config:
    """The named tags in the order of the document. ``keys`` are all paths of the task's data that the config shows."""

    source: str
    objects: tuple[ObjectTag, ...]
    controls: tuple[ControlTag, ...]
    keys: tuple[str, ...] = ()

    def control(self, name: str) -> ControlTag | None:
        """The control of this name, in whatever place of a Repeater; as it is written, or as it is at an index."""
        return _find(self.controls, name)

    def object(self, name: str) -> ObjectTag | None:
        """The object of this name, as ``control`` finds controls."""
        return _find(self.objects, name)

    def without(self, controls: Collection[str]) -> Self:
        """The config as if it did not have the controls of these names."""
        return replace(self, controls=tuple(control for control in self.controls if control.name not in controls))


def read_config(xml: str, source: str) -> Config:
    """The tags of a labeling config.

    DefinitionError if it is no XML or holds a DTD, InputError if it has no controls or two tags bear the same name.
    """
    objects: list[ObjectTag] = []
    controls: list[ControlTag] = []
    keys: dict[str, None] = {}
    names: set[str] = set()
    for element, repeats in _walk(parse_xml(xml, source)):
        attributes = _attributes(element)
        if key := _key(attributes.get("value")):
            keys[key] = None
        name = attributes.get("name")
        if not name or element.tag.lower() == "bucket":
            continue
        if name in names:
            raise InputError(f"two tags are called {name!r}, so nothing tells their answers apart", source=source)
        known = (element.tag, name, attributes, repeats, len(names))
        names.add(name)
        if "toname" in attributes:
            controls.append(ControlTag(*known, tuple(_options(element)), tuple(_buckets(element))))
        elif "value" in attributes or "valuelist" in attributes:
            objects.append(ObjectTag(*known))
    if not controls:
        raise InputError("asks for nothing: it has no control, that is no tag with a toName", source=source)
    return Config(source, tuple(objects), tuple(controls), tuple(keys))


def _find(tags: tuple[_Some, ...], name: str) -> _Some | None:
    for tag in tags:
        if name == tag.name:
            return tag
        indices = tag.indices(name)
        if indices is not None:
            return tag.at(indices)
    return None


def _walk(root: Element) -> Iterator[tuple[Element, tuple[Repeat, ...]]]:
    """Every element in document order, with the Repeaters around it."""
    pending: list[tuple[Element, tuple[Repeat, ...]]] = [(root, ())]
    while pending:
        element, repeats = pending.pop()
        yield element, repeats
        if element.tag.lower() == "repeater":
            attributes = _attributes(element)
            repeats = (*repeats, Repeat(_key(attributes.get("on")), attributes.get("indexflag") or _FLAG))
        pending.extend((child, repeats) for child in reversed(element))


def _options(element: Element) -> Iterator[Option]:
    for inner in element.iter():
        if inner.tag.lower() in ("choice", "label"):
            attributes = _attributes(inner)
            yield Option(attributes.get("value") or (inner.text or "").strip(), attributes.get("alias"))


def _buckets(element: Element) -> Iterator[Bucket]:
    for inner in element.iter():
        attributes = _attributes(inner)
        if inner.tag.lower() == "bucket" and "name" in attributes:
            yield Bucket(attributes["name"], attributes.get("default") == "true")


def _attributes(element: Element) -> dict[str, str]:
    return {key.lower(): value for key, value in element.attrib.items()}


def _key(value: str | None) -> str | None:
    """``$answers[0].text`` -> ``answers[0].text``; None where the text is not, or not only, a place in the data."""
    found = _SHOWN.fullmatch(value) if value else None
    return found[0][1:] if found else None
