"""Task definitions from wherever they stand: YAML or JSON files, and labeling configs."""

from __future__ import annotations

from ..label_configs.definition_files import definition_from_text
from ..label_configs.errors import DefinitionError
from ..label_configs.labeling_config import labeling_config_to_definition
from ..label_configs.tasks import TaskDefinition
from .storage import read_text

__all__ = ["read_definition"]


def read_definition(path: str) -> TaskDefinition:
    """The task definition in the file at ``path``: .yaml, .yml, .json, or the .xml of a labeling config.

    Standard input (``-``) is told by its first character. DefinitionError says what is wrong and where.
    """
    text = read_text(path)
    source = "standard input" if path == "-" else path
    if text.lstrip().startswith("<"):
        if source.endswith((".html", ".htm", ".liquid")):
            raise DefinitionError("worker templates cannot be read yet; give the task as YAML", source=source)
        return labeling_config_to_definition(text, source)
    return definition_from_text(text, source)
