"""The page of an audit as a browser reads it: its tables, plots and texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from audit_numbers import audit_numbers
from hostile_texts import HOSTILE

from gtbridge.plugin.reports.report import report_page

__all__ = ["ALL", "NASTY", "SVG", "figures", "hostile", "page", "parsed", "root", "rows", "text"]

SVG = "{http://www.w3.org/2000/svg}"


def parsed(page: bytes) -> Element:
    """The page as a browser reads it. Strict: a mistake in the markup is an error."""
    root: Element = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True).parse(page)
    return root


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\u202f", " ").replace("\u00a0", " ").split())


def figures(numbers: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every figure in the numbers, with where it is."""
    if isinstance(numbers, dict) and set(numbers) == {"value", "low", "high", "n", "of"}:
        yield path, numbers
    elif isinstance(numbers, dict | list):
        entries = numbers.items() if isinstance(numbers, dict) else enumerate(numbers)
        for key, entry in entries:
            yield from figures(entry, (*path, key))


def rows(root: Element) -> Iterator[list[Element]]:
    for row in root.iter("tr"):
        yield [cell for cell in row if cell.tag in ("td", "th")]


ALL = audit_numbers(
    ("Helpfulness", "Clarity"), questions=True, jobs=("one", "two"), reasons=("Too vague", "Not my field")
)


@cache
def page() -> bytes:
    """The page of ALL."""
    return report_page(ALL)


@cache
def root() -> Element:
    """The same, parsed."""
    return parsed(page())


NASTY = [
    '</script>$x^2$ & "q" \']]>--><b>',
    "\u202e\u0000\ud800\x1b[2J evil",
    "w" * 300,
    "漢字" * 60,
    " ",
    "$\\frac{$",
    "@0",
]


@cache
def hostile() -> tuple[bytes, Element]:
    """A page all of whose texts are hostile, and what a browser makes of it."""
    numbers = audit_numbers(NASTY[:2], annotators=NASTY, models=NASTY, jobs=NASTY, questions=True, reasons=NASTY)
    questions, many = numbers["questions"], [*NASTY, *HOSTILE]
    questions["tags"] = [{"tag": name, "count": 5, "share": 0.1} for name in many]
    questions["first_words"] = [{"word": name, "count": 5} for name in many]
    questions["duplicates"]["groups"] = [{"question": name, "count": 2, "items": [name]} for name in many]
    uncovered = [{"item": name, "share": 0.5, "unasked": [[0, 9]], "text": name} for name in many]
    questions["coverage"]["uncovered"] = uncovered
    for example, name in zip(numbers["answers"]["too_fast"]["examples"], NASTY, strict=False):
        example.update(item=name, annotator=name)
    made = report_page(numbers, remarks=many)
    return made, parsed(made)
