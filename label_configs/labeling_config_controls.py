"""What a labeling config's controls are, apart from their looks, and where two configs differ in it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

__all__ = ["first_difference"]

# What decides which answers a control stores; the rest of its attributes is looks.
_DECISIVE = ("toName", "value", "choice", "required", "maxSubmissions", "perRegion", "perItem")
_CONDITIONS = ("visibleWhen", "whenTagName", "whenChoiceValue")


def first_difference(expected: ElementTree.Element, found: ElementTree.Element) -> str | None:
    """The first control of the config ``expected`` that ``found`` lacks, has otherwise, or has on top, in words."""
    wanted, given = _controls(expected), _controls(found)
    for name in [*wanted, *given]:
        if name not in given:
            return f"{wanted[name]['tag']} {name!r} is missing"
        if name not in wanted:
            return f"{given[name]['tag']} {name!r} does not belong to it"
        for fact, value in wanted[name].items():
            if given[name][fact] != value:
                return f"{wanted[name]['tag']} {name!r} should have the {fact} {value!r}, not {given[name][fact]!r}"
    return None


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
    """Every element in document order, with what it and its ancestors say about when and how often it appears."""
    pending = [(root, {"repeated over": "", "shown when": ""})]
    while pending:
        element, outer = pending.pop()
        context = dict(outer)
        if element.tag == "Repeater":
            context["repeated over"] += element.get("on", "")
        conditions = [element.get(key, "") for key in _CONDITIONS]
        context["shown when"] += " ".join(filter(None, conditions))
        yield element, context
        pending.extend((child, context) for child in reversed(element))
