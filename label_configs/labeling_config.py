"""Task definition <-> Label Studio labeling config. Pure: text in, text out; reads only this package's templates.

A config carries its definition, so that it can be read back; it is read back only if its controls are still those
that the definition renders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NoReturn
from xml.etree.ElementTree import Element

from jinja2 import Environment
from markupsafe import Markup, escape

from .errors import DefinitionError
from .labeling_config_controls import first_difference
from .labeling_config_values import template_values
from .page_templates import page_templates
from .screen_text import embedded, quoted, shown
from .tasks import TaskDefinition, asks_beside, definition_from_dict, definition_to_dict
from .unasked import refuse_unasked
from .xml_text import parse_xml

__all__ = ["definition_in", "definition_to_labeling_config", "labeling_config_to_definition"]


def definition_to_labeling_config(definition: TaskDefinition, *, readable: bool = False) -> str:
    """The labeling config (XML) that asks what ``definition`` asks; its controls are named as in ``controls``.

    Its tasks hold, for text ranking, ``prompt``, the sanitised ``prompt_html`` that is shown in its place, and
    ``responses`` in the order to show: ``[{"id", "title", "text", "ranks": [{"value", "alias", "hotkey": NO_KEY},
    ...]}, ...]``, with ``markdown`` each with a sanitised ``text_html`` that is shown in place of ``text``, with
    ``flags`` each with these ``flags`` in the form of its ranks; with ``reference`` also ``reference_html``, sanitised.
    For question and answer, they hold ``passage``. ``readable`` gives each field of the carried definition a line.
    """
    refuse_unasked(definition)
    template = _environment().get_template(f"{definition.task}.xml")
    fields = definition_to_dict(definition)
    return template.render(
        definition=Markup(_attribute(_in_lines(fields) if readable else embedded(fields))),
        css="".join(map(_resource, _style_sheets(definition))),
        **template_values(definition),
    )


def labeling_config_to_definition(xml: str, source: str) -> TaskDefinition:
    """The inverse of ``definition_to_labeling_config``; looks (texts, styles, layout) may have been edited.

    Raises DefinitionError, which names ``source``, if ``xml`` is no XML, holds a DTD, carries no definition or an
    invalid one, or if its controls differ from those that the definition renders.
    """
    root = parse_xml(xml, source)
    definition = definition_in(root, source)
    try:
        fitting = definition_to_labeling_config(definition)
    except DefinitionError as error:
        raise error.at(source=source) from None
    if difference := first_difference(parse_xml(fitting, source), root):
        _refuse(f"the config was edited and no longer fits the definition that it carries: {difference}", source)
    return definition


def definition_in(root: Element, source: str) -> TaskDefinition:
    """The definition that a config's outermost tag carries, whatever its controls are.

    DefinitionError, which names ``source``, if it carries none or an invalid one.
    """
    carried = root.get("definition")
    if carried is None:
        _refuse("is not a labeling config of gtbridge: its outermost tag has no 'definition' attribute", source)
    try:
        return definition_from_dict(json.loads(carried))
    except DefinitionError as error:
        raise error.at(source=source) from None
    except (ValueError, RecursionError) as error:
        _refuse(f"the 'definition' attribute is not JSON: {error}", source)


def _style_sheets(definition: TaskDefinition) -> Iterator[str]:
    yield from ("screen.css", f"{definition.task}.css")
    if definition.reference or asks_beside(definition):
        yield "beyond.css"


@cache
def _environment() -> Environment:
    environment = page_templates()
    environment.filters.update(shown=shown, quoted=quoted)
    return environment


@cache
def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _attribute(text: str) -> str:
    """``text`` for an attribute in single quotes, in which JSON stays readable."""
    return str(escape(text)).replace("&#34;", '"')


def _in_lines(fields: Mapping[str, Any]) -> str:
    """JSON with a field on a line, and of a list of objects one on a line."""
    return "{\n  " + ",\n  ".join(f"{embedded(name)}: {_value(value)}" for name, value in fields.items()) + "\n}"


def _value(value: Any) -> str:
    if not isinstance(value, list) or not any(isinstance(entry, dict) for entry in value):
        return embedded(value)
    return "[\n    " + ",\n    ".join(map(embedded, value)) + "\n  ]"


def _refuse(message: str, source: str) -> NoReturn:
    raise DefinitionError(message, source=source)
