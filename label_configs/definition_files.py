"""Task definitions as the text of YAML or JSON files. Handed the text; opens nothing."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from .errors import DefinitionError
from .tasks import TaskDefinition, definition_from_dict, definition_to_dict

__all__ = ["definition_from_text", "definition_to_yaml"]

# Reading YAML takes some seconds for as many characters.
_LONGEST = 100_000
_SHOWN = 300
_DEEPEST = 50


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, where YAML would keep the last in silence, and more than 50 levels:
    reading takes time by the square of their number.
    """

    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._level += 1
        self._refuse_depth(self._level)
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        self._refuse_depth(self.flow_level)  # the scanner is far ahead of the composer
        super().fetch_flow_collection_start(TokenClass)

    def _refuse_depth(self, level: int) -> None:
        if level > _DEEPEST:
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", self.get_mark())

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def definition_from_text(text: str, source: str) -> TaskDefinition:
    """The definition in ``text`` (YAML, of which JSON is a part); DefinitionError names ``source``, line and field."""
    if len(text) > _LONGEST:
        raise DefinitionError(f"more than {_LONGEST:,} characters, which no annotator could read", source=source)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = str(error.problem or error.context)[:_SHOWN]
        raise DefinitionError(f"not YAML: {problem}", source=source, line=line) from None
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        # PyYAML's constructors raise whatever comes of a value that its tag does not fit, as !!bool maybe.
        problem = next(iter(str(error).splitlines()), type(error).__name__)[:_SHOWN]
        raise DefinitionError(f"not YAML: {problem}", source=source) from None
    try:
        return definition_from_dict(data)
    except DefinitionError as error:
        error.at(source=source, line=_line_of(node, error.path or "$"))
        raise


class _Dumper(yaml.SafeDumper):
    """SafeDumper that writes texts of several lines as people do, as a block."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def definition_to_yaml(definition: TaskDefinition) -> str:
    """YAML that ``definition_from_text`` reads back to an equal definition."""
    return yaml.dump(definition_to_dict(definition), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def _line_of(node: yaml.Node | None, path: str) -> int | None:
    """The 1-based line of the deepest part of ``path`` that the text holds: the culprit, or what lacks it."""
    for part in path.replace("[", ".").replace("]", "").split(".")[1:]:
        inner = _child(node, part)
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1 if node is not None else None


def _child(node: yaml.Node | None, part: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        found: yaml.Node = node.value[int(part)]
        return found
    return None
