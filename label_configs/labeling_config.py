"""Task definition <-> Label Studio labeling config. Pure: text in, text out; reads only this package's templates.

A config carries its definition, so that it can be read back; it is read back only if its controls are still those
that the definition renders.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import cycle, islice
from typing import Any, NoReturn

from jinja2 import Environment
from markupsafe import Markup, escape

from .controls import (
    CONFIRMED,
    HIGHLIGHTED,
    NO_KEY,
    PAIR_COUNT,
    PASSAGE,
    SECTION,
    WHOLE_PASSAGE,
    confirm_name,
    dimension_slugs,
    order_name,
    rank_name,
    section_label,
    slot_count,
    slot_name,
)
from .errors import DefinitionError
from .page_templates import page_templates
from .screen_text import embedded, quoted, shown
from .tasks import QuestionAnswer, Range, TaskDefinition, TextRanking, definition_from_dict, definition_to_dict

__all__ = ["PAIR_COLOURS", "definition_to_labeling_config", "labeling_config_to_definition"]

# Each has a contrast of at least 3 to both themes' backgrounds (WCAG 2.1, 1.4.11) and lies more than 0.11 from every
# other in OKLab, about the most that twenty can under that condition.
PAIR_COLOURS = (
    *("#e1005a", "#00a500", "#0069ff", "#b400ff", "#ff5a00", "#00a0a0", "#ff00f0", "#877800", "#0078a5", "#b44ba5"),
    *("#d27887", "#9687c3", "#785ad2", "#ff4ba5", "#00875a", "#c369ff", "#1e96f0", "#c34b1e", "#929274", "#876978"),
)

# What decides which answers a control stores; the rest of its attributes is looks.
_DECISIVE = ("toName", "value", "choice", "required", "maxSubmissions", "perRegion", "perItem")


def definition_to_labeling_config(definition: TaskDefinition) -> str:
    """The labeling config (XML) that asks what ``definition`` asks; its controls are named as in ``controls``.

    Its tasks hold, for text ranking, ``prompt``, the sanitised ``prompt_html`` that is shown in its place, and
    ``responses`` in the order to show: ``[{"id", "title", "text", "ranks": [{"value", "alias", "hotkey": NO_KEY},
    ...]}, ...]``, with ``markdown`` each with a sanitised ``text_html`` that is shown in place of ``text``; for
    question and answer, ``passage``.
    """
    template = _environment().get_template(f"{definition.task}.xml")
    return template.render(
        definition=Markup(_attribute(embedded(definition_to_dict(definition)))),
        css=_resource("screen.css") + _resource(f"{definition.task}.css"),
        no_key=NO_KEY,
        **(_ranking_values(definition) if isinstance(definition, TextRanking) else _question_values(definition)),
    )


def labeling_config_to_definition(xml: str, source: str) -> TaskDefinition:
    """The inverse of ``definition_to_labeling_config``; looks (texts, styles, layout) may have been edited.

    Raises DefinitionError, which names ``source``, if ``xml`` is no XML, holds a DTD, carries no definition or an
    invalid one, or if its controls differ from those that the definition renders.
    """
    root = _parse(xml, source)
    carried = root.get("definition")
    if carried is None:
        _refuse("is not a labeling config of gtbridge: its outermost tag has no 'definition' attribute", source)
    try:
        definition = definition_from_dict(json.loads(carried))
    except DefinitionError as error:
        raise error.at(source=source) from None
    except (ValueError, RecursionError) as error:
        _refuse(f"the 'definition' attribute is not JSON: {error}", source)
    rendered = _parse(definition_to_labeling_config(definition), source)
    if difference := _first_difference(_controls(rendered), _controls(root)):
        _refuse(f"the config was edited and no longer fits the definition that it carries: {difference}", source)
    return definition


def _ranking_values(definition: TextRanking) -> dict[str, Any]:
    return {
        "markdown": definition.markdown,
        "confirmed": CONFIRMED,
        "dimensions": [
            {
                "name": dimension.name,
                "allow_tie": dimension.allow_tie,
                "rank": rank_name(slug, "{{idx}}"),
                "order": order_name(slug),
                "confirm": confirm_name(slug),
            }
            for dimension, slug in zip(definition.dimensions, dimension_slugs(definition), strict=True)
        ],
    }


def _question_values(definition: QuestionAnswer) -> dict[str, Any]:
    least, most = definition.questions.min, slot_count(definition)
    fields = ("question", "answer", "scope", "tags", "custom_tags")
    return {
        "section": SECTION,
        "passage": PASSAGE,
        "pair_count": PAIR_COUNT,
        "counts": range(least, most + 1) if least < most else (),
        "unlimited": definition.questions.max is None,
        "slots": [
            {
                "label": section_label(number),
                "colour": colour,
                "opened_by": ",".join(map(str, range(number, most + 1))) if number > least else "",
                **{field: slot_name(field, number) for field in fields},
            }
            for number, colour in enumerate(islice(cycle(PAIR_COLOURS), most), start=1)
        ],
        "scopes": (WHOLE_PASSAGE, HIGHLIGHTED),
        "question_hint": _hint("Question", definition.question_words, definition.count),
        "answer_hint": _hint("Answer", definition.answer_words, definition.count),
        "tags": definition.tags,
        "custom_tags": definition.allow_custom_tags,
    }


def _hint(what: str, limits: Range, count: str) -> str:
    """E.g. "Question, 3 to 20 words"; a limit that any text meets goes without saying."""
    if limits == Range():
        return what
    unit = "character" if count == "characters" else "word"
    return f"{what}, {limits} {unit}{'' if (limits.max or limits.min) == 1 else 's'}"


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


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise ValueError("a labeling config has no document type declaration")


def _parse(xml: str, source: str) -> ElementTree.Element:
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(xml)
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        text = str(error).partition(":")[0]
        raise DefinitionError(f"not XML: {text} in column {column + 1}", source=source, line=line) from None
    except ValueError as error:
        _refuse(f"not XML that is read: {error}", source)
    return root


def _controls(root: ElementTree.Element) -> dict[str, dict[str, str]]:
    """What each named tag stores or shows: its tag, decisive attributes, options, and when and how often it appears."""
    found: dict[str, dict[str, str]] = {}
    for element, context in _walk(root):
        if name := element.get("name"):
            facts = {key: element.get(key, "") for key in _DECISIVE}
            options = [option for option in element.iter() if option.tag in ("Choice", "Label")]
            facts["options"] = str([option.get("alias", option.get("value")) for option in options])
            # Label Studio itself refuses a name that two tags bear.
            found[name] = {"tag": element.tag, **facts, **context}
    return found


def _walk(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, dict[str, str]]]:
    """Every element in document order, with what its ancestors say about when and how often it appears."""
    pending = [(root, {"repeated over": "", "shown when": ""})]
    while pending:
        element, context = pending.pop()
        yield element, context
        inner = dict(context)
        if element.tag == "Repeater":
            inner["repeated over"] += element.get("on", "")
        conditions = [element.get(key, "") for key in ("visibleWhen", "whenTagName", "whenChoiceValue")]
        inner["shown when"] += " ".join(filter(None, conditions))
        pending.extend((child, inner) for child in reversed(element))


def _first_difference(expected: dict[str, dict[str, str]], found: dict[str, dict[str, str]]) -> str | None:
    for name in [*expected, *found]:
        if name not in found:
            return f"{expected[name]['tag']} {name!r} is missing"
        if name not in expected:
            return f"{found[name]['tag']} {name!r} does not belong to it"
        for fact, value in expected[name].items():
            if found[name][fact] != value:
                return f"{expected[name]['tag']} {name!r} should have the {fact} {value!r}, not {found[name][fact]!r}"
    return None


def _refuse(message: str, source: str) -> NoReturn:
    raise DefinitionError(message, source=source)
