"""Task definition <-> Ground Truth worker template. Pure: text in, text out; reads only this package's templates.

A template says most of a definition in its element; what Ground Truth has no word for is carried beside it in a meta
tag. What the element says always counts, so that a template may be edited by hand.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, NoReturn

from jinja2 import Environment
from markupsafe import Markup

from .crowd_elements import ELEMENTS, attribute_of, dimensions_json, element_instructions, element_to_fields
from .crowd_fields import field_values, page_to_fields
from .crowd_page import Page, Tag, read_page
from .crowd_remarks import page_to_remarks
from .errors import DefinitionError
from .page_templates import page_templates
from .screen_text import embedded
from .tasks import TaskDefinition, TextRanking, asks_beside, definition_from_dict, definition_to_dict
from .unasked import refuse_unasked

__all__ = ["WorkerTemplate", "definition_to_template", "is_template", "read_template", "template_to_definition"]

_META = "gtbridge"

# Not said by any attribute; instructions are, but as HTML, from which white space does not come back exactly.
_CARRIED = {"title", "instructions", "shuffle_responses", "markdown", "count"}

# What a template of somebody else's leaves open. Its workers saw the responses in the manifest's order, and its limits
# were set for Ground Truth's counting of words, of which nothing better is known than that it goes by white space:
# an answer that was accepted there must not fail here.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "text-ranking": {"shuffle_responses": False},
    "question-answer": {"count": "whitespace"},
}


@dataclass(frozen=True)
class WorkerTemplate:
    """What a template asks, and in ``remarks`` what it says beyond that, a sentence each, which begins with a line."""

    definition: TaskDefinition
    remarks: tuple[str, ...]


def definition_to_template(definition: TaskDefinition) -> str:
    """The worker template (Liquid, HTML) that asks what ``definition`` asks, for manifest lines as Ground Truth's.

    Data reach the element's attributes exactly, but for what HTML does not take as it is: in ``source``, a carriage
    return becomes a line feed and U+0000 becomes U+FFFD. ``describe.definition_to_template_remarks`` says what Ground
    Truth cannot do of the definition.
    """
    refuse_unasked(definition)
    data = definition_to_dict(definition)
    values: dict[str, Any] = {
        "carried": embedded({key: value for key, value in data.items() if key in _CARRIED}),
        "title": definition.title,
        "instructions": _paragraphs(definition.instructions),
        **field_values(definition),
    }
    if isinstance(definition, TextRanking):
        values["dimensions"] = embedded(dimensions_json(definition))
    else:
        values |= {key: getattr(definition, key) for key in ("questions", "question_words", "answer_words")}
        values |= {"tags": embedded(definition.tags), "custom_tags": json.dumps(definition.allow_custom_tags)}
    return _environment().get_template(f"{definition.task}.liquid.html").render(values)


def is_template(text: str) -> bool:
    """Whether ``text`` looks like a worker template, of whatever task, rather than like a labeling config or YAML."""
    start = text.lstrip()
    return start.startswith("{%") or (
        start.startswith("<") and bool(re.search(r"<(?:crowd-|html\b|!doctype html\b)", text, re.I))
    )


def template_to_definition(text: str, source: str) -> TaskDefinition:
    """The definition of ``read_template``, for those who need not know what else the template says."""
    return read_template(text, source).definition


def read_template(text: str, source: str) -> WorkerTemplate:
    """The inverse of ``definition_to_template``; reads every template that holds one of the two elements, once.

    DefinitionError, with ``source``, line and attribute, if it holds none or several, if one of its attributes is
    missing, computed by Liquid or not of the documented form, or if it says what no task definition can.
    """
    page = read_page(text, source)
    element = _element(page, source)
    remarks: list[tuple[int, str]] = []
    fields = element_to_fields(element, source, lambda line, sentence: remarks.append((line, sentence)))
    carried, carrier = _carried(page, source)
    fields |= page_to_fields(page, fields["task"])
    data = {**_DEFAULTS[fields["task"]], **carried, **fields, "instructions": _instructions(page, element)}
    kept = carried.get("instructions")
    if isinstance(kept, str) and _as_read(kept) == data["instructions"]:
        data["instructions"] = kept
    try:
        definition = definition_from_dict(data)
    except DefinitionError as error:
        name = attribute_of(error.path or "$")
        line = element.line_of(name) if name or carrier is None else carrier.line
        raise error.at(source=source, line=line) from None
    remarks += _without_ours(page_to_remarks(page, title=definition.title), definition)
    return WorkerTemplate(
        definition, tuple(f"line {line}: {sentence}" for line, sentence in sorted(remarks, key=itemgetter(0)))
    )


def _element(page: Page, source: str) -> Tag:
    found = [tag for tag in page.tags if tag.name in ELEMENTS]
    if not found:
        names = " or ".join(f"<{name}>" for name in ELEMENTS)
        raise DefinitionError(f"is not a worker template of these tasks: it holds no {names}", source=source)
    if len(found) > 1:
        lines = ", ".join(str(tag.line) for tag in found[:10]) + (" ..." if len(found) > 10 else "")
        _refuse(f"holds {len(found)} elements (lines {lines}); a task has one", source, found[1])
    return found[0]


def _carried(page: Page, source: str) -> tuple[dict[str, Any], Tag | None]:
    """The fields in the meta tag, with that tag; none in a template of somebody else's."""
    tag = next((tag for tag in page.tags if tag.name == "meta" and tag.attributes.get("name") == _META), None)
    if tag is None:
        return {}, None
    try:
        carried = json.loads(tag.attributes.get("content") or "")
    except (ValueError, RecursionError):
        carried = None
    if not isinstance(carried, dict):
        _refuse(f"the content of <meta name='{_META}'> is no JSON object; remove the tag or render again", source, tag)
    if more := carried.keys() - _CARRIED:
        _refuse(f"<meta name='{_META}'> cannot say {', '.join(sorted(more))}; the element does", source, tag)
    return carried, tag


def _without_ours(remarks: Iterable[tuple[int, str]], definition: TaskDefinition) -> Iterator[tuple[int, str]]:
    """The remarks but for those on what the definition itself puts into the page beside the element."""
    ours: Counter[str] = Counter()
    if definition.reference or asks_beside(definition):
        page = read_page(definition_to_template(definition), "")
        ours.update(sentence for _, sentence in page_to_remarks(page, title=definition.title))
    for line, sentence in remarks:
        if ours[sentence]:
            ours[sentence] -= 1
        else:
            yield line, sentence


def _instructions(page: Page, element: Tag) -> str:
    return "\n\n".join(filter(None, [element_instructions(element), *page.instructions]))


def _refuse(message: str, source: str, tag: Tag) -> NoReturn:
    raise DefinitionError(message, source=source, line=tag.line)


def _paragraphs(instructions: str) -> Markup:
    """Plain text as HTML that shows its lines and paragraphs."""
    paragraphs = (part.strip("\n").split("\n") for part in instructions.split("\n\n") if part.strip())
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(map(_escaped, lines))) for lines in paragraphs
    )


def _as_read(instructions: str) -> str:
    """``instructions`` as they come back from a template."""
    page = read_page(f"<short-instructions>{_paragraphs(instructions)}</short-instructions>", "")
    return "\n\n".join(page.instructions)


def _escaped(value: object) -> Markup:
    """``value`` for HTML text and for attributes in quotes, in which neither HTML nor Liquid finds anything.

    Quotation marks and braces stay where they do no harm, so that JSON stays readable.
    """
    if isinstance(value, Markup):
        return value
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    return Markup(re.sub(r'{(?!")', "&#123;", text))


@cache
def _environment() -> Environment:
    """Templates whose values are escaped for HTML and for Liquid."""
    return page_templates(finalize=_escaped)
