"""Task definitions from wherever they stand: YAML or JSON files, labeling configs and worker templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..label_configs.crowd import is_template, read_template
from ..label_configs.definition_files import definition_from_text
from ..label_configs.errors import DefinitionError
from ..label_configs.labeling_config import labeling_config_to_definition
from ..label_configs.tasks import TaskDefinition
from ..label_configs.xml_text import parse_xml
from .storage import as_text, open_input

__all__ = ["OtherConfig", "config_to_task", "read_definition", "read_task"]

_LONGEST = 20_000_000
_TEMPLATE_NAMES = (".html", ".htm", ".liquid")


@dataclass(frozen=True)
class OtherConfig:
    """A labeling config that carries no task definition, as gtbridge did not make it; ``source`` is where it stands."""

    xml: str = field(repr=False)
    source: str


def read_definition(path: str, on_remark: Callable[[str], None] = lambda remark: None) -> TaskDefinition:
    """The task definition in the file at ``path``: YAML, JSON, a labeling config or a Ground Truth worker template.

    What kind it is, its content tells, as names are missing (``-``) or misleading; ``on_remark`` gets a sentence for
    whatever a template says that the definition cannot. DefinitionError says what is wrong and where.
    """
    found = read_task(path, on_remark)
    return labeling_config_to_definition(found.xml, found.source) if isinstance(found, OtherConfig) else found


def read_task(path: str, on_remark: Callable[[str], None] = lambda remark: None) -> TaskDefinition | OtherConfig:
    """The same; but a labeling config that gtbridge did not make is given back as it is."""
    text = _short_text(path)
    source = "standard input" if path == "-" else path
    if is_template(text) or source.lower().endswith(_TEMPLATE_NAMES):
        template = read_template(text, source)
        for remark in template.remarks:
            on_remark(f"{source}: {remark}")
        return template.definition
    if text.lstrip().startswith("<"):
        return config_to_task(text, source)
    return definition_from_text(text, source)


def _short_text(path: str) -> str:
    """The text of the file, which is not read further than a task definition of whatever form may be long."""
    with open_input(path) as file:
        data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise DefinitionError(f"more than {_LONGEST // 10**6} MB, which no task definition is", source=path)
    return as_text(data, path)


def config_to_task(xml: str, source: str) -> TaskDefinition | OtherConfig:
    """The definition that a labeling config carries; the config as it is if it carries none.

    DefinitionError if it is no XML, or if it was edited and no longer fits its definition.
    """
    if parse_xml(xml, source).get("definition") is None:
        return OtherConfig(xml, source)
    return labeling_config_to_definition(xml, source)
