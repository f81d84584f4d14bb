"""XML that people hand in -> its elements. Reads no DTD, so no text can grow or fetch anything while it is read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import NoReturn

from .errors import DefinitionError

__all__ = ["parse_xml"]


# Elements take up to a hundred times the memory that their spelling takes.
_LONGEST = 5_000_000


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise ValueError("a labeling config has no document type declaration")


def parse_xml(xml: str, source: str) -> ElementTree.Element:
    """The outermost element of a labeling config. DefinitionError, with ``source``, if it is no XML or holds a DTD."""
    if len(xml) > _LONGEST:
        raise DefinitionError(f"more than {_LONGEST:,} characters, which no labeling config has", source=source)
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(xml)
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        text = str(error).partition(":")[0]
        raise DefinitionError(f"not XML: {text} in column {column + 1}", source=source, line=line) from None
    except ValueError as error:
        raise DefinitionError(f"not XML that is read: {error}", source=source) from None
    return root
